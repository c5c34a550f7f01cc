/** Which files are Compose files, and which of them belong together. */
import * as path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import picomatch from 'picomatch';
import { type Files, slashed, UnreadableFile } from '../files.ts';
import { yamlOf } from '../project/documents.ts';
import { isNull, type Node, valueOf } from '../syntax/tree.ts';
import type { Discovery, InputError, Selection, Settings } from './model.ts';

const COMPOSE_NAME = /(^|[._-])(docker-|podman-)?compose([._-].*)?\.ya?ml$/i;
const BASES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const OVERRIDES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];
const NEVER = new Set(['.git', 'node_modules', '.hg', '.svn']);
const MAX_DEPTH = 24;

export const isComposeName = (file: string): boolean => COMPOSE_NAME.test(path.posix.basename(file));

export function discover(
  files: Files,
  paths: readonly string[],
  settings: Settings,
  workingDirectory?: string,
): Discovery {
  const errors: InputError[] = [];
  const found = new Set<string>();
  const roots = new Map<string, string>();
  const add = (file: string, root: string): void => {
    found.add(file);
    if (!roots.has(file)) roots.set(file, root);
  };
  const excluded = picomatch([...settings.exclude], { dot: true });
  for (const given of paths.map(slashed)) {
    const kind = files.kind(given);
    const root = rootFor(given, kind === 'directory' ? given : path.posix.dirname(given), workingDirectory);
    if (kind === 'directory')
      for (const file of search(files, given, root, settings.exclude.length > 0 ? excluded : null)) add(file, root);
    else if (kind === 'missing') errors.push({ file: given, message: 'does not exist' });
    else add(given, root);
  }
  const named = new Set(paths.map(slashed));
  const part = partsOfOthers(files, [...found]);
  const selections: Selection[] = [];
  const taken = new Set<string>();
  for (const file of [...found].sort(byBaseFirst)) {
    if (taken.has(file) || (part.has(file) && !named.has(file))) continue;
    const selection = selectionFor(files, file, roots.get(file));
    if (!selection) {
      const cause = unreadable(files, file);
      if (cause !== null) errors.push({ file, message: cause });
      else if (named.has(file)) selections.push({ files: [file], root: roots.get(file)! });
      continue;
    }
    // A base is taken with its override; other variants laid over the same base are projects of their own.
    for (const one of selection.files) if (one === file || OVERRIDES.includes(path.posix.basename(one))) taken.add(one);
    selections.push(selection);
  }
  return { selections, errors };
}

/** Guards look at the names below this folder: the working directory when it holds the path, else the path's own. */
function rootFor(given: string, own: string, workingDirectory: string | undefined): string {
  const working = workingDirectory === undefined ? undefined : slashed(workingDirectory);
  return working !== undefined && (given === working || given.startsWith(`${working}/`)) ? working : own;
}

const byBaseFirst = (a: string, b: string): number => {
  const rank = (file: string): number => {
    const index = BASES.indexOf(path.posix.basename(file));
    return index < 0 ? BASES.length : index;
  };
  const folder = path.posix.dirname(a).localeCompare(path.posix.dirname(b));
  return folder !== 0 ? folder : rank(a) - rank(b) || (a < b ? -1 : 1);
};

function search(files: Files, root: string, base: string, excluded: ((file: string) => boolean) | null): string[] {
  const found: string[] = [];
  const visit = (folder: string, filters: readonly { base: string; filter: Ignore }[], depth: number): void => {
    const here = [...filters, ...gitignore(files, folder)];
    for (const { name, kind } of files.list(folder)) {
      const at = path.posix.join(folder, name);
      const directory = kind === 'directory';
      if (NEVER.has(name) || (!directory && kind !== 'file' && kind !== 'link')) continue;
      if (
        here.some(({ base: from, filter }) =>
          filter.ignores(at.slice(from.length + (from === '/' ? 0 : 1)) + (directory ? '/' : '')),
        )
      )
        continue;
      if (excluded?.(path.posix.relative(base, at))) continue;
      if (directory) {
        if (depth < MAX_DEPTH) visit(at, here, depth + 1);
      } else if (isComposeName(name) && files.kind(at) === 'file') found.push(at);
    }
  };
  visit(root, [], 0);
  return found;
}

function gitignore(files: Files, folder: string): { base: string; filter: Ignore }[] {
  try {
    return [{ base: folder, filter: ignore().add(files.read(path.posix.join(folder, '.gitignore')).text) }];
  } catch (error) {
    if (error instanceof UnreadableFile) return [];
    throw error;
  }
}

/** Root mapping of a file that reads as Compose: it has services, or includes others. */
function composeRoot(files: Files, file: string): Node | null {
  try {
    const { root } = yamlOf(files.read(file));
    const services = valueOf(root ?? undefined, 'services');
    const looks =
      services?.kind === 'map' ||
      valueOf(root ?? undefined, 'include')?.kind === 'seq' ||
      (services !== undefined && isNull(services));
    return looks ? root : null;
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}

/** Why a file that is called a Compose file cannot be understood at all; null where it can, whatever it says. */
function unreadable(files: Files, file: string): string | null {
  try {
    const { root, problems } = yamlOf(files.read(file));
    const cause = problems[0]?.message;
    return cause !== undefined && (root === null || root.kind === 'scalar') ? `is not YAML: ${cause}` : null;
  } catch (error) {
    if (error instanceof UnreadableFile) return error.message;
    throw error;
  }
}

/** Files that others include or extend: they are read with those. */
function partsOfOthers(files: Files, candidates: readonly string[]): Set<string> {
  const parts = new Set<string>();
  for (const file of candidates) {
    const folder = path.posix.dirname(file);
    for (const named of referencesOf(composeRoot(files, file))) {
      const target = path.posix.resolve(folder, named);
      if (target !== file) parts.add(target);
    }
  }
  return parts;
}

function referencesOf(root: Node | null): string[] {
  if (root?.kind !== 'map') return [];
  const text = (node: Node | undefined): string[] => (node?.kind === 'scalar' ? [node.text] : []);
  const include = valueOf(root, 'include');
  const included =
    include?.kind === 'seq'
      ? include.items.flatMap(({ value }) => [...text(value), ...listOf(valueOf(value, 'path')).flatMap(text)])
      : [];
  const services = valueOf(root, 'services');
  const extended =
    services?.kind === 'map'
      ? [...services.entries.values()].flatMap(({ value }) => text(valueOf(valueOf(value, 'extends'), 'file')))
      : [];
  return [...included, ...extended];
}

const listOf = (node: Node | undefined): Node[] =>
  node === undefined ? [] : node.kind === 'seq' ? node.items.map((item) => item.value) : [node];

export function selectionFor(files: Files, file: string, root?: string): Selection | null {
  const own = composeRoot(files, file);
  if (!own) return null;
  const folder = path.posix.dirname(file);
  const name = path.posix.basename(file);
  const at = (one: string): string => path.posix.join(folder, one);
  const rooted = root === undefined ? {} : { root };
  const base = BASES.find((one) => files.kind(at(one)) === 'file');
  const override = OVERRIDES.find((one) => files.kind(at(one)) === 'file');
  if (base !== undefined && (name === base || name === override)) {
    return { files: override === undefined ? [at(base)] : [at(base), at(override)], ...rooted };
  }
  if (base !== undefined && !standsForItself(own, composeRoot(files, at(base))))
    return { files: [at(base), file], ...rooted };
  return { files: [file], ...rooted };
}

/** Every service says what it runs, and every volume it names is declared here, unless only the base declares it. */
function standsForItself(own: Node, base: Node | null): boolean {
  const services = valueOf(own, 'services');
  if (services?.kind !== 'map') return true;
  const baseServices = valueOf(base ?? undefined, 'services');
  const baseVolumes = valueOf(base ?? undefined, 'volumes');
  const ownVolumes = valueOf(own, 'volumes');
  for (const [name, { value }] of services.entries) {
    const complete = ['image', 'build', 'extends'].some((key) => valueOf(value, key) !== undefined);
    if (!complete && valueOf(baseServices, name)) return false;
    for (const item of listOf(valueOf(value, 'volumes'))) {
      const source = item.kind === 'scalar' ? /^([A-Za-z0-9][\w.-]*):/.exec(item.text)?.[1] : undefined;
      if (source !== undefined && !valueOf(ownVolumes, source) && valueOf(baseVolumes, source) !== undefined)
        return false;
    }
  }
  return !isSparse(services, baseServices);
}

/** All its services are the base's, and it repeats less than half of what the base says of them: an overlay. */
function isSparse(services: Node, baseServices: Node | undefined): boolean {
  if (services.kind !== 'map' || baseServices?.kind !== 'map') return false;
  let said = 0;
  let repeated = 0;
  for (const [name, { value }] of services.entries) {
    const base = baseServices.entries.get(name)?.value;
    if (base?.kind !== 'map' || value.kind !== 'map') return false;
    said += base.entries.size;
    for (const key of base.entries.keys()) if (value.entries.has(key)) repeated++;
  }
  return repeated * 2 < said;
}
