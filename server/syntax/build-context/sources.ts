/** What the sources of COPY and ADD name in a build context. */
import * as posix from 'node:path/posix';
import type { BuildContext } from '../build-context.ts';
import { type Followed, follow, indexOf } from './follow.ts';
import { globMatcher, judge, type Pattern, patternsOf } from './patterns.ts';

/** A file, or all that a directory holds, under the name that the source gives it. */
export interface Match {
  readonly name: string;
  /** Of a directory: its content goes to the destination, whatever that is so far. */
  readonly content: boolean;
  /** Each with its path below the directory; a file with its name. None of a directory's, or where nothing is yet. */
  readonly files: readonly { readonly file: string; readonly relative: string }[];
  readonly folders: readonly string[];
}

export const contextPath = (source: string): string => posix.resolve('/', source).slice(1);

/** Nothing is there yet: what it will be is not known. */
const notThere = (path: string): Match => ({ name: posix.basename(path), content: false, files: [], folders: [] });

/** Null where the builder ends for good. What is merely missing, such as what another tool makes, may be there by then. */
export function matchesOf(context: BuildContext, source: string): readonly Match[] | null {
  const path = contextPath(source);
  const byPattern = hasWildcards(path);
  const paths = pathsMatching(context, path);
  const matches: Match[] = [];
  for (const found of paths ?? []) {
    const match = matchAt(context, found);
    if (!match || (byPattern && leadsNowhere(context, match))) return null;
    matches.push(match);
  }
  return paths && matches;
}

function matchAt(context: BuildContext, path: string): Match | null {
  const { path: real, is } = follow(context, path);
  const name = posix.basename(path);
  if (is === 'refused') return null;
  if (is === 'missing') return notThere(path);
  if (is === 'folder') return { name, content: true, ...contentOf(context, real) };
  return { name, content: false, files: [{ file: real, relative: name }], folders: [] };
}

/** Of what a pattern finds the builder follows every link, though it copies the links themselves. */
const leadsNowhere = (context: BuildContext, { files }: Match): boolean =>
  files.some(({ file }) => indexOf(context).links.has(file) && isNothing(follow(context, file)));

const isNothing = ({ is }: Followed): boolean => is === 'missing' || is === 'refused';

function contentOf(context: BuildContext, directory: string): Pick<Match, 'files' | 'folders'> {
  const within = (all: Iterable<string>): string[] =>
    directory === '' ? [...all] : [...all].filter((one) => one.startsWith(`${directory}/`));
  const below = (one: string): string => (directory === '' ? one : one.slice(directory.length + 1));
  return {
    files: within(context.files).map((file) => ({ file, relative: below(file) })),
    folders: within(indexOf(context).folders).map(below),
  };
}

/** An escaped character is none; without any wildcard an escape is a character like others. */
const hasWildcards = (path: string): boolean => /[*?[]/.test(path.replace(/\\./gs, ''));

/** Files and directories that a source names, in the builder's order; a directory ends the search below it. */
function pathsMatching(context: BuildContext, path: string): readonly string[] | null {
  if (!hasWildcards(path)) return [path];
  const parts = path.split('/');
  const fixed = parts.findIndex(hasWildcards);
  const root = parts.slice(0, fixed).join('/');
  const { path: real, is } = follow(context, root);
  if (is === 'refused') return null;
  const matches = globMatcher(parts.slice(fixed).join('/'));
  if (!matches) return null;
  const depth = parts.length - fixed;
  const { files, folders } = contentOf(context, real);
  const candidates = new Set(
    [...folders, ...files.map((file) => file.relative)].filter((one) => one.split('/').length === depth),
  );
  return [...candidates]
    .filter(matches)
    .sort(inOrder)
    .map((found) => posix.join(root, found));
}

/** As the builder walks a folder: name by name. */
function inOrder(a: string, b: string): number {
  const others = b.split('/');
  for (const [i, part] of a.split('/').entries()) {
    const other = others[i] ?? '';
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}

/** `--parents`: paths are kept from the context root, or from `/./`, on. */
export function withParents(context: BuildContext, source: string): readonly Match[] | null {
  const pivot = source.indexOf('/./');
  const base = pivot < 0 ? '' : contextPath(source.slice(0, pivot));
  const pattern = contextPath(pivot < 0 ? source : source.slice(pivot + 3));
  const { patterns } = patternsOf([pattern === '' ? '**' : pattern]);
  const roots = pathsMatching(context, base);
  return (
    roots?.map((root) => {
      const { files } = contentOf(context, root);
      return {
        name: posix.basename(root),
        content: true,
        files: files.filter(({ relative }) => isIgnored(patterns, relative)),
        folders: [],
      };
    }) ?? null
  );
}

/** Whether the patterns take a path, by itself or by a directory above it. */
export function isIgnored(patterns: readonly Pattern[], path: string): boolean {
  if (patterns.length === 0) return false;
  let verdict = null;
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
    verdict = judge(patterns, path.slice(0, end), verdict);
  }
  return judge(patterns, path, verdict).ignored;
}
