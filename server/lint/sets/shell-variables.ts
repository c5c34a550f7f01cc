/** Variables of a script, as far as it sets them itself. */
import { ARGUMENTS, UNKNOWN } from './shell-marks.ts';

export type Variables = Map<string, string>;

export interface Expansion {
  readonly value: string;
  readonly end: number;
  /** The text of a command substitution. */
  readonly command?: string;
  /** `${name[@]}`: words apart, even in quotes. */
  readonly array?: boolean;
}

const NAME = /[A-Za-z_]\w*/y;
const ASSIGNMENT = /^([A-Za-z_]\w*)(\+?)=(.*)$/s;

/** What the `$` or backtick at `at` stands for. */
export function expand(text: string, at: number, variables: Variables): Expansion {
  if (text[at] === '`') {
    const end = text.indexOf('`', at + 1);
    const stop = end < 0 ? text.length : end;
    return { value: UNKNOWN, end: stop + 1, command: text.slice(at + 1, stop) };
  }
  const next = text[at + 1] ?? '';
  if (next === '(') {
    const end = closing(text, at + 1, '(', ')');
    const command = text.slice(at + 2, end);
    return { value: UNKNOWN, end: end + 1, ...(command.startsWith('(') ? {} : { command }) };
  }
  if (next === '{') {
    const end = closing(text, at + 1, '{', '}');
    return { ...braced(text.slice(at + 2, end), variables), end: end + 1 };
  }
  if (/[@*\d]/.test(next)) return { value: ARGUMENTS, end: at + 2 };
  NAME.lastIndex = at + 1;
  const name = NAME.exec(text)?.[0];
  if (name === undefined) return /[#?$!-]/.test(next) ? { value: UNKNOWN, end: at + 2 } : { value: '$', end: at + 1 };
  return { value: variables.get(name) ?? UNKNOWN, end: at + 1 + name.length };
}

function braced(inner: string, variables: Variables): Omit<Expansion, 'end'> {
  if (/^[@*\d]/.test(inner)) return { value: ARGUMENTS };
  const [, name, rest = ''] = /^([A-Za-z_]\w*)(.*)$/s.exec(inner) ?? [];
  if (name === undefined) return { value: UNKNOWN };
  const value = variables.get(name);
  if (/^\[[@*]\]$/.test(rest)) return { value: value ?? UNKNOWN, array: true };
  if (rest === '') return { value: value ?? UNKNOWN };
  const fallback = /^:?[-=]([^$`]*)$/.exec(rest)?.[1];
  if (fallback !== undefined) return { value: value ?? fallback.replace(/^(["'])(.*)\1$/, '$2') };
  return { value: rest.startsWith(':?') || rest.startsWith('?') ? (value ?? UNKNOWN) : UNKNOWN };
}

/** The place of the sign that closes the one at `at`; quotes are passed over. */
function closing(text: string, at: number, open: string, close: string): number {
  let depth = 0;
  let quote = '';
  for (let i = at; i < text.length; i++) {
    const c = text[i]!;
    if (c === '\\') i++;
    else if (quote !== '') quote = c === quote ? '' : quote;
    else if (c === "'" || c === '"') quote = c;
    else if (c === open) depth++;
    else if (c === close && --depth === 0) return i;
  }
  return text.length;
}

/** Takes the assignments that `words` begin with into `variables`, and gives the words after them. */
export function assign(words: readonly string[], variables: Variables): readonly string[] {
  for (const [index, word] of words.entries()) {
    const match = ASSIGNMENT.exec(word);
    if (!match) return words.slice(index);
    const [, name, plus, value] = match as unknown as [string, string, string, string];
    variables.set(name, plus ? `${variables.get(name) ?? ''}${value}` : value);
  }
  return [];
}
