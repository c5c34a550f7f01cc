/** Where quotes and expansions of a shell text end. */

/** The quote that ends the one at `at`; -1 for none. */
export function closingQuote(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') i++;
    else if (c === '"') return i;
    else if (c === '$' && text[i + 1] === '(') {
      const end = afterExpansion(text, i);
      if (end < 0) return -1;
      i = end - 1;
    }
  }
  return -1;
}

/** Behind the expansion at `at`; -1 where it never ends. */
export function afterExpansion(text: string, at: number): number {
  if (text[at] === '`') {
    const end = text.indexOf('`', at + 1);
    return end < 0 ? -1 : end + 1;
  }
  const next = text[at + 1];
  if (next !== '(' && next !== '{')
    return at + (/^\$(?:\w+|[@*#?$!-])/.exec(text.slice(at, at + 200))?.[0].length ?? 1);
  const close = next === '(' ? ')' : '}';
  let depth = 0;
  for (let i = at + 1; i < text.length; i++) {
    const c = text[i]!;
    if (c === '\\') i++;
    else if (c === "'" && next === '(') {
      i = text.indexOf("'", i + 1);
      if (i < 0) return -1;
    } else if (c === '"') {
      i = closingQuote(text, i);
      if (i < 0) return -1;
    } else if (c === next) depth++;
    else if (c === close && --depth === 0) return i + 1;
  }
  return -1;
}
