/** The files that Compose takes when none are named. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import { defaultFiles as filesIn } from '../lint/sets/names.ts';
import { absolute } from './place.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The files that COMPOSE_FILE names; undefined where it is not set. An empty part names the folder itself, as Compose takes it. */
export function listedFiles(cwd: string, env: Environment): string[] | undefined {
  return env.COMPOSE_FILE?.split(env.COMPOSE_PATH_SEPARATOR || path.delimiter).map((file) => absolute(cwd, file));
}

/** COMPOSE_FILE, or else the first folder from `cwd` upwards with a base file, and its override. Empty where there is none. */
export function defaultFiles(files: Files, cwd: string, env: Environment): string[] {
  const listed = listedFiles(cwd, env);
  if (listed) return listed;
  for (let directory = cwd; ; directory = path.posix.dirname(directory)) {
    const found = filesIn(files, directory);
    if (found.length > 0) return found;
    if (directory === path.posix.dirname(directory)) return [];
  }
}
