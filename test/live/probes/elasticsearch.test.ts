import * as https from 'node:https';
import { describe, expect, test } from 'vitest';
import { ELASTICSEARCH } from '../../../server/live/probes/elasticsearch.ts';
import { Unable } from '../../../server/live/probes/probe.ts';
import { json, listen } from '../helpers.ts';
import { answers, ask, askFor } from './asked.ts';
import { CERTIFICATE, KEY } from './certificate.ts';

const stats = (path: string, type: string): object => ({
  _nodes: { total: 1 },
  nodes: { n1: { fs: { data: [{ path, mount: '/ (overlay)', type, total_in_bytes: 1 }] } } },
});
const INDICES = [
  { index: 'papers', 'docs.count': '12' },
  { index: '.ds-logs-app-default-2026.01.01-000001', 'docs.count': '3' },
  { index: '.security-7', 'docs.count': '90' },
  { index: '.ds-ilm-history-7-2026.01.01-000001', 'docs.count': '2' },
  { index: '.ds-.logs-deprecation-2026', 'docs.count': '1' },
  { index: 'persist_probe_00000000', 'docs.count': '1' },
];
const SERVER = {
  'GET /': { cluster_uuid: 'jYV5dWUvQ2S1', version: { number: '8.15.0' } },
  'GET /_nodes/_local/stats/fs': stats('/usr/share/elasticsearch/data', 'overlay'),
  'GET /_cat/indices': INDICES,
  'GET /_all/_settings/index.translog.durability': {},
};
const PLAIN = { environment: { 'xpack.security.enabled': 'false' } };

describe('read', () => {
  test('what it holds', async () => {
    const { ask: one } = await ask('elasticsearch', 9200, answers(SERVER), PLAIN);
    expect(await ELASTICSEARCH.read(one)).toEqual({
      writesTo: ['/usr/share/elasticsearch/data'],
      fingerprint: 'jYV5dWUvQ2S1',
      empty: false,
      count: 15,
      contents: '2 indices, 15 documents',
      weaknesses: [],
      evidence: ['it stores in /usr/share/elasticsearch/data, which is on overlay'],
    });
  });

  test('nothing of a cluster that has not formed yet', async () => {
    const { ask: one } = await ask(
      'elasticsearch',
      9200,
      answers({ ...SERVER, 'GET /': { cluster_uuid: '_na_' } }),
      PLAIN,
    );
    await expect(ELASTICSEARCH.read(one)).rejects.toThrow(new Unable('its cluster has not formed yet'));
  });

  test.each([
    ['shards are not back yet', { index: 'notes' }, false],
    ['an index is closed', { index: 'notes', 'docs.count': null }, false],
  ])('no number where %s', async (_, index, empty) => {
    const server = { ...SERVER, 'GET /_cat/indices': [...INDICES, index] };
    const { ask: one } = await ask('elasticsearch', 9200, answers(server), PLAIN);
    const contents = '3 indices, 15 documents';
    expect(await ELASTICSEARCH.read(one)).toMatchObject({ empty, count: null, contents });
  });

  test('nothing, on a network', async () => {
    const server = {
      ...SERVER,
      'GET /_nodes/_local/stats/fs': stats('/data', 'nfs4'),
      'GET /_cat/indices': [],
      'GET /_all/_settings/index.translog.durability': {
        papers: { settings: { 'index.translog.durability': 'async' } },
        '.own': { settings: { 'index.translog.durability': 'async' } },
      },
    };
    const { ask: one } = await ask('elasticsearch', 9200, answers(server), PLAIN);
    const told = await ELASTICSEARCH.read(one);
    expect(told).toMatchObject({ writesTo: ['/data'], empty: true, count: 0 });
    expect(told.weaknesses.map(({ setting }) => setting)).toEqual([
      'file system nfs4',
      'index.translog.durability async',
    ]);
    expect(told.weaknesses[1]?.message).toContain('(papers)');
  });

  test('with a password, by HTTPS, whatever the certificate', async () => {
    const seen = new Set<string | undefined>();
    const server = https.createServer({ key: KEY, cert: CERTIFICATE }, (incoming, response) => {
      seen.add(incoming.headers.authorization);
      const request = { method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers, body: '' };
      answers(SERVER)(request)(incoming, response);
    });
    const port = await listen(server, 0);
    const environment = { OPENSEARCH_INITIAL_ADMIN_PASSWORD: 'correct-horse-1A!' };
    const one = askFor('opensearch', { environment }, { ports: [{ container: 9200, host: '127.0.0.1', port }] });
    const told = await ELASTICSEARCH.read(one);
    expect(told.count).toBe(15);
    expect([...seen]).toEqual([`Basic ${Buffer.from('admin:correct-horse-1A!').toString('base64')}`]);
    expect(JSON.stringify(told)).not.toContain('correct-horse');
  });

  test('plain HTTP where HTTPS was expected', async () => {
    const { ask: one } = await ask('elasticsearch', 9200, answers(SERVER));
    expect((await ELASTICSEARCH.read(one)).count).toBe(15);
  });

  test('without the password', async () => {
    const { ask: one } = await ask('elasticsearch', 9200, () => json({ status: 401 }, 401));
    await expect(ELASTICSEARCH.read(one)).rejects.toThrow(/other credentials than are known \(401 at \/\)/);
  });
});

test('a record', async () => {
  let there = false;
  const { ask: one, asked } = await ask(
    'elasticsearch',
    9200,
    ({ method, url }) => {
      if (url === '/') return json(SERVER['GET /']);
      if (method === 'PUT') there = true;
      if (method === 'DELETE') there = false;
      return there ? json({ found: true, _source: { mark: 'a1b2c3d4' } }) : json({ found: false }, 404);
    },
    PLAIN,
  );
  const { plant, find, remove } = ELASTICSEARCH.planting!;
  await plant(one, 'a1b2c3d4');
  expect(await find(one, 'a1b2c3d4')).toBe(true);
  await remove(one, 'a1b2c3d4');
  expect(await find(one, 'a1b2c3d4')).toBe(false);
  const at = '/persist_probe_a1b2c3d4';
  expect(asked.filter(({ url }) => url !== '/').map(({ method, url }) => `${method} ${url}`)).toEqual([
    `PUT ${at}`,
    `PUT ${at}/_doc/1?refresh=true`,
    `GET ${at}/_doc/1`,
    `DELETE ${at}`,
    `GET ${at}/_doc/1`,
  ]);
});
