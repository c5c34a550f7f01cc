/** Words of a command written as one string, as Compose splits them before the engine sees them. */

export interface ShellWord {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface ShellWords {
  readonly words: readonly ShellWord[];
  /** Set where Compose refuses the string. */
  readonly error?: string;
}

const SPACE = /[ \t\r\n]/;
const STOPS = new Set([';', '&', '|', '<', '>']);
const INVALID = 'a quote or a parenthesis is not closed, or a backslash stands at the end';

/**
 * Splits like the shellwords library that Compose uses: quotes and backslashes, no variables, no globs. An unquoted
 * `;`, `&`, `|`, `<` or `>` ends the command: Compose drops the rest without a word.
 */
export function shellWords(text: string): ShellWords {
  const words: ShellWord[] = [];
  let quote: "'" | '"' | '`' | '$(' | null = null;
  let buffer = '';
  let start = -1;
  const open = (at: number): void => {
    if (start < 0) start = at;
  };
  const close = (at: number): void => {
    if (start >= 0) words.push({ value: buffer, start, end: at });
    buffer = '';
    start = -1;
  };
  let i = 0;
  for (; i < text.length; i++) {
    const c = text[i]!;
    if (c === '\\' && quote !== "'") {
      if (i + 1 >= text.length) return { words, error: INVALID };
      open(i);
      i++;
      buffer += text[i];
    } else if (quote === "'" || quote === '"') {
      if (c === quote) quote = null;
      else buffer += c;
    } else if (quote === '`') {
      if (c === '`') quote = null;
      buffer += c;
    } else if (quote === '$(') {
      if (c === ')') quote = null;
      buffer += c;
    } else if (SPACE.test(c)) close(i);
    else if (c === '"' || c === "'") {
      open(i);
      quote = c;
    } else if (c === '`') {
      open(i);
      quote = '`';
      buffer += c;
    } else if (c === '(') {
      if (!buffer.endsWith('$')) return { words, error: INVALID };
      quote = '$(';
      buffer += c;
    } else if (STOPS.has(c)) {
      if (c === '>' && /^[0-9]/.test(buffer)) {
        buffer = '';
        start = -1;
      }
      break;
    } else {
      open(i);
      buffer += c;
    }
  }
  if (quote) return { words, error: INVALID };
  close(i);
  return { words };
}
