/**
 * A write-ahead log: which pages its committed transactions made, and the database with them put in.
 *
 * https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 *
 *     header (32)  magic, version, page size, checkpoint number, salt 1, salt 2, checksum 1, checksum 2
 *     frame (24)   page number, pages of the database after a commit or 0, salt 1, salt 2, checksum 1, checksum 2
 *          + page
 *
 * What SQLite itself would not take is not taken here either: a log with a broken header, and the frames from the first
 * on that is cut off, left from before (other salts) or broken, or that no commit follows.
 */
import { isDatabase, isPageSize } from './header.ts';

export const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
/** The last bit: its checksums are big-endian. */
const MAGIC = 0x377f0682;

export interface Wal {
  readonly pageSize: number;
  /** Of committed transactions. */
  readonly frames: number;
  /** The database's, after the last of them. */
  readonly pages: number;
  /** Where the newest content of a page begins in the log, by page number. */
  readonly newest: ReadonlyMap<number, number>;
}

/** Null: it holds no committed transaction. */
export function readWal(bytes: Uint8Array): Wal | null {
  if (bytes.length < WAL_HEADER_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const pageSize = view.getUint32(8);
  if ((magic & ~1) !== MAGIC || !isPageSize(pageSize)) return null;
  const checksum = new Checksum(view, (magic & 1) === 0);
  if (!checksum.add(0, 24).equals(24)) return null;

  const newest = new Map<number, number>();
  let pending: [page: number, at: number][] = [];
  let pages = 0;
  let frames = 0;
  const step = FRAME_HEADER_BYTES + pageSize;
  for (let at = WAL_HEADER_BYTES, seen = 1; at + step <= bytes.length; at += step, seen++) {
    const page = view.getUint32(at);
    const ofThisLog = view.getUint32(at + 8) === view.getUint32(16) && view.getUint32(at + 12) === view.getUint32(20);
    if (page === 0 || !ofThisLog) break;
    if (
      !checksum
        .add(at, 8)
        .add(at + FRAME_HEADER_BYTES, pageSize)
        .equals(at + 16)
    )
      break;
    pending.push([page, at + FRAME_HEADER_BYTES]);
    const committed = view.getUint32(at + 4);
    if (committed === 0) continue;
    for (const [number, content] of pending) newest.set(number, content);
    pending = [];
    pages = committed;
    frames = seen;
  }
  return pages === 0 ? null : { pageSize, frames, pages, newest };
}

class Checksum {
  private readonly view: DataView;
  private readonly little: boolean;
  private first = 0;
  private second = 0;

  constructor(view: DataView, little: boolean) {
    this.view = view;
    this.little = little;
  }

  add(from: number, length: number): this {
    let { first, second } = this;
    for (let at = from; at < from + length; at += 8) {
      first = (first + this.view.getUint32(at, this.little) + second) >>> 0;
      second = (second + this.view.getUint32(at + 4, this.little) + first) >>> 0;
    }
    this.first = first;
    this.second = second;
    return this;
  }

  /** As it is written: always big-endian. */
  equals(at: number): boolean {
    return this.view.getUint32(at) === this.first && this.view.getUint32(at + 4) === this.second;
  }
}

/** The first page as it is now: from the log when it is there. */
export function firstPage(main: Uint8Array, bytes: Uint8Array | null, wal: Wal | null): Uint8Array {
  const at = wal?.newest.get(1);
  return wal && bytes && at !== undefined ? bytes.subarray(at, at + wal.pageSize) : main;
}

/** The database as a checkpoint would leave it, said to be in rollback mode: so it can be opened without its log. */
export function merged(main: Uint8Array, bytes: Uint8Array | null, wal: Wal | null): Uint8Array {
  const length = wal ? wal.pages * wal.pageSize : main.length;
  const image = new Uint8Array(length);
  image.set(main.length > length ? main.subarray(0, length) : main);
  if (wal && bytes) {
    for (const [page, at] of wal.newest)
      if (page <= wal.pages) image.set(bytes.subarray(at, at + wal.pageSize), (page - 1) * wal.pageSize);
  }
  if (isDatabase(image)) image.fill(1, 18, 20);
  return image;
}
