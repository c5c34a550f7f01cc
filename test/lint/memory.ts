/** Files that stand in a record, below `/w`; what is asked of them is counted. */
import * as path from 'node:path';
import { type DirectoryEntry, type Files, UnreadableFile } from '../../server/files.ts';
import type { Source } from '../../server/syntax/source.ts';

export interface Memory extends Files {
  readonly asked: { list: number; read: number };
}

export function memory(tree: Readonly<Record<string, string>>): Memory {
  const texts = new Map(Object.entries(tree).map(([name, text]) => [path.posix.join('/w', name), text]));
  const sources = new Map<string, Source>();
  const folders = new Map<string, Map<string, DirectoryEntry>>();
  for (const file of texts.keys()) {
    let kind: DirectoryEntry['kind'] = 'file';
    for (let at = file; at !== '/'; at = path.posix.dirname(at)) {
      const folder = path.posix.dirname(at);
      const name = path.posix.basename(at);
      folders.set(folder, (folders.get(folder) ?? new Map()).set(name, { name, kind }));
      kind = 'directory';
    }
  }
  const asked = { list: 0, read: 0 };
  return {
    asked,
    read(file) {
      asked.read++;
      const text = texts.get(file);
      if (text === undefined) throw new UnreadableFile(file, 'does not exist');
      if (!sources.has(file)) sources.set(file, { path: file, text });
      return sources.get(file)!;
    },
    kind: (file) => (texts.has(file) ? 'file' : folders.has(file) ? 'directory' : 'missing'),
    list(folder) {
      asked.list++;
      return [...(folders.get(folder)?.values() ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    head(file, count) {
      const bytes = texts.has(file) ? new TextEncoder().encode(texts.get(file)) : null;
      return bytes && { size: bytes.length, bytes: bytes.subarray(0, count) };
    },
    link: () => null,
  };
}
