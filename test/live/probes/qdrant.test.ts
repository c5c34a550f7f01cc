import { expect, test } from 'vitest';
import { peerId, QDRANT } from '../../../server/live/probes/qdrant.ts';
import { json } from '../helpers.ts';
import { answers, ask } from './asked.ts';

const STATE = '{"state":{"hard_state":{"term":0}},"this_peer_id":7321984132567890123}';
const ok = (result: unknown): object => ({ result, status: 'ok', time: 0.00001 });
const collections = (...names: string[]): object => ok({ collections: names.map((name) => ({ name })) });

test('what it holds', async () => {
  const { ask: one, asked } = await ask(
    'qdrant',
    6400,
    answers({
      'GET /collections': collections('docs', 'empty', 'persist_probe_00000000'),
      'POST /collections/docs/points/count': ok({ count: 12 }),
      'POST /collections/empty/points/count': ok({ count: 0 }),
    }),
    {
      environment: { QDRANT__SERVICE__HTTP_PORT: '6400', QDRANT__SERVICE__API_KEY: 's3cret-key' },
      workingDirectory: '/qdrant',
      files: { '/qdrant/storage/raft_state.json': STATE },
      log: 'There is a potential issue with the filesystem for storage path ./storage. Details: FUSE',
    },
  );
  expect(await QDRANT.read(one)).toMatchObject({
    writesTo: ['/qdrant/storage'],
    fingerprint: '7321984132567890123',
    empty: false,
    count: 12,
    contents: '2 collections, 12 points',
    weaknesses: [{ setting: 'file system of the storage path', weight: 'risk' }],
  });
  for (const { headers } of asked) expect(headers['api-key']).toBe('s3cret-key');
});

test('nothing, in another folder than the usual', async () => {
  const { ask: one } = await ask('qdrant', 6333, answers({ 'GET /collections': collections() }), {
    environment: { QDRANT__STORAGE__STORAGE_PATH: '/srv/vectors/' },
    files: { '/srv/vectors/raft_state.json': STATE.replace('this_peer_id', 'peer_id') },
  });
  expect(await QDRANT.read(one)).toMatchObject({ writesTo: ['/srv/vectors'], empty: true, count: 0 });
});

test('a folder that a configuration file names is not guessed', async () => {
  const { ask: one } = await ask('qdrant', 6333, answers({ 'GET /collections': collections() }), {
    workingDirectory: '/qdrant',
  });
  expect(await QDRANT.read(one)).toMatchObject({
    writesTo: [],
    fingerprint: null,
    evidence: ['there is no raft_state.json in /qdrant/storage'],
  });
});

test.each([
  [STATE, '7321984132567890123'],
  ['{}', null],
])('%s', (state, expected) => {
  expect(peerId(state)).toBe(expected);
});

test('a record', async () => {
  const mark = 'a1b2c3d4';
  const at = `/collections/persist_probe_${mark}`;
  let there = false;
  const { ask: one, asked } = await ask('qdrant', 6333, (request) => {
    if (request.method === 'PUT') there = true;
    if (request.method === 'DELETE') there = false;
    if (request.method === 'GET')
      return there ? json(ok({ id: 1, payload: { mark } })) : json({ status: { error: 'Not found' } }, 404);
    return json(ok(true));
  });
  const { plant, find, remove } = QDRANT.planting!;
  expect(await find(one, mark)).toBe(false);
  await plant(one, mark);
  expect(await find(one, mark)).toBe(true);
  await remove(one, mark);
  expect(await find(one, mark)).toBe(false);
  expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `GET ${at}/points/1`,
    `PUT ${at}`,
    `PUT ${at}/points?wait=true`,
    `GET ${at}/points/1`,
    `DELETE ${at}`,
    `GET ${at}/points/1`,
  ]);
  expect(JSON.parse(asked[1]!.body)).toEqual({ vectors: { size: 4, distance: 'Dot' } });
});
