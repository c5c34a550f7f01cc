import { describe, expect, test } from 'vitest';
import { metric, PROMETHEUS, secondsOf } from '../../../server/live/probes/prometheus.ts';
import type { Answer } from '../helpers.ts';
import { answers, ask } from './asked.ts';

const now = Math.floor(Date.now() / 1000);
const page =
  (lowest: string): Answer =>
  (_, response) =>
    void response.end(
      `# TYPE prometheus_tsdb_lowest_timestamp_seconds gauge\nprometheus_tsdb_lowest_timestamp_seconds ${lowest}\n# HELP x\n`,
    );
const data = (value: unknown): object => ({ status: 'success', data: value });
const server = (lowest: string, more: { flags?: object; run?: object } = {}): Record<string, unknown> => ({
  'GET /api/v1/status/flags': data({ 'storage.tsdb.path': '/prometheus', ...more.flags }),
  'GET /api/v1/status/runtimeinfo': data({
    startTime: new Date((now - 60) * 1000).toISOString(),
    CWD: '/prometheus',
    storageRetention: '15d',
    ...more.run,
  }),
  'GET /api/v1/status/tsdb': data({ headStats: { numSeries: lowest.startsWith('9.2') ? 0 : 298 } }),
  'GET /metrics': page(lowest),
});
const FRESH = '9.223372036854776e+15';

describe('read', () => {
  test('samples from before its start', async () => {
    const { ask: one } = await ask('prometheus', 9090, answers(server(String(now - 3600))));
    const told = await PROMETHEUS.read(one);
    expect(told).toMatchObject({
      writesTo: ['/prometheus'],
      fingerprint: `oldest sample ${now - 3600}`,
      empty: false,
      count: 298,
      contents: '298 series',
      weaknesses: [{ setting: 'storage.tsdb.retention 15d', weight: 'note' }],
    });
    expect(told.evidence.join()).not.toContain('no sample from before');
  });

  test('nothing; nothing from before its start; and what the retention takes', async () => {
    const fresh = await ask('prometheus', 9090, answers(server(FRESH)));
    expect(await PROMETHEUS.read(fresh.ask)).toMatchObject({ empty: true, count: 0, fingerprint: null });
    const young = await ask('prometheus', 9090, answers(server(String(now - 50))));
    expect((await PROMETHEUS.read(young.ask)).evidence).toContain('it has no sample from before its start');
    const old = await ask('prometheus', 9090, answers(server(String(now - 15 * 86_400))));
    expect(await PROMETHEUS.read(old.ask)).toMatchObject({ empty: false, fingerprint: null });
  });

  test('a relative path, a port and a prefix', async () => {
    const known = server(FRESH, { flags: { 'storage.tsdb.path': 'data/' }, run: { CWD: '/srv' } });
    const prefixed = Object.fromEntries(
      Object.entries(known).map(([key, value]) => [key.replace(' ', ' /prom'), value]),
    );
    const { ask: one } = await ask('prometheus', 9191, answers(prefixed), {
      command: ['prometheus', '--web.listen-address=0.0.0.0:9191', '--web.external-url=https://example.org/prom/'],
    });
    expect((await PROMETHEUS.read(one)).writesTo).toEqual(['/srv/data']);
  });

  test('an agent', async () => {
    const flags = { 'enable-feature': 'agent', 'storage.agent.path': 'data-agent/' };
    const { ask: one } = await ask('prometheus', 9090, answers(server(FRESH, { flags })));
    expect(await PROMETHEUS.read(one)).toMatchObject({
      writesTo: ['/prometheus/data-agent'],
      empty: null,
      count: null,
    });
  });
});

test.each([
  ['15d', 15 * 86_400],
  ['1d12h', 36 * 3600],
  ['500ms', 0.5],
  ['1y', 31_536_000],
  ['10GiB', null],
  ['', null],
])('%s', (text, expected) => {
  expect(secondsOf(text)).toBe(expected);
});

test('metrics', () => {
  const text = '# HELP a b\na 1\na_b{x="y z"} 2.5e+09\nnan NaN\n';
  expect([metric(text, 'a'), metric(text, 'a_b'), metric(text, 'b'), metric(text, 'nan')]).toEqual([
    1,
    2.5e9,
    null,
    null,
  ]);
});
