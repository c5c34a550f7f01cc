import { describe, expect, test } from 'vitest';
import { factsIn, identifierIn, POSTGRES, tablesIn, weaknessesOf } from '../../../server/live/probes/postgres.ts';
import { type Client, type Scripted, scripted } from './scripted.ts';

const SECRET = 'hunter2-and-more';
const IDENTIFIER = '7710291319128440849';

const FACTS: Client['says'] = [
  [/^select 1$/, '1'],
  [
    /pg_settings where name in/,
    'setting|data_directory|/var/lib/postgresql/data\nsetting|fsync|on\nsetting|server_version|15.20 (Debian)',
  ],
  [/pg_control_system/, `fact|system_identifier|${IDENTIFIER}`],
  [/pg_stat_file/, 'fact|initialised|2026-01-02 03:04'],
  [/'recovery'/, 'fact|recovery|f'],
  [/pg_tablespace_location/, ''],
  [/'databases'/, 'fact|databases|2'],
  [/^select datname/, 'postgres\nshop'],
];
const TABLES = /^select 'tables'/;

const psql = (...says: Client['says']): Client => ({ by: '-c', says: [...says, ...FACTS] });
const server = (client: Client, more: Scripted = {}) => scripted({ clients: { psql: client }, ...more });
const FAILED = (err: string): Client => ({ by: '-c', says: [[/.*/, { err, code: 2 }]] });

const control = (): Uint8Array => {
  const bytes = Buffer.alloc(8192);
  bytes.writeBigUInt64LE(BigInt(IDENTIFIER));
  return bytes;
};

describe('read', () => {
  test('nothing in it', async () => {
    const { ask } = server(psql([TABLES, 'tables|0|0|0|0']));
    expect(await POSTGRES.read(ask)).toEqual({
      writesTo: ['/var/lib/postgresql/data'],
      fingerprint: IDENTIFIER,
      empty: true,
      count: 0,
      contents: '0 tables in 2 databases',
      weaknesses: [],
      evidence: ['PostgreSQL 15.20 (Debian)', 'It was initialised on 2026-01-02 03:04 UTC'],
    });
  });

  test('tables of all databases, a log and a tablespace elsewhere', async () => {
    const client = psql([TABLES, 'tables|3|2|1|0'], [/pg_tablespace_location/, 'tablespace|fast|/fast']);
    const link = { kind: 'link', linkTarget: '/log/pg_wal' } as const;
    const { ask } = server(client, { stats: { '/var/lib/postgresql/data/pg_wal': link } });
    expect(await POSTGRES.read(ask)).toMatchObject({
      writesTo: ['/var/lib/postgresql/data', '/log/pg_wal', '/fast'],
      empty: false,
      count: 6,
      contents: '6 tables in 2 databases, 4 of them with rows',
      weaknesses: [{ setting: '2 unlogged tables', weight: 'note' }],
    });
  });

  test('tables without rows are nothing, large objects are something', async () => {
    expect(await POSTGRES.read(server(psql([TABLES, 'tables|3|0|0|0'])).ask)).toMatchObject({
      empty: true,
      contents: '6 tables in 2 databases, none of them with rows',
    });
    expect(await POSTGRES.read(server(psql([TABLES, 'tables|0|0|0|4'])).ask)).toMatchObject({ empty: false, count: 0 });
  });

  test('an old version, or a user who may not see everything', async () => {
    const denied = (asked: RegExp) => [asked, { err: 'ERROR:  permission denied', code: 1 }] as const;
    const client = psql(
      denied(/pg_control_system/),
      denied(/pg_stat_file/),
      [/pg_settings where name in/, 'setting|fsync|on'],
      denied(TABLES),
    );
    const more = { cwd: '/pg', files: { '/pg/global/pg_control': control() } };
    expect(await POSTGRES.read(server(client, more).ask)).toMatchObject({
      writesTo: ['/pg'],
      fingerprint: IDENTIFIER,
      empty: null,
      count: null,
      contents: null,
    });
    await expect(POSTGRES.read(server(client).ask)).rejects.toThrow('does not tell its directory');
  });

  test('a login that fails', async () => {
    const client = FAILED('psql: error: FATAL:  password authentication failed for user "postgres"');
    const more = { cwd: '/pg', files: { '/pg/global/pg_control': control() } };
    expect(await POSTGRES.read(server(client, more).ask)).toMatchObject({
      writesTo: ['/pg'],
      fingerprint: IDENTIFIER,
      empty: null,
      evidence: ['No login worked, so its content is not known'],
    });
    await expect(POSTGRES.read(server(client).ask)).rejects.toThrow(/^FATAL: {2}password authentication failed/);
  });

  test('no client', async () => {
    await expect(POSTGRES.read(scripted({}).ask)).rejects.toThrow('there is no psql in the container');
  });

  test.each([
    [{ POSTGRES_PASSWORD: SECRET, POSTGRES_USER: 'app' }, 'app'],
    [{ POSTGRESQL_PASSWORD: SECRET, POSTGRESQL_USERNAME: 'bit' }, 'bit'],
    [{ PGPASSWORD: SECRET }, 'postgres'],
  ])('the login %o stays in the environment, and reading is read-only', async (env, user) => {
    const { ask, argvs, noted } = server(psql([TABLES, 'tables|0|0|0|0']), {
      env,
      command: ['postgres', '-c', 'port=6000'],
    });
    await POSTGRES.read(ask);
    const calls = noted();
    expect(new Set(calls.map((one) => one.env.PGPASSWORD))).toEqual(new Set([SECRET]));
    expect(calls[0]!.env).toMatchObject({ PGUSER: user, PGPORT: '6000', PGDATABASE: 'postgres' });
    expect(calls.every((one) => one.env.PGOPTIONS!.includes('default_transaction_read_only=on'))).toBe(true);
    expect(JSON.stringify([argvs, calls.map(({ argv }) => argv)])).not.toContain(SECRET);
    expect(calls.map(({ env: own }) => own.PGDATABASE)).toContain('shop');
    expect(JSON.stringify(calls.map(({ argv }) => argv))).not.toContain('shop');
  });
});

describe('planting', () => {
  const planting = POSTGRES.planting!;

  test.each([
    ['t|off|/data', {}, 'it is a replica, or still in recovery'],
    ['f|on|/data', {}, 'it is read-only'],
    ['f|off|/data', { free: 10 }, 'the disk that holds /data is full'],
    ['f|off|', {}, null],
  ])('%s', async (said, more, reason) => {
    const { ask } = server(psql([/^select pg_is_in_recovery/, said]), more);
    expect(await planting.refusal!(ask)).toBe(reason);
  });

  test('a schema of its own', async () => {
    const { ask, noted } = server(psql([/^(create|insert|drop|set) /, '']));
    await planting.plant(ask, 'abc');
    await planting.remove(ask, 'abc');
    expect(
      noted()
        .flatMap(({ asked }) => asked)
        .filter((sql) => !/^select/.test(sql)),
    ).toEqual([
      'create schema persist_probe_abc',
      'create table persist_probe_abc.t (v text)',
      "insert into persist_probe_abc.t values ('abc')",
      'set client_min_messages to warning',
      'drop schema if exists persist_probe_abc cascade',
    ]);
  });

  test('is looked for only where it can be', async () => {
    expect(await planting.find(server(psql([/to_regclass/, 'f'])).ask, 'abc')).toBe(false);
    expect(await planting.find(server(psql([/to_regclass/, 't'], [/count/, 't'])).ask, 'abc')).toBe(true);
  });

  test('a refusal of the server is told', async () => {
    const { ask } = server(
      psql([/^create/, { err: 'ERROR:  could not extend file: No space left on device', code: 1 }]),
    );
    await expect(planting.plant(ask, 'abc')).rejects.toThrow('No space left on device');
  });
});

test('odd outputs', () => {
  expect(factsIn('WARNING: x\nsetting|a|b|c\n\nfact|d|').settings.get('a')).toBe('b|c');
  expect(tablesIn('')).toEqual({ databases: 0, tables: 0, filled: 0, unlogged: 0, largeObjects: 0 });
  expect(identifierIn(null)).toBeNull();
  expect(identifierIn(new Uint8Array(3))).toBeNull();
  const off = factsIn('setting|fsync|off\nsetting|full_page_writes|off\nsetting|synchronous_commit|off');
  expect(weaknessesOf(off, 0).map(({ weight }) => weight)).toEqual(['risk', 'note', 'note']);
});
