/**
 * Copies a database and its log out of a container while others write to it, without a lock and without running
 * anything. Each file comes in a call of its own, so that nothing else in the folder has to be read.
 *
 *     database, [journal, log], database again, head of the log again
 *
 * Equal databases before and after mean that it was so, all of it, in between. Was there no rollback journal then, it
 * was not in the midst of a transaction. Is the log's head the same afterwards, the log was not begun anew while it was
 * read, so that all that a checkpoint may have put into the database is also in the copy of the log. Otherwise: again.
 */
import * as crypto from 'node:crypto';
import * as path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ArchiveEntry } from '../engine.ts';
import { type Ask, Unable } from '../probes/probe.ts';
import { WAL_HEADER_BYTES } from './wal.ts';

/** All that a copy needs of an engine. */
export type Files = Pick<Ask, 'archive' | 'stat'>;

export interface CopyLimits {
  /** Of the database. What is larger is cut off. */
  readonly main: number;
  /** Of the log. @see Unable */
  readonly wal: number;
  readonly tries: number;
  /** ms between them */
  readonly pause: number;
}

export interface Copy {
  /** Links resolved. */
  readonly path: string;
  /** The whole database, or its first bytes. */
  readonly main: Uint8Array;
  readonly size: number;
  /** Null or empty: there is none. */
  readonly wal: Uint8Array | null;
  readonly tries: number;
}

/** It was written to all the time. */
export class Unstable extends Unable {}

const MOST_LINKS = 8;
const JOURNAL_MAGIC = 'd9d505f920a163d7';
/** What the archive's own headers take, generously. */
const AROUND = 64 * 1024;

/** Null: there is no such file. @throws Unable */
export async function copyDatabase(files: Files, at: string, limits: CopyLimits): Promise<Copy | null> {
  const found = await resolved(files, at);
  let before = await first(files, found, limits.main);
  let journal = false;
  for (let tries = 1; before !== null && tries <= limits.tries; tries++) {
    const known = digest(before);
    const [hot, log] = await Promise.all([isHot(files, `${found}-journal`), first(files, `${found}-wal`, limits.wal)]);
    journal = hot;
    if (log && log.size > limits.wal)
      throw new Unable(`the write-ahead log of ${found} is too large to be read (${megabytes(log.size)})`);
    const after = await first(files, found, limits.main);
    if (!after) return null;
    const head = await first(files, `${found}-wal`, WAL_HEADER_BYTES);
    const stable = isWhole(after, limits.main) && known === digest(after);
    if (stable && !journal && (!log || isWhole(log, limits.wal)) && same(log, head))
      return { path: found, main: after.bytes, size: after.size, wal: log?.bytes ?? null, tries };
    before = after;
    await wait(limits.pause);
  }
  if (!before) return null;
  if (journal)
    throw new Unable(`a rollback journal lies beside ${found}: a transaction is not finished, or was cut off`);
  throw new Unstable(`${found} was written to each of the ${limits.tries} times that it was copied`);
}

/** A link is not followed by the archive call. */
async function resolved(files: Files, at: string): Promise<string> {
  let current = at;
  for (let links = 0; links < MOST_LINKS; links++) {
    const stat = await files.stat(current);
    if (stat?.kind !== 'link' || !stat.linkTarget) break;
    current = path.posix.resolve(path.posix.dirname(current), stat.linkTarget);
  }
  return current;
}

/** A file with at most `most` of its bytes. */
async function first(files: Files, at: string, most: number): Promise<ArchiveEntry | null> {
  const limits = { entries: 1, bytesEach: most, bytesTotal: most + AROUND };
  const entry = (await files.archive(at, limits))?.entries[0];
  if (!entry) return null;
  if (entry.kind !== 'file') throw new Unable(`${at} is not a file`);
  return entry;
}

/** One that changes its length while it is read comes without its end. */
const isWhole = ({ bytes, size }: ArchiveEntry, most: number): boolean => bytes.length >= Math.min(size, most);

/** The journal of a finished transaction is deleted, or emptied, or its head is overwritten with zeros. */
async function isHot(files: Files, at: string): Promise<boolean> {
  const head = (await first(files, at, 8))?.bytes;
  return head !== undefined && Buffer.from(head).toString('hex', 0, 8) === JOURNAL_MAGIC;
}

const digest = ({ bytes, size }: ArchiveEntry): string =>
  `${size} ${crypto.createHash('sha256').update(bytes).digest('hex')}`;

function same(log: ArchiveEntry | null, head: ArchiveEntry | null): boolean {
  const bytes = (entry: ArchiveEntry | null): Buffer => Buffer.from(entry?.bytes ?? []).subarray(0, WAL_HEADER_BYTES);
  return bytes(log).equals(bytes(head));
}

export const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1024 / 1024)} MB`;
