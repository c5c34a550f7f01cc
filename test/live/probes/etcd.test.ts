import { describe, expect, test } from 'vitest';
import { directoriesOf, ETCD, numberIn, reasonIn } from '../../../server/live/probes/etcd.ts';
import { type Client, type Scripted, scripted } from './scripted.ts';

const SECRET = 'hunter2-and-more';
const HEADER =
  '"header":{"cluster_id":14841639068965178418,"member_id":10276657743932975437,"revision":7,"raft_term":2}';
const STATUS = `[{"Endpoint":"127.0.0.1:2379","Status":{${HEADER},"version":"3.4.23","dbSize":20480,"leader":1,"raftIndex":4}}]`;

const client = (...says: Client['says']): Client => ({
  by: 'all',
  says: [
    ...says,
    [/endpoint status/, STATUS],
    [/ get .*--keys-only/, `{${HEADER},"kvs":[{"key":"YQ=="}],"more":true,"count":3}`],
    [/alarm list/, ''],
  ],
});
const server = (one: Client, more: Scripted = {}) => scripted({ clients: { etcdctl: one }, ...more });
const COMMAND = ['etcd', '--data-dir', '/etcd-data'];
const stats = { '/etcd-data/member/snap/db': {} };

describe('read', () => {
  test('keys, and the directory of its arguments', async () => {
    expect(await ETCD.read(server(client(), { command: COMMAND, stats }).ask)).toEqual({
      writesTo: ['/etcd-data'],
      fingerprint: null,
      empty: false,
      count: 3,
      contents: '3 keys',
      weaknesses: [],
      evidence: ['etcd 3.4.23', 'Its revision is 7'],
    });
  });

  test('a fresh one', async () => {
    const one = client(
      [/endpoint status/, STATUS.replace('"revision":7', '"revision":1')],
      [/--keys-only/, `{${HEADER}}`],
    );
    expect(await ETCD.read(server(one, { command: COMMAND, stats }).ask)).toMatchObject({
      empty: true,
      count: 0,
      evidence: ['etcd 3.4.23', 'Its revision is 1: nothing was ever written to this store'],
    });
  });

  test('what the server says of its arguments wins, and what is not there is not told', async () => {
    const http = () => ({ json: { cmdline: ['etcd', '--data-dir=/real', '--unsafe-no-fsync'] } });
    const told = await ETCD.read(
      server(client(), { command: COMMAND, stats: { '/real/member/snap/db': {} }, http }).ask,
    );
    expect(told).toMatchObject({ writesTo: ['/real'], weaknesses: [{ setting: '--unsafe-no-fsync', weight: 'risk' }] });
    expect((await ETCD.read(server(client(), { command: COMMAND }).ask)).writesTo).toEqual([]);
  });

  test.each([
    ['{"level":"warn","msg":"x"}\nError: context deadline exceeded', 'context deadline exceeded'],
    ['Error: etcdserver: user name is empty', 'etcdserver: user name is empty'],
  ])('%s', async (err, reason) => {
    await expect(ETCD.read(server({ by: 'all', says: [[/.*/, { err, code: 1 }]] }).ask)).rejects.toThrow(reason);
  });

  test('a login comes from the variables of the container', async () => {
    const { ask, argvs, noted } = server(client(), { env: { ETCD_ROOT_PASSWORD: SECRET }, command: COMMAND });
    await ETCD.read(ask);
    expect(noted()[0]!.env).toMatchObject({ ETCDCTL_USER: `root:${SECRET}`, ETCDCTL_API: '3' });
    expect(JSON.stringify([argvs, noted().map(({ argv }) => argv)])).not.toContain(SECRET);
  });

  test('without a login, no shell is needed', async () => {
    const { ask, argvs } = server(client(), { command: COMMAND });
    await ETCD.read(ask);
    expect(argvs.every(([program]) => program === 'etcdctl')).toBe(true);
  });

  test('no client', async () => {
    await expect(ETCD.read(scripted({}).ask)).rejects.toThrow('there is no etcdctl in the container');
  });
});

test('where it writes', () => {
  const none = (): undefined => undefined;
  expect(directoriesOf(['etcd'], none, null, '/')).toEqual(['/default.etcd']);
  expect(directoriesOf(['etcd', '--name=a'], none, null, '/w')).toEqual(['/w/a.etcd']);
  expect(directoriesOf(['etcd'], (name) => (name === 'ETCD_DATA_DIR' ? '/d' : undefined), null, '/')).toEqual(['/d']);
  expect(directoriesOf(['etcd', '--data-dir', '/d', '--wal-dir', '/wal'], none, null, '/')).toEqual(['/d', '/wal']);
  expect(directoriesOf(['etcd', '--data-dir', '/d'], none, "name: x\ndata-dir: '/file' # here\n", '/')).toEqual([
    '/file',
  ]);
});

describe('planting', () => {
  const planting = ETCD.planting!;

  test.each([
    [client([/alarm list/, 'memberID:1 alarm:NOSPACE']), {}, 'it has no space left'],
    [client([/alarm list/, 'memberID:1 alarm:CORRUPT']), {}, 'it found its own data corrupt'],
    [
      client([/endpoint status/, STATUS.replace('"leader"', '"isLearner":true,"leader"')]),
      {},
      'it is a learner, which takes no writes',
    ],
    [client(), { command: COMMAND, stats, free: 10 }, 'the disk that holds /etcd-data is full'],
    [client(), {}, null],
  ] as const)('is refused %#', async (one, more, reason) => {
    expect(await planting.refusal!(server(one, more).ask)).toBe(reason);
  });

  test('with a lease, which is revoked', async () => {
    const one = client(
      [/lease grant/, 'lease 694d8a60b8a9250d granted with TTL(3600s)'],
      [/put persist_probe_abc abc --lease=694d8a60b8a9250d/, 'OK'],
      [/get persist_probe_abc --write-out/, `{${HEADER},"kvs":[{"key":"x","lease":7587873095208740109}],"count":1}`],
      [/lease revoke 694d8a60b8a9250d/, 'lease revoked'],
      [/del persist_probe_abc/, '0'],
    );
    const { ask, noted } = server(one);
    await planting.plant(ask, 'abc');
    await planting.remove(ask, 'abc');
    expect(noted().map(({ argv }) => argv.slice(1, 3).join(' '))).toEqual([
      'lease grant',
      'put persist_probe_abc',
      'get persist_probe_abc',
      'lease revoke',
      'del persist_probe_abc',
    ]);
  });

  test('nothing is there to be removed', async () => {
    const one = client([/get persist_probe_abc/, `{${HEADER}}`], [/del/, '0']);
    await expect(planting.remove(server(one).ask, 'abc')).resolves.toBeUndefined();
    expect(await planting.find(server(client([/get/, ''])).ask, 'abc')).toBe(false);
  });
});

test('odd outputs', () => {
  expect(numberIn('{"count": "12"}', 'count')).toBe('12');
  expect(numberIn('', 'count')).toBeNull();
  expect(reasonIn('')).toBe('');
});
