import { describe, expect, test } from 'vitest';
import type { Container } from '../../../server/live/engine.ts';
import { NATS, replyOf, streamsOf } from '../../../server/live/probes/nats.ts';
import { Unable } from '../../../server/live/probes/probe.ts';
import { json } from '../helpers.ts';
import { answers, ask, type Setup } from './asked.ts';

const stream = (name: string, storage: string, messages: number): object => ({
  name,
  created: '2026-01-02T03:04:05.000000001Z',
  config: { name, storage },
  state: { messages, bytes: messages * 10 },
});
const status = (...streams: object[]): object => ({
  server_id: 'NX',
  config: { max_memory: 1, max_storage: 1, store_dir: '/data/jetstream' },
  account_details: [{ name: '$G', stream_detail: streams }],
});
const reading = async (jsz: object, setup: Setup = {}, port = 8222) =>
  NATS.read((await ask('nats', port, answers({ 'GET /jsz': jsz }), setup)).ask);

describe('read', () => {
  test('streams', async () => {
    const told = await reading(
      status(stream('orders', 'file', 3), stream('seen', 'memory', 9), stream('persist_probe_00000000', 'file', 1)),
    );
    expect(told).toMatchObject({
      writesTo: ['/data/jetstream'],
      fingerprint: 'orders@2026-01-02T03:04:05.000000001Z',
      empty: false,
      count: 3,
      contents: '2 streams, 3 messages',
    });
    expect(told.weaknesses.map(({ setting, weight }) => `${weight} ${setting}`)).toEqual([
      'risk stream seen: storage memory',
      'note sync_interval',
    ]);
  });

  test('nothing of a server that still reads its streams', async () => {
    const known = answers({ 'GET /jsz': status(stream('orders', 'file', 3)) });
    const { ask: one } = await ask('nats', 8222, (request) =>
      request.url.startsWith('/healthz') ? json({ status: 'error' }, 503) : known(request),
    );
    await expect(NATS.read(one)).rejects.toThrow(new Unable('it has not finished starting'));
  });

  test('none', async () => {
    expect(await reading(status())).toMatchObject({ empty: true, count: 0, fingerprint: null });
  });

  test('JetStream is off', async () => {
    expect(await reading({ disabled: true, config: {} })).toMatchObject({
      writesTo: [],
      empty: true,
      contents: 'no JetStream',
      weaknesses: [{ setting: 'JetStream is off', weight: 'note' }],
    });
    const mounts: Container['mounts'] = [{ type: 'volume', name: 'data', target: '/data', readOnly: false }];
    const { ask: one } = await ask('nats', 8222, answers({ 'GET /jsz': { disabled: true } }));
    const mounted = { ...one, container: { ...one.container, mounts } };
    expect((await NATS.read(mounted)).weaknesses).toMatchObject([{ weight: 'risk' }]);
  });

  test.each<[string, Setup]>([
    ['a flag', { command: ['nats-server', '-js', '-m', '9222'] }],
    [
      'its file',
      { command: ['nats-server', '-c', '/n.conf'], files: { '/n.conf': 'port: 4222\nhttp: 0.0.0.0:9222\n' } },
    ],
    [
      'its file, otherwise',
      { command: ['nats-server', '--config', '/n.conf'], files: { '/n.conf': 'monitor_port = 9222' } },
    ],
  ])('the port, by %s', async (_, setup) => {
    expect((await reading(status(), setup, 9222)).empty).toBe(true);
  });

  test('without monitoring', async () => {
    const { ask: one } = await ask('nats', 1234, answers({}));
    await expect(NATS.read(one)).rejects.toThrow(/monitoring does not answer \(-m 8222 switches it on\)/);
  });
});

test('parts that are missing', () => {
  expect(streamsOf({})).toEqual([]);
  expect(streamsOf({ account_details: [{ stream_detail: [{}, { name: 'a' }] }] })).toEqual([
    { name: 'a', created: '', memory: false, messages: 0 },
  ]);
});

test.each<[string, unknown]>([
  // An acknowledgement has a subject less, and its space.
  ['INFO {}\r\nPONG\r\nMSG _INBOX.persistence 1  37\r\n{"stream":"persist_probe_x", "seq":1}\r\n', { seq: 1 }],
  ['INFO {}\r\nMSG _INBOX.persistence 1 11\r\n{"error":{}}\r\nPONG\r\n', { error: {} }],
  ['INFO {}\r\nPONG\r\n', undefined],
  ['MSG _INBOX.persistence 1 1\r\nx\r\n', undefined],
])('%j', (session, expected) => {
  if (expected === undefined) expect(replyOf(session)).toBeUndefined();
  else expect(replyOf(session)).toMatchObject(expected as object);
});
