/** The setting `projects`: which files belong together. */
import * as path from 'node:path';
import { slashed } from '../files.ts';
import type { FileSet } from './model.ts';

const KEYS = new Set(['files', 'name', 'profiles']);

/** As Compose wants the names of projects. */
const NAME = /^[a-z0-9][a-z0-9_-]*$/;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const areTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== '');

/** @param folder what the files are relative to */
export function projectsOf(value: unknown, folder: string, refuse: (message: string) => void): FileSet[] {
  if (!Array.isArray(value)) {
    refuse('projects is a list of {files: [...], name, profiles}');
    return [];
  }
  return value.flatMap((one, index) => {
    const project = projectOf(one, folder, (message) => refuse(`projects[${index}]: ${message}`));
    return project ? [project] : [];
  });
}

function projectOf(value: unknown, folder: string, refuse: (message: string) => void): FileSet | null {
  if (!isRecord(value)) {
    refuse('a project is a mapping with the keys files, name and profiles');
    return null;
  }
  for (const key of Object.keys(value)) if (!KEYS.has(key)) refuse(`there is no key "${key}"`);
  const { files, name, profiles } = value;
  if (!areTexts(files) || files.length === 0) {
    refuse('files is a list of Compose files, base first');
    return null;
  }
  const absolute = files.map((file) => path.posix.resolve(folder, slashed(file)));
  const twice = files.find((_, index) => absolute.indexOf(absolute[index]!) < index);
  if (twice !== undefined) refuse(`"${twice}" is named twice`);
  const named = name !== undefined && name !== null;
  const goodName = typeof name === 'string' && NAME.test(name);
  if (named && !goodName)
    refuse('name consists of lower case letters, digits, "-" and "_", and begins with a letter or digit');
  const profiled = profiles !== undefined && profiles !== null;
  if (profiled && !areTexts(profiles)) refuse('profiles is a list of names');
  return {
    files: [...new Set(absolute)],
    ...(goodName ? { projectName: name } : {}),
    ...(areTexts(profiles) ? { profiles } : {}),
  };
}
