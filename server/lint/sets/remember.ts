/** Files as they were seen first: looking for projects again costs no disk access until something is forgotten. */
import type { DirectoryEntry, FileKind, Files } from '../../files.ts';
import { UnreadableFile } from '../../files.ts';
import type { Source } from '../../syntax/source.ts';

export interface Remembered extends Files {
  /** The text of `path` may have changed. */
  forget(path: string): void;
  forgetAll(): void;
  /** Whether `path`, the folder that lists it or something in it was ever looked at. */
  knows(path: string): boolean;
  /** Whether its text was asked for, or whether it is there. */
  knowsText(path: string): boolean;
}

export function remember(files: Files): Remembered {
  const texts = new Map<string, Source | UnreadableFile>();
  const kinds = new Map<string, FileKind>();
  const lists = new Map<string, readonly DirectoryEntry[]>();
  const heads = new Map<string, ReturnType<Files['head']>>();
  const once = <T>(map: Map<string, T>, path: string, look: (path: string) => T): T => {
    let value = map.get(path);
    if (value === undefined) {
      value = look(path);
      map.set(path, value);
    }
    return value;
  };
  const attempt = (path: string): Source | UnreadableFile => {
    try {
      return files.read(path);
    } catch (error) {
      if (error instanceof UnreadableFile) return error;
      throw error;
    }
  };
  return {
    ...files,
    read(path) {
      const text = once(texts, path, attempt);
      if (text instanceof UnreadableFile) throw text;
      return text;
    },
    kind: (path) => once(kinds, path, files.kind),
    list: (path) => once(lists, path, files.list),
    head: (path, bytes) => once(heads, `${bytes} ${path}`, () => files.head(path, bytes)),
    forget(path) {
      heads.clear();
      texts.delete(path);
      kinds.delete(path);
    },
    forgetAll() {
      texts.clear();
      kinds.clear();
      heads.clear();
      lists.clear();
    },
    knowsText: (path) => texts.has(path) || kinds.has(path),
    knows: (path) =>
      texts.has(path) ||
      kinds.has(path) ||
      lists.has(path.slice(0, path.lastIndexOf('/')) || '/') ||
      [...lists.keys()].some((folder) => folder === path || folder.startsWith(`${path}/`)),
  };
}
