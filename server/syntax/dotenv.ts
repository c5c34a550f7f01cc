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

type Expand = (value: string, defined: ReadonlyMap<string, string>) => { readonly value: string; readonly unresolved: readonly string[] };

const KEY = /[ \t]*(?:export[ \t]+)?([A-Za-z0-9_.[\]-]+)[ \t]*([=:]?)/y;

/** Reads entries in order; `expand` replaces variables in unquoted and double-quoted values (null: leaves them). */
export function parseDotenv(source: Source, expand: Expand | null): DotenvFile {
  const { text } = source;
  const entries: DotenvEntry[] = [];
  const problems: { span: Span; message: string }[] = [];
  const defined = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    const blank = /(?:[ \t]*(?:#[^\n]*)?\r?\n|[ \t]+$|[ \t]*#[^\n]*$)/y;
    blank.lastIndex = at;
    if (blank.test(text)) {
      at = Math.max(blank.lastIndex, at + 1);
      continue;
    }
    KEY.lastIndex = at;
    const key = KEY.exec(text);
    const lineEnd = endOfLine(text, at);
    if (!key) {
      const span = { source, start: at, end: lineEnd };
      problems.push({ span, message: `unexpected character in variable name near "${text.slice(at, Math.min(lineEnd, at + 40))}"` });
      at = lineEnd + 1;
      continue;
    }
    const name = key[1]!;
    const start = at + key[0].indexOf(name);
    if (key[2] === '') {
      if (text.slice(KEY.lastIndex, lineEnd).trim() === '') entries.push({ name, value: null, span: { source, start, end: KEY.lastIndex }, unresolved: [] });
      else problems.push({ span: { source, start, end: lineEnd }, message: `"${name}" is followed by something that is no value` });
      at = lineEnd + 1;
      continue;
    }
    const raw = readValue(text, KEY.lastIndex);
    if (raw.error) {
      problems.push({ span: { source, start, end: raw.end }, message: `${raw.error} in the value of ${name}` });
      at = endOfLine(text, raw.end) + 1;
      continue;
    }
    const expanded = raw.literal || !expand ? { value: raw.value, unresolved: [] } : expand(raw.value, defined);
    defined.set(name, expanded.value);
    entries.push({ name, value: expanded.value, span: { source, start, end: raw.end }, unresolved: expanded.unresolved });
    at = endOfLine(text, raw.end) + 1;
  }
  return { entries, problems };
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

function readValue(text: string, from: number): RawValue {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  const quote = text[at];
  if (quote === '"' || quote === "'") {
    for (let i = at + 1; i < text.length; i++) {
      if (text[i] === '\\' && i + 1 < text.length) i++;
      else if (text[i] === quote) {
        const inside = text.slice(at + 1, i);
        return { value: quote === '"' ? unescape(inside) : inside.replaceAll("\\'", "'"), end: i + 1, literal: quote === "'" };
      }
    }
    return { value: '', end: endOfLine(text, at), literal: true, error: 'a quote is not closed' };
  }
  const end = endOfLine(text, at);
  const line = text.slice(at, end);
  const comment = /(^|[ \t])#/.exec(line);
  const value = (comment ? line.slice(0, comment.index) : line).trim();
  return { value, end: at + value.length, literal: false };
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', a: '\x07', b: '\b', f: '\f', v: '\v' };

const unescape = (text: string): string => text.replace(/\\(.)/gs, (whole, c: string) => ESCAPES[c] ?? whole);
