/** The Compose files whose projects may use a Dockerfile or a source file: those beside it and above it. */
import type { Files } from '../files.ts';
import { baseName, directoryOf } from './uris.ts';

/** Names of files that a project may read without being Compose files. */
const READ =
  /(^|\.)(dockerfile|containerfile)($|\.)|\.?dockerignore$|(^|\.)env($|\.)|\.(py|[cm]?js|jsx|[cm]?ts|tsx|sql|sh)$/i;

/** Only to save reading every YAML file: whether one is Compose is the engine's to say. */
const COMPOSE = /compose[^/]*\.ya?ml$/i;

export const mayBeCompose = (path: string): boolean => COMPOSE.test(path);

const MAX_LEVELS = 8;

export function composeFilesAround(files: Files, path: string, top: string | null): string[] {
  if (!READ.test(baseName(path))) return [];
  const found: string[] = [];
  let folder = directoryOf(path);
  for (let level = 0; level < MAX_LEVELS; level++) {
    for (const { name, kind } of files.list(folder))
      if (kind !== 'directory' && mayBeCompose(name)) found.push(`${folder === '/' ? '' : folder}/${name}`);
    const parent = directoryOf(folder);
    if (folder === top || parent === folder) break;
    folder = parent;
  }
  return found;
}
