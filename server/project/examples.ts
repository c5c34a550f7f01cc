/** What stands in for environment files that are not here: the examples that people are told to copy. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../files.ts';
import { readDotenv } from './dotenv-file.ts';
import type { Lookup } from './interpolate.ts';
import type { EnvironmentEntry } from './model.ts';

const WORDS = ['example', 'sample', 'template', 'dist', 'tmpl', 'tpl', 'default', 'defaults'];

/**
 * What people copy a file from, by its name: `.env.example`, `.env-example`, `example.env`, `env.example`;
 * `app.example.yml`, `app-example.yml`; `.env.example.prod` for `.env.prod`.
 */
export function examplesOf(name: string): string[] {
  const bare = name.replace(/^\./, '');
  const [stem, ending] = [bare.replace(/\.[^.]*$/, ''), bare.slice(bare.lastIndexOf('.'))];
  const dot = name.startsWith('.') ? '.' : '';
  return WORDS.flatMap((word) => [
    ...[`${name}.${word}`, `${name}-${word}`, `${word}.${bare}`, `${bare}.${word}`],
    ...(stem === bare
      ? []
      : [`${dot}${stem}.${word}${ending}`, `${stem}.${word}${ending}`, `${stem}-${word}${ending}`]),
  ]);
}

/** The entries of the first example of `file`, the last of each name; none where there is no example. */
export function exampleOf(file: string, files: Files, lookup: Lookup): ReadonlyMap<string, EnvironmentEntry> {
  const folder = path.posix.dirname(file);
  const there = new Set(files.list(folder).map(({ name }) => name));
  const name = examplesOf(path.posix.basename(file)).find((one) => there.has(one));
  if (name === undefined) return new Map();
  try {
    const { entries } = readDotenv(files.read(path.posix.join(folder, name)), lookup);
    return new Map(
      entries.map(({ name, value, span, unresolved }) => {
        const holes = unresolved.map((variable) => ({ variable, span }));
        return [name, { name, value: value ?? null, span, unresolved: holes, from: 'env_file' }];
      }),
    );
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return new Map();
  }
}
