/** One database of a container, as it is at this moment: everything committed, in the file or still in its log. */
import { EngineFault } from '../fault.ts';
import { Unable } from '../probes/probe.ts';
import { birthOf } from './birth.ts';
import { type Copy, type CopyLimits, copyDatabase, type Files, megabytes, Unstable } from './copy.ts';
import { damageOf } from './damage.ts';
import { type Header, headerOf } from './header.ts';
import { openImage, type Sql } from './sql.ts';
import { type Table, tablesOf } from './tables.ts';
import { firstPage, merged, readWal, type Wal } from './wal.ts';

export interface Database {
  /** Links resolved. */
  readonly path: string;
  /** Of the file, without its log. */
  readonly size: number;
  /** Null: not a byte was written yet. */
  readonly header: Header | null;
  /** Bytes of the log that lies beside it. */
  readonly walSize: number;
  /** In it, of committed transactions. */
  readonly walFrames: number;
  /** Null: it was too large to be read, or written to all the time; why is in `gap`. */
  readonly tables: readonly Table[] | null;
  readonly gap?: string;
  /** What SQLite finds broken in it; null: nothing, or it was not looked for. */
  readonly damage: string | null;
  /** Null when that cannot be told. */
  readonly empty: boolean | null;
  /** Belongs to the database; null when there is none. */
  readonly birth: string | null;
}

const MB = 1024 * 1024;
export const LIMITS: CopyLimits = { main: 256 * MB, wal: 128 * MB, tries: 10, pause: 40 };
/** Holds the first page, however large. */
const HEAD = 65_536;
/** To be looked through takes a second then. */
const CHECKED = 64 * MB;
/** Tables without rows take no more room than that. */
const MUCH = 64 * MB;

/** Null: there is no such file. @throws Unable */
export async function readDatabase(files: Files, at: string, limits = LIMITS): Promise<Database | null> {
  const head = await copyDatabase(files, at, { ...limits, main: HEAD });
  if (!head) return null;
  if (head.size <= head.main.length) return ofCopy(head);
  headOf(head);
  if (head.size > limits.main) return ofHead(head, `it is too large to be counted (${megabytes(head.size)})`);
  try {
    const copy = await copyDatabase(files, head.path, limits);
    return copy && (await ofCopy(copy));
  } catch (error) {
    if (error instanceof Unstable) return ofHead(head, 'it was written to each time that it was copied');
    if (error instanceof EngineFault && error.code === 'timeout')
      return ofHead(head, `the engine took too long to hand it out (${megabytes(head.size)})`);
    throw error;
  }
}

/** Runs queries on a copy in memory. Null: there is no such file. @throws Unable */
export async function queryDatabase<T>(
  files: Files,
  at: string,
  ask: (sql: Sql) => T,
  limits = LIMITS,
): Promise<T | null> {
  const copy = await copyDatabase(files, at, limits);
  if (!copy || copy.size === 0) return null;
  if (copy.size > copy.main.length) throw new Unable(`${copy.path} is too large to be read (${megabytes(copy.size)})`);
  headOf(copy);
  return onImage(copy, logOf(copy), ask);
}

const logOf = ({ main, wal }: Copy): Wal | null =>
  // SQLite throws away the log of a database without a single byte.
  wal && main.length > 0 ? readWal(wal) : null;

/** @throws Unable */
function headOf(copy: Copy): Header {
  const { path, main } = copy;
  const header = headerOf(firstPage(main, copy.wal, logOf(copy)));
  if (!header) throw new Unable(`${path} is no SQLite database, or an encrypted one`);
  if (header.readVersion > 2) throw new Unable(`${path} is in a format that only a branch of SQLite knows`);
  return header;
}

async function ofCopy(copy: Copy): Promise<Database> {
  const { path, size, wal } = copy;
  const seen = { path, size, walSize: wal?.length ?? 0 };
  if (size === 0) return { ...seen, header: null, walFrames: 0, tables: [], damage: null, empty: true, birth: null };
  const header = headOf(copy);
  const log = logOf(copy);
  const read = await onImage(copy, log, (sql) => ({
    tables: tablesOf(sql),
    damage: copy.main.length > CHECKED ? null : damageOf(sql),
    birth: birthOf(sql),
  }));
  return { ...seen, header, walFrames: log?.frames ?? 0, ...read, empty: emptyOf(read.tables) };
}

function emptyOf(tables: readonly Table[]): boolean | null {
  if (tables.some(({ rows }) => rows !== null && rows > 0)) return false;
  return tables.every(({ rows }) => rows === 0) ? true : null;
}

function ofHead(copy: Copy, gap: string): Database {
  const { path, size, wal } = copy;
  const header = headOf(copy);
  const pages = logOf(copy)?.pages ?? Math.floor(size / header.pageSize);
  const used = (pages - header.freePages) * header.pageSize;
  const empty = header.schemaCells === 0 ? true : used > MUCH ? false : null;
  const walFrames = logOf(copy)?.frames ?? 0;
  return {
    path,
    size,
    header,
    walSize: wal?.length ?? 0,
    walFrames,
    tables: null,
    gap,
    damage: null,
    empty,
    birth: null,
  };
}

async function onImage<T>(copy: Copy, log: Wal | null, ask: (sql: Sql) => T): Promise<T> {
  const sql = await openImage(merged(copy.main, copy.wal, log));
  try {
    return ask(sql);
  } catch (error) {
    throw new Unable(`${copy.path} cannot be read (${error instanceof Error ? error.message : String(error)})`);
  } finally {
    sql.close();
  }
}
