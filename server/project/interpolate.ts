/** `${...}` as Compose reads it. The result remembers which of its characters were written where. */
import type { Piece } from './model.ts';

export type Lookup = (name: string) => string | undefined;

export interface Interpolated {
  readonly value: string;
  /** Absent when nothing was replaced. */
  readonly pieces?: readonly Piece[];
  /** Variables without a value or default, and where they stand in the text. */
  readonly unresolved: readonly Hole[];
  readonly errors: readonly Fault[];
}

interface Fault {
  readonly message: string;
  readonly from: number;
  readonly to: number;
  /** A variable that has to be set, and is not. */
  readonly unset?: true;
}

interface Hole {
  readonly variable: string;
  readonly from: number;
  readonly to: number;
}

const NAME = /[_a-zA-Z][_a-zA-Z0-9]*/y;

/**
 * Replaces variables in `text`. An unset variable becomes empty, as in Compose, and is listed in `unresolved`. A `$`
 * that starts nothing stays as it is.
 */
export function interpolate(text: string, lookup: Lookup): Interpolated {
  if (!text.includes('$')) return { value: text, unresolved: [], errors: [] };
  const pieces: Piece[] = [];
  const unresolved: Hole[] = [];
  const errors: Fault[] = [];
  let value = '';
  const emit = (part: string, rawFrom: number, rawTo: number, literal: boolean): void => {
    if (part !== '' || !literal)
      pieces.push({ from: value.length, to: value.length + part.length, rawFrom, rawTo, literal });
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
    emit(part.value, dollar, part.end, part.literal === true);
    if (part.unresolved) unresolved.push(...part.unresolved);
    if (part.error !== undefined) {
      const { error, unset } = part;
      errors.push({ message: error, from: dollar, to: part.end, ...(unset ? { unset } : {}) });
    }
    at = part.end;
  }
  return { value, pieces, unresolved, errors };
}

interface Substitution {
  readonly value: string;
  readonly end: number;
  readonly literal?: true;
  readonly unresolved?: readonly Hole[];
  readonly error?: string;
  readonly unset?: true;
}

function substitution(text: string, dollar: number, lookup: Lookup): Substitution {
  const next = text[dollar + 1];
  if (next === '$') return { value: '$', end: dollar + 2 };
  if (next === '{') return braced(text, dollar, lookup);
  const name = nameAt(text, dollar + 1);
  return name ? plain(name, dollar, dollar + 1 + name.length, lookup) : { value: '$', end: dollar + 1, literal: true };
}

function plain(name: string, from: number, end: number, lookup: Lookup): Substitution {
  const value = lookup(name);
  return value === undefined ? { value: '', end, unresolved: [{ variable: name, from, to: end }] } : { value, end };
}

function braced(text: string, dollar: number, lookup: Lookup): Substitution {
  const name = nameAt(text, dollar + 2);
  if (!name) return invalid(text, dollar);
  const after = dollar + 2 + name.length;
  if (text[after] === '}') return plain(name, dollar, after + 1, lookup);
  const [, operator] = OPERATOR.exec(text.slice(after, after + 2)) ?? [];
  const close = operator ? closing(text, dollar, after) : -1;
  if (!operator || close < 0) return invalid(text, dollar);
  const from = after + operator.length;
  const end = close + 1;
  // Compose replaces what stands in it whether it is needed or not, so errors in it always count.
  const rest = interpolate(text.slice(from, close), lookup);
  const [fault] = rest.errors;
  if (fault) return { value: rest.value, end, error: fault.message, ...(fault.unset ? { unset: true } : {}) };
  const value = lookup(name);
  const present = value !== undefined && !(operator.startsWith(':') && value === '');
  const written: Substitution = {
    value: rest.value,
    end,
    unresolved: rest.unresolved.map((hole) => ({ ...hole, from: from + hole.from, to: from + hole.to })),
  };
  if (operator.endsWith('-')) return present ? { value, end } : written;
  if (operator.endsWith('+')) return present ? written : { value: '', end };
  if (present) return { value, end };
  const reason = rest.value === '' ? '' : `: ${rest.value}`;
  const hole = { variable: name, from: dollar, to: end };
  const error = `the variable ${name} is required and not set${reason}`;
  return { value: '', end, unresolved: [hole], error, unset: true };
}

const OPERATOR = /^(:?[-+?])/;

function invalid(text: string, dollar: number): Substitution {
  const close = text.indexOf('}', dollar);
  const end = close < 0 ? text.length : close + 1;
  return { value: '', end, error: `"${text.slice(dollar, end)}" is not a valid variable` };
}

function nameAt(text: string, at: number): string | undefined {
  NAME.lastIndex = at;
  return NAME.exec(text)?.[0];
}

/**
 * The brace that closes `${name<operator>...` at `dollar`, on the same line; -1 when there is none. Compose counts
 * braces but skips the character behind each opening one, and where that does not come out even it takes the last.
 */
function closing(text: string, dollar: number, after: number): number {
  const newline = text.indexOf('\n', after);
  const last = text.lastIndexOf('}', newline < 0 ? text.length : newline);
  if (last < after) return -1;
  let open = 0;
  for (let i = dollar; i <= last; i++) {
    if (text[i] === '}' && --open === 0) return i;
    if (text[i] === '{') {
      open++;
      i++;
    }
  }
  return last;
}
