import { describe, expect, test } from 'vitest';
import { factsIn, othersIn, RABBITMQ, reasonIn } from '../../../server/live/probes/rabbitmq.ts';
import { folder } from '../helpers.ts';
import { type Client, type Scripted, scripted } from './scripted.ts';

/** As 3.10.8 printed it. */
const FRESH = `["running=true","directory=/var/lib/rabbitmq/mnesia/rabbit@rmq",
 "raft=/var/lib/rabbitmq/mnesia/rabbit@rmq/quorum",
 "id=rabbitmq-cluster-id-viJ19yvJ1cTUFLdOMvGQsg","version=3.10.8",
 "node=rabbit@rmq","durable=0","transient=0","messages=0","exchanges=0",
 "users=1","vhosts=1","alarms=0"]`;

const client = (facts = FRESH, ...says: Client['says']): Client => ({ by: 'all', says: [...says, [/ eval /, facts]] });
const server = (one: Client, more: Scripted = {}) =>
  scripted({ clients: { rabbitmqctl: one }, env: { HOME: folder({ '.erlang.cookie': 'x' }) }, ...more });

describe('read', () => {
  test('an empty node', async () => {
    expect(await RABBITMQ.read(server(client()).ask)).toEqual({
      writesTo: ['/var/lib/rabbitmq/mnesia/rabbit@rmq'],
      fingerprint: 'rabbitmq-cluster-id-viJ19yvJ1cTUFLdOMvGQsg',
      empty: true,
      count: 0,
      contents: '0 durable queues, 0 messages',
      weaknesses: [],
      evidence: ['RabbitMQ 3.10.8, node rabbit@rmq'],
    });
  });

  test.each([
    ['durable=0', 'durable=3'],
    ['messages=0', 'messages=1'],
    ['exchanges=0', 'exchanges=1'],
    ['users=1', 'users=2'],
    ['vhosts=1', 'vhosts=2'],
    ['transient=0', 'transient=2'],
  ])('%s, %s', async (from, to) => {
    expect((await RABBITMQ.read(server(client(FRESH.replace(from, to))).ask)).empty).toBe(false);
  });

  test('a node that is named after its container', async () => {
    const facts = FRESH.replaceAll('rabbit@rmq', 'rabbit@7fd4bf4faba9').replace('transient=0', 'transient=2');
    const told = await RABBITMQ.read(server(client(facts), { id: '7fd4bf4faba9c0ffee' }).ask);
    expect(told.weaknesses).toMatchObject([
      { setting: 'node name rabbit@7fd4bf4faba9', weight: 'risk' },
      { setting: '2 queues that are not durable', weight: 'note' },
    ]);
    expect((await RABBITMQ.read(server(client(facts.replace('transient=2', 'transient=0'))).ask)).weaknesses).toEqual(
      [],
    );
  });

  test('directories of earlier nodes', async () => {
    const home = folder({
      'mnesia/rabbit@rmq/x': '',
      'mnesia/rabbit@7fd4bf4faba9/x': '',
      'mnesia/rabbit@rmq-plugins-expand/x': '',
      'mnesia/rabbit@rmq.pid': '',
    });
    const told = await RABBITMQ.read(server(client(FRESH.replaceAll('/var/lib/rabbitmq', home))).ask);
    expect(told.evidence.at(-1)).toBe('Beside its directory lies that of rabbit@7fd4bf4faba9, which no node uses now');
  });

  test('nothing is asked before the node has made its cookie, nor believed before it runs', async () => {
    const { ask, noted } = server(client(), { env: { HOME: folder() } });
    await expect(RABBITMQ.read(ask)).rejects.toThrow('the node is not up yet');
    expect(noted()).toEqual([]);
    const early = client(FRESH.replace('running=true', 'running=false'));
    await expect(RABBITMQ.read(server(early).ask)).rejects.toThrow('the node is still starting');
  });

  test('a node that does not answer', async () => {
    const err = `Error: unable to perform an operation on node 'rabbit@rmq'. Please see diagnostics information and suggestions below.\n\nMost common reasons for this are:\n`;
    await expect(RABBITMQ.read(server({ by: 'all', says: [[/.*/, { err, code: 69 }]] }).ask)).rejects.toThrow(
      "unable to perform an operation on node 'rabbit@rmq'.",
    );
  });

  test('no client', async () => {
    const { ask } = scripted({ env: { HOME: folder({ '.erlang.cookie': 'x' }) } });
    await expect(RABBITMQ.read(ask)).rejects.toThrow('there is no rabbitmqctl in the container');
  });
});

describe('planting', () => {
  const planting = RABBITMQ.planting!;
  const LIST = 'name\tvalue\npersist_probe_abc\t"abc"\n';

  test('is refused while there is an alarm or no space', async () => {
    const alarmed = client(FRESH.replace('alarms=0', 'alarms=1'));
    expect(await planting.refusal!(server(alarmed).ask)).toBe('it has an alarm for memory or disk space');
    expect(await planting.refusal!(server(client(), { free: 1 }).ask)).toContain('is full');
    expect(await planting.refusal!(server(client()).ask)).toBeNull();
  });

  test('a global parameter', async () => {
    const one = client(FRESH, [/set_global_parameter/, ''], [/list_global/, LIST], [/clear_global/, '']);
    const { ask, noted } = server(one);
    await planting.plant(ask, 'abc');
    expect(await planting.find(ask, 'abc')).toBe(true);
    await planting.remove(ask, 'abc');
    expect(noted().map(({ argv }) => argv.slice(3).join(' '))).toEqual([
      'set_global_parameter persist_probe_abc "abc"',
      'list_global_parameters',
      'list_global_parameters',
      'clear_global_parameter persist_probe_abc',
    ]);
  });

  test('nothing is there to be removed', async () => {
    await expect(
      planting.remove(server(client(FRESH, [/list_global/, 'name\tvalue\n'])).ask, 'abc'),
    ).resolves.toBeUndefined();
  });
});

test('odd outputs', () => {
  expect(factsIn('["directory=/a very long text that"\n " is broken","x=1"]').get('directory')).toBe(
    '/a very long text that is broken',
  );
  expect(factsIn('{error,{undef,[]}}').size).toBe(0);
  expect(factsIn('["a=\\"b\\""]').get('a')).toBe('"b"');
  expect(othersIn('rabbit@a\nrabbit@a-feature_flags\nother\n', 'rabbit@a')).toEqual([]);
  expect(reasonIn('/bin/sh: warning: setlocale\nError:\n* node is down\n')).toBe('node is down');
});
