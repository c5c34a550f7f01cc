/** The projects to lint: below the folders and for the files that were asked for. */
import * as path from 'node:path';
import { type Files, slashed } from '../files.ts';
import { isComposeName } from '../project/file-names.ts';
import { kindByName, type SelectionKind } from './kinds/names.ts';
import { isShebangScript, shebangScripts } from './kinds/shebang.ts';
import { unitFolder, unitsIn } from './kinds/units.ts';
import type { Discover, FileSet, InputError, SearchTree, Selection, SelectionsFor, Settings } from './model.ts';
import { Finder, foldersUp } from './sets/finder.ts';
import { byBaseFirst, OVERRIDES } from './sets/names.ts';
import { remember } from './sets/remember.ts';
import { isReached, search } from './sets/search.ts';
import { composeRoot, unreadable } from './sets/shape.ts';

/** A path that was asked for. */
interface Given {
  readonly path: string;
  readonly folder: boolean;
  /** Guards look at the names below this folder, and nothing above it is read. */
  readonly root: string;
}

export const discover: Discover = (disk, paths, settings, workingDirectory) => {
  const files = remember(disk);
  const errors: InputError[] = [];
  const given: Given[] = [];
  for (const one of paths.map(slashed)) {
    const kind = files.kind(one);
    if (kind === 'missing') errors.push({ file: one, message: 'does not exist' });
    else given.push({ path: one, folder: kind === 'directory', root: rootFor(one, kind, workingDirectory) });
  }
  const all = foundBelow(files, given, settings);
  const found = new Map([...all].filter(([file]) => isComposeLike(file) && !isNamedScript(files, file)));
  const finder = new Finder(files, { projects: settings.projects, known: [...found.keys()] });
  const chosen = collect(files, finder, found, given, settings, errors);
  errors.push(...environmentErrors(finder, found));
  return { selections: [...chosen, ...others(files, all), ...scriptsBeside(files, all, given, settings)], errors };
};

/** What nobody would look for was asked for by name: then it is meant to be a Compose file. */
const isComposeLike = (file: string): boolean => (kindByName(file) ?? 'compose') === 'compose';

/** A script without a suffix that was asked for by itself. */
const isNamedScript = (files: Files, file: string): boolean =>
  kindByName(file) === null && isShebangScript(files, file);

/** Scripts that only their first line tells, in the folders of projects and where their scripts lie. */
function scriptsBeside(
  files: Files,
  found: ReadonlyMap<string, string>,
  given: readonly Given[],
  { exclude }: Settings,
): Selection[] {
  const scripts = new Map([...found].filter(([file]) => isNamedScript(files, file)));
  const folders = [...found].flatMap(([file]) => {
    const kind = kindByName(file);
    return kind === 'compose' || kind === 'quadlet' ? [path.posix.dirname(file)] : [];
  });
  for (const folder of new Set(folders)) {
    const by = given.find((one) => one.folder && (folder === one.path || folder.startsWith(`${one.path}/`)));
    if (!by) continue;
    for (const file of shebangScripts(files, folder))
      if (!found.has(file) && isReached(files, file, by.path, by.root, exclude)) scripts.set(file, by.root);
  }
  return [...scripts].sort().map(([file, root]) => ({ kind: 'script' as const, files: [file], root }));
}

/** Folders of units, Dockerfiles and scripts, in this order: what a project has read need not be looked at again. */
function others(files: Files, found: ReadonlyMap<string, string>): Selection[] {
  const of = (kind: SelectionKind) => [...found].filter(([file]) => kindByName(file) === kind);
  const folders = new Map(of('quadlet').map(([file, root]) => [unitFolder(file), root]));
  const units = [...folders].map(([folder, root]) => ({
    kind: 'quadlet' as const,
    files: unitsIn(files, folder),
    root,
  }));
  const single = (['dockerfile', 'script'] as const).flatMap((kind) =>
    of(kind).map(([file, root]) => ({ kind, files: [file], root })),
  );
  return [...units.filter((selection) => selection.files.length > 0), ...single];
}

/** The working directory when it holds the path, else the path's own folder. */
function rootFor(given: string, kind: string, workingDirectory: string | undefined): string {
  const working = workingDirectory === undefined ? undefined : slashed(workingDirectory);
  if (working !== undefined && (given === working || given.startsWith(`${working}/`))) return working;
  return kind === 'directory' ? given : path.posix.dirname(given);
}

const isOurs = (file: string): boolean => kindByName(file) !== null;

/** Each file with the root of the first path that leads to it. */
function foundBelow(files: Files, given: readonly Given[], settings: Settings): Map<string, string> {
  const found = new Map<string, string>();
  for (const { path: at, folder, root } of given) {
    for (const file of folder ? search(files, at, root, settings.exclude, isOurs) : [at])
      if (!found.has(file)) found.set(file, root);
  }
  return found;
}

function collect(
  files: Files,
  finder: Finder,
  found: ReadonlyMap<string, string>,
  given: readonly Given[],
  settings: Settings,
  errors: InputError[],
): Selection[] {
  const selections = new Map<string, Selection>();
  const add = (set: FileSet, root: string): void => {
    const key = set.files.join('\n');
    if (!selections.has(key)) selections.set(key, { ...set, root });
  };
  const named = new Set(given.filter(({ folder }) => !folder).map((one) => one.path));
  const claimed = new Set(settings.projects.flatMap((project) => project.files));
  for (const file of [...found.keys()].sort(byBaseFirst)) {
    const root = found.get(file)!;
    if (!named.has(file) && isReplaced(finder, file, claimed)) continue;
    const sets = finder.selectionsFor(file, root, named.has(file));
    for (const set of sets) add(set, root);
    if (sets.length > 0) continue;
    const cause = unreadable(files, file);
    if (cause !== null) errors.push({ file, message: cause });
    else if (named.has(file)) add({ files: [file] }, root);
  }
  for (const { set, root } of declaredBelow(files, finder, found, given, settings)) add(set, root);
  return [...selections.values()];
}

/** An override that Compose would take, were it not for the settings or `COMPOSE_FILE`, which leave it out. */
function isReplaced(finder: Finder, file: string, claimed: ReadonlySet<string>): boolean {
  if (claimed.has(file) || !OVERRIDES.includes(path.posix.basename(file))) return false;
  const { environment, standard } = finder.declaredIn(path.posix.dirname(file));
  if (environment) return !environment.files.includes(file);
  return standard?.files.some((one) => claimed.has(one)) ?? false;
}

/** Sets that only settings and scripts name, whatever their files are called. */
function declaredBelow(
  files: Files,
  finder: Finder,
  found: ReadonlyMap<string, string>,
  given: readonly Given[],
  settings: Settings,
): { readonly set: FileSet; readonly root: string }[] {
  const reached = (file: string): boolean =>
    found.has(file) ||
    given.some(({ path: at, folder, root }) => folder && isReached(files, file, at, root, settings.exclude));
  const roots = new Map(given.filter(({ folder }) => folder).map(({ path: at, root }) => [at, root]));
  for (const [file, root] of found)
    for (const folder of foldersUp(path.posix.dirname(file), root)) if (!roots.has(folder)) roots.set(folder, root);
  const inScripts = [...roots].flatMap(([folder, root]) =>
    finder.declaredIn(folder).scripts.map((set) => ({ set, root })),
  );
  const inSettings = given.flatMap(({ root }) => settings.projects.map((set) => ({ set, root })));
  return [...inSettings, ...inScripts].filter(
    ({ set }) =>
      set.files.some((file) => !isComposeName(file)) &&
      set.files.every(reached) &&
      set.files.some((file) => composeRoot(files, file) !== null),
  );
}

function environmentErrors(finder: Finder, found: ReadonlyMap<string, string>): InputError[] {
  const folders = new Set([...found.keys()].map((file) => path.posix.dirname(file)));
  return [...folders].map((folder) => finder.declaredIn(folder).error).filter((error) => error !== null);
}

export const selectionsFor: SelectionsFor = (files, file, settings, top, known = []) => {
  const kind = kindByName(file);
  if (kind === 'quadlet') {
    const units = unitsIn(files, unitFolder(file));
    return units.length > 0 ? [{ kind, files: units, root: top }] : [];
  }
  if (kind === 'dockerfile' || kind === 'script') return [{ kind, files: [file], root: top }];
  if (isNamedScript(files, file)) return [{ kind: 'script', files: [file], root: top }];
  return new Finder(files, { projects: settings.projects, known }).selectionsFor(file, top);
};

/** An editor waits for this, once. */
const MAX_FOLDERS = 2000;
const MAX_FILES = 300;

export const searchTree: SearchTree = (files, folder, settings) =>
  search(files, folder, folder, settings.exclude, isComposeName, MAX_FOLDERS).slice(0, MAX_FILES);
