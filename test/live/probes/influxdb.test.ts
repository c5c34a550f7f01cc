import { describe, expect, test } from 'vitest';
import { clusterId, INFLUXDB, seriesOf } from '../../../server/live/probes/influxdb.ts';
import { json } from '../helpers.ts';
import { answers, ask, type Request } from './asked.ts';

const series = (name: string, columns: string[], ...values: unknown[][]): object => ({ name, columns, values });
const result = (...all: object[]): object => ({
  results: [{ statement_id: 0, ...(all.length > 0 ? { series: all } : {}) }],
});
const DIAGNOSTICS = result(
  series('config-data', ['cache', 'dir', 'wal-dir', 'wal-fsync-delay'], [1, '/v/data', '/v/wal', '100ms']),
  series('config-meta', ['dir'], ['/v/meta']),
);

const first =
  (databases: string[], cardinality: Record<string, object>) =>
  ({ url }: Request) => {
    const q = new URL(url, 'http://x').searchParams.get('q') ?? '';
    if (q === 'SHOW DIAGNOSTICS') return json(DIAGNOSTICS);
    if (q === 'SHOW DATABASES') return json(result(series('databases', ['name'], ...databases.map((name) => [name]))));
    const [, name = ''] = /^SHOW SERIES EXACT CARDINALITY ON "(.*)"$/.exec(q) ?? [];
    return name in cardinality ? json(cardinality[name]) : json({ error: 'page not found' }, 404);
  };

describe('InfluxDB 1', () => {
  test('what it holds', async () => {
    const counts = { app: result(series('cpu', ['count'], [2]), series('mem', ['count'], [1])), made: result() };
    const { ask: one, asked } = await ask(
      'influxdb',
      8086,
      first(['_internal', 'app', 'made', 'persist_probe_0'], counts),
      {
        files: { '/v/meta/meta.db': Buffer.from('08011001188781f9b2f5a0a0e02e', 'hex') },
      },
    );
    expect(await INFLUXDB.read(one)).toMatchObject({
      writesTo: ['/v/data', '/v/wal', '/v/meta'],
      fingerprint: clusterId(Buffer.from('188781f9b2f5a0a0e02e', 'hex')),
      empty: false,
      count: 3,
      contents: '2 databases, 3 series',
      weaknesses: [{ setting: 'wal-fsync-delay 100ms', weight: 'note' }],
    });
    expect(asked.every(({ method }) => method === 'GET')).toBe(true);
  });

  test('only its own', async () => {
    const { ask: one } = await ask('influxdb', 8086, first(['_internal'], {}));
    expect(await INFLUXDB.read(one)).toMatchObject({ empty: true, count: 0, fingerprint: null });
  });

  test('users', async () => {
    const { ask: one, asked } = await ask('influxdb', 8087, first([], {}), {
      environment: {
        INFLUXDB_HTTP_BIND_ADDRESS: ':8087',
        INFLUXDB_HTTP_AUTH_ENABLED: 'true',
        INFLUXDB_ADMIN_USER: 'boss',
        INFLUXDB_ADMIN_PASSWORD_FILE: '/run/secrets/p',
      },
      files: { '/run/secrets/p': 'correct-horse\n' },
    });
    await INFLUXDB.read(one);
    expect(asked.at(-1)?.headers.authorization).toBe(`Basic ${Buffer.from('boss:correct-horse').toString('base64')}`);
  });

  test('a refusal', () => {
    expect(() => seriesOf({ error: 'unable to parse authentication credentials' })).toThrow(/refused a query \(unable/);
  });
});

test.each<[string, string, string | null]>([
  ['the third field', '0801100218ac02', '300'],
  ['all 64 bits', '18ffffffffffffffffff01', '18446744073709551615'],
  ['behind texts and fixed ones', '0a036162631100000000000000002500000000' + '1805', '5'],
  ['none', '08011002', null],
  ['torn', '18ffff', null],
  ['no protocol buffer', 'ffff', null],
])('the id of a store: %s', (_, hex, expected) => {
  expect(clusterId(Buffer.from(hex, 'hex'))).toBe(expected);
});

describe('InfluxDB 2', () => {
  const health = { name: 'influxdb', status: 'pass', version: 'v2.7.10', commit: 'x' };
  const second = {
    'GET /health': health,
    'GET /api/v2/setup': { allowed: false },
    'GET /api/v2/config': {
      config: {
        'bolt-path': '/var/lib/influxdb2/influxd.bolt',
        'engine-path': '/var/lib/influxdb2/engine',
        'sqlite-path': '/var/lib/influxdb2/influxd.sqlite',
      },
    },
    'GET /api/v2/orgs': {
      orgs: [
        { id: '0b', createdAt: '2026-02-01T00:00:00Z' },
        { id: '0a', createdAt: '2026-01-01T00:00:00Z' },
      ],
    },
    'GET /api/v2/buckets': {
      buckets: [
        { name: '_monitoring', type: 'system' },
        { name: 'app', type: 'user' },
      ],
    },
  };

  test('what it holds', async () => {
    const { ask: one, asked } = await ask('influxdb', 8086, answers(second), {
      environment: { DOCKER_INFLUXDB_INIT_ADMIN_TOKEN: 's3cret-token', INFLUXD_STORE: 'memory' },
    });
    expect(await INFLUXDB.read(one)).toMatchObject({
      writesTo: ['/var/lib/influxdb2/engine', '/var/lib/influxdb2/influxd.bolt', '/var/lib/influxdb2/influxd.sqlite'],
      fingerprint: '0a 2026-01-01T00:00:00Z',
      empty: null,
      count: 1,
      contents: '1 bucket',
      weaknesses: [{ setting: 'store memory', weight: 'risk' }],
    });
    expect(asked.at(-1)?.headers.authorization).toBe('Token s3cret-token');
    expect(await INFLUXDB.planting!.refusal!(one)).toBe('planting is known for InfluxDB 1, not 2');
  });

  test('not set up', async () => {
    const { ask: one } = await ask('influxdb', 8086, answers({ ...second, 'GET /api/v2/setup': { allowed: true } }));
    expect(await INFLUXDB.read(one)).toMatchObject({ empty: true, count: 0, contents: 'not set up' });
  });

  test('without a token', async () => {
    const { ask: one } = await ask('influxdb', 8086, answers(second));
    await expect(INFLUXDB.read(one)).rejects.toThrow(/no token is known/);
  });
});

test('InfluxDB 3 is not known', async () => {
  const { ask: one } = await ask('influxdb', 8086, () => json({ error: 'unauthorized' }, 401));
  await expect(INFLUXDB.read(one)).rejects.toThrow('InfluxDB 3 is not known');
});
