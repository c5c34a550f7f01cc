/** Whether a fact holds for an image, its tag and its environment; `unknown` where a value cannot be told. */
import type { When } from './model.ts';

/** Null: set, but to what is not known. */
export type Environment = ReadonlyMap<string, string | null>;

export type Answer = boolean | 'unknown';

export interface Circumstances {
  /** Null: the tag names none, so the newest is meant. */
  readonly version: string | null;
  readonly flavours: readonly string[];
  readonly environment: Environment;
  /** A digest or an unset variable decides which version runs. */
  readonly hidden?: boolean;
  /** The program and its arguments; undefined where they are not asked after. */
  readonly words?: readonly string[];
}

export function holds(when: When | undefined, circumstances: Circumstances): Answer {
  if (!when) return true;
  const { version, flavours, environment, hidden, words } = circumstances;
  return all([
    when.version === undefined ? true : hidden ? 'unknown' : satisfies(version, when.version),
    when.flavour === undefined
      ? true
      : hidden && flavours.length === 0
        ? 'unknown'
        : hasFlavour(flavours, when.flavour),
    when.env === undefined ? true : environmentHolds(when.env, environment),
    when.command === undefined ? true : (words?.includes(when.command) ?? 'unknown'),
  ]);
}

function all(answers: readonly Answer[]): Answer {
  if (answers.includes(false)) return false;
  return answers.includes('unknown') ? 'unknown' : true;
}

/** `rootless`, or `!rootless`. */
function hasFlavour(flavours: readonly string[], wanted: string): boolean {
  return wanted.startsWith('!') ? !flavours.includes(wanted.slice(1)) : flavours.includes(wanted);
}

const COMPARATOR = /^(<=|>=|<|>|=)(\d+(?:\.\d+)*)$/;

/** `>=2 <3`: all of them. Without a version the newest counts, which every lower bound lets through. */
export function satisfies(version: string | null, range: string): boolean {
  return range.split(/\s+/).every((comparator) => {
    const [, operator, bound] = COMPARATOR.exec(comparator) ?? [];
    if (operator === undefined || bound === undefined) return false;
    if (version === null) return operator.startsWith('>');
    const order = compare(version, bound);
    switch (operator) {
      case '<':
        return order < 0;
      case '<=':
        return order <= 0;
      case '>':
        return order > 0;
      case '>=':
        return order >= 0;
      default:
        return order === 0;
    }
  });
}

/** A tag that names fewer parts than the bound (`1` against `1.136`) floats to the newest of them, so it is above. */
function compare(version: string, bound: string): number {
  const have = version.split('.').map(Number);
  const want = bound.split('.').map(Number);
  for (const [i, part] of want.entries()) {
    const difference = (have[i] ?? Number.POSITIVE_INFINITY) - part;
    if (difference !== 0) return difference;
  }
  return 0;
}

const TERM = /^([A-Za-z_][\w.-]*)(?:=(.*)| ~ (.+)| (set|unset))$/;

interface Term {
  readonly name: string;
  readonly value: string | undefined;
  readonly pattern: string | undefined;
  readonly state: string | undefined;
}

/** By condition: the catalogue's are asked for each service. Null stands for what is no term. */
const terms = new Map<string, readonly (Term | null)[]>();
const patterns = new Map<string, RegExp>();

/** `NAME=value`, `NAME ~ pattern`, `NAME set`, `NAME unset`; several of them joined by ` and `. */
export function environmentHolds(condition: string, environment: Environment): Answer {
  let read = terms.get(condition);
  if (!read) {
    read = condition.split(' and ').map(termOf);
    terms.set(condition, read);
  }
  return all(read.map((term) => term !== null && termHolds(term, environment)));
}

function termOf(text: string): Term | null {
  const [, name, value, pattern, state] = TERM.exec(text.trim()) ?? [];
  return name === undefined ? null : { name, value, pattern, state };
}

function termHolds({ name, value, pattern, state }: Term, environment: Environment): Answer {
  const actual = environment.get(name);
  if (actual === null) return 'unknown';
  // Programs take an empty variable for a missing one.
  const given = actual === undefined || actual === '' ? undefined : actual;
  if (state !== undefined) return (state === 'set') === (given !== undefined);
  if (given === undefined) return value === '';
  return pattern === undefined ? given === value : compiled(pattern).test(given);
}

function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, 'i');
  patterns.set(pattern, known);
  return known;
}
