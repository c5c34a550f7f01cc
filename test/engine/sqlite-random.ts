/** Random histories of SQLite databases, as scripts for the sqlite3 shell, and logs that were broken on purpose. */
import { type Random, randomFrom } from '../differential/random.ts';

const PAGE_SIZES = [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536];
/** Most of them in WAL mode: that is what is hard to read. */
const MODES = ['wal', 'wal', 'wal', 'wal', 'delete', 'truncate', 'persist'];

/**
 * What the shell is to do in the current folder: transactions on `x.db`, of which some are rolled back, with copies of
 * all its files in between, in `s0`, `s1` ... and in the midst of transactions as well.
 */
export function history(seed: number): string {
  const { below: random, chance, pick } = randomFrom(seed);
  const pageSize = PAGE_SIZES[seed % PAGE_SIZES.length]!;
  const tables = 1 + random(4);
  const lines = [
    '.bail on',
    `PRAGMA page_size=${pageSize};`,
    `PRAGMA auto_vacuum=${random(3)};`,
    `PRAGMA journal_mode=${pick(MODES)};`,
    `PRAGMA wal_autocheckpoint=${pick([0, 1, 4, 20, 1000])};`,
    // Waiting for the disk is most of the time, and leaves no trace in the files.
    `PRAGMA synchronous=${pick(['OFF', 'OFF', 'OFF', 'FULL'])};`,
    // So little that transactions are written out before they end.
    `PRAGMA cache_size=${2 + random(20)};`,
    `PRAGMA user_version=${random(1000)};`,
    `PRAGMA application_id=${random(1_000_000)};`,
  ];
  let copies = 0;
  const copy = (): void => {
    lines.push(`.shell mkdir s${copies} && cp x.db* s${copies}/`);
    copies++;
  };
  const bytes = (): number => random(chance(0.2) ? 3 * pageSize : 200);
  const change = (): string => {
    const table = `t${random(tables)}`;
    const rows = 1 + random(40);
    switch (random(6)) {
      case 0:
        return `DELETE FROM ${table} WHERE a % ${1 + random(4)} = 0;`;
      case 1:
        return `UPDATE ${table} SET b = randomblob(${bytes()}) WHERE a % 3 = ${random(3)};`;
      default:
        return `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) INSERT OR IGNORE INTO ${table} SELECT abs(random()) % 100000, randomblob(${bytes()}) FROM n;`;
    }
  };
  for (let table = 0; table < tables; table++) {
    const rowid = chance(0.3) ? ' WITHOUT ROWID' : '';
    lines.push(`CREATE TABLE t${table}(a INTEGER PRIMARY KEY, b)${rowid};`);
    if (chance(0.4)) lines.push(`CREATE INDEX i${table} ON t${table}(b);`);
  }
  const transactions = 6 + random(8);
  for (let done = 0; done < transactions; done++) {
    lines.push('BEGIN;');
    for (let left = 1 + random(4); left > 0; left--) lines.push(change());
    if (chance(0.2)) copy();
    lines.push(chance(0.2) ? 'ROLLBACK;' : 'COMMIT;');
    if (chance(0.3)) copy();
    if (chance(0.15)) lines.push(`PRAGMA wal_checkpoint(${pick(['PASSIVE', 'FULL', 'RESTART', 'TRUNCATE'])});`);
    if (chance(0.1)) lines.push('PRAGMA incremental_vacuum(20);');
    if (chance(0.08)) lines.push('VACUUM;');
  }
  copy();
  return `${lines.join('\n')}\n`;
}

/** A log that SQLite has to take only a part of, or nothing. */
export function broken(wal: Uint8Array, { below: random }: Random): Uint8Array {
  const copy = wal.slice();
  if (copy.length === 0) return copy;
  if (random(2) === 0) return copy.slice(0, random(copy.length));
  copy[random(copy.length)]! ^= 1 << random(8);
  return copy;
}

/** The same log as a machine with the other order of bytes writes it. */
export function otherEndian(wal: Uint8Array): Uint8Array {
  const copy = wal.slice();
  const view = new DataView(copy.buffer);
  const magic = view.getUint32(0) ^ 1;
  const little = (magic & 1) === 0;
  view.setUint32(0, magic);
  let [first, second] = [0, 0];
  const add = (from: number, to: number): void => {
    for (let at = from; at < to; at += 8) {
      first = (first + view.getUint32(at, little) + second) >>> 0;
      second = (second + view.getUint32(at + 4, little) + first) >>> 0;
    }
  };
  const write = (at: number): void => {
    view.setUint32(at, first);
    view.setUint32(at + 4, second);
  };
  add(0, 24);
  write(24);
  const step = 24 + view.getUint32(8);
  for (let at = 32; at + step <= copy.length; at += step) {
    add(at, at + 8);
    add(at + 24, at + step);
    write(at + 16);
  }
  return copy;
}
