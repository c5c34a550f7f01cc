/** The first bytes of a SQLite database: what can be known without any SQL. */

export const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';

/** As the file says it: `rollback` is any of delete, truncate, persist, memory and off, which leave no trace in it. */
export type JournalMode = 'wal' | 'rollback';

export interface Header {
  readonly pageSize: number;
  readonly pages: number;
  readonly freePages: number;
  readonly journal: JournalMode;
  /** 1 and 2 can be read by every SQLite; more belongs to branches of it. */
  readonly readVersion: number;
  /** Grows with every change of the schema; 0: nothing was ever created. */
  readonly schemaCookie: number;
  readonly userVersion: number;
  readonly applicationId: number;
  /** Entries on the schema's first page; null when it was too large for it. */
  readonly schemaCells: number | null;
}

export const isDatabase = (head: Uint8Array): boolean =>
  Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, MAGIC.length)).toString('latin1') === MAGIC;

/** 512 to 65536, a power of two. */
export const isPageSize = (size: number): boolean => size >= 512 && size <= 65_536 && (size & (size - 1)) === 0;

const LEAF = 13;

/** `page`: the first page, or as much of it as there is. Null: it is no database. */
export function headerOf(page: Uint8Array): Header | null {
  if (page.length < HEADER_BYTES + 8 || !isDatabase(page)) return null;
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const written = view.getUint16(16);
  const pageSize = written === 1 ? 65_536 : written;
  if (!isPageSize(pageSize)) return null;
  return {
    pageSize,
    pages: view.getUint32(28),
    freePages: view.getUint32(36),
    journal: view.getUint8(18) === 2 ? 'wal' : 'rollback',
    readVersion: view.getUint8(19),
    schemaCookie: view.getUint32(40),
    userVersion: view.getInt32(60),
    applicationId: view.getInt32(68),
    schemaCells: view.getUint8(HEADER_BYTES) === LEAF ? view.getUint16(HEADER_BYTES + 3) : null,
  };
}
