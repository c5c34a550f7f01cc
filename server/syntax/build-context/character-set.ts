/** `[...]` in ignore patterns and in patterns of sources, as regular expressions. */

/** `[[:digit:]]` in an ignore file, which nothing but its regular expressions know. */
const CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\t-\\r ',
  upper: 'A-Z',
  word: '0-9A-Za-z_',
  xdigit: '0-9A-Fa-f',
};

/** `[a-z]`, `[^a]`, with escapes, from behind the bracket; `end` is the closing bracket. */
export function characterSet(
  chars: readonly string[],
  start: number,
  ignoring: boolean,
): { readonly regex: string; readonly end: number } | null {
  let at = start;
  const negated = chars[at] === '^';
  if (negated) at++;
  let members = '';
  while (chars[at] !== ']' || members === '') {
    const name = ignoring ? /^\[:(\^?)([a-z]+):\]/.exec(chars.slice(at, at + 12).join('')) : null;
    if (name) {
      const named = CLASSES[name[2]!];
      if (named === undefined || name[1] === '^') return null;
      members += named;
      at += name[0].length;
      continue;
    }
    const low = setMember(chars, at);
    if (!low) return null;
    at = low.next;
    let high = low;
    if (chars[at] === '-') {
      const upper = setMember(chars, at + 1);
      if (!upper) return null;
      high = upper;
      at = upper.next;
    }
    // A range the wrong way round matches nothing, but is no mistake, save in an ignore file.
    if (ignoring && low.code > high.code) return null;
    if (low.code <= high.code) members += `\\u{${low.code.toString(16)}}-\\u{${high.code.toString(16)}}`;
    else members += '\\u{10ffff}';
  }
  return { regex: `[${negated ? '^' : ''}${members}]`, end: at };
}

function setMember(chars: readonly string[], at: number): { readonly code: number; readonly next: number } | null {
  const escaped = chars[at] === '\\';
  const char = chars[escaped ? at + 1 : at];
  if (char === undefined || (!escaped && (char === '-' || char === ']'))) return null;
  return { code: char.codePointAt(0)!, next: at + (escaped ? 2 : 1) };
}
