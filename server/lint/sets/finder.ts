/**
 * Which files are linted as one project. Who says so, the strongest first: the settings; for the folder of a file
 * `COMPOSE_FILE` in its `.env`, or else Compose's default names; the scripts in it and above it. A file that others
 * include or extend is looked at with those. Only where all of them are silent is it guessed from what the file says.
 */
import * as path from 'node:path';
import type { Files } from '../../files.ts';
import { isComposeName } from '../../project/file-names.ts';
import type { FileSet, InputError, Selection } from '../model.ts';
import { environmentSet } from './env-file.ts';
import { BASES, defaultFiles, OVERRIDES } from './names.ts';
import { scriptSets } from './scripts.ts';
import { composeRoot, referencesOf, standsForItself } from './shape.ts';

export interface FinderOptions {
  readonly projects: readonly FileSet[];
  /** Files whose references count wherever they lie. */
  readonly known?: readonly string[];
}

export interface Declared {
  /** What Compose takes in this folder when no files are named; null where it would find none. */
  readonly standard: FileSet | null;
  /** The files may lie in other folders. */
  readonly environment: FileSet | null;
  readonly scripts: readonly FileSet[];
  readonly error: InputError | null;
}

/** More sets with one file in them would say nothing new, and each costs a run. */
const MAX_SETS = 16;
const MAX_LEVELS = 12;

/** Nobody calls Compose in there: what is there is taken as devcontainer.json says. */
const IN_CONTAINER = /\/\.devcontainer(\/|$)/;

export class Finder {
  private readonly files: Files;
  private readonly projects: readonly FileSet[];
  private readonly known: readonly string[];
  private readonly folders = new Map<string, Declared>();
  /** By folder, or null for the known files: who takes a file in. */
  private readonly users = new Map<string | null, ReadonlyMap<string, readonly string[]>>();

  constructor(files: Files, { projects, known = [] }: FinderOptions) {
    this.files = files;
    this.projects = projects;
    this.known = known;
  }

  declaredIn(folder: string): Declared {
    let declared = this.folders.get(folder);
    if (!declared) {
      const { set, error } = environmentSet(this.files, folder);
      const standard = set?.files ?? defaultFiles(this.files, folder);
      declared = {
        standard: set ?? (standard.length > 0 ? { files: standard } : null),
        environment: set,
        scripts: scriptSets(this.files, folder),
        error,
      };
      this.folders.set(folder, declared);
    }
    return declared;
  }

  /**
   * The projects that `file` belongs to; none when it is no Compose file.
   * @param top folder above which nothing is looked at
   * @param named it was asked for itself: then it is looked at as it is, though others take it in
   */
  selectionsFor(file: string, top: string, named = false): Selection[] {
    const sets = this.setsFor(file, top, named, new Set());
    const unique = new Map(sets.map((set) => [set.files.join('\n'), set]).reverse() as [string, FileSet][]);
    return [...unique.values()].reverse().slice(0, MAX_SETS);
  }

  private setsFor(file: string, top: string, named: boolean, seen: Set<string>): FileSet[] {
    if (seen.has(file)) return [];
    seen.add(file);
    const chosen = this.projects.filter(({ files }) => files.includes(file));
    if (chosen.length > 0) return chosen;
    const folder = path.posix.dirname(file);
    const { standard } = this.declaredIn(folder);
    const own = standard?.files.includes(file) ? standard : null;
    const readable = composeRoot(this.files, file) !== null;
    if (!readable && own?.files[0] === file) return [];
    const written = foldersUp(folder, top)
      .map((at) => this.declaredIn(at))
      .flatMap(({ environment, scripts }) => [...(environment ? [environment] : []), ...scripts])
      .filter(({ files }) => files.includes(file));
    const inherited = named ? [] : this.usersOf(file, top, own).flatMap((user) => this.setsFor(user, top, false, seen));
    const alone = inherited.length === 0 && (written.length === 0 || !IN_CONTAINER.test(folder));
    const sets = [...(own && alone ? [own] : []), ...written, ...inherited];
    if (sets.length > 0) return sets;
    return readable ? [this.guess(file, folder)] : [];
  }

  /** The files above, beside and among the known ones that take `file` in. */
  private usersOf(file: string, top: string, own: FileSet | null): string[] {
    const folders = [null, ...foldersUp(path.posix.dirname(file), top)];
    const users = new Set(folders.flatMap((folder) => this.usersIn(folder).get(file) ?? []));
    // The base of a folder is run by itself, though a variant repeats its services by `extends`.
    const extendable = own !== null && BASES.includes(path.posix.basename(file));
    return [...users].filter((user) => !extendable || referencesOf(this.files, user).included.includes(file));
  }

  private usersIn(folder: string | null): ReadonlyMap<string, readonly string[]> {
    let users = this.users.get(folder);
    if (!users) {
      users = invert(this.files, folder === null ? this.known : composeFilesIn(this.files, folder));
      this.users.set(folder, users);
    }
    return users;
  }

  /** A variant is laid over the base beside it unless it reads as a stack of its own. */
  private guess(file: string, folder: string): FileSet {
    const base = BASES.map((name) => path.posix.join(folder, name)).find((one) => this.files.kind(one) === 'file');
    if (base === undefined || base === file) return { files: [file] };
    if (OVERRIDES.includes(path.posix.basename(file))) return { files: [base, file] };
    const { included, extended } = referencesOf(this.files, file);
    if (included.includes(base) || extended.includes(base)) return { files: [file] };
    const alone = standsForItself(composeRoot(this.files, file)!, composeRoot(this.files, base));
    return { files: alone ? [file] : [base, file] };
  }
}

function composeFilesIn(files: Files, folder: string): string[] {
  return files
    .list(folder)
    .filter(({ name, kind }) => kind !== 'directory' && isComposeName(name))
    .map(({ name }) => path.posix.join(folder, name));
}

function invert(files: Files, users: readonly string[]): Map<string, string[]> {
  const by = new Map<string, string[]>();
  for (const user of users) {
    const { included, extended } = referencesOf(files, user);
    for (const target of new Set([...included, ...extended])) by.set(target, [...(by.get(target) ?? []), user]);
  }
  return by;
}

/** `folder` and those above it, to `top`; only `folder` where it does not lie in `top`. */
export function foldersUp(folder: string, top: string): string[] {
  if (folder !== top && !folder.startsWith(top === '/' ? '/' : `${top}/`)) return [folder];
  const folders: string[] = [];
  for (let at = folder; folders.length < MAX_LEVELS; at = path.posix.dirname(at)) {
    folders.push(at);
    if (at === top || at === path.posix.dirname(at)) break;
  }
  return folders;
}
