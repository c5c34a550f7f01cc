/** Words of a value, divided and unquoted as systemd and Quadlet do it. */
import { type Chars, Writer } from './chars.ts';

/** `arguments`: escapes as in C, a missing quote is forgiven. `list`: backslashes are letters, a missing quote is not. */
export type Splitting = 'arguments' | 'list';

export interface Split {
  readonly words: readonly Chars[];
  /** Set where Quadlet drops the whole value. */
  readonly error?: string;
}

const isSeparator = (character: string): boolean =>
  character === ' ' || character === '\t' || character === '\n' || character === '\r';

/** An empty pair of quotes ends the words: Quadlet takes it for the end of the value. */
export function splitWords(chars: Chars, splitting: Splitting): Split {
  const { text } = chars;
  const words: Chars[] = [];
  let i = 0;
  for (;;) {
    while (i < text.length && isSeparator(text[i]!)) i++;
    if (i >= text.length || text[i] === '\0') return { words };
    const word = new Writer(chars.source, chars.starts[i]!);
    let quote: string | undefined;
    for (; i < text.length; i++) {
      const c = text[i]!;
      if (c === '\0') break;
      if (c === '\\' && splitting === 'arguments') {
        const escaped = i + 1 < text.length ? readEscape(text, i + 1) : null;
        if (escaped === undefined) {
          return { words: [], error: `\\${text[i + 1]} is no escape sequence that systemd knows` };
        }
        if (escaped === null) i = text.length;
        else {
          word.add(chars, i, i + 1 + escaped.length, escaped.value);
          i += escaped.length;
        }
      } else if (quote !== undefined) {
        if (c === quote) quote = undefined;
        else word.add(chars, i, i + 1);
      } else if (c === '"' || c === "'") quote = c;
      else if (isSeparator(c)) break;
      else word.add(chars, i, i + 1);
    }
    if (quote !== undefined && splitting === 'list') return { words: [], error: 'a quote is not closed' };
    if (text[i] === '\0') i = text.length;
    if (word.length === 0) return { words };
    words.push(word.done());
  }
}

const LETTERS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  s: ' ',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

interface Escape {
  readonly value: string;
  /** How many characters stand behind the backslash. */
  readonly length: number;
}

const NUMBER = /(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3}))/y;

/** What the backslash in front of `text[at]` makes; undefined where systemd knows no such escape. */
function readEscape(text: string, at: number): Escape | undefined {
  const letter = LETTERS[text[at]!];
  if (letter !== undefined) return { value: letter, length: 1 };
  NUMBER.lastIndex = at;
  const match = NUMBER.exec(text);
  if (!match) return undefined;
  const code = match[4] ? Number.parseInt(match[4], 8) : Number.parseInt(match[1] ?? match[2] ?? match[3]!, 16);
  if (code === 0 || code > (match[4] ? 255 : 0x10ffff)) return undefined;
  const surrogate = code >= 0xd800 && code <= 0xdfff;
  return { value: surrogate ? '\ufffd' : String.fromCodePoint(code), length: match[0].length };
}
