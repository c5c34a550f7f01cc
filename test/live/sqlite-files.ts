/** A container's files as an engine hands them out, from folders of this machine; one that changes while it is read. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Archive, ArchiveEntry, ArchiveLimits, PathStat } from '../../server/live/engine.ts';
import type { Files } from '../../server/live/sqlite/copy.ts';

export type Content = ReadonlyMap<string, Uint8Array>;

/** `now` is asked anew at each call. */
export function filesOf(now: () => Content): Files {
  return {
    stat: async (at): Promise<PathStat | null> => {
      const bytes = now().get(at);
      return bytes ? { kind: 'file', size: bytes.length, modified: '' } : null;
    },
    archive: async (at, limits: ArchiveLimits): Promise<Archive | null> => {
      const content = now();
      const folder = at.replace(/\/\.$/, '');
      const inside = [...content.keys()].filter((file) => file === at || file.startsWith(`${folder}/`)).sort();
      if (inside.length === 0) return null;
      const entries = inside.map((file): ArchiveEntry => {
        const bytes = content.get(file)!;
        const kept = bytes.slice(0, limits.bytesEach);
        return { path: file.slice(folder.length + 1), kind: 'file', size: bytes.length, modified: 0, bytes: kept };
      });
      return { entries: entries.slice(0, limits.entries), complete: entries.length <= limits.entries };
    },
  };
}

/** The files of a folder, below `/data`. */
export const contentOf = (folder: string): Content =>
  new Map(
    fs.readdirSync(folder).map((name) => [`/data/${name}`, new Uint8Array(fs.readFileSync(path.join(folder, name)))]),
  );
