/** What a section says of a key, by the ways in which systemd and Quadlet look it up. */
import type { Problem } from '../source.ts';
import type { UnitEntry } from '../unit.ts';
import { type Chars, isSpace, place, slice } from './chars.ts';
import { splitWords } from './split.ts';

export type Entries = readonly UnitEntry[];

export interface Found {
  readonly entry: UnitEntry;
  readonly value: Chars;
}

export interface Words {
  readonly words: readonly Found[];
  readonly problems: readonly Problem[];
}

const NOTHING: Words = { words: [], problems: [] };

/** The last entry of the key, whatever it says. */
export const lastEntry = (entries: Entries, key: string): UnitEntry | undefined =>
  entries.findLast((entry) => entry.key === key);

/** The last value, without quotes around it; undefined where there is none or it is empty. */
export function last(entries: Entries, key: string): Found | undefined {
  const entry = lastEntry(entries, key);
  if (!entry) return undefined;
  const value = unquoted(entry.value);
  return value.text === '' ? undefined : { entry, value };
}

/** All quotes at the ends go, in pairs or not. */
function unquoted(chars: Chars): Chars {
  const { text } = chars;
  let [from, to] = [0, text.length];
  while (to > from && isSpace(text[to - 1])) to--;
  while (from < to && text[from] === '"') from++;
  while (to > from && text[to - 1] === '"') to--;
  return slice(chars, from, to);
}

/** Null where nothing is said. */
export function flag(entries: Entries, key: string): boolean | null {
  const entry = lastEntry(entries, key);
  return entry ? /^(1|yes|true|on)$/i.test(unquoted(entry.value).text) : null;
}

/** Every value as it is written; an empty one takes back those before it. */
export function all(entries: Entries, key: string): Found[] {
  let found: Found[] = [];
  for (const entry of entries) {
    if (entry.key !== key) continue;
    if (entry.value.text === '') found = [];
    else found.push({ entry, value: entry.value });
  }
  return found;
}

/** The words of every value, as those of a command. */
export const allArguments = (entries: Entries, key: string): Words =>
  joined(all(entries, key).map((found) => wordsOf(found, 'arguments')));

/** The words of every value, as names in a list. */
export const allNames = (entries: Entries, key: string): Words =>
  joined(all(entries, key).map((found) => wordsOf(found, 'list')));

/** The words of the last value alone. */
export function lastArguments(entries: Entries, key: string): Words {
  const entry = lastEntry(entries, key);
  return entry ? wordsOf({ entry, value: entry.value }, 'arguments') : NOTHING;
}

function wordsOf({ entry, value }: Found, splitting: 'arguments' | 'list'): Words {
  const { words, error } = splitWords(value, splitting);
  if (error === undefined) return { words: words.map((word) => ({ entry, value: word })), problems: [] };
  return { words: [], problems: [{ span: place(value), message: `${entry.key}= is left out: ${error}` }] };
}

const joined = (parts: readonly Words[]): Words => ({
  words: parts.flatMap(({ words }) => words),
  problems: parts.flatMap(({ problems }) => problems),
});

export interface Pair {
  readonly name: string;
  /** Null where there is no `=`. */
  readonly value: Chars | null;
  readonly word: Chars;
}

/** `NAME=value`, as it stands in one word. */
export function pairOf(word: Chars): Pair {
  const equals = word.text.indexOf('=');
  if (equals < 0) return { name: word.text, value: null, word };
  return { name: word.text.slice(0, equals), value: slice(word, equals + 1), word };
}
