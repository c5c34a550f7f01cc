/** Databases without any engine: files as they come out of a container, whole, torn, foreign and half-written. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import * as esbuild from 'esbuild';
import { describe, expect, test } from 'vitest';
import { EngineFault } from '../../server/live/fault.ts';
import { MARKER } from '../../server/live/probes/file.ts';
import { type Ask, Unable } from '../../server/live/probes/probe.ts';
import { SQLITE } from '../../server/live/probes/sqlite.ts';
import { LIMITS, queryDatabase, readDatabase } from '../../server/live/sqlite/database.ts';
import { headerOf } from '../../server/live/sqlite/header.ts';
import { openIn } from '../../server/live/sqlite/open-files.ts';
import { merged, readWal } from '../../server/live/sqlite/wal.ts';
import { folder } from './helpers.ts';
import { askFor } from './probes/asked.ts';
import { type Content, contentOf, filesOf } from './sqlite-files.ts';

/** `fixtures/sqlite/make.sh` tells what each is. */
const FIXTURES = contentOf(path.join(import.meta.dirname, 'fixtures/sqlite'));
const bytes = (name: string): Uint8Array => FIXTURES.get(`/data/${name}`)!;
const FAST = { ...LIMITS, pause: 0 };
const read = (content: Content, at: string) =>
  readDatabase(
    filesOf(() => content),
    at,
    FAST,
  );
const changed = (from: Uint8Array, at: number, value: number): Uint8Array => {
  const copy = from.slice();
  copy[at] = value;
  return copy;
};

describe('the log', () => {
  test('committed frames count, what follows them does not', () => {
    const wal = bytes('log.db-wal');
    const log = readWal(wal)!;
    expect(log).toMatchObject({ pageSize: 512, frames: 2 });
    const frames = (wal.length - 32) / 536;
    expect(frames).toBeGreaterThan(log.frames + 2);
    expect(merged(bytes('log.db'), wal, log).length).toBe(log.pages * 512);
  });

  test.each([
    ['nothing', () => new Uint8Array()],
    ['half a header', () => bytes('log.db-wal').slice(0, 20)],
    ['another magic', () => changed(bytes('log.db-wal'), 0, 1)],
    ['a broken header', () => changed(bytes('log.db-wal'), 15, 99)],
    ['no whole frame', () => bytes('log.db-wal').slice(0, 32 + 535)],
    ['a broken first frame', () => changed(bytes('log.db-wal'), 32 + 24 + 100, 0xff)],
    ['other salts', () => changed(bytes('log.db-wal'), 32 + 8, bytes('log.db-wal')[32 + 8]! ^ 1)],
    ['no commit', () => bytes('log.db-wal').slice(0, 32).fill(0)],
  ])('%s: nothing is taken from it', (_, wal) => {
    expect(readWal(wal())).toBeNull();
  });

  test('the database alone would be told to be without rows, and one to be without tables', async () => {
    const alone = (name: string): Content => new Map([[`/data/${name}`, bytes(name)]]);
    expect(await read(alone('log.db'), '/data/log.db')).toMatchObject({ empty: true });
    expect(await read(alone('created.db'), '/data/created.db')).toMatchObject({ empty: true, tables: [] });
    expect(await read(FIXTURES, '/data/log.db')).toMatchObject({
      empty: false,
      walFrames: 2,
      damage: null,
      tables: [
        { name: 'notes', rows: 3 },
        { name: 'tags', rows: 2 },
      ],
    });
    expect(await read(FIXTURES, '/data/created.db')).toMatchObject({
      empty: false,
      tables: [{ name: 'notes', rows: 1 }],
      header: { journal: 'wal', userVersion: 7, applicationId: 4660, pageSize: 1024 },
    });
  });

  test('SQLite throws away the log of a database without a byte, and so do we', async () => {
    const content = new Map([
      ['/data/x.db', new Uint8Array()],
      ['/data/x.db-wal', bytes('created.db-wal')],
    ]);
    expect(await read(content, '/data/x.db')).toMatchObject({ empty: true, tables: [], header: null });
  });
});

describe('the header', () => {
  test.each([
    ['nothing', new Uint8Array()],
    ['text', Buffer.from('SQLite format 2'.padEnd(512))],
    ['its magic alone', bytes('log.db').slice(0, 90)],
    ['a size of pages that cannot be', changed(bytes('log.db'), 16, 3)],
  ])('%s is none', (_, content) => {
    expect(headerOf(content)).toBeNull();
  });

  test('what is no database is said to be none', async () => {
    const content = new Map([
      ['/data/foreign.db', new Uint8Array(4096).fill(7)],
      ['/data/branch.db', changed(changed(bytes('done.db'), 18, 3), 19, 3)],
      ['/data/cut.db', bytes('prisma.db').slice(0, 700)],
    ]);
    await expect(read(content, '/data/foreign.db')).rejects.toThrow(/no SQLite database, or an encrypted one$/);
    await expect(read(content, '/data/branch.db')).rejects.toThrow(/only a branch of SQLite knows$/);
    await expect(read(content, '/data/cut.db')).rejects.toThrow(/cannot be read \(.*(malformed|corrupt)/);
    expect(await read(content, '/data/none.db')).toBeNull();
  });
});

describe('copies while others write', () => {
  const log = (name = 'log.db'): Content => new Map([...FIXTURES].filter(([file]) => file.startsWith(`/data/${name}`)));

  /** Contents in turn, one for each call; the last stays. */
  function inTurn(contents: readonly Content[], at: string): Promise<unknown> {
    let call = 0;
    return readDatabase(
      filesOf(() => contents[Math.min(call++, contents.length - 1)]!),
      at,
      FAST,
    );
  }

  const grown = new Map([...log(), ['/data/log.db', changed(bytes('log.db'), 27, 99)]]);
  const begunAnew = new Map([...log(), ['/data/log.db-wal', changed(bytes('log.db-wal'), 16, 1)]]);

  test('another database, or a log that was begun anew, is copied again', async () => {
    // From the sixth call on a whole round would have seen nothing but the broken log.
    for (let calls = 1; calls < 6; calls++) {
      expect(await inTurn([...Array(calls).fill(grown), log()], '/data/log.db')).toMatchObject({ empty: false });
      expect(await inTurn([...Array(calls).fill(begunAnew), log()], '/data/log.db')).toMatchObject({ empty: false });
    }
  });

  test('one that never rests is given up', async () => {
    let call = 0;
    const restless = filesOf(() => new Map([...log(), ['/data/log.db', changed(bytes('log.db'), 27, call++ % 256)]]));
    await expect(readDatabase(restless, '/data/log.db', FAST)).rejects.toThrow(
      '/data/log.db was written to each of the 10 times that it was copied',
    );
  });

  test('a hot journal is not read past, one of a finished transaction is', async () => {
    await expect(read(FIXTURES, '/data/hot.db')).rejects.toThrow(/^a rollback journal lies beside \/data\/hot\.db/);
    const journal = bytes('done.db-journal');
    expect(journal.length).toBeGreaterThan(0);
    expect(await read(FIXTURES, '/data/done.db')).toMatchObject({ tables: [{ name: 'notes', rows: 1 }] });
    const waited = [...Array(25).fill(log('hot.db')), log('done.db')];
    const named = waited.map((one) => new Map([...one].map(([file, data]) => [file.replace(/hot|done/, 'x'), data])));
    expect(await inTurn(named, '/data/x.db')).toMatchObject({ tables: [{ name: 'notes', rows: 1 }] });
  });

  test('a log that is too large is not half read', async () => {
    const small = { ...FAST, wal: 600 };
    await expect(
      readDatabase(
        filesOf(() => FIXTURES),
        '/data/log.db',
        small,
      ),
    ).rejects.toThrow(/write-ahead log of \/data\/log\.db is too large/);
  });
});

test('bundled, SQLite is loaded from beside the bundle, and only when it is needed', async () => {
  const out = folder({
    'trial.mjs': `import { openImage } from './chunks/sql.js';
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
const loaded = () => Object.keys(createRequire(import.meta.url).cache).length;
const before = loaded();
const sql = await openImage(fs.readFileSync(process.argv[2]));
console.log(before, loaded(), sql.rows('SELECT count(*) FROM _prisma_migrations')[0][0]);`,
    'package.json': '{ "type": "module" }',
  });
  const from = path.dirname(createRequire(import.meta.url).resolve('sql.js'));
  fs.mkdirSync(path.join(out, 'sqlite'));
  fs.copyFileSync(path.join(from, 'sql-wasm.js'), path.join(out, 'sqlite/sql-wasm.cjs'));
  fs.copyFileSync(path.join(from, 'sql-wasm.wasm'), path.join(out, 'sqlite/sql-wasm.wasm'));
  const entryPoints = [path.join(import.meta.dirname, '../../server/live/sqlite/sql.ts')];
  await esbuild.build({ entryPoints, bundle: true, platform: 'node', format: 'esm', outdir: path.join(out, 'chunks') });
  const database = path.join(import.meta.dirname, 'fixtures/sqlite/prisma.db');
  const printed = execFileSync(process.execPath, [path.join(out, 'trial.mjs'), database], { encoding: 'utf8' });
  expect(printed.trim()).toBe('0 1 1');
});

describe('large ones', () => {
  test('one that the engine takes too long to hand out is told by its first page', async () => {
    const { stat, archive } = filesOf(() => new Map([['/data/x.db', padded('created.db', 200_000)]]));
    const slow: Ask['archive'] = (at, limits) => {
      if (limits.bytesEach > 100_000 && !at.endsWith('-wal')) throw new EngineFault('timeout', 'no answer.');
      return archive(at, limits);
    };
    expect(await readDatabase({ stat, archive: slow }, '/data/x.db', FAST)).toMatchObject({
      tables: null,
      empty: true,
      gap: 'the engine took too long to hand it out (1 MB)',
    });
  });

  const padded = (name: string, size: number): Uint8Array => {
    const whole = new Uint8Array(size);
    whole.set(bytes(name));
    return whole;
  };
  const limits = { ...FAST, main: 100_000 };
  const of = (main: Uint8Array, wal?: string) => {
    const content = new Map([['/data/x.db', main], ...(wal ? [['/data/x.db-wal', bytes(wal)] as const] : [])]);
    return readDatabase(
      filesOf(() => content),
      '/data/x.db',
      limits,
    );
  };

  test('are told to be empty, or not, by their first page', async () => {
    expect(await of(padded('done.db', 200_000))).toMatchObject({ tables: null, empty: null, gap: /too large/ });
    expect(await of(padded('created.db', 200_000))).toMatchObject({ tables: null, empty: true });
    expect(await of(padded('done.db', 70 * 1024 * 1024))).toMatchObject({ tables: null, empty: false });
  });

  test('and by the newest first page, when it is in the log', async () => {
    expect(await of(padded('created.db', 200_000), 'created.db-wal')).toMatchObject({ empty: null, walFrames: 5 });
  });

  test('queries do without an answer', async () => {
    const files = filesOf(() => new Map([['/data/x.db', padded('done.db', 200_000)]]));
    await expect(queryDatabase(files, '/data/x.db', (sql) => sql.rows('SELECT 1'), limits)).rejects.toThrow(Unable);
  });
});

describe('what the probe tells', () => {
  const LISTING = `/proc/1/fd:
total 0
lrwx------    1 0        0               64 Jan  1 00:00 0 -> /dev/null
lrwx------    1 0        0               64 Jan  1 00:00 17 -> /srv/app.data
lrwx------    1 0        0               64 Jan  1 00:00 18 -> /srv/app.data-wal
lrwx------    1 0        0               64 Jan  1 00:00 19 -> /data/log.db
lrwx------    1 0        0               64 Jan  1 00:00 20 -> /data/old.sqlite3 (deleted)
lr-x------    1 0        0               64 Jan  1 00:00 21 -> /root/.cache/pip/x.db
lrwx------    1 0        0               64 Jan  1 00:00 22 -> socket:[1234]
`;
  const LS = 'sh -c ls -l /proc/[0-9]*/fd 2>/dev/null; true';
  const files = Object.fromEntries(FIXTURES);

  test('what is open', () => {
    expect(openIn(LISTING)).toEqual({
      databases: ['/data/log.db', '/data/old.sqlite3', '/srv/app.data'],
      deleted: ['/data/old.sqlite3'],
    });
    expect(openIn('')).toEqual({ databases: [], deleted: [] });
  });

  test('a file; nothing is run for it to be read', async () => {
    const told = await SQLITE.read(askFor('sqlite', { path: '/data/log.db', files }));
    expect(told).toMatchObject({ writesTo: ['/data/log.db'], count: 5, contents: '2 tables, 5 rows', weaknesses: [] });
    expect(told.empty).toBe(false);
  });

  test('where the path is not known, what is open; what was deleted is a risk', async () => {
    const ask = askFor('sqlite', { path: null, files, programs: { [LS]: LISTING } });
    expect(await SQLITE.read(ask)).toMatchObject({
      writesTo: ['/data/log.db'],
      count: 5,
      weaknesses: [{ setting: '/data/old.sqlite3 (deleted)', weight: 'risk' }],
      evidence: expect.arrayContaining(['A process of the container has /data/log.db open']),
    });
    await expect(SQLITE.read(askFor('sqlite', { path: null, files }))).rejects.toThrow('no database is open');
  });

  test('a folder in which one of them cannot be read is not told in part', async () => {
    await expect(SQLITE.read(askFor('sqlite', { path: '/data', files }))).rejects.toThrow(/rollback journal/);
    const some = Object.fromEntries(Object.entries(files).filter(([file]) => !file.includes('hot')));
    const told = await SQLITE.read(askFor('sqlite', { path: '/data', files: some }));
    expect(told).toMatchObject({ count: 7, contents: '4 databases, 4 tables, 7 rows', fingerprint: null });
  });

  test('when a framework set it up is what it is known by', async () => {
    const told = await SQLITE.read(askFor('sqlite', { path: '/data/prisma.db', files }));
    expect(told).toMatchObject({ empty: true, count: 0, contents: 'no tables' });
    expect(told.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect((await SQLITE.read(askFor('sqlite', { path: '/data/prisma.db', files }))).fingerprint).toBe(
      told.fingerprint,
    );
    const text = Buffer.from(bytes('prisma.db')).toString('latin1').replace('000000000001', '000000000002');
    const other = { '/data/prisma.db': new Uint8Array(Buffer.from(text, 'latin1')) };
    const anew = await SQLITE.read(askFor('sqlite', { path: '/data/prisma.db', files: other }));
    expect(anew.fingerprint).not.toBe(told.fingerprint);
  });

  test.each([
    ['log.db', 'risk', 'journal_mode wal'],
    ['done.db', 'note', 'journal_mode not wal'],
  ])('only the file of %s is mounted: a %s', async (name, weight, setting) => {
    const at = `/data/${name}`;
    const mount = { type: 'bind', source: '/x', target: at, readOnly: false } as const;
    const one = askFor('sqlite', { path: at, files }, { mounts: [mount] });
    expect((await SQLITE.read(one)).weaknesses).toMatchObject([{ setting, weight }]);
    const whole = askFor('sqlite', { path: at, files }, { mounts: [{ ...mount, target: '/data' }] });
    expect((await SQLITE.read(whole)).weaknesses).toEqual([]);
    expect(await MARKER.refusal?.(one)).toMatch(/^only \/data\/.*db itself is mounted/);
    expect(await MARKER.refusal?.(whole)).toBeNull();
  });

  test('an engine that went away is no answer, one that runs nothing is', async () => {
    const refusing = (code: 'not-allowed' | 'stopped'): Ask => ({
      ...askFor('sqlite', { path: '/data/log.db', files }),
      shell: () => Promise.reject(new EngineFault(code, 'no.')),
    });
    expect(await SQLITE.read(refusing('not-allowed'))).toMatchObject({ count: 5 });
    await expect(SQLITE.read(refusing('stopped'))).rejects.toThrow(EngineFault);
  });
});
