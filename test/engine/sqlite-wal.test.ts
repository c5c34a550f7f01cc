/**
 * Databases as SQLite itself leaves them while they are written to, read by us and by the sqlite3 shell: the rows must
 * be as many, and the pages the same. Also logs that were cut off or changed, and copies that others write into.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Unable } from '../../server/live/probes/probe.ts';
import { type Database, LIMITS, readDatabase } from '../../server/live/sqlite/database.ts';
import { headerOf } from '../../server/live/sqlite/header.ts';
import { merged, readWal } from '../../server/live/sqlite/wal.ts';
import { randomFrom } from '../differential/random.ts';
import { type Content, contentOf, filesOf } from '../live/sqlite-files.ts';
import { engines, whyNone } from './engines.ts';
import { HOME } from './machine.ts';
import { broken, history, otherEndian } from './sqlite-random.ts';

const SEEDS = Array.from({ length: 40 }, (_, i) => 1000 + i);
const [engine] = engines();
const NAME = `sqlite-${process.pid}-histories`;
const folder = path.join(HOME, 'projects', engine?.name ?? 'none', NAME);
const COMPOSE = `services:
  shell:
    image: persistence/sqlite:3
    user: "0"
    network_mode: none
    volumes: ["./work:/work"]
`;

/** What the shell says of one copy: `ok` and then tables with their rows, or why it cannot be read. */
const ORACLE = `#!/bin/sh
# Each copy is opened in a copy of its own: SQLite puts the log into the database when it closes it.
o=/dev/shm/o
for seed in "$@"; do
  for copy in /work/$seed/[smw]*; do
    rm -rf $o && cp -r "$copy" $o && cd $o || exit 1
    sqlite3 x.db < /work/oracle.sql > "$copy/said" 2>&1
    mv x.db "$copy/checkpointed"
    mv facts "$copy/facts"
  done
done
`;
const ORACLE_SQL = `PRAGMA synchronous=OFF;
PRAGMA integrity_check(1);
.once counts.sql
SELECT 'SELECT ''' || name || ''', count(*) FROM ' || name || ';' FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid;
.read counts.sql
.once facts
PRAGMA user_version; PRAGMA application_id; PRAGMA schema_version; PRAGMA page_size; PRAGMA freelist_count;
`;

interface Case {
  readonly title: string;
  readonly content: Content;
  readonly said: string;
  readonly facts: string;
  readonly checkpointed: Uint8Array;
}

/** By seed, in the order in which they were. */
const cases = new Map<number, Case[]>();
const OURS = ['said', 'facts', 'checkpointed'];

function casesOf(seed: number): Case[] {
  const home = path.join(folder, 'work', String(seed));
  const names = fs.readdirSync(home).filter((name) => /^[smw]\d+$/.test(name));
  return names
    .sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)) || (a < b ? -1 : 1))
    .map((name) => {
      const at = (file: string): string => path.join(home, name, file);
      const all = contentOf(path.join(home, name));
      return {
        title: `${seed}/${name}`,
        content: new Map([...all].filter(([file]) => !OURS.includes(path.posix.basename(file)))),
        said: fs.readFileSync(at('said'), 'utf8').trim(),
        facts: fs.readFileSync(at('facts'), 'utf8').trim(),
        checkpointed: fs.readFileSync(at('checkpointed')),
      };
    });
}

const FAST = { ...LIMITS, pause: 0 };
const DATABASE = '/data/x.db';
const words = ({ tables }: Database): string => (tables ?? []).map(({ name, rows }) => `${name}|${rows}`).join('\n');
const said = (database: Database): string => `ok\n${words(database)}`.trim();
const tally = { moved: 0, read: 0, careless: 0 };
const isHot = ({ content }: Case): boolean =>
  Buffer.from(content.get(`${DATABASE}-journal`) ?? [])
    .toString('hex')
    .startsWith('d9d505f920a163d7');

if (!engine) test.skip(`no engine: ${whyNone()}`, () => undefined);

describe.runIf(engine)('databases of the sqlite3 shell', () => {
  const shell = (...args: string[]): Promise<string> =>
    engine!.compose(['--progress', 'quiet', '-p', NAME, ...args], folder);

  beforeAll(async () => {
    await engine!.images('sqlite');
    const work = path.join(folder, 'work');
    for (const seed of SEEDS) {
      fs.mkdirSync(path.join(work, String(seed)), { recursive: true });
      fs.writeFileSync(path.join(work, String(seed), 'history.sql'), history(seed));
    }
    fs.writeFileSync(path.join(work, 'oracle.sh'), ORACLE);
    fs.writeFileSync(path.join(work, 'oracle.sql'), ORACLE_SQL);
    fs.writeFileSync(path.join(folder, 'compose.yaml'), COMPOSE);
    await shell('up', '-d', '--pull', 'never');
    const all = 'for d; do cd /work/$d && sqlite3 x.db < history.sql > printed 2>&1 || { cat printed; exit 1; }; done';
    for (let at = 0; at < SEEDS.length; at += 8) {
      const some = SEEDS.slice(at, at + 8).map(String);
      await shell('exec', '-T', 'shell', 'sh', '-c', all, 'sh', ...some);
      for (const seed of some) breakSome(path.join(work, seed), Number(seed));
      await shell('exec', '-T', 'shell', 'sh', '/work/oracle.sh', ...some);
    }
    for (const seed of SEEDS) cases.set(seed, casesOf(seed));
  });

  afterAll(async () => {
    await shell('down', '-t', '0', '-v').catch(() => undefined);
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /** `m3` is `s3` with a broken log, `w3` with one from a machine with the other order of bytes. */
  function breakSome(home: string, seed: number): void {
    const random = randomFrom(seed);
    for (const name of fs.readdirSync(home).filter((one) => /^s\d+$/.test(one))) {
      const log = path.join(home, name, 'x.db-wal');
      if (!fs.existsSync(log) || fs.statSync(log).size === 0) continue;
      const wal = new Uint8Array(fs.readFileSync(log));
      for (const [letter, made] of [
        ['m', broken(wal, random)],
        ['w', otherEndian(wal)],
      ] as const) {
        const copy = path.join(home, `${letter}${name.slice(1)}`);
        fs.cpSync(path.join(home, name), copy, { recursive: true });
        fs.writeFileSync(path.join(copy, 'x.db-wal'), made);
      }
    }
  }

  test('they are many and of all kinds', () => {
    const all = [...cases.values()].flat();
    const logs = all.map(({ content }) => readWal(content.get(`${DATABASE}-wal`) ?? new Uint8Array()));
    const sizes = new Set(all.map(({ content }) => headerOf(content.get(DATABASE)!)?.pageSize));
    expect(cases.size).toBeGreaterThanOrEqual(40);
    expect(all.length).toBeGreaterThan(250);
    expect(sizes.size).toBe(8);
    expect(logs.filter(Boolean).length).toBeGreaterThan(100);
    expect(all.filter(isHot).length).toBeGreaterThan(5);
    const shrunk = all.filter(
      ({ content }, i) => logs[i] && logs[i].pages * logs[i].pageSize < content.get(DATABASE)!.length,
    );
    expect(shrunk.length).toBeGreaterThan(5);
    console.log(
      `${cases.size} databases, ${all.length} copies: ${logs.filter(Boolean).length} with committed pages in the log, ${shrunk.length} that shrink by it, ${all.filter(isHot).length} with a hot journal`,
    );
  });

  test.each(SEEDS)('history %i: as many rows, and the same facts', async (seed) => {
    for (const one of cases.get(seed)!) {
      const read = readDatabase(
        filesOf(() => one.content),
        DATABASE,
        FAST,
      );
      if (isHot(one)) {
        await expect(read, one.title).rejects.toThrow(/a rollback journal lies beside/);
        continue;
      }
      // A broken log may break the database with it, when a checkpoint was cut off: SQLite does not repair that.
      if (!one.said.startsWith('ok')) {
        const damage = await read.then(
          (database) => database?.damage,
          (error: Error) => error.message,
        );
        expect(damage, one.title).toMatch(/damaged|malformed|page/);
        continue;
      }
      const database = await read;
      expect(database?.damage, one.title).toBeNull();
      expect(said(database!), one.title).toBe(one.said);
      const { userVersion, applicationId, schemaCookie, pageSize, freePages } = database!.header!;
      expect([userVersion, applicationId, schemaCookie, pageSize, freePages].join('\n'), one.title).toBe(one.facts);
    }
  });

  test.each(SEEDS)('history %i: the same pages as after a checkpoint', (seed) => {
    for (const { title, content, checkpointed } of cases.get(seed)!.filter((one) => !isHot(one))) {
      const [main, log] = [content.get(DATABASE)!, content.get(`${DATABASE}-wal`) ?? null];
      const image = Buffer.from(merged(main, log, log && readWal(log)));
      // Only the mode differs: the shell leaves the database in the one that it was in.
      const expected = Buffer.from(checkpointed).fill(1, 18, 20);
      expect(image.equals(expected), title).toBe(true);
    }
  });

  test.each(SEEDS)('history %i: a copy into which others write is noticed', async (seed) => {
    const states = cases.get(seed)!.filter(({ title }) => /s\d+$/.test(title));
    const random = randomFrom(seed);
    for (let round = 0; round < 10; round++) {
      const speed = random.pick([0.03, 0.1, 0.3, 0.6]);
      const start = random.below(states.length);
      let at = start;
      const files = filesOf(() => {
        if (random.chance(speed)) at = Math.min(at + 1, states.length - 1);
        return states[at]!.content;
      });
      const database = await readDatabase(files, DATABASE, FAST).catch((error: unknown) => {
        if (!(error instanceof Unable)) throw error;
        return null;
      });
      const possible = states.slice(start, at + 1).map(({ said }) => said);
      if (at > start) tally.moved++;
      if (database?.tables && at > start) tally.read++;
      if (database?.tables) expect(possible, `round ${round}, ${start} to ${at}`).toContain(said(database));
      const careless = await once(states[start]!, states[at]!);
      if (!careless || !possible.includes(said(careless))) tally.careless++;
    }
  });

  /** As one would copy without care: first the database, and its log some time later. */
  function once(first: Case, later: Case): Promise<Database | null> {
    const log = later.content.get(`${DATABASE}-wal`);
    const content = new Map([
      [DATABASE, first.content.get(DATABASE)!],
      ...(log ? [[`${DATABASE}-wal`, log] as const] : []),
    ]);
    return readDatabase(
      filesOf(() => content),
      DATABASE,
      FAST,
    ).catch(() => null);
  }

  test('of those that were written to most were read all the same, and care was needed', () => {
    console.log(
      `${tally.moved} copies while others wrote: ${tally.read} read, ${tally.moved - tally.read} refused; ${tally.careless} copies without care were wrong`,
    );
    expect(tally.read).toBeGreaterThan(tally.moved / 4);
    expect(tally.careless).toBeGreaterThan(20);
  });
});
