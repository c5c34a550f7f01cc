/** The live check as people reach it: the command line and the language server, on a real engine. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { VerifyReport } from '../../server/protocol.ts';
import { cli, type Ran } from '../cli/helpers.ts';
import { PUSH, start, stopAll } from '../protocol/client.ts';
import { engines, whyNone } from './engines.ts';
import { LiveStack } from './live-stack.ts';

const REDIS = `services:
  good:
    image: redis:7
    command: [redis-server, --appendonly, "yes"]
    volumes: [data:/data]
  bad:
    image: redis:7
    command: [redis-server, --dir, /tmp]
    volumes: [other:/data]
volumes: { data: , other: }
`;

const CHECKS = `checks:
  - name: the key
    service: good
    exec: [redis-cli, STRLEN, key]
    expect: { pattern: '(\\d+)', atLeast: 5 }
  - name: another key
    service: bad
    exec: [redis-cli, STRLEN, none]
    expect: { pattern: '(\\d+)', atLeast: 1 }
  - name: nobody
    service: gone
    exec: ["true"]
`;

if (engines().length === 0) test.skip(`no engine: ${whyNone()}`, () => undefined);

describe.each(engines())('$name', (engine) => {
  let on: LiveStack;
  const host = `unix://${engine.socket}`;

  const run = (...argv: string[]): Promise<Ran> =>
    cli(on.folder, ['verify', '--project-name', on.name, '--host', host, ...argv], {
      env: { ...(engine.environment as Record<string, string>), HOME: on.folder },
    });
  const json = async (...argv: string[]): Promise<VerifyReport> =>
    JSON.parse((await run('--format', 'json', ...argv)).out) as VerifyReport;
  const container = async (service: string): Promise<string> => (await on.compose(['ps', '-q', service])).trim();

  beforeAll(async () => {
    await engine.images('redis');
    on = new LiveStack(engine, 'fronts', REDIS);
    on.file('.compose-persistence.yaml', CHECKS);
    await on.up();
    for (const service of ['good', 'bad']) {
      await on.ready(service, 'sh', '-c', 'redis-cli PING | grep PONG');
      await on.exec(service, 'redis-cli', 'SET', 'key', 'value');
    }
  });
  afterEach(stopAll);
  afterAll(() => on.remove());

  test('the command line at level read, with the checks of the settings', async () => {
    const { code, out } = await run('--level', 'read');
    expect(code).toBe(1);
    expect(out).toMatch(/^SAFE {2}good \(.*\) {2}Redis \/data$/m);
    expect(out).toMatch(/^NOT PERSISTED {2}bad \(.*\) {2}Redis \/tmp$/m);
    expect(out).toMatch(/^passed {2}the key \(good\): it counts 5/m);
    expect(out).toMatch(/^FAILED {2}another key \(bad\): it counts 0, not at least 1$/m);
    expect(out).toMatch(/^not run {2}nobody \(gone\): the project has no service gone$/m);
    const { findings, errors } = await json('--level', 'read');
    expect(findings.filter(({ rule }) => rule === 'check-failed')).toEqual([
      {
        rule: 'check-failed',
        severity: 'error',
        message: 'another key: it counts 0, not at least 1',
        service: 'bad',
      },
    ]);
    expect(errors).toEqual([
      { code: 'check-not-run', message: 'nobody: the project has no service gone', service: 'gone' },
    ]);
  });

  test('a drill from the command line leaves the project alone', async () => {
    const before = [await container('good'), await container('bad')];
    const report = await json('--level', 'drill', '--event', 'restart', '--event', 'recreate');
    const redis = report.results.filter(({ store }) => store.technology === 'redis');
    expect(redis).toMatchObject([
      {
        service: 'good',
        verdict: 'SAFE',
        agrees: true,
        events: [
          { event: 'restart', fate: 'kept' },
          { event: 'recreate', fate: 'kept' },
        ],
      },
      {
        service: 'bad',
        verdict: 'NOT PERSISTED',
        agrees: true,
        events: [
          { event: 'restart', fate: 'kept' },
          { event: 'recreate', fate: 'lost' },
        ],
      },
    ]);
    expect(report.findings).toMatchObject([{ rule: 'lost-in-drill', severity: 'error', service: 'bad' }]);
    expect([await container('good'), await container('bad')]).toEqual(before);
    const left = await engine.docker.listContainers({
      all: true,
      filters: { label: ['io.compose-persistence.drill'] },
    });
    expect(left.filter(({ Names }) => Names.some((name) => name.includes(report.project.name)))).toEqual([]);
  });

  test('it is told on the terminal with what was predicted', async () => {
    const { code, out } = await run('good', '--level', 'drill', '--event', 'restart');
    expect(code).toBe(0);
    expect(out).toMatch(/^SAFE {2}good {2}Redis \/data$/m);
    expect(out).toMatch(/^ {2}restart {6}kept, as predicted \(.+\)$/m);
    expect(out).toMatch(/^A reboot cannot be tried in a scratch copy/m);
  });

  test.each([
    [['--event', 'restart'], /--live and --event need --level drill/],
    [['--level', 'drill', '--event', 'restrat'], /there is no event restrat \(did you mean restart\?\)/],
    [['--level', 'drill', '--confirm', 'x'], /--confirm and --backup need --live/],
    [['--level', 'drill', '--live'], /--live takes one service/],
    [['--level', 'drill', '--allow-build'], /--allow-build needs --event rebuild/],
  ])('%j is wrong use', async (argv, message) => {
    const { code, err } = await run(...argv);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  // Compose against Podman is not what its users run.
  describe.skipIf(engine.kind === 'podman')("one's own service", () => {
    const live = ['good', '--level', 'drill', '--live'];

    test('is not touched without being confirmed, and it is said what would be done', async () => {
      const before = await container('good');
      const { code, err } = await run(...live);
      expect(code).toBe(3);
      expect(err).toContain('up -d --force-recreate --no-deps --no-build --pull never good');
      expect(err).toMatch(/--backup <folder>, or by hand: docker cp -a .*:\/data/);
      expect(err).toContain(`--confirm ${on.name}`);
      expect(await container('good')).toBe(before);
    });

    test('is made anew when it is, after a copy, and compared', async () => {
      const before = await container('good');
      const backup = path.join(on.folder, 'backup');
      const report = await json(...live, '--confirm', on.name, '--backup', backup);
      expect(report.results).toMatchObject([{ service: 'good', verdict: 'SAFE', told: { count: 1 } }]);
      expect(report.checks).toMatchObject([
        { name: 'the key', passed: true, reason: 'it counted 5 before and 5 after' },
      ]);
      expect(await container('good')).not.toBe(before);
      expect(fs.readdirSync(backup).length).toBeGreaterThan(0);
    });

    test('is refused where the data would be lost', async () => {
      const before = await container('bad');
      const { code, out } = await run('bad', '--level', 'drill', '--live', '--confirm', on.name);
      expect(code).toBe(1);
      expect(out).toMatch(/bad was not made anew: Redis data \(\/tmp\) is in the writable layer/);
      expect(await container('bad')).toBe(before);
    });
  });

  test('the language server drills, with progress', async () => {
    const client = await start({ capabilities: PUSH, files: { 'compose.yaml': REDIS } });
    await client.open('compose.yaml');
    const uri = client.uri('compose.yaml');
    const argument = { uri, level: 'drill', services: ['bad'], engine: { host } };
    const report = (await client.request('workspace/executeCommand', {
      command: 'composePersistence.verify',
      arguments: [argument],
    })) as VerifyReport;
    expect(report).toMatchObject({ level: 'drill', findings: [{ rule: 'lost-in-drill', service: 'bad' }] });
    const live = () => (client.latest('compose.yaml') ?? []).filter(({ source }) => source === 'persistence (live)');
    await client.until(() => live().length > 0);
    expect(live()).toMatchObject([
      {
        code: 'lost-in-drill',
        severity: 1,
        range: { start: { line: 5, character: 2 }, end: { line: 5, character: 5 } },
      },
    ]);
  });
});
