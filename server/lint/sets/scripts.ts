/** The sets of files that scripts in and around a folder give to Compose. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import { isComposeName } from '../../project/file-names.ts';
import type { Source } from '../../syntax/source.ts';
import type { FileSet } from '../model.ts';
import { devcontainer } from './devcontainer.ts';
import { type Invocation, invocationsOf } from './invocations.ts';
import { readerFor, resolveIn, workflow } from './script-texts.ts';

/** Folders beside the Compose files that hold the scripts for them; those are run from here, or from in there. */
const SCRIPT_FOLDERS = ['bin', 'ci', 'deploy', 'docker', 'docs', 'hack', 'script', 'scripts', 'tools', '.gitlab'];
const MAX_SCRIPTS = 60;
const MAX_LENGTH = 256 * 1024;

/** Most scripts do nothing of the kind; this is all that is read of them. */
const mayCall = (text: string): boolean =>
  (text.includes('compose') && /\s-f|--file|COMPOSE_FILE/.test(text)) ||
  (/\sstack\s/.test(text) && /\s-c|--compose-file/.test(text));

type Read = (source: Source) => readonly Invocation[];

interface Place {
  readonly file: string;
  readonly read: Read;
  /** Where its commands may be run from, the likeliest first. */
  readonly from: readonly string[];
}

export function scriptSets(files: Files, folder: string): FileSet[] {
  const found = new Map<string, FileSet>();
  for (const place of placesIn(files, folder)) {
    for (const invocation of readInvocations(files, place)) {
      const set = resolve(files, invocation, place);
      if (!set) continue;
      const key = set.files.join('\n');
      const before = found.get(key);
      found.set(key, before ? together(before, set) : set);
    }
  }
  return [...found.values()];
}

function placesIn(files: Files, folder: string): Place[] {
  const places: Place[] = [];
  const add = (file: string, read: Read, from: readonly string[]): void => {
    if (places.length < MAX_SCRIPTS) places.push({ file, read, from });
  };
  const list = (at: string, from: readonly string[], only?: RegExp, texts?: ReturnType<typeof readerFor>): void => {
    for (const { name, kind } of files.list(at)) {
      const reader = texts ?? readerFor(name);
      if ((kind !== 'file' && kind !== 'link') || !reader || (only && !only.test(name))) continue;
      const file = path.posix.join(at, name);
      // What a Compose file says of itself is said from the root of the repository, as often as from beside it.
      add(file, readWith(reader), isComposeName(name) ? foldersAbove(at) : from);
    }
  };
  const names = new Set(files.list(folder).map(({ name }) => name));
  list(folder, [folder]);
  if (names.has('.github')) list(path.posix.join(folder, '.github/workflows'), [folder], /\.ya?ml$/i, workflow);
  for (const name of SCRIPT_FOLDERS) {
    const below = path.posix.join(folder, name);
    // What lies there besides belongs to that folder alone, and is read with it.
    if (names.has(name)) list(below, [folder, below], /\.(sh|bash|zsh|md|markdown|ya?ml)$|^Jenkinsfile/i);
  }
  for (const file of devcontainersIn(files, folder, names)) add(file, devcontainer, [path.posix.dirname(file)]);
  return places;
}

const MAX_ABOVE = 4;

function foldersAbove(folder: string): string[] {
  const folders = [folder];
  while (folders.length < MAX_ABOVE && path.posix.dirname(folders.at(-1)!) !== folders.at(-1))
    folders.push(path.posix.dirname(folders.at(-1)!));
  return folders;
}

/** In their own folder, where one may have several, or as a hidden file. */
function devcontainersIn(files: Files, folder: string, names: ReadonlySet<string>): string[] {
  const found = names.has('.devcontainer.json') ? [path.posix.join(folder, '.devcontainer.json')] : [];
  const own = path.posix.join(folder, '.devcontainer');
  if (!names.has('.devcontainer')) return found;
  const folders = files.list(own).filter(({ kind }) => kind === 'directory');
  const candidates = [own, ...folders.map(({ name }) => path.posix.join(own, name))];
  return [...found, ...candidates.map((one) => path.posix.join(one, 'devcontainer.json'))].filter(
    (file) => files.kind(file) === 'file',
  );
}

const known = new WeakMap<Source, readonly Invocation[]>();

function readInvocations(files: Files, { file, read }: Place): readonly Invocation[] {
  try {
    const source = files.read(file);
    let invocations = known.get(source);
    if (!invocations) {
      invocations = source.text.length <= MAX_LENGTH ? read(source) : [];
      known.set(source, invocations);
    }
    return invocations;
  } catch (error) {
    if (error instanceof UnreadableFile) return [];
    throw error;
  }
}

const readWith =
  (scripts: NonNullable<ReturnType<typeof readerFor>>): Read =>
  (source) =>
    mayCall(source.text)
      ? scripts(source).flatMap(({ text, folder, variables }) =>
          invocationsOf(text, variables).map((one) =>
            folder === undefined || one.folder === null || folder === ''
              ? one
              : { ...one, folder: path.posix.join(folder, one.folder) },
          ),
        )
      : [];

/** The first folder it may be run from in which every file is there. */
function resolve(files: Files, invocation: Invocation, { file, from }: Place): FileSet | null {
  const own = path.posix.dirname(file);
  for (const base of from) {
    const start = resolveIn(invocation.folder ?? '', base, own);
    if (start === null) continue;
    const at = (written: string): string | null => resolveIn(written, start, own);
    // Of an environment that is kept elsewhere nothing is known, as of one that is not set.
    const isThere = (one: string | null): one is string => one !== null && files.kind(one) === 'file';
    const named = invocation.files.map(at).filter(isThere);
    if (named.length < invocation.files.length) continue;
    const directory = invocation.directory === undefined ? null : at(invocation.directory);
    return {
      files: [...new Set(named)],
      ...(invocation.projectName === undefined ? {} : { projectName: invocation.projectName }),
      ...(invocation.profiles.length > 0 ? { profiles: invocation.profiles } : {}),
      ...(invocation.envFiles === null ? {} : { envFiles: invocation.envFiles.map(at).filter(isThere) }),
      ...(directory === null ? {} : { directory }),
    };
  }
  return null;
}

/** The same files under several names or environments are looked at once; only what all calls agree on is kept. */
function together(one: FileSet, other: FileSet): FileSet {
  const profiles = [...new Set([...(one.profiles ?? []), ...(other.profiles ?? [])])];
  const same = (key: 'projectName' | 'directory'): boolean => one[key] !== undefined && one[key] === other[key];
  return {
    files: one.files,
    ...(same('projectName') ? { projectName: one.projectName! } : {}),
    ...(same('directory') ? { directory: one.directory! } : {}),
    ...(profiles.length > 0 ? { profiles } : {}),
    ...(one.envFiles && other.envFiles ? { envFiles: one.envFiles } : {}),
  };
}
