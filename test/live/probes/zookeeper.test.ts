/** Answers as the Administrator's Guide has them. */
import { describe, expect, test } from 'vitest';
import { fromAdmin, fromFile, fromSrvr, ZOOKEEPER } from '../../../server/live/probes/zookeeper.ts';
import { scripted } from './scripted.ts';

const CONFIGURATION = {
  client_port: 2181,
  data_dir: '/data/version-2',
  data_log_dir: '/datalog/version-2',
  command: 'configuration',
};
const SRVR = {
  version: '3.8.0-5a02a05',
  server_stats: { server_state: 'standalone', last_processed_zxid: 7 },
  node_count: 7,
};
const WORDS = `Zookeeper version: 3.8.0-5a02a05, built on 2022-02-25 08:49 UTC\nLatency min/avg/max: 0/0.0/0\nZxid: 0x7\nMode: standalone\nNode count: 5\n`;
const http = ({ path }: { path: string }) => ({ json: path.endsWith('configuration') ? CONFIGURATION : SRVR });

describe('read', () => {
  test('by the admin server', async () => {
    expect(await ZOOKEEPER.read(scripted({ http }).ask)).toEqual({
      writesTo: ['/data', '/datalog'],
      fingerprint: null,
      empty: false,
      count: 2,
      contents: '2 nodes',
      weaknesses: [],
      evidence: [
        'ZooKeeper 3.8.0, standalone',
        'Its last transaction is 7',
        'Its log of transactions is kept apart, in /datalog',
      ],
    });
  });

  test('by its words and its file', async () => {
    const { ask } = scripted({
      clients: { nc: { by: 'line', says: [[/srvr/, WORDS]] } },
      files: { '/conf/zoo.cfg': 'dataDir=/data\nforceSync=no\n' },
    });
    expect(await ZOOKEEPER.read(ask)).toMatchObject({
      writesTo: ['/data'],
      empty: true,
      count: 0,
      weaknesses: [{ weight: 'risk' }],
    });
  });

  test('by nothing', async () => {
    await expect(ZOOKEEPER.read(scripted({}).ask)).rejects.toThrow(
      'neither its admin server nor the command srvr answered',
    );
  });
});

describe('planting', () => {
  const planting = ZOOKEEPER.planting!;
  const shell = (out: string, code = 0) =>
    scripted({ clients: { 'zkCli.sh': { by: 'all', says: [[/.*/, { out, code }]] } } }).ask;

  test('a node', async () => {
    await expect(planting.plant(shell('WatchedEvent\nCreated /persist_probe_abc'), 'abc')).resolves.toBeUndefined();
    await expect(planting.plant(shell('Authentication is not valid'), 'abc')).rejects.toThrow('not valid');
    expect(await planting.find(shell('WatchedEvent\nabc'), 'abc')).toBe(true);
    expect(await planting.find(shell('Node does not exist: /persist_probe_abc', 1), 'abc')).toBe(false);
    await expect(planting.remove(shell('Node does not exist: /persist_probe_abc', 1), 'abc')).resolves.toBeUndefined();
    await expect(planting.remove(shell('Connection refused', 1), 'abc')).rejects.toThrow('Connection refused');
  });
});

test('odd outputs', () => {
  expect(fromSrvr('srvr is not executed because it is not in the whitelist.')).toEqual({});
  expect(fromAdmin({}, null)).toMatchObject({ data: null, nodes: null });
  expect(fromFile('# dataDir=/no\n dataDir = ../zoo ', '/')).toMatchObject({ log: null, forced: true });
});
