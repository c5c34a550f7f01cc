/** The files that Compose takes when none are named. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import { defaultFiles as filesIn } from '../lint/sets/names.ts';
import { absolute } from './place.ts';

/** COMPOSE_FILE, or else the first folder from `cwd` upwards with a base file, and its override. Empty where there is none. */
export function defaultFiles(files: Files, cwd: string, env: Readonly<Record<string, string | undefined>>): string[] {
  const list = env.COMPOSE_FILE;
  // Set to nothing it names the folder itself, as Compose takes it.
  if (list !== undefined)
    return list.split(env.COMPOSE_PATH_SEPARATOR || path.delimiter).map((file) => absolute(cwd, file));
  for (let directory = cwd; ; directory = path.posix.dirname(directory)) {
    const found = filesIn(files, directory);
    if (found.length > 0) return found;
    if (directory === path.posix.dirname(directory)) return [];
  }
}
