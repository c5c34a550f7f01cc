/** `.env` and `env_file` files, as Compose reads them. */
import type { Source, Span } from './source.ts';

export interface DotenvEntry {
  readonly name: string;
  /** null: a name without `=`; the value is taken from the shell. */
  readonly value: string | null;
  readonly span: Span;
  /** Variables in the value that nothing sets. */
  readonly unresolved: readonly string[];
}

export interface DotenvFile {
  readonly entries: readonly DotenvEntry[];
  readonly problems: readonly { readonly span: Span; readonly message: string }[];
}

export interface Expanded {
  readonly value: string;
  readonly unresolved: readonly string[];
  readonly error?: string;
}

type Expand = (value: string, defined: ReadonlyMap<string, string>) => Expanded;

/** White space that does not end a line. */
const BLANK = /[\t\v\f\r \u0085\u00a0]*/y;
const EXPORT = /export(?=\s)[\t\v\f\r \u0085\u00a0]*/y;
const NAME = /[\p{L}\p{N}_.\-[\]\t\v\f\r \u0085\u00a0]*/uy;

/** Reads entries in order; `expand` replaces variables in unquoted and double-quoted values (null: leaves them). */
export function parseDotenv(source: Source, expand: Expand | null): DotenvFile {
  const { text } = source;
  const entries: DotenvEntry[] = [];
  const problems: { span: Span; message: string }[] = [];
  const defined = new Map<string, string>();
  let at = text.startsWith('\ufeff') ? 1 : 0;
  const refuse = (start: number, end: number, message: string): void => {
    problems.push({ span: { source, start, end }, message });
    at = endOfLine(text, end) + 1;
  };
  for (;;) {
    at = statementStart(text, at);
    if (at >= text.length) return { entries, problems };
    const start = at + matchLength(EXPORT, text, at);
    const nameEnd = start + matchLength(NAME, text, start);
    const mark = text[nameEnd];
    const name = text.slice(start, nameEnd).trimEnd();
    if (mark !== undefined && mark !== '=' && mark !== ':' && mark !== '\n') {
      refuse(start, endOfLine(text, start), `unexpected character ${JSON.stringify(mark)} in the name of a variable`);
      continue;
    }
    if (name.includes(' ')) {
      refuse(start, nameEnd, `the name of a variable cannot contain a space: "${name}"`);
      continue;
    }
    if (mark === '\n') {
      entries.push({ name, value: null, span: { source, start, end: start + name.length }, unresolved: [] });
      at = nameEnd;
      continue;
    }
    // On a last line without its end Compose takes a lone name for a value that has no name.
    const nameless = mark === undefined;
    const from = nameless ? start : nameEnd + 1;
    const raw = readValue(text, from + matchLength(BLANK, text, from));
    if (raw.error !== undefined) {
      refuse(start, raw.end, `${raw.error} in the value of ${name}`);
      continue;
    }
    const expanded: Expanded =
      raw.literal || !expand ? { value: raw.value, unresolved: [] } : expand(raw.value, defined);
    if (expanded.error !== undefined) problems.push({ span: { source, start, end: raw.end }, message: expanded.error });
    const key = nameless ? '' : name;
    defined.set(key, expanded.value);
    entries.push({
      name: key,
      value: expanded.value,
      span: { source, start, end: raw.end },
      unresolved: expanded.unresolved,
    });
    at = raw.end;
  }
}

function matchLength(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** Behind white space and comments. */
function statementStart(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < text.length && /\s|\u0085/.test(text[at]!)) at++;
    if (text[at] !== '#') return at;
    at = endOfLine(text, at);
  }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

interface RawValue {
  readonly value: string;
  readonly end: number;
  /** Single quotes: no variables. */
  readonly literal: boolean;
  readonly error?: string;
}

function readValue(text: string, at: number): RawValue {
  const quote = text[at];
  if (quote === '"' || quote === "'") {
    for (let i = at + 1; i < text.length; i++) {
      if (text[i] === '\\') i++;
      else if (text[i] === quote) {
        const inside = text
          .slice(at + 1, i)
          .replaceAll(`\\${quote}`, (found, offset, all: string) => (isEscaped(all, offset) ? found : quote));
        return { value: quote === '"' ? withoutEscapes(inside) : inside, end: i + 1, literal: quote === "'" };
      }
    }
    return { value: '', end: endOfLine(text, at), literal: true, error: 'a quote is not closed' };
  }
  const line = text.slice(at, endOfLine(text, at));
  const value = line.split(' #', 1)[0]!.trimEnd();
  return { value, end: at + line.length, literal: false };
}

/** The backslash at `offset` is itself behind one that it belongs to. */
function isEscaped(text: string, offset: number): boolean {
  let before = 0;
  while (text[offset - 1 - before] === '\\') before++;
  return before % 2 === 1;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  '\\': '\\',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  $: '$$',
};

const withoutEscapes = (text: string): string =>
  text.replace(/\\(?:0(\d{0,3})|([abcfnrtv$"\\]))/g, (whole, octal: string | undefined, letter: string | undefined) => {
    if (letter !== undefined) return ESCAPES[letter] ?? whole;
    return /^[0-3][0-7]{2}$/.test(octal!) ? String.fromCodePoint(Number.parseInt(octal!, 8)) : `\\${octal}`;
  });
