/** Applications with SQLite on a real engine: what is read from outside is what they have, whatever they are doing. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askOf } from '../../server/live/ask.ts';
import { type ApiCall, connect } from '../../server/live/connect.ts';
import type { Access, Container, Engine } from '../../server/live/engine.ts';
import { thisMachine } from '../../server/live/machine.ts';
import { MARKER } from '../../server/live/probes/file.ts';
import type { Ask, Told } from '../../server/live/probes/probe.ts';
import { SQLITE } from '../../server/live/probes/sqlite.ts';
import { queryDatabase } from '../../server/live/sqlite/database.ts';
import { engines, whyNone } from './engines.ts';
import { HOME } from './machine.ts';
import { until } from './shell.ts';

const app = (more: string): string => `
    image: persistence/app:1
    network_mode: none
    stop_grace_period: 5s
    environment: { DATABASE_URL: /data/app.db, WAL_AUTOCHECKPOINT: "0", KEEP_OPEN: "1" }
    ${more}`;

const COMPOSE = `services:
  kept: ${app('volumes: [kept:/data]')}
  closed: ${app('volumes: [closed:/data]').replace('KEEP_OPEN: "1"', 'KEEP_OPEN: "0"')}
  busy: ${app('volumes: [busy:/data]').replace('WAL_AUTOCHECKPOINT: "0"', 'WAL_AUTOCHECKPOINT: "20"')}
  rollback: ${app('volumes: [rollback:/data]').replace('KEEP', 'JOURNAL_MODE: delete, KEEP')}
  single: ${app('volumes: ["./single.db:/data/app.db"]')}
  elsewhere: ${app('volumes: [elsewhere:/data]').replace('/data/app.db', 'sqlite:///data/app.db')}
  shell:
    image: persistence/sqlite:3
    user: "1000"
    network_mode: none
    tmpfs: /memory
    volumes: ["./shell:/data", "./shell:/fixed:ro"]
volumes: { kept: , closed: , busy: , rollback: , elsewhere: }
`;

const FILES = `
sqlite3 /data/empty.db "PRAGMA journal_mode=wal; CREATE TABLE t(a); CREATE TABLE alembic_version(v); INSERT INTO alembic_version VALUES ('1a2b')"
sqlite3 /data/text.db "CREATE VIRTUAL TABLE f USING fts5(body); INSERT INTO f VALUES ('one'), ('two'); CREATE TABLE n(a); INSERT INTO n VALUES (1)"
sqlite3 /data/django.db "CREATE TABLE django_migrations(id INTEGER PRIMARY KEY, app, name, applied); INSERT INTO django_migrations VALUES (1, 'a', 'b', '2026-01-02 03:04:05.678901')"
mkdir /data/many && sqlite3 /data/many/one.db 'CREATE TABLE t(a); INSERT INTO t VALUES (1)' && sqlite3 /data/many/two.db 'CREATE TABLE t(a); INSERT INTO t VALUES (2), (3)'
head -c 8192 /dev/urandom > /data/encrypted.db
: > /data/nothing.db
ln -s many/one.db /data/link.db
sqlite3 /data/large.db "CREATE TABLE t(a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) INSERT INTO t SELECT randomblob(1000) FROM n"
`;

if (engines().length === 0) test.skip(`no engine: ${whyNone()}`, () => undefined);

describe.each(engines())('$name', (engine) => {
  const name = `sqlite-${process.pid}-app`;
  const folder = path.join(HOME, 'projects', engine.name, name);
  const calls: ApiCall[] = [];
  let inspecting: Engine;
  let reading: Engine;

  const compose = (...args: string[]): Promise<string> =>
    engine.compose(['--progress', 'quiet', '-p', name, ...args], folder);
  const up = (...services: string[]): Promise<string> => compose('up', '-d', '--pull', 'never', '-t', '1', ...services);
  const inside = (service: string, script: string): Promise<string> =>
    compose('exec', '-T', service, 'sh', '-c', script);

  async function open(access: Access, onCall: (call: ApiCall) => void = () => undefined): Promise<Engine> {
    return connect({ host: `unix://${engine.socket}`, machine: thisMachine({ HOME: folder }), access, onCall });
  }

  async function container(service: string): Promise<Container> {
    const own = (await inspecting.containers()).find(
      ({ labels }) => labels['com.docker.compose.project'] === name && labels['com.docker.compose.service'] === service,
    );
    return (await inspecting.inspect(own!.id))!;
  }

  /** Without the right to run anything, unless told otherwise. */
  async function ask(service: string, at = '/data/app.db', through = inspecting): Promise<Ask> {
    const store = {
      technology: 'sqlite',
      title: 'SQLite',
      path: at,
      isFile: /\.db$/.test(at),
      kind: 'essential',
      need: 'required',
      confidence: 'primary',
      evidence: [{ from: 'source', note: 'the test says so', confidence: 'primary' }],
      role: 'embedded',
    } as const;
    return askOf({ engine: through, container: await container(service), store, path: at });
  }

  const read = async (service: string, at?: string, through?: Engine): Promise<Told> =>
    SQLITE.read(await ask(service, at, through));

  /** @returns how many there are then, as the application says */
  async function add(service: string, count: number): Promise<number> {
    const url = `http://127.0.0.1:3000/notes?count=${count}`;
    return (JSON.parse(await inside(service, `wget -qO- --post-data=text '${url}'`)) as { count: number }).count;
  }
  const has = async (service: string): Promise<number> =>
    (JSON.parse(await inside(service, 'wget -qO- http://127.0.0.1:3000/notes')) as { count: number }).count;
  const answers = (service: string): Promise<void> =>
    until(`${service} answers`, async () =>
      (await inside(service, 'wget -qO- http://127.0.0.1:3000/health').catch(() => '')).includes('ok'),
    );

  beforeAll(async () => {
    fs.mkdirSync(path.join(folder, 'shell'), { recursive: true });
    fs.chmodSync(path.join(folder, 'shell'), 0o777);
    fs.writeFileSync(path.join(folder, 'single.db'), '');
    fs.writeFileSync(path.join(folder, 'compose.yaml'), COMPOSE);
    await engine.images('sqlite', 'app');
    inspecting = await open('inspect', (call) => calls.push(call));
    reading = await open('read');
    await up();
    for (const service of ['kept', 'closed', 'busy', 'rollback', 'single', 'elsewhere']) await answers(service);
    await inside('shell', FILES);
  });

  afterAll(async () => {
    inspecting?.close();
    reading?.close();
    await compose('down', '-t', '0', '-v').catch(() => undefined);
    fs.rmSync(folder, { recursive: true, force: true });
  });

  test('rows that are in the log alone are counted', async () => {
    await add('kept', 300);
    const database = await inspecting.stat((await container('kept')).id, '/data/app.db');
    expect(database?.size).toBe(4096);
    expect(await read('kept')).toMatchObject({
      writesTo: ['/data/app.db'],
      empty: false,
      count: 300,
      contents: '1 table, 300 rows',
      fingerprint: null,
      weaknesses: [],
      evidence: [
        expect.stringMatching(/^\/data\/app\.db is a SQLite database in WAL mode: 4096 bytes, and \d+ committed pages/),
      ],
    });
  });

  // With a rollback journal there is a moment to copy in only between two writes: without one, all would be refused.
  test.each([
    ['busy', ''],
    ['rollback', '; sleep 0.3'],
  ])('%s: right counts while it goes on writing', async (service, pause) => {
    await inside(
      service,
      `(while :; do wget -qO- --post-data=x 'http://127.0.0.1:3000/notes?count=20' || sleep 1${pause}; done) > /dev/null 2>&1 &`,
    );
    let [whole, unstable] = [0, 0];
    for (let i = 0; i < 12; i++) {
      const before = await has(service);
      const told = await read(service).catch(() => null);
      const after = await has(service);
      if (told?.count == null) {
        unstable++;
        continue;
      }
      whole++;
      expect(told.count % 20).toBe(0);
      expect(told.count).toBeGreaterThanOrEqual(before);
      expect(told.count).toBeLessThanOrEqual(after);
    }
    console.log(`${engine.name}, ${service}: ${await has(service)} rows, ${whole} copies read, ${unstable} refused`);
    expect(whole).toBeGreaterThan(0);
  });

  test('a folder, a wrong path, and a file that was deleted under its process', async () => {
    await add('elsewhere', 7);
    expect(await read('kept', '/data')).toMatchObject({ writesTo: ['/data/app.db'], count: 300 });
    await expect(read('elsewhere')).rejects.toThrow('there is no SQLite database at /data/app.db');
    expect(await read('elsewhere', '/data/app.db', reading)).toMatchObject({
      writesTo: ['/app/data/app.db'],
      count: 7,
      evidence: [
        'A process of the container has /app/data/app.db open',
        expect.stringContaining('/app/data/app.db is'),
      ],
    });
    await inside('elsewhere', 'rm /app/data/app.db');
    const gone = await read('elsewhere', '/app/data/app.db', reading);
    expect(gone).toMatchObject({ writesTo: [], empty: null, count: null, contents: null });
    expect(gone.weaknesses).toMatchObject([{ setting: '/app/data/app.db (deleted)', weight: 'risk' }]);
  });

  test('databases of all kinds', async () => {
    expect(await read('shell', '/data/empty.db')).toMatchObject({ empty: true, count: 0, contents: '1 table, 0 rows' });
    expect(await read('shell', '/data/nothing.db')).toMatchObject({ empty: true, count: 0, contents: 'no tables' });
    expect(await read('shell', '/data/text.db')).toMatchObject({
      empty: false,
      count: 3,
      contents: '2 tables, 3 rows',
    });
    expect(await read('shell', '/data/django.db')).toMatchObject({
      empty: true,
      contents: 'no tables',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(await read('shell', '/data/many')).toMatchObject({
      writesTo: ['/data/many/one.db', '/data/many/two.db'],
      count: 3,
      contents: '2 databases, 2 tables, 3 rows',
    });
    expect(await read('shell', '/data/link.db')).toMatchObject({ writesTo: ['/data/many/one.db'], count: 1 });
    await expect(read('shell', '/data/encrypted.db')).rejects.toThrow(/no SQLite database, or an encrypted one/);
    await expect(read('shell', '/data/none.db')).rejects.toThrow(/there is no SQLite database/);
    const query = await queryDatabase(await ask('shell'), '/data/many/two.db', (sql) =>
      sql.rows('SELECT max(a) FROM t'),
    );
    expect(query).toEqual([[3]]);
  });

  test('a large one', async () => {
    const started = performance.now();
    expect(await read('shell', '/data/large.db')).toMatchObject({ count: 10_000, contents: '1 table, 10000 rows' });
    console.log(`${engine.name}: 11 MB read in ${Math.round(performance.now() - started)} ms`);
  });

  test('stopped with and without closing it, and killed', async () => {
    await add('closed', 30);
    await compose('stop', 'kept', 'closed');
    expect(await read('closed')).toMatchObject({ count: 30, weaknesses: [] });
    expect((await inspecting.stat((await container('closed')).id, '/data/app.db-wal'))?.size ?? 0).toBe(0);
    expect(await read('kept')).toMatchObject({ count: 300 });
    expect((await inspecting.stat((await container('kept')).id, '/data/app.db-wal'))?.size).toBeGreaterThan(4096);
    await up('kept', 'closed');
    await answers('kept');
    const rows = await add('kept', 11);
    await compose('kill', 'kept');
    expect(await read('kept')).toMatchObject({ count: rows });
  });

  test('one file mounted: told before the rows are lost; with its folder they are kept', async () => {
    const rows = await add('single', 100);
    await up('kept');
    await answers('kept');
    const kept = await has('kept');
    expect(rows).toBe(100);
    const told = await read('single');
    expect(told).toMatchObject({ count: 100, weaknesses: [{ setting: 'journal_mode wal', weight: 'risk' }] });
    expect(told.weaknesses[0]?.message).toMatch(/^Only \/data\/app\.db is mounted, but the newest rows are in/);
    expect((await read('kept')).weaknesses).toEqual([]);
    await compose('kill', 'single', 'kept');
    await compose('rm', '-f', 'single', 'kept');
    await up('single', 'kept');
    await answers('single');
    await answers('kept');
    expect([await has('single'), await has('kept')]).toEqual([0, kept]);
    expect(await read('single')).toMatchObject({ empty: true, count: 0 });
    expect(await read('kept')).toMatchObject({ empty: false, count: kept });
  });

  test('a marker file is planted beside it, found, and removed', async () => {
    const mark = 'a1b2c3d4';
    const here = await ask('closed', '/data/app.db', reading);
    expect(await MARKER.refusal?.(here)).toBeNull();
    await MARKER.plant(here, mark);
    expect(await MARKER.find(here, mark)).toBe(true);
    expect(await MARKER.find(here, 'ffffffff')).toBe(false);
    expect((await here.stat(`/data/.persist_probe_${mark}`))?.size).toBe(mark.length);
    await compose('rm', '-fs', 'closed');
    await up('closed');
    const again = await ask('closed', '/data/app.db', reading);
    expect(await MARKER.find(again, mark)).toBe(true);
    await MARKER.remove(again, mark);
    await MARKER.remove(again, mark);
    expect(await MARKER.find(again, mark)).toBe(false);
    expect(await again.stat(`/data/.persist_probe_${mark}`)).toBeNull();
    expect(await read('closed')).toMatchObject({ count: 30 });
  });

  test('where no marker can or may be', async () => {
    const single = await ask('single', '/data/app.db', reading);
    expect(await MARKER.refusal?.(single)).toBe('only /data/app.db itself is mounted, nothing beside it');
    expect(await MARKER.refusal?.(await ask('shell', '/fixed', reading))).toBe('/fixed is mounted read-only');
    const memory = await ask('shell', '/root', reading);
    await expect(MARKER.plant(memory, 'a1b2')).rejects.toThrow(/A command in the container failed/);
    await MARKER.remove(memory, 'a1b2');
    await expect(MARKER.plant(await ask('shell', '/none', reading), 'a1b2')).rejects.toThrow(/failed/);
  });

  test('nothing but reading was asked for', () => {
    expect(calls.length).toBeGreaterThan(100);
    expect([...new Set(calls.map(({ method }) => method))].sort()).toEqual(['GET', 'HEAD']);
  });
});
