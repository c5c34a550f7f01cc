/** One repository, as it is at one moment: what HEAD holds, and what is in the index. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { MAX_TEXT_BYTES } from '../files.ts';

export interface Repository {
  /** Of a path below the top; null where HEAD does not have it. */
  textAtHead(inside: string): Promise<string | null>;
  /** Paths below the top. */
  index(): Promise<readonly string[]>;
}

/** How long what was unpacked is kept for the next file, in ms: packs are large. */
const KEPT = 2000;

/** By its default export: the bundler takes the package for CommonJS and knows no other. */
const library = async () => (await import('isomorphic-git')).default;

/** Names in a folder at HEAD, with their objects. */
type Folder = ReadonlyMap<string, string>;

export function repositoryAt(top: string): Repository {
  let cache: object = {};
  let timer: NodeJS.Timeout | undefined;
  let root: Promise<Folder | null> | undefined;
  let index: Promise<string[]> | undefined;
  const folders = new Map<string, Promise<Folder | null>>();
  const place = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      cache = {};
    }, KEPT).unref();
    return { fs, dir: top, cache };
  };

  const folder = async (oid: string): Promise<Folder | null> => {
    const git = await library();
    const { tree } = await git.readTree({ ...place(), oid });
    return new Map(tree.map((entry) => [entry.path, entry.oid]));
  };
  /** Null before the first commit. */
  const head = async (): Promise<Folder | null> => {
    const git = await library();
    const oid = await git.resolveRef({ ...place(), ref: 'HEAD' }).catch(() => null);
    return oid === null ? null : folder(oid);
  };
  const folderAt = async (inside: string): Promise<Folder | null> => {
    if (inside === '.') {
      root ??= head();
      return root;
    }
    let found = folders.get(inside);
    if (!found) {
      found = folderAt(path.posix.dirname(inside)).then((above) => {
        const oid = above?.get(path.posix.basename(inside));
        return oid === undefined ? null : folder(oid);
      });
      folders.set(inside, found);
    }
    return found;
  };

  return {
    async index() {
      const git = await library();
      index ??= git.listFiles(place());
      return index;
    },
    async textAtHead(inside) {
      try {
        const oid = (await folderAt(path.posix.dirname(inside)))?.get(path.posix.basename(inside));
        if (oid === undefined) return null;
        return unchanged(path.posix.join(top, inside), oid) ?? (await committedText(oid));
      } catch {
        return null;
      }
    },
  };

  async function committedText(oid: string): Promise<string | null> {
    const git = await library();
    const { blob } = await git.readBlob({ ...place(), oid });
    return blob.length > MAX_TEXT_BYTES ? null : new TextDecoder('utf-8').decode(blob);
  }
}

/** The text of the file on the disk where it is the very object: most are, and need not be unpacked. */
function unchanged(file: string, oid: string): string | null {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size > MAX_TEXT_BYTES) return null;
  const bytes = fs.readFileSync(file);
  const name = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
  return name === oid ? new TextDecoder('utf-8').decode(bytes) : null;
}
