/** Looks through folders for files by their names, leaving out what `.gitignore` and `exclude` leave out. */
import * as path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import picomatch from 'picomatch';
import { type Files, UnreadableFile } from '../../files.ts';

/** The history of other tools, and the code of others that package managers unpack. */
const NEVER = new Set(['.git', '.hg', '.svn', 'bower_components', 'node_modules', 'site-packages', 'vendor']);
const MAX_DEPTH = 24;

interface Filter {
  readonly base: string;
  readonly rules: Ignore;
}

/**
 * @param wanted says of a path whether it is looked for
 * @param base what the patterns of `exclude` are relative to
 * @param limit folders that are entered at most
 */
export function search(
  files: Files,
  root: string,
  base: string,
  exclude: readonly string[],
  wanted: (path: string) => boolean,
  limit = Number.POSITIVE_INFINITY,
): string[] {
  const excluded = exclude.length > 0 ? picomatch([...exclude], { dot: true }) : null;
  const found: string[] = [];
  let entered = 0;
  const visit = (folder: string, filters: readonly Filter[], depth: number): void => {
    if (++entered > limit) return;
    const entries = files.list(folder);
    const ignoring = entries.some(({ name }) => name === '.gitignore');
    const here = ignoring ? [...filters, ...gitignore(files, folder)] : filters;
    for (const { name, kind } of entries) {
      const at = path.posix.join(folder, name);
      const directory = kind === 'directory';
      if (NEVER.has(name) || (!directory && kind !== 'file' && kind !== 'link')) continue;
      if (here.some((filter) => ignores(filter, at, directory))) continue;
      if (excluded?.(path.posix.relative(base, at))) continue;
      if (directory) {
        if (depth < MAX_DEPTH) visit(at, here, depth + 1);
      } else if (wanted(at) && files.kind(at) === 'file') found.push(at);
    }
  };
  visit(root, [], 0);
  return found;
}

/** Whether a search from `root` would have come upon `file`, had it the name of a Compose file. */
export function isReached(files: Files, file: string, root: string, base: string, exclude: readonly string[]): boolean {
  if (!file.startsWith(root === '/' ? root : `${root}/`)) return false;
  const excluded = exclude.length > 0 ? picomatch([...exclude], { dot: true }) : null;
  const names = file.slice(root.length).split('/').filter(Boolean);
  let filters: Filter[] = [];
  let folder = root;
  for (const [index, name] of names.entries()) {
    filters = [...filters, ...gitignore(files, folder)];
    folder = path.posix.join(folder, name);
    const directory = index < names.length - 1;
    if (NEVER.has(name) || excluded?.(path.posix.relative(base, folder))) return false;
    if (filters.some((filter) => ignores(filter, folder, directory))) return false;
  }
  return true;
}

const ignores = ({ base, rules }: Filter, at: string, directory: boolean): boolean =>
  rules.ignores(at.slice(base.length + (base === '/' ? 0 : 1)) + (directory ? '/' : ''));

function gitignore(files: Files, folder: string): Filter[] {
  try {
    return [{ base: folder, rules: ignore().add(files.read(path.posix.join(folder, '.gitignore')).text) }];
  } catch (error) {
    if (error instanceof UnreadableFile) return [];
    throw error;
  }
}
