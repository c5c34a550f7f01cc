/** What stands at a path of a build context, links followed. */
import * as posix from 'node:path/posix';
import type { BuildContext } from '../build-context.ts';

export interface Index {
  readonly files: ReadonlySet<string>;
  /** With those that are left out themselves, but not with all they hold. */
  readonly folders: ReadonlySet<string>;
  readonly links: ReadonlySet<string>;
}

const indexes = new WeakMap<readonly string[], Index>();

export function indexOf({ files, folders: listed = [], links = [] }: BuildContext): Index {
  const known = indexes.get(files);
  if (known) return known;
  const folders = new Set<string>();
  for (const path of [...listed.map((folder) => `${folder}/`), ...files]) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (folders.has(path.slice(0, end))) break;
      folders.add(path.slice(0, end));
    }
  }
  const index = { files: new Set(files), folders, links: new Set(links) };
  indexes.set(files, index);
  return index;
}

export interface Followed {
  /** Relative to the context; empty for the context itself. */
  readonly path: string;
  /** `missing` may yet be made; `refused` is left out, or can be nothing since a file stands above it or links go round. */
  readonly is: 'file' | 'folder' | 'missing' | 'refused';
}

/** As many as the builder follows. */
const MAX_LINKS = 255;

/** For the builder the context is all there is: links that lead up and out of it, or to `/`, stay inside. */
export function follow(context: BuildContext, path: string): Followed {
  const { files, folders, links } = indexOf(context);
  const rest = path.split('/').reverse();
  let at = '';
  let followed = 0;
  for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
    const next = posix.resolve('/', at, part).slice(1);
    const target = links.has(next) ? context.link?.(next) : null;
    if (typeof target !== 'string') {
      at = next;
      continue;
    }
    if (++followed > MAX_LINKS) return { path: at, is: 'refused' };
    if (target.startsWith('/')) at = '';
    rest.push(...target.split('/').reverse());
  }
  if (at === '' || folders.has(at)) return { path: at, is: 'folder' };
  if (files.has(at)) return { path: at, is: 'file' };
  return { path: at, is: context.ignores(at) || isBelowFile(files, at) ? 'refused' : 'missing' };
}

function isBelowFile(files: ReadonlySet<string>, path: string): boolean {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (files.has(path.slice(0, end))) return true;
  }
  return false;
}
