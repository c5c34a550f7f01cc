/**
 * Files of which an editor tells each change. What it is believed in is not looked at again until it tells.
 *
 * It is believed only where a change cannot pass it by:
 * - in the folders that it said it watches, which are the workspace's, and only while it does;
 * - not in folders that editors leave out of watching, by habit or by their settings;
 * - not behind links: what they lead to changes elsewhere, and a link may be pointed elsewhere. So each folder on the way
 *   down must stand in the listing of the one above it, under this very name (systems that take `App` for `app` tell of
 *   `app`), and as a folder;
 * - not for databases: these are written to all day long, and it is not asked to tell of that.
 * All else is looked at each time. Whether it tells at all is looked into when nobody types; see review.ts.
 */
import type { DirectoryEntry, FileKind, Files, Watch } from '../files.ts';
import { UnreadableFile } from '../files.ts';
import type { Source } from '../syntax/source.ts';
import { Told } from './told.ts';
import { baseName, directoryOf, isWithin } from './uris.ts';

export interface Trusting extends Files {
  readonly watch: Watch;
  /** From now on each change in these folders is told of, but for those that `excludes` names; none: nothing is believed. */
  trust(folders: readonly string[], excludes?: (path: string) => boolean): void;
  /** The last change told of that concerns `path`. */
  told(path: string): number;
  /** `path` may have changed, with all that lies in it. */
  forget(path: string): void;
  forgetAll(): void;
}

/** Folders that editors do not watch, or not whole. */
const UNWATCHED = /\/(?:node_modules|bower_components|\.git|\.hg|\.svn|\.jj|\.yarn|\.pnpm-store|\.venv|venv)(?:\/|$)/;

/** Whether one is there to be copied into an image; what is written to it all day long does not matter. */
export const isDatabase = (path: string): boolean =>
  /\.(?:db|db3|sqlite|sqlite3|rdb|mdb|duckdb)(?:-wal|-shm|-journal)?$/.test(path);

interface Known<T> {
  readonly at: number;
  readonly is: T;
}

export function trustWatched(files: Files): Trusting {
  const told = new Told();
  const texts = new Map<string, Known<Source | UnreadableFile>>();
  const kinds = new Map<string, Known<FileKind>>();
  const folders = new Map<string, Known<Folder>>();
  let roots: readonly string[] = [];
  let excludes = (_path: string): boolean => false;

  /** What `once` said, until a change is told that concerns `path`. */
  const since = <T>(known: Map<string, Known<T>>, path: string, look: () => T): T => {
    const at = told.last(path);
    const before = known.get(path);
    if (before?.at === at) return before.is;
    const is = look();
    known.set(path, { at, is });
    return is;
  };
  const folder = (path: string): Folder => since(folders, path, () => lookAt(path));
  const lookAt = (path: string): Folder => {
    if (excludes(path) || UNWATCHED.test(path)) return NOWHERE;
    const isTop = roots.includes(path);
    const above = isTop ? null : folderAbove(path);
    const listed = above?.isPlain ? kindIn(above.entries, baseName(path)) : undefined;
    if (isTop || listed === 'directory') return { isPlain: true, entries: files.list(path) };
    const isMissing = above?.isPlain ? isNotThere(path, listed) : above?.isMissing === true;
    return isMissing ? MISSING : NOWHERE;
  };
  /** What is not listed and yet there goes by another name. */
  const isNotThere = (path: string, listed: DirectoryEntry['kind'] | undefined): boolean =>
    listed === undefined && !UNWATCHED.test(path) && files.kind(path) === 'missing';
  const folderAbove = (path: string): Folder | null => {
    const above = directoryOf(path);
    return roots.some((root) => isWithin(above, root)) ? folder(above) : null;
  };
  const covers = (path: string): boolean => {
    if (roots.length === 0 || isDatabase(path)) return false;
    if (roots.includes(path)) return folder(path).isPlain;
    const above = folderAbove(path);
    if (!above?.isPlain) return above?.isMissing === true && !excludes(path);
    const kind = kindIn(above.entries, baseName(path));
    if (kind === 'directory') return folder(path).isPlain;
    return (kind === 'file' || isNotThere(path, kind)) && !excludes(path);
  };

  /** Whether it is covered cannot change without being told of, either. */
  const trusted = <T>(known: Map<string, Known<T>>, path: string, look: () => T): T =>
    known.get(path)?.at === told.last(path) || covers(path) ? since(known, path, look) : look();

  const forgetAll = (): void => {
    told.changeAll();
    texts.clear();
    kinds.clear();
    folders.clear();
  };
  return {
    ...files,
    read(path) {
      const text = trusted(texts, path, () => attempt(files, path));
      if (text instanceof UnreadableFile) throw text;
      return text;
    },
    kind: (path) => trusted(kinds, path, () => files.kind(path)),
    list(path) {
      const known = roots.some((root) => isWithin(path, root)) ? folder(path) : NOWHERE;
      return known.isPlain || known.isMissing ? known.entries : files.list(path);
    },
    watch: { covers, state: (path) => String(told.last(path)) },
    trust(watched, left = () => false) {
      roots = [...watched];
      excludes = left;
      // What was seen before is looked at once more: nobody told of what changed since.
      forgetAll();
    },
    told: (path) => told.last(path),
    forget: (path) => told.change(path),
    forgetAll,
  };
}

interface Folder {
  /** Watched, and no link nor behind one. */
  readonly isPlain: boolean;
  /** It is not there, and that it comes is told: it would be plain. */
  readonly isMissing?: true;
  readonly entries: readonly DirectoryEntry[];
}

const NOWHERE: Folder = { isPlain: false, entries: [] };
const MISSING: Folder = { isPlain: false, isMissing: true, entries: [] };

/** Entries are sorted by name. */
function kindIn(entries: readonly DirectoryEntry[], name: string): DirectoryEntry['kind'] | undefined {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.name < name) low = middle + 1;
    else high = middle;
  }
  const found = entries[low];
  return found?.name === name ? found.kind : undefined;
}

function attempt(files: Files, path: string): Source | UnreadableFile {
  try {
    return files.read(path);
  } catch (error) {
    if (error instanceof UnreadableFile) return error;
    throw error;
  }
}
