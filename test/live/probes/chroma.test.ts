import { describe, expect, test } from 'vitest';
import { CHROMA } from '../../../server/live/probes/chroma.ts';
import { json } from '../helpers.ts';
import { answers, ask, type Setup } from './asked.ts';

const TENANT = '/api/v2/tenants/default_tenant';
const BASE = `${TENANT}/databases/default_database/collections`;
const V2 = {
  'GET /api/v2/heartbeat': { 'nanosecond heartbeat': 1 },
  [`GET ${TENANT}/databases`]: [{ id: '0', name: 'default_database', tenant: 'default_tenant' }],
};
const collection = (id: string, name: string): object => ({ id, name, metadata: null });
const OPEN = 'for f in /proc/[0-9]*/fd/*; do readlink "$f"; done 2>/dev/null | sort -u; true';
const open = (...files: string[]): Setup => ({ programs: { [`sh -c ${OPEN}`]: files.join('\n') } });

describe('read', () => {
  test('all databases, without what is planted', async () => {
    const { ask: one } = await ask(
      'chroma',
      8000,
      answers({
        ...V2,
        [`GET ${TENANT}/databases`]: [{ name: 'default_database' }, { name: 'own' }],
        [`GET ${BASE}`]: [collection('b', 'docs'), collection('p', 'persist_probe_12345678')],
        [`GET ${TENANT}/databases/own/collections`]: [collection('a', 'notes')],
        [`GET ${BASE}/b/count`]: 3,
        [`GET ${TENANT}/databases/own/collections/a/count`]: 4,
      }),
      open('/dev/null', '/data/chroma.sqlite3'),
    );
    expect(await CHROMA.read(one)).toEqual({
      writesTo: ['/data'],
      fingerprint: 'a|b',
      empty: false,
      count: 7,
      contents: '2 collections, 7 records',
      weaknesses: [],
      evidence: ['the server has /data/chroma.sqlite3 open', 'the API tells of 2 collections'],
    });
  });

  test('the first API', async () => {
    const { ask: one } = await ask(
      'chroma',
      8000,
      answers({
        'GET /api/v1/heartbeat': {},
        'GET /api/v1/collections': [collection('x', 'docs')],
        'GET /api/v1/collections/x/count': 0,
      }),
      { log: '\u001b[1mSaving data to\u001b[0m: \u001b[32m./chroma\u001b[0m\n', workingDirectory: '/chroma' },
    );
    expect(await CHROMA.read(one)).toMatchObject({
      writesTo: ['/chroma/chroma'],
      empty: true,
      count: 0,
      fingerprint: 'x',
    });
  });

  test.each<[string, Setup, string[]]>([
    ['the log of a configuration file', { log: '====\npersist_path: "/data"\n====' }, ['/data']],
    ['the command', { command: ['run', '--path', 'here'], workingDirectory: '/srv' }, ['/srv/here']],
    ['nothing', {}, []],
  ])('where it writes, by %s', async (_, setup, expected) => {
    const { ask: one } = await ask('chroma', 8000, answers({ ...V2, [`GET ${BASE}`]: [] }), setup);
    expect(await CHROMA.read(one)).toMatchObject({ writesTo: expected, empty: true, count: 0, fingerprint: null });
  });

  test.each<[string, number, Setup]>([
    ['a flag', 9001, { command: ['run', '--port', '9001'] }],
    ['a variable', 9002, { environment: { CHROMA_PORT: '9002' } }],
    ['a variable of 0.x', 9003, { environment: { CHROMA_SERVER_HTTP_PORT: '9003' } }],
    ['its file', 9004, { command: ['chroma', 'run', '/config.yaml'], files: { '/config.yaml': 'port: 9004\n' } }],
  ])('the port, by %s', async (_, port, setup) => {
    const { ask: one } = await ask('chroma', port, answers({ ...V2, [`GET ${BASE}`]: [] }), setup);
    expect((await CHROMA.read(one)).empty).toBe(true);
  });

  test.each<[string, Record<string, string>, object]>([
    ['Authorization', {}, { authorization: 'Bearer s3cret-token' }],
    ['X-Chroma-Token', { CHROMA_AUTH_TOKEN_TRANSPORT_HEADER: 'X-Chroma-Token' }, { 'x-chroma-token': 's3cret-token' }],
  ])('a token in %s', async (_, more, headers) => {
    const environment = { CHROMA_SERVER_AUTHN_CREDENTIALS: 's3cret-token', ...more };
    const { ask: one, asked } = await ask('chroma', 8000, answers({ ...V2, [`GET ${BASE}`]: [] }), { environment });
    expect(JSON.stringify(await CHROMA.read(one))).not.toContain('s3cret');
    for (const request of asked) expect(request.headers).toMatchObject(headers);
  });

  test('weaknesses', async () => {
    const setup = { ...open('/data/chroma.sqlite3 (deleted)'), environment: { ALLOW_RESET: 'TRUE' } };
    const { ask: one } = await ask('chroma', 8000, answers({ ...V2, [`GET ${BASE}`]: [] }), setup);
    const { writesTo, weaknesses } = await CHROMA.read(one);
    expect(writesTo).toEqual(['/data']);
    expect(weaknesses.map(({ setting, weight }) => `${weight} ${setting}`)).toEqual([
      'risk chroma.sqlite3 (deleted)',
      'note ALLOW_RESET',
    ]);
  });

  test('without the right credentials', async () => {
    const { ask: one } = await ask('chroma', 8000, () => json({ error: 'AuthError' }, 403));
    await expect(CHROMA.read(one)).rejects.toThrow('the server asks for other credentials than are known (403');
  });
});

test('reading asks for nothing but to read; reset is never called', async () => {
  const { ask: one, asked } = await ask(
    'chroma',
    8000,
    answers({ ...V2, [`GET ${BASE}`]: [collection('x', 'docs')], [`GET ${BASE}/x/count`]: 1 }),
  );
  await CHROMA.read(one);
  expect([...new Set(asked.map(({ method }) => method))]).toEqual(['GET']);
  expect(asked.some(({ url }) => url.includes('reset'))).toBe(false);
});
