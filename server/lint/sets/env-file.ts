/** `COMPOSE_FILE` and its like in the `.env` of a folder: they decide what Compose takes there. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import { interpolate } from '../../project/interpolate.ts';
import { parseDotenv } from '../../syntax/dotenv.ts';
import type { FileSet, InputError } from '../model.ts';

export interface EnvironmentSet {
  /** Null where `COMPOSE_FILE` is not set, or names what is not there. */
  readonly set: FileSet | null;
  readonly error: InputError | null;
}

const NOTHING: EnvironmentSet = { set: null, error: null };

export function environmentSet(files: Files, folder: string): EnvironmentSet {
  const file = path.posix.join(folder, '.env');
  const values = read(files, file);
  const list = values.get('COMPOSE_FILE');
  // An empty one names the folder itself, which Compose refuses.
  if (list === undefined) return NOTHING;
  const named = list
    .split(values.get('COMPOSE_PATH_SEPARATOR') || path.delimiter)
    .map((one) => path.posix.resolve(folder, one));
  const missing = named.find((one) => files.kind(one) !== 'file');
  if (missing !== undefined) {
    const message = `COMPOSE_FILE names ${path.posix.relative(folder, missing) || 'the folder itself'}, which is no file`;
    return { set: null, error: { file, message } };
  }
  // In the folder of the first file, Compose reads the same `.env` for these.
  const elsewhere = path.posix.dirname(named[0]!) !== folder;
  const projectName = values.get('COMPOSE_PROJECT_NAME');
  const profiles = values
    .get('COMPOSE_PROFILES')
    ?.split(',')
    .map((profile) => profile.trim())
    .filter(Boolean);
  return {
    set: {
      files: [...new Set(named)],
      ...(elsewhere && projectName ? { projectName } : {}),
      ...(elsewhere && profiles && profiles.length > 0 ? { profiles } : {}),
    },
    error: null,
  };
}

function read(files: Files, file: string): ReadonlyMap<string, string> {
  if (files.kind(file) !== 'file') return new Map();
  try {
    const source = files.read(file);
    if (!source.text.includes('COMPOSE_FILE')) return new Map();
    const { entries } = parseDotenv(source, (text, defined) => {
      const { value } = interpolate(text, (name) => defined.get(name));
      return { value, unresolved: [] };
    });
    return new Map(entries.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const])));
  } catch (error) {
    if (error instanceof UnreadableFile) return new Map();
    throw error;
  }
}
