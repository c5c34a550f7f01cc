/** How the product reads files. The language server lays its open documents over the disk; nothing else differs. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Source } from './syntax/source.ts';

export type FileKind = 'file' | 'directory' | 'other' | 'missing';

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
}

export interface Files {
  /** @throws UnreadableFile when there is no such file, it is too large, or it is not text. */
  read(path: string): Source;
  kind(path: string): FileKind;
  /** Entries of a directory, sorted by name; empty when it cannot be read. */
  list(path: string): readonly DirectoryEntry[];
  /** Size in bytes and first bytes, for telling databases from other files; null when it cannot be read. */
  head(path: string, bytes: number): { readonly size: number; readonly bytes: Uint8Array } | null;
  /** What a symbolic link says, as it says it; null for what is none. */
  link(path: string): string | null;
  /** Absent where nobody tells of changes: everything is looked at as it is now. */
  readonly watch?: Watch;
  /** Told of the paths that a remembered result was made of, where it is taken without a look at them. */
  took?(paths: ReadonlySet<string>): void;
}

/** Somebody watches the disk, and tells what changes. */
export interface Watch {
  /** Whether each change of `path` is told of, its coming and going among them. */
  covers(path: string): boolean;
  /** Another one after each change that concerns `path`: of itself, of what lies in it, and of the folders above it. */
  state(path: string): string;
}

/** Thrown by {@link Files.read}; the message is a cause in plain words, without the path. */
export class UnreadableFile extends Error {
  readonly path: string;
  constructor(path: string, cause: string) {
    super(cause);
    this.path = path;
  }
}

/** Larger texts are nobody's Compose file; reading them would stall an editor. */
export const MAX_TEXT_BYTES = 10 * 1024 * 1024;

export const slashed = (file: string): string => (path.sep === '\\' ? file.replaceAll('\\', '/') : file);

/** Decodes a file as an editor would: UTF-8, or UTF-16 with a byte order mark. @throws UnreadableFile */
export function decode(file: string, bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  if (bytes.subarray(0, 8192).includes(0)) throw new UnreadableFile(file, 'is not a text file');
  return new TextDecoder('utf-8').decode(bytes);
}

const CAUSES: Record<string, string> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'cannot be read: permission denied',
  EPERM: 'cannot be read: permission denied',
  EISDIR: 'is a directory',
  ELOOP: 'is a link that leads back to itself',
};

const causeOf = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return CAUSES[code] ?? `cannot be read (${code || String(error)})`;
};

/** The disk. Texts are cached by modification time and size, so an unchanged file is the same {@link Source} object. */
export function diskFiles(): Files {
  const cache = new Map<string, { stamp: string; source: Source }>();
  const listings = new Map<string, Listing>();
  return {
    read(file) {
      try {
        const stat = fs.statSync(file, { throwIfNoEntry: false });
        if (!stat) throw new UnreadableFile(file, CAUSES.ENOENT!);
        if (stat.isDirectory()) throw new UnreadableFile(file, 'is a directory');
        if (!stat.isFile()) throw new UnreadableFile(file, 'is not a regular file');
        if (stat.size > MAX_TEXT_BYTES) {
          throw new UnreadableFile(
            file,
            `is too large to read (${Math.round(stat.size / 1048576)} MB, limit ${MAX_TEXT_BYTES / 1048576} MB)`,
          );
        }
        const stamp = `${stat.mtimeMs}:${stat.size}:${stat.ino}`;
        const known = cache.get(file);
        if (known?.stamp === stamp) return known.source;
        const source = { path: slashed(file), text: decode(file, fs.readFileSync(file)) };
        cache.set(file, { stamp, source });
        return source;
      } catch (error) {
        if (error instanceof UnreadableFile) throw error;
        throw new UnreadableFile(file, causeOf(error));
      }
    },
    kind(file) {
      const stat = statOf(file);
      return stat === 'unreadable'
        ? 'other'
        : !stat
          ? 'missing'
          : stat.isDirectory()
            ? 'directory'
            : stat.isFile()
              ? 'file'
              : 'other';
    },
    list(directory) {
      const listing = listAgain(directory, listings.get(directory));
      if (listing) listings.set(directory, listing);
      else listings.delete(directory);
      return listing?.entries ?? [];
    },
    head(file, count) {
      try {
        const handle = fs.openSync(file, 'r');
        try {
          const bytes = new Uint8Array(count);
          const read = fs.readSync(handle, bytes, 0, count, 0);
          return { size: fs.fstatSync(handle).size, bytes: bytes.subarray(0, read) };
        } finally {
          fs.closeSync(handle);
        }
      } catch {
        return null;
      }
    },
    link(file) {
      try {
        return slashed(fs.readlinkSync(file));
      } catch {
        return null;
      }
    },
  };
}

interface Listing {
  /** When the directory last changed, and when it was read. */
  readonly changed: number;
  readonly read: number;
  readonly entries: readonly DirectoryEntry[];
}

/** Within this time a directory may change again without its clock telling, in ms. */
const CLOCK = 2000;

/** The entries as they were, the very same object, where nothing has appeared or vanished. Null for what cannot be listed. */
function listAgain(directory: string, before: Listing | undefined): Listing | null {
  try {
    // An exception for each folder that is not there would cost most of the time.
    const changed = fs.statSync(directory, { throwIfNoEntry: false })?.mtimeMs;
    if (changed === undefined) return null;
    if (before?.changed === changed && before.read - changed > CLOCK) return before;
    const read = Date.now();
    const entries = fs
      .readdirSync(directory, { withFileTypes: true })
      .map((entry) => ({ name: entry.name, kind: kindOf(entry) }))
      .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    return { changed, read, entries: before && isSameList(before.entries, entries) ? before.entries : entries };
  } catch {
    return null;
  }
}

const isSameList = (a: readonly DirectoryEntry[], b: readonly DirectoryEntry[]): boolean =>
  a.length === b.length && a.every(({ name, kind }, i) => name === b[i]!.name && kind === b[i]!.kind);

const kindOf = (entry: fs.Dirent): DirectoryEntry['kind'] =>
  entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'link' : 'other';

/** Links that lead back to themselves and folders that may not be entered are there, but nobody can say what they are. */
function statOf(file: string): fs.Stats | undefined | 'unreadable' {
  try {
    return fs.statSync(file, { throwIfNoEntry: false });
  } catch {
    return 'unreadable';
  }
}

/** `base`, with some texts (an editor's open documents) in place of what is on disk. */
export function overlay(base: Files, open: ReadonlyMap<string, Source>): Files {
  const { watch } = base;
  return {
    ...base,
    read: (file) => open.get(slashed(file)) ?? base.read(file),
    kind: (file) => (open.has(slashed(file)) ? 'file' : base.kind(file)),
    // Nobody tells of the texts: they are part of the state of their paths, and of the folders that they lie in.
    ...(watch ? { watch: { ...watch, state: (path) => `${watch.state(path)} ${textsIn(open, path)}` } } : {}),
  };
}

function textsIn(open: ReadonlyMap<string, Source>, path: string): string {
  const below = path.endsWith('/') ? path : `${path}/`;
  let texts = '';
  for (const [file, source] of open) if (file === path || file.startsWith(below)) texts += ` ${numberOf(source)}`;
  return texts;
}

const numbers = new WeakMap<Source, number>();
let numbered = 0;

function numberOf(source: Source): number {
  let number = numbers.get(source);
  if (number === undefined) {
    number = ++numbered;
    numbers.set(source, number);
  }
  return number;
}
