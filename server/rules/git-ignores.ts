/** What git is told to leave alone. */
import * as path from 'node:path';
import ignore from 'ignore';
import { type Files, UnreadableFile } from '../files.ts';

/** Whether a `.gitignore` leaves the path out, from the top of the working tree down to the path itself. */
export function isIgnored(at: string, top: string, files: Files): boolean {
  const parts = path.posix.relative(top, at).split('/');
  const folders = [...parts, ''].map((_, i) => path.posix.join(top, ...parts.slice(0, i)));
  const lists = [
    { folder: top, file: path.posix.join(top, '.git/info/exclude') },
    ...folders.map((folder) => ({ folder, file: path.posix.join(folder, '.gitignore') })),
  ];
  return lists.some(({ folder, file }) => {
    const text = readText(file, files);
    if (text === null) return false;
    const rules = ignore().add(text);
    const inside = path.posix.relative(folder, at);
    // A pattern may name the folder, or what lies in it.
    const named = inside === '' ? ['x'] : [inside, `${inside}/`, `${inside}/x`];
    return named.some((name) => rules.ignores(name));
  });
}

/** Null where it is not there or cannot be read. */
export function readText(file: string, files: Files): string | null {
  try {
    return files.kind(file) === 'file' ? files.read(file).text : null;
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}
