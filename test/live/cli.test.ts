import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cli } from '../cli/helpers.ts';
import { composeLabels, type FakeEngine, fakeEngine, volume } from './fake-engine.ts';
import { ENGINE, folder, json, onSocket, routes } from './helpers.ts';

const SECRET = 'correct-horse-battery';
const SHOP = `name: shop
services:
  db:
    image: postgres:16
    environment: { POSTGRES_PASSWORD: ${SECRET} }
    volumes: [db:/var/lib/postgresql/data]
  cache:
    image: redis:7
volumes: { db: }
`;

const PGDATA = '/var/lib/postgresql/data';
const MOUNT = { Type: 'volume', Name: 'shop_db', Destination: PGDATA, Source: '/x', RW: true };

const shop = (root: string, mount: object[] = [MOUNT]): FakeEngine => ({
  volumes: [volume('shop_db', 'shop')],
  containers: [
    {
      name: 'shop-db-1',
      image: 'postgres:16',
      labels: composeLabels('shop', 'db', root),
      mounts: mount,
      environment: [`POSTGRES_PASSWORD=${SECRET}`],
      files: {
        '/var': null,
        '/var/lib': null,
        '/var/lib/postgresql': null,
        [PGDATA]: null,
        [`${PGDATA}/PG_VERSION`]: '16\n',
      },
    },
  ],
});

async function verify(argv: readonly string[], engine: (root: string) => FakeEngine = shop, compose = SHOP) {
  const root = folder({ 'compose.yaml': compose });
  const host = await fakeEngine(engine(root));
  return { ...(await cli(root, ['verify', '--host', host, ...argv], { env: { HOME: root } })), host };
}

describe('verify', () => {
  test('says what is safe, and exits with 0', async () => {
    const { code, out, err, host } = await verify(['db']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Docker 26.1.5 on Debian at ${host}, chosen by --host`);
    expect(out).toMatch(/^SAFE {2}db \(shop-db-1\) {2}PostgreSQL \/var\/lib\/postgresql\/data$/m);
    expect(out).toMatch(/^ {2}predicted {2}the volume db\n {2}observed {3}the volume shop_db$/m);
    expect(out).toMatch(/4\.1 kB, made 2026-01-02/);
    expect(out).toMatch(/1 SAFE of 1 store\n$/);
  });

  test('exits with 1 for what is not kept', async () => {
    const { code, out } = await verify(['db'], (root) => shop(root, []));
    expect(code).toBe(1);
    expect(out).toMatch(/^NOT PERSISTED {2}db/m);
    expect(out).toMatch(/made from an\s+older file: it has nothing at/);
  });

  test('of what does not run nothing is known, and that alone is no failure', async () => {
    const { code, out } = await verify([]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^UNKNOWN {2}cache {2}Redis \/data\n {2}No container of this service is on the engine: start it/m,
    );
  });

  test('nothing at all could be verified: that is one', async () => {
    expect((await verify(['cache'])).code).toBe(1);
  });

  test('the contract, as JSON', async () => {
    const { out, host } = await verify(['--format', 'json', 'db']);
    const { results, ...rest } = JSON.parse(out);
    expect(rest).toEqual({
      schema: 1,
      level: 'inspect',
      engine: {
        name: 'Docker',
        version: '26.1.5',
        apiVersion: '1.45',
        operatingSystem: 'Debian',
        endpoint: host,
        reason: '--host',
        disk: null,
      },
      project: { name: 'shop', files: ['compose.yaml'] },
      findings: [],
      checks: [],
      notes: [],
      errors: [],
    });
    expect(results).toEqual([
      {
        service: 'db',
        container: 'shop-db-1',
        state: 'running',
        store: { technology: 'postgres', title: 'PostgreSQL', path: PGDATA, kind: 'essential', optional: false },
        predicted: { backing: { type: 'named-volume', source: 'db', target: PGDATA }, fate: expect.any(Object) },
        observed: {
          backing: {
            type: 'named-volume',
            source: 'shop_db',
            target: PGDATA,
            holder: 'shop_db',
            size: 4096,
            created: '2026-01-02T03:04:05Z',
          },
          fate: expect.objectContaining({ down: 'kept', 'down-volumes': 'lost' }),
        },
        told: null,
        events: [],
        agrees: true,
        verdict: 'SAFE',
        reason: 'It is in the volume shop_db',
        evidence: expect.arrayContaining(['There: PG_VERSION']),
      },
    ]);
  });

  test('a test case for each store, as JUnit', async () => {
    const { out } = await verify(['--format', 'junit'], (root) => shop(root, []));
    expect(out).toMatch(
      /^<testsuites name="compose-persistence verify" tests="\d+" failures="[1-9]" errors="0" skipped="1">$/m,
    );
    expect(out).toMatch(
      /<testcase name="PostgreSQL .* \(shop-db-1\)" classname="db">\n {6}<failure type="NOT PERSISTED"/,
    );
    expect(out).toMatch(/<skipped message="No container of this service/);
  });

  test.each(['pretty', 'json', 'junit', 'markdown'])('no secret is printed as %s', async (format) => {
    const { out, err } = await verify(['--format', format], (root) => shop(root, []));
    expect(out + err).not.toContain(SECRET);
  });

  test('an ephemeral service is left out', async () => {
    const marked = SHOP.replace('  cache:\n', '  cache: # persistence: ephemeral\n');
    expect((await verify([], shop, marked)).out).not.toContain('cache');
  });
});

describe('what cannot be verified', () => {
  const outside = (root: string) => ({ env: { HOME: root, DOCKER_HOST: `unix://${root}/gone.sock` } });

  test('no engine: 3, with what to do', async () => {
    const root = folder({ 'compose.yaml': SHOP });
    const { code, out, err } = await cli(root, ['verify'], outside(root));
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^There is nothing at unix:.*gone\.sock\. Start the engine/);
  });

  test('in the formats for programs, too', async () => {
    const root = folder({ 'compose.yaml': SHOP });
    const json = await cli(root, ['verify', '--format', 'json'], outside(root));
    expect(JSON.parse(json.out)).toMatchObject({
      schema: 1,
      engine: null,
      errors: [{ code: 'no-engine' }],
      results: [],
    });
    const junit = await cli(root, ['verify', '--format', 'junit'], outside(root));
    expect(junit.out).toMatch(/<error type="no-engine" message="There is nothing at/);
  });

  test('an engine that goes away: 3', async () => {
    const root = folder({ 'compose.yaml': SHOP });
    const host = await onSocket(
      routes({
        ...ENGINE,
        '/volumes': (request) => request.socket.destroy(),
        '/containers/json': json([]),
        '/system/df': json({}),
      }),
    );
    const { code, err } = await cli(root, ['verify', '--host', host], { env: { HOME: root } });
    expect(code).toBe(3);
    expect(err).toMatch(/went away .* while it was to list the volumes/);
  });

  test('one container that the engine keeps to itself: the others are told', async () => {
    const denied = { '/containers/shop-db-1/json': json({ message: 'no' }, 403) };
    const { code, out, err } = await verify(['db'], (root) => ({ ...shop(root), extra: denied }));
    expect(code).toBe(1);
    expect(out).toMatch(/^UNKNOWN {2}db \(shop-db-1\)/m);
    expect(err).toMatch(/^shop-db-1: .* does not allow to inspect a container \(403: no\)/);
  });

  test.each([
    [['dbb'], /the project shop has no service dbb \(did you mean db\?\); it has db, cache/],
    [['--level', 'all'], /expected one of inspect, read, probe, drill/],
    [['-f', 'gone.yaml'], /^gone\.yaml: does not exist/],
    [['--config', 'gone.yaml'], /^gone\.yaml: /],
  ])('%j is wrong use', async (argv, message) => {
    const { code, err } = await verify(argv);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  test('no Compose file', async () => {
    const root = folder();
    fs.mkdirSync(`${root}/sub`);
    const { code, err } = await cli(`${root}/sub`, ['verify'], { env: { HOME: root } });
    expect(code).toBe(2);
    expect(err).toMatch(/^There is no Compose file here/);
  });
});
