/** The files that Compose takes when none are named. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import { absolute } from './place.ts';

const BASES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const OVERRIDES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/** COMPOSE_FILE, or else the first folder from `cwd` upwards with a base file, and its override. Empty where there is none. */
export function defaultFiles(files: Files, cwd: string, env: Readonly<Record<string, string | undefined>>): string[] {
  const list = env.COMPOSE_FILE;
  if (list) return list.split(env.COMPOSE_PATH_SEPARATOR || path.delimiter).map((file) => absolute(cwd, file));
  for (let directory = cwd; ; directory = path.posix.dirname(directory)) {
    const here = (names: readonly string[]): string[] =>
      names
        .map((name) => path.posix.join(directory, name))
        .filter((file) => files.kind(file) === 'file')
        .slice(0, 1);
    const base = here(BASES);
    if (base.length > 0) return [...base, ...here(OVERRIDES)];
    if (directory === path.posix.dirname(directory)) return [];
  }
}
