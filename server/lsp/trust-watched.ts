/** Source files as they were read first: whoever watches them says when they change. All else is asked of the disk. */
import { type Files, UnreadableFile } from '../files.ts';
import type { Source } from '../syntax/source.ts';

export interface Trusting extends Files {
  /** The text of `path` may have changed. */
  forget(path: string): void;
  forgetAll(): void;
}

/**
 * A build context may hold thousands of them, and each lint asks for all. They are found by listing folders, so that one
 * that vanishes is not asked for any more.
 */
const SOURCE = /\.(py|js|mjs|cjs|jsx|ts|mts|cts|tsx)$/;

export function trustWatched(files: Files): Trusting {
  const texts = new Map<string, Source | UnreadableFile>();
  return {
    ...files,
    read(path) {
      let known = texts.get(path);
      if (!known) {
        if (!SOURCE.test(path)) return files.read(path);
        known = attempt(files, path);
        texts.set(path, known);
      }
      if (known instanceof UnreadableFile) throw known;
      return known;
    },
    forget: (path) => void texts.delete(path),
    forgetAll: () => texts.clear(),
  };
}

function attempt(files: Files, path: string): Source | UnreadableFile {
  try {
    return files.read(path);
  } catch (error) {
    if (error instanceof UnreadableFile) return error;
    throw error;
  }
}
