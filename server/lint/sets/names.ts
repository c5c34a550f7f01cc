/** The files that Compose takes when none are named. */
import * as path from 'node:path';
import type { Files } from '../../files.ts';

/** In Compose's order: the first that is there is taken, whatever the name of the other. */
export const BASES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
export const OVERRIDES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/** The base of a folder and its override, as absolute paths; empty where there is no base. */
export function defaultFiles(files: Files, folder: string): string[] {
  // One listing costs less than asking for each name.
  const listed = new Set(files.list(folder).map(({ name }) => name));
  const first = (names: readonly string[]): string[] =>
    names
      .filter((name) => listed.has(name))
      .map((name) => path.posix.join(folder, name))
      .filter((file) => files.kind(file) === 'file')
      .slice(0, 1);
  const base = first(BASES);
  return base.length === 0 ? [] : [...base, ...first(OVERRIDES)];
}

/** By its base first, then by name. */
export function byBaseFirst(a: string, b: string): number {
  const rank = (file: string): number => {
    const index = BASES.indexOf(path.posix.basename(file));
    return index < 0 ? BASES.length : index;
  };
  const [one, other] = [path.posix.dirname(a), path.posix.dirname(b)];
  return one !== other ? (one < other ? -1 : 1) : rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}
