/** `${...}` as Compose reads it. The result remembers which of its characters were written where. */
import type { Piece } from './model.ts';

export type Lookup = (name: string) => string | undefined;

export interface Interpolated {
  readonly value: string;
  /** Absent when nothing was replaced. */
  readonly pieces?: readonly Piece[];
  /** Variables without a value or default, and where they stand in the text. */
  readonly unresolved: readonly { readonly variable: string; readonly from: number; readonly to: number }[];
  readonly errors: readonly { readonly message: string; readonly from: number; readonly to: number }[];
}

const NAME = /[_a-zA-Z][_a-zA-Z0-9]*/y;

/** Replaces variables in `text`. An unset variable becomes empty, as in Compose, and is listed in `unresolved`. */
export function interpolate(text: string, lookup: Lookup): Interpolated {
  if (!text.includes('$')) return { value: text, unresolved: [], errors: [] };
  const pieces: Piece[] = [];
  const unresolved: { variable: string; from: number; to: number }[] = [];
  const errors: { message: string; from: number; to: number }[] = [];
  let value = '';
  const emit = (part: string, rawFrom: number, rawTo: number, literal: boolean): void => {
    if (part !== '' || !literal) pieces.push({ from: value.length, to: value.length + part.length, rawFrom, rawTo, literal });
    value += part;
  };
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0) {
      emit(text.slice(at), at, text.length, true);
      break;
    }
    emit(text.slice(at, dollar), at, dollar, true);
    const part = substitution(text, dollar, lookup);
    emit(part.value, dollar, part.end, false);
    unresolved.push(...part.unresolved);
    if (part.error !== undefined) errors.push({ message: part.error, from: dollar, to: part.end });
    at = part.end;
  }
  return { value, pieces, unresolved, errors };
}

interface Substitution {
  readonly value: string;
  readonly end: number;
  readonly unresolved: readonly { variable: string; from: number; to: number }[];
  readonly error?: string;
}

function substitution(text: string, dollar: number, lookup: Lookup): Substitution {
  const next = text[dollar + 1];
  if (next === '$') return { value: '$', end: dollar + 2, unresolved: [] };
  if (next === '{') return braced(text, dollar, lookup);
  const name = nameAt(text, dollar + 1);
  if (!name) return { value: '$', end: dollar + 1, unresolved: [], error: `"${text}" is not a valid template: a literal $ is written $$` };
  const end = dollar + 1 + name.length;
  return plain(name, dollar, end, lookup);
}

function plain(name: string, from: number, end: number, lookup: Lookup): Substitution {
  const value = lookup(name);
  return value === undefined
    ? { value: '', end, unresolved: [{ variable: name, from, to: end }] }
    : { value, end, unresolved: [] };
}

function braced(text: string, dollar: number, lookup: Lookup): Substitution {
  const close = closingBrace(text, dollar + 1);
  const invalid = (end: number): Substitution => ({
    value: '',
    end,
    unresolved: [],
    error: `"${text.slice(dollar, end)}" is not a valid variable`,
  });
  if (close < 0) return invalid(text.length);
  const end = close + 1;
  const name = nameAt(text, dollar + 2);
  if (!name) return invalid(end);
  const after = dollar + 2 + name.length;
  if (after === close) return plain(name, dollar, end, lookup);
  const colon = text[after] === ':';
  const operator = text[after + (colon ? 1 : 0)];
  const restFrom = after + (colon ? 2 : 1);
  const rest = text.slice(restFrom, close);
  const value = lookup(name);
  const present = value !== undefined && !(colon && value === '');
  const nested = (): Substitution => {
    const inner = interpolate(rest, lookup);
    return {
      value: inner.value,
      end,
      unresolved: inner.unresolved.map((u) => ({ variable: u.variable, from: restFrom + u.from, to: restFrom + u.to })),
      ...(inner.errors[0] ? { error: inner.errors[0].message } : {}),
    };
  };
  switch (operator) {
    case '-':
      return present ? { value, end, unresolved: [] } : nested();
    case '+':
      return present ? nested() : { value: '', end, unresolved: [] };
    case '?': {
      if (present) return { value, end, unresolved: [] };
      const reason = interpolate(rest, lookup).value;
      const error = `the variable ${name} is required and not set${reason ? `: ${reason}` : ''}`;
      return { value: '', end, unresolved: [{ variable: name, from: dollar, to: end }], error };
    }
    default:
      return invalid(end);
  }
}

function nameAt(text: string, at: number): string | undefined {
  NAME.lastIndex = at;
  return NAME.exec(text)?.[0];
}

/** Index of the brace that closes the one at `open`; -1 when there is none. */
function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '}') {
      depth--;
      if (depth === 0) return i;
    } else if (text[i] === '{' && (i === open || text[i - 1] === '$')) depth++;
  }
  return -1;
}
