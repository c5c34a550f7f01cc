/** Outputs as the tools' documentation has them: no server of it was at hand. */
import { describe, expect, test } from 'vitest';
import { describedIn, KAFKA, propertyIn } from '../../../server/live/probes/kafka.ts';
import { type Client, scripted } from './scripted.ts';

const partition = (name: string) => ({ partition: name, size: 0, offsetLag: 0, isFuture: false });
const described = (...names: string[]): string =>
  `Querying brokers for log directories information\nReceived log directory information from brokers 1\n${JSON.stringify(
    {
      version: 1,
      brokers: [
        { broker: 1, logDirs: [{ partitions: names.map(partition), error: null, logDir: '/tmp/kraft-combined-logs' }] },
      ],
    },
  )}`;
const META = '#Thu Jan 01 00:00:00 UTC 2026\ncluster.id=MkU3OEVBNTcwNTJENDM2Qg\nversion=1\nnode.id=1\n';
const files = { '/tmp/kraft-combined-logs/meta.properties': META };
const logs = (out: string): Readonly<Record<string, Client>> => ({
  'kafka-log-dirs.sh': { by: 'all', says: [[/--describe/, out]] },
});

describe('read', () => {
  test('topics of users', async () => {
    const { ask, noted } = scripted({
      clients: logs(described('orders-0', 'orders-1', '__consumer_offsets-0')),
      files,
      env: { KAFKA_OPTS: '-javaagent:x' },
    });
    expect(await KAFKA.read(ask)).toEqual({
      writesTo: ['/tmp/kraft-combined-logs'],
      fingerprint: 'MkU3OEVBNTcwNTJENDM2Qg',
      empty: false,
      count: 1,
      contents: '1 topic',
      weaknesses: [],
      evidence: [],
    });
    expect(noted()[0]!.env.KAFKA_OPTS).toBeUndefined();
  });

  test('a listener that is not reached', async () => {
    const own = { ...files, '/opt/kafka/config/server.properties': 'log.dirs=/tmp/kraft-combined-logs\n' };
    expect(await KAFKA.read(scripted({ files: own }).ask)).toMatchObject({
      writesTo: ['/tmp/kraft-combined-logs'],
      fingerprint: 'MkU3OEVBNTcwNTJENDM2Qg',
      empty: null,
      count: null,
    });
    await expect(KAFKA.read(scripted({}).ask)).rejects.toThrow('neither kafka-log-dirs nor its configuration');
  });
});

test('planting', async () => {
  const planting = KAFKA.planting!;
  const topics = (list: string): Client => ({
    by: 'all',
    says: [
      [/--list/, list],
      [/--(create|delete)/, ''],
    ],
  });
  const clients = {
    'kafka-topics': topics('orders\npersist_probe_abc'),
    'kafka-console-producer': { by: 'line', says: [[/^abc$/, '']] },
    'kafka-console-consumer': { by: 'all', says: [[/--partition 0/, 'abc']] },
  } as const;
  const { ask } = scripted({ clients });
  await planting.plant(ask, 'abc');
  expect(await planting.find(ask, 'abc')).toBe(true);
  await planting.remove(ask, 'abc');
  expect(await planting.find(scripted({ clients: { 'kafka-topics': topics('orders') } }).ask, 'abc')).toBe(false);
});

test('odd outputs', () => {
  expect(describedIn('Error')).toBeNull();
  expect(describedIn('{"version":1}')).toBeNull();
  expect(propertyIn('advertised.listeners=A\\://x\n', 'advertised.listeners')).toBe('A://x');
  expect(propertyIn('log.dirs=\n', 'log.dirs')).toBeUndefined();
});
