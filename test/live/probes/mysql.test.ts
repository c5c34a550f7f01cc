import { describe, expect, test } from 'vitest';
import {
  ariaIdentifier,
  autoIdentifier,
  factsIn,
  MARIADB,
  MYSQL,
  weaknessesOf,
  writesTo,
} from '../../../server/live/probes/mysql.ts';
import { type Client, type Scripted, scripted } from './scripted.ts';

const SECRET = 'hunter2-and-more';
const ARIA = Buffer.from(`fefe0c01b1140327e50011f1a6001a44075597f3${'00'.repeat(32)}`, 'hex');
const UUID = '3e11fa47-71ca-11e1-9e33-c80aa9429562';

const variables = (more: Readonly<Record<string, string>> = {}): string =>
  Object.entries({
    datadir: '/var/lib/mysql/',
    innodb_data_home_dir: '',
    innodb_log_group_home_dir: './',
    innodb_flush_log_at_trx_commit: '1',
    log_bin: 'OFF',
    sync_binlog: '0',
    version: '10.11.19-MariaDB',
    version_comment: 'Debian 12',
    ...more,
  })
    .map((pair) => pair.join('\t'))
    .join('\n');
const client = (says: Client['says'] = []): Client => ({
  by: '-c',
  says: [...says, [/^select 1$/, '1'], [/^SHOW GLOBAL VARIABLES/, variables()], [/^SELECT COUNT/, '0\t0\t0']],
});
const DENIED: Client = {
  by: '-c',
  says: [[/.*/, { err: "ERROR 1045 (28000): Access denied for user 'root'@'localhost'", code: 1 }]],
};
const server = (one: Client, more: Scripted = {}, name = 'mariadb') => scripted({ clients: { [name]: one }, ...more });
const files = { '/var/lib/mysql/aria_log_control': ARIA };

describe('read', () => {
  test('an empty MariaDB', async () => {
    expect(await MARIADB.read(server(client(), { files }).ask)).toEqual({
      writesTo: ['/var/lib/mysql'],
      fingerprint: 'b1140327e50011f1a6001a44075597f3',
      empty: true,
      count: 0,
      contents: '0 tables in 0 databases',
      weaknesses: [],
      evidence: ['Debian 12 10.11.19-MariaDB'],
    });
  });

  test('a MySQL with tables', async () => {
    const told = variables({
      server_uuid: UUID,
      log_bin: 'ON',
      log_bin_basename: '/logs/binlog',
      innodb_doublewrite: 'OFF',
    });
    const one = client([
      [/^SHOW GLOBAL/, told],
      [/^SELECT COUNT/, '12\t2\t1'],
    ]);
    expect(await MYSQL.read(server(one, {}, 'mysql').ask)).toMatchObject({
      writesTo: ['/var/lib/mysql', '/logs'],
      fingerprint: UUID,
      empty: false,
      count: 12,
      contents: '12 tables in 2 databases',
      weaknesses: [
        { setting: 'innodb_doublewrite OFF' },
        { setting: 'sync_binlog 0' },
        { setting: '1 table of the engines MEMORY and BLACKHOLE' },
      ],
    });
  });

  test('one who does not see all databases knows of no emptiness', async () => {
    const one: Client = {
      by: 'all',
      says: [
        [/-uroot/, { err: 'ERROR 1045', code: 1 }],
        [/select 1/, '1'],
        [/SHOW GLOBAL/, variables()],
        [/SELECT COUNT/, '0\t0\t0'],
      ],
    };
    const { ask, noted, argvs } = server(one, { env: { MYSQL_USER: 'app', MYSQL_PASSWORD: SECRET } });
    expect(await MARIADB.read(ask)).toMatchObject({
      empty: null,
      count: null,
      contents: '0 tables in 0 databases that its user may see',
    });
    expect(noted().at(-1)!.env.MYSQL_PWD).toBe(SECRET);
    expect(noted().at(-1)!.argv).toContain('-uapp');
    expect(JSON.stringify([argvs, noted().map(({ argv }) => argv)])).not.toContain(SECRET);
  });

  test('without a login', async () => {
    expect(await MARIADB.read(server(DENIED, { files, cwd: '/var/lib/mysql' }).ask)).toMatchObject({
      writesTo: ['/var/lib/mysql'],
      fingerprint: 'b1140327e50011f1a6001a44075597f3',
      empty: null,
      evidence: ['No login worked, so its content is not known'],
    });
    const auto = { '/var/lib/mysql/auto.cnf': `[auto]\nserver-uuid=${UUID}\n` };
    expect(await MYSQL.read(server(DENIED, { files: auto, cwd: '/var/lib/mysql' }, 'mysql').ask)).toMatchObject({
      fingerprint: UUID,
    });
    await expect(MARIADB.read(server(DENIED).ask)).rejects.toThrow('ERROR 1045 (28000): Access denied');
  });

  test('no client', async () => {
    await expect(MYSQL.read(scripted({}).ask)).rejects.toThrow('there is no mariadb in the container');
  });

  test.each(['MARIADB_ROOT_PASSWORD', 'MYSQL_ROOT_PASSWORD'])('the password of %s', async (name) => {
    const { ask, argvs, noted } = server(client(), { env: { [name]: SECRET } });
    await MARIADB.read(ask);
    expect(new Set(noted().map(({ env }) => env.MYSQL_PWD))).toEqual(new Set([SECRET]));
    expect(JSON.stringify([argvs, noted().map(({ argv }) => argv)])).not.toContain(SECRET);
  });
});

describe('planting', () => {
  const planting = MARIADB.planting!;

  test.each([
    ['read_only\tON', '', {}, 'it is read-only'],
    ['super_read_only\tON\nread_only\tON', '', {}, 'it is read-only'],
    ['read_only\tOFF', 'Waiting for source', {}, 'it is a replica'],
    ['datadir\t/var/lib/mysql/', '', { free: 10 }, 'the disk that holds /var/lib/mysql/ is full'],
    ['read_only\tOFF', '', {}, null],
  ])('%s, %s', async (settings, status, more, reason) => {
    const one = client([
      [/^SHOW GLOBAL/, settings],
      [/^SHOW REPLICA/, { err: 'ERROR 1064', code: 1 }],
      [/^SHOW SLAVE/, status],
    ]);
    expect(await planting.refusal!(server(one, more).ask)).toBe(reason);
  });

  test('a database of its own, not told to replicas', async () => {
    const { ask, noted } = server(
      client([
        [/^SELECT @@GLOBAL/, '0'],
        [/^SET SESSION/, ''],
      ]),
    );
    await planting.plant(ask, 'abc');
    await planting.remove(ask, 'abc');
    expect(
      noted()
        .flatMap(({ asked }) => asked)
        .filter((sql) => sql.startsWith('SET')),
    ).toEqual([
      "SET SESSION sql_log_bin = 0; CREATE DATABASE persist_probe_abc; CREATE TABLE persist_probe_abc.t (v VARCHAR(64)) ENGINE=InnoDB; INSERT INTO persist_probe_abc.t VALUES ('abc'); COMMIT; DO SLEEP(1.5)",
      'SET SESSION sql_log_bin = 0; DROP DATABASE IF EXISTS persist_probe_abc',
    ]);
  });

  test('is looked for only where it can be', async () => {
    const found = (there: string) =>
      server(
        client([
          [/information_schema/, there],
          [/persist_probe_abc.t/, '1'],
        ]),
      ).ask;
    expect(await planting.find(found('0'), 'abc')).toBe(false);
    expect(await planting.find(found('1'), 'abc')).toBe(true);
  });
});

test('odd outputs', () => {
  const facts = factsIn(
    '@as\nroot\n@variables\ndatadir\t/d/\ninnodb_log_group_home_dir\t./log\ninnodb_data_home_dir\t/other\nlog_bin_basename\tNULL\nodd\n@tables\n',
  );
  expect(facts.tables).toBeNull();
  expect(writesTo(facts)).toEqual(['/d', '/other']);
  expect(writesTo(factsIn(''))).toEqual([]);
  const careless = factsIn('@variables\ninnodb_flush_log_at_trx_commit\t0');
  expect(weaknessesOf(careless).map(({ weight }) => weight)).toEqual(['risk']);
  expect(ariaIdentifier(Buffer.alloc(52))).toBeNull();
  expect(ariaIdentifier(ARIA.subarray(0, 10))).toBeNull();
  expect(autoIdentifier(Buffer.from('[auto]'))).toBeNull();
});
