/** What a remembered result was made of that need not be looked at again until somebody tells of a change. */
import type { Watch } from '../../files.ts';
import type { Asked } from './asked.ts';

export interface Cover {
  /** All that was asked. */
  readonly paths: ReadonlySet<string>;
  /** Not watched, or not in one of the folders: it is looked at each time. */
  readonly others: ReadonlySet<Asked>;
  /** Nothing was told since that concerns the folders. */
  stands(watch: Watch): boolean;
}

/**
 * A build context is walked from its top, so the topmost folders that were listed hold most of what was asked: thousands of
 * files, one state. Null where nobody watches, and where there is no such folder.
 */
export function coverOf(asked: readonly Asked[], watch: Watch | undefined): Cover | null {
  if (!watch) return null;
  const lists = new Set<string>();
  for (const { what, path } of asked) if (what === 'list') lists.add(path);
  const tops = new Map<string, string>();
  for (const path of lists) if (topOf(path, lists) === path && watch.covers(path)) tops.set(path, watch.state(path));
  // What was asked by itself is its own top: a source of a mount, a Dockerfile.
  for (const { what, path } of asked)
    if ((what === 'kind' || what === 'read') && topOf(path, lists) === null && watch.covers(path))
      tops.set(path, watch.state(path));
  if (tops.size === 0) return null;
  const isInside = (path: string): boolean => {
    const top = topOf(path, lists);
    return top === null ? tops.has(path) : tops.has(top) && watch.covers(path);
  };
  return {
    paths: new Set(asked.map(({ path }) => path)),
    // What a link says and how a file begins is asked for where names tell too little: see Watch.covers.
    others: new Set(asked.filter(({ what, path }) => what === 'link' || what === 'head' || !isInside(path))),
    stands: (now) => [...tops].every(([top, state]) => now.state(top) === state),
  };
}

/** The topmost of the folders that lead down to `path` without a gap, itself among them. */
function topOf(path: string, lists: ReadonlySet<string>): string | null {
  let top = lists.has(path) ? path : null;
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const folder = path.slice(0, end);
    if (!lists.has(folder)) break;
    top = folder;
  }
  return top;
}
