import { expect, test } from 'vitest';
import { MEILISEARCH } from '../../../server/live/probes/meilisearch.ts';
import { json } from '../helpers.ts';
import { answers, ask } from './asked.ts';

const stats = (indexes: Record<string, number>): object => ({
  databaseSize: 1,
  lastUpdate: null,
  indexes: Object.fromEntries(
    Object.entries(indexes).map(([name, count]) => [name, { numberOfDocuments: count, isIndexing: false }]),
  ),
});

test('what it holds', async () => {
  const { ask: one, asked } = await ask(
    'meilisearch',
    7701,
    answers({ 'GET /stats': stats({ papers: 5, empty: 0, persist_probe_00000000: 1 }) }),
    {
      environment: { MEILI_MASTER_KEY: 's3cret-master', MEILI_HTTP_ADDR: '0.0.0.0:7701' },
      workingDirectory: '/meili_data',
      files: {
        '/meili_data/data.ms/VERSION': '1.12.3\n',
        '/meili_data/data.ms/instance-uid': '2f7f5f0c-6b1e-4a53-8d0a-3c7f4a1b2c3d',
      },
    },
  );
  expect(await MEILISEARCH.read(one)).toEqual({
    writesTo: ['/meili_data/data.ms'],
    fingerprint: '2f7f5f0c-6b1e-4a53-8d0a-3c7f4a1b2c3d',
    empty: false,
    count: 5,
    contents: '2 indexes, 5 documents',
    weaknesses: [],
    evidence: ['the usual place is /meili_data/data.ms', 'the data is of version 1.12.3'],
  });
  expect(asked[0]?.headers.authorization).toBe('Bearer s3cret-master');
});

test('nothing, in a folder of its own', async () => {
  const { ask: one } = await ask('meilisearch', 7700, answers({ 'GET /stats': stats({}) }), {
    command: ['meilisearch', '--db-path=/srv/ms'],
    files: { '/srv/ms/VERSION': '1.0.0' },
  });
  expect(await MEILISEARCH.read(one)).toMatchObject({
    writesTo: ['/srv/ms'],
    fingerprint: null,
    empty: true,
    count: 0,
  });
});

test('a folder without its files is not taken for it', async () => {
  const { ask: one } = await ask('meilisearch', 7700, answers({ 'GET /stats': stats({}) }));
  expect((await MEILISEARCH.read(one)).writesTo).toEqual([]);
});

test('a record; tasks are waited for', async () => {
  let polls = 0;
  let there = false;
  const { ask: one, asked } = await ask('meilisearch', 7700, ({ method, url }) => {
    if (url.startsWith('/tasks/')) return json({ status: ++polls % 2 === 0 ? 'succeeded' : 'processing' });
    if (method === 'POST') there = true;
    if (method === 'DELETE') there = false;
    if (method !== 'GET') return json({ taskUid: polls, status: 'enqueued' }, 202);
    return there ? json({ id: 'p', mark: 'a1b2c3d4' }) : json({ code: 'index_not_found' }, 404);
  });
  const { plant, find, remove } = MEILISEARCH.planting!;
  await plant(one, 'a1b2c3d4');
  expect(await find(one, 'a1b2c3d4')).toBe(true);
  await remove(one, 'a1b2c3d4');
  expect(await find(one, 'a1b2c3d4')).toBe(false);
  expect(asked.filter(({ url }) => !url.startsWith('/tasks')).map(({ method, url }) => `${method} ${url}`)).toEqual([
    'POST /indexes',
    'POST /indexes/persist_probe_a1b2c3d4/documents',
    'GET /indexes/persist_probe_a1b2c3d4/documents/p',
    'DELETE /indexes/persist_probe_a1b2c3d4',
    'GET /indexes/persist_probe_a1b2c3d4/documents/p',
  ]);
  expect(polls).toBe(6);
});

test('removing what was never there', async () => {
  const { ask: one } = await ask('meilisearch', 7700, ({ url }) =>
    url.startsWith('/tasks/')
      ? json({ status: 'failed', error: { code: 'index_not_found' } })
      : json({ taskUid: 1 }, 202),
  );
  await MEILISEARCH.planting!.remove(one, 'a1b2c3d4');
});
