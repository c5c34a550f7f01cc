import { decode, diskFiles, type Files, overlay, UnreadableFile } from '../files.ts';
import type { Source } from '../syntax/source.ts';
import { type Io, readAll } from './io.ts';
import { absolute, STDIN } from './place.ts';

/** The disk, with standard input as one more file in the working directory if it is asked for. */
export const openFiles = async (io: Io, cwd: string, stdin: boolean): Promise<Files> =>
  stdin ? withStdin(diskFiles(), io, cwd) : diskFiles();

async function withStdin(base: Files, io: Io, cwd: string): Promise<Files> {
  const path = absolute(cwd, STDIN);
  const bytes = await readAll(io.stdin);
  const open = new Map<string, Source>();
  let fault: UnreadableFile | undefined;
  try {
    open.set(path, { path, text: decode(path, bytes) });
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    fault = error;
  }
  const files = overlay(base, open);
  return {
    ...files,
    read(file) {
      if (file === path && fault) throw fault;
      return files.read(file);
    },
    kind: (file) => (file === path ? 'file' : files.kind(file)),
    link: (file) => (file === path ? null : files.link(file)),
    head: (file, count) =>
      file === path ? { size: bytes.length, bytes: bytes.subarray(0, count) } : files.head(file, count),
  };
}
