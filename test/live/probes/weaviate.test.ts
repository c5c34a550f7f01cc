import { expect, test } from 'vitest';
import { WEAVIATE } from '../../../server/live/probes/weaviate.ts';
import { json } from '../helpers.ts';
import { answers, ask } from './asked.ts';

const nodes = (...shards: object[]): object => ({ nodes: [{ name: 'node1', status: 'HEALTHY', shards }] });

test('what it holds', async () => {
  const { ask: one, asked } = await ask(
    'weaviate',
    8080,
    answers({
      'GET /v1/schema': { classes: [{ class: 'Paper' }, { class: 'Persist_probe_00000000' }] },
      'GET /v1/nodes': nodes(
        { class: 'Paper', objectCount: 4 },
        { class: 'Paper', objectCount: 3 },
        { class: 'Persist_probe_00000000', objectCount: 1 },
      ),
    }),
    {
      files: { '/var/lib/weaviate/raft/raft.db': '' },
      environment: {
        PERSISTENCE_DATA_PATH: '/var/lib/weaviate',
        AUTHENTICATION_APIKEY_ENABLED: 'true',
        AUTHENTICATION_APIKEY_ALLOWED_KEYS: 'first-key,second-key',
      },
    },
  );
  expect(await WEAVIATE.read(one)).toEqual({
    writesTo: ['/var/lib/weaviate'],
    fingerprint: null,
    empty: false,
    count: 7,
    contents: '1 collection, 7 objects',
    weaknesses: [],
    evidence: ['PERSISTENCE_DATA_PATH is /var/lib/weaviate'],
  });
  expect(asked[0]?.headers.authorization).toBe('Bearer first-key');
});

test('nothing; and objects that are not counted yet', async () => {
  const empty = await ask('weaviate', 8080, answers({ 'GET /v1/schema': { classes: [] }, 'GET /v1/nodes': nodes() }));
  expect(await WEAVIATE.read(empty.ask)).toMatchObject({ writesTo: [], empty: true, count: 0 });
  const uncounted = await ask('weaviate', 9999, answers({ 'GET /v1/schema': { classes: [{ class: 'Paper' }] } }), {
    command: ['weaviate', '--host', '0.0.0.0', '--port', '9999'],
  });
  const unknown = { empty: null, count: null, contents: '1 collection' };
  expect(await WEAVIATE.read(uncounted.ask)).toMatchObject(unknown);
  for (const shards of [
    [{ class: 'Paper', objectCount: 0, loaded: true }],
    [
      { class: 'Paper', objectCount: 4, loaded: true },
      { class: 'Paper', objectCount: 0, loaded: false },
    ],
  ]) {
    const known = { 'GET /v1/schema': { classes: [{ class: 'Paper' }] }, 'GET /v1/nodes': nodes(...shards) };
    expect(await WEAVIATE.read((await ask('weaviate', 8080, answers(known))).ask)).toMatchObject(unknown);
  }
});

test('a record', async () => {
  const name = 'Persist_probe_a1b2c3d4';
  let there = false;
  const { ask: one, asked } = await ask('weaviate', 8080, ({ method }) => {
    if (method === 'POST') there = true;
    if (method === 'DELETE') there = false;
    return there ? json({ properties: { mark: 'a1b2c3d4' } }) : json({ error: [] }, method === 'GET' ? 422 : 400);
  });
  const { plant, find, remove } = WEAVIATE.planting!;
  await plant(one, 'a1b2c3d4');
  expect(await find(one, 'a1b2c3d4')).toBe(true);
  await remove(one, 'a1b2c3d4');
  expect(await find(one, 'a1b2c3d4')).toBe(false);
  expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST /v1/schema',
    'POST /v1/objects',
    `GET /v1/objects/${name}/00000000-0000-4000-8000-000000000001`,
    `DELETE /v1/schema/${name}`,
    `GET /v1/objects/${name}/00000000-0000-4000-8000-000000000001`,
  ]);
});
