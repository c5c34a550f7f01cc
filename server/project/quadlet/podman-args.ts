/** Options of `podman run` that `PodmanArgs=` adds to those that Quadlet makes of keys. */

import type { Span } from '../../syntax/source.ts';
import { type Chars, place, slice } from '../../syntax/unit/chars.ts';

export interface PodmanOption {
  /** In its long form. */
  readonly name: string;
  /** Null for switches. */
  readonly value: Chars | null;
  readonly span: Span;
}

/** Those with a value that decide what data is kept or who reads it, and one letter for them. */
const WITH_VALUE: Readonly<Record<string, string | null>> = {
  volume: 'v',
  env: 'e',
  user: 'u',
  hostname: 'h',
  label: 'l',
  workdir: 'w',
  mount: null,
  tmpfs: null,
  'env-file': null,
  'volumes-from': null,
  secret: null,
  name: null,
  entrypoint: null,
  'stop-timeout': null,
  'stop-signal': null,
  pull: null,
  'image-volume': null,
  userns: null,
  uidmap: null,
  gidmap: null,
  subuidname: null,
  opt: 'o',
  driver: 'd',
  'build-arg': null,
  target: null,
  file: 'f',
};
const SWITCHES = new Set(['read-only', 'read-only-tmpfs', 'init', 'env-host']);

/** `run`, `volume create` and `build` use letters in their own ways. */
const LETTERS: Readonly<Record<Command, ReadonlyMap<string, string>>> = {
  run: letters('volume', 'env', 'user', 'hostname', 'label', 'workdir'),
  'volume create': letters('opt', 'driver', 'label'),
  build: letters('file', 'volume'),
};
/** Letters that take nothing, and so may stand in front of others. */
const PLAIN_LETTERS = /^[ditPq]$/;

export type Command = 'run' | 'volume create' | 'build';

function letters(...names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [WITH_VALUE[name]!, name]));
}

export function podmanOptions(words: readonly Chars[], command: Command = 'run'): PodmanOption[] {
  const options: PodmanOption[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const found = word.text.startsWith('--') ? long(word) : word.text.startsWith('-') ? short(word, command) : null;
    if (!found) continue;
    const next = words[i + 1];
    if (found.needsValue && next === undefined) continue;
    const value = found.needsValue ? next! : found.value;
    if (found.needsValue) i++;
    const span = place(word);
    const end = value ? place(value) : span;
    const joined = end.source === span.source && end.end > span.end ? { ...span, end: end.end } : span;
    options.push({ name: found.name, value, span: joined });
  }
  return options;
}

interface Flag {
  readonly name: string;
  readonly value: Chars | null;
  /** The value is the next word. */
  readonly needsValue: boolean;
}

function long(word: Chars): Flag | null {
  const equals = word.text.indexOf('=');
  const name = word.text.slice(2, equals < 0 ? undefined : equals);
  if (!(name in WITH_VALUE) && !SWITCHES.has(name)) return null;
  if (equals >= 0) return { name, value: slice(word, equals + 1), needsValue: false };
  return { name, value: null, needsValue: name in WITH_VALUE };
}

/** `-v x`, `-vx`, `-v=x`, `-itv x` */
function short(word: Chars, command: Command): Flag | null {
  let i = 1;
  while (command === 'run' && PLAIN_LETTERS.test(word.text[i] ?? '')) i++;
  const name = LETTERS[command].get(word.text[i] ?? '');
  if (name === undefined) return null;
  const rest = slice(word, i + (word.text[i + 1] === '=' ? 2 : 1));
  return rest.text === '' ? { name, value: null, needsValue: true } : { name, value: rest, needsValue: false };
}

/** `--read-only`, `--read-only=false` */
export const isOn = ({ value }: PodmanOption): boolean => value === null || /^(1|t|true)$/i.test(value.text);
