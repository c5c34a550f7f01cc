/** Right set-ups and their wrong twins on a real engine: the live check must tell one from the other, and change nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiCall } from '../../server/live/connect.ts';
import type { LiveStore, Report } from '../../server/live/model.ts';
import { reportJson } from '../../server/live/report-json.ts';
import { fails } from '../../server/live/verify.ts';
import { type EngineUnderTest, engines, whyNone } from './engines.ts';
import { LiveStack } from './live-stack.ts';
import { until } from './shell.ts';

const SECRET = 'correct-horse-battery';
const calls: ApiCall[] = [];
const of = (report: Report, service: string): LiveStore => report.results.find((one) => one.service === service)!;
const rules = (report: Report, service?: string): string[] =>
  report.findings.filter((one) => service === undefined || one.service === service).map(({ rule }) => rule);

async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

/** The least that has to be asked of each container: what it is, and what it wrote to its layer. */
const bareCalls = ({ docker }: EngineUnderTest, { results }: Report): Promise<unknown> =>
  Promise.all(
    results.map(async ({ container }) => {
      const one = docker.getContainer(container!);
      await one.inspect();
      await one.changes();
    }),
  );

/** Without what an earlier run of the engine may have left. */
const faults = (report: Report, service: string): string[] =>
  rules(report, service).filter((rule) => rule !== 'orphaned-data-found');
const serious = (report: Report): string[] =>
  report.findings.filter(({ severity }) => severity !== 'info').map(({ rule }) => rule);

const REDIS = `
  kept:
    image: redis:7
    environment: { REDIS_PASSWORD: ${SECRET} }
    volumes: [kept:/data]
  bound:
    image: redis:7
    user: "0"
    volumes: [./bound:/data]
  beside:
    image: redis:7
    command: [redis-server, --dir, /tmp]
    volumes: [beside:/data]
  hidden:
    image: redis:7
    command: [sh, -c, "cd /tmp && exec redis-server --protected-mode no"]
    volumes: [hidden:/data]
  anonymous:
    image: redis:7
  memory:
    image: redis:7
    tmpfs: [/data]
  fresh:
    image: redis:7
    volumes: [fresh:/data]
`;

if (engines().length === 0) test.skip(`no engine: ${whyNone()}`, () => undefined);

describe.each(engines())('$name', (engine) => {
  const stacks: LiveStack[] = [];
  const stack = (name: string, compose: string): LiveStack => {
    const made = new LiveStack(engine, `inspect-${name}`, compose, (call) => calls.push(call));
    stacks.push(made);
    return made;
  };
  const save = async (on: LiveStack, service: string): Promise<void> => {
    await until(`${service} answers`, async () =>
      (await on.compose(['exec', '-T', service, 'redis-cli', 'PING']).catch(() => '')).includes('PONG'),
    );
    await on.compose(['exec', '-T', service, 'redis-cli', 'SET', 'key', 'value']);
    await on.compose(['exec', '-T', service, 'redis-cli', 'SAVE']);
  };

  beforeAll(() => engine.images('redis', 'sqlite'));
  afterAll(async () => {
    for (const made of stacks) await made.remove();
  });

  describe('servers', () => {
    let report: Report;
    let down: LiveStack;

    beforeAll(async () => {
      down = stack('servers', `services:${REDIS}volumes: { kept: , beside: , hidden: , fresh: }\n`);
      await down.up();
      for (const service of ['kept', 'bound', 'beside', 'hidden', 'anonymous', 'memory']) await save(down, service);
      report = await down.verify();
    });

    test.each([
      ['kept', 'SAFE', 'named-volume'],
      ['bound', 'SAFE', 'bind-mount'],
      ['beside', 'NOT PERSISTED', 'writable-layer'],
      ['hidden', 'NOT PERSISTED', 'named-volume'],
      ['anonymous', 'AT RISK', 'anonymous-volume'],
      ['memory', 'NOT PERSISTED', 'tmpfs'],
      ['fresh', 'EMPTY', 'named-volume'],
    ])('%s is %s', (service, verdict, backing) => {
      const { verdict: said, observed, reason, evidence, container, state } = of(report, service);
      expect({ said, backing: observed?.backing.type, container: container !== null, state }).toEqual({
        said: verdict,
        backing,
        container: true,
        state: 'running',
      });
      expect(reason).not.toBe('');
      expect(evidence.length).toBeGreaterThan(0);
    });

    test('each fault is found under its own name, and none at the right set-ups', () => {
      expect(Object.fromEntries(report.results.map(({ service }) => [service, faults(report, service)]))).toEqual({
        kept: [],
        bound: [],
        beside: ['data-on-writable-layer'],
        hidden: ['data-on-writable-layer'],
        anonymous: ['data-on-anonymous-volume'],
        memory: ['data-on-tmpfs'],
        fresh: ['volume-mounted-but-empty'],
      });
      expect(fails(report)).toBe(true);
    });

    test('sizes and ages of volumes are known', () => {
      const { observed } = of(report, 'kept');
      expect(observed?.holder).toMatch(/kept$/);
      expect(observed?.created).toMatch(/^\d{4}-/);
      if (engine.kind === 'docker') expect(observed?.size).toBeGreaterThan(50);
    });

    test('no value of an environment is in the report', () => {
      expect(JSON.stringify(report)).not.toContain(SECRET);
      expect(JSON.stringify(reportJson(report, (file) => file))).not.toContain(SECRET);
    });

    test('stopped containers are judged as well', async () => {
      await down.compose(['stop', '-t', '1']);
      const stopped = await down.verify();
      expect(of(stopped, 'kept')).toMatchObject({ verdict: 'SAFE', state: 'exited' });
      expect(of(stopped, 'beside')).toMatchObject({ verdict: 'NOT PERSISTED', state: 'exited' });
    });

    test('what a removed container leaves behind is found', async () => {
      await down.compose(['down', '-t', '1']);
      await down.up();
      const after = await down.verify();
      const found = after.findings.filter(({ rule }) => rule === 'orphaned-data-found');
      expect(found.map(({ message }) => message).join('\n')).toMatch(/holds? Redis data, maybe of .*[0-9a-f]{64}/);
      expect(of(after, 'anonymous')).toMatchObject({ verdict: 'AT RISK' });
    });
  });

  describe('an application with SQLite', () => {
    const APP = (volumes: string): string => `services:
  app:
    image: persistence/sqlite:3
    command: [sh, -c, "mkdir -p /app && sqlite3 /app/data.db 'create table t(a)' && exec sleep 1000"]
    stop_grace_period: 1s
${volumes}`;

    test.each([
      ['in the layer', '', ['data-on-writable-layer']],
      ['in a folder of the host', '    volumes: [./app:/app]\n', []],
      ['beside the volume', '    volumes: [data:/data]\nvolumes: { data: }\n', ['data-on-writable-layer']],
    ])('%s', async (title, volumes, expected) => {
      const on = stack(`sqlite-${title.replaceAll(' ', '-')}`, APP(volumes));
      await on.up();
      const found = async (): Promise<string[]> =>
        rules(await on.verify()).filter((rule) => rule.startsWith('data-on'));
      if (expected.length > 0) await until('the database is there', async () => (await found()).length > 0);
      expect(await found()).toEqual(expected);
    });
  });

  test('a container made from an older file', async () => {
    const file = (mount: string): string => `services:
  db:
    image: redis:7
    volumes: ["${mount}"]
volumes: { data: }
`;
    const on = stack('stale', file('/data'));
    await on.up();
    await save(on, 'db');
    on.write(file('data:/data'));
    const stale = await on.verify();
    expect(of(stale, 'db')).toMatchObject({ verdict: 'AT RISK', agrees: false });
    expect(of(stale, 'db').reason).toMatch(/made from an older file: it has an anonymous volume/);
    expect(rules(stale)).toContain('stale-inherited-mount');
    await on.up();
    const now = await on.verify();
    expect(rules(now)).not.toContain('stale-inherited-mount');
    expect(of(now, 'db')).toMatchObject({ verdict: 'EMPTY', agrees: true });
    expect(now.findings.map(({ message }) => message).join()).toMatch(/holds? Redis data, maybe of db/);
  });

  test('an external volume that does not exist', async () => {
    const compose = `services:
  db:
    image: redis:7
    volumes: [data:/data]
volumes: { data: { external: true, name: inspect-${process.pid}-external } }
`;
    const on = stack('external', compose);
    const before = await on.verify();
    expect(serious(before)).toEqual(['external-volume-missing']);
    expect(of(before, 'db')).toMatchObject({ verdict: 'UNKNOWN', container: null });
    await engine.docker.createVolume({ Name: `inspect-${process.pid}-external` });
    try {
      await on.up();
      await save(on, 'db');
      const after = await on.verify();
      expect(serious(after)).toEqual([]);
      expect(of(after, 'db')).toMatchObject({ verdict: 'SAFE', observed: { backing: { type: 'external-volume' } } });
      expect(fails(after)).toBe(false);
    } finally {
      await on.compose(['down', '-t', '1']);
      await engine.docker.getVolume(`inspect-${process.pid}-external`).remove();
    }
  });

  test('a project that was renamed', async () => {
    const on = stack(
      'renamed',
      'services:\n  db:\n    image: redis:7\n    volumes: [data:/data]\nvolumes: { data: }\n',
    );
    const [before, after] = [`inspect-renamed-${process.pid}-before`, `inspect-renamed-${process.pid}-after`];
    await on.up(before);
    const report = await on.verify('inspect', after);
    expect(of(report, 'db')).toMatchObject({ verdict: 'UNKNOWN', container: null });
    const [finding] = report.findings.filter(({ rule }) => rule === 'other-project-name');
    expect(finding?.message).toContain(`${before}-db-1`);
    expect(finding?.message).toContain(`${before}_data`);
    expect(rules(await on.verify('inspect', before))).not.toContain('other-project-name');
    await on.compose(['down', '-t', '1'], before);
    const gone = await on.verify('inspect', after);
    expect(serious(gone)).toEqual([]);
    const left = gone.findings.map(({ message }) => message).join('\n');
    expect(left).toContain(`${after}_data does not exist, but ${before}_data`);
  });

  test('replicas are judged one by one, and spoken of once', async () => {
    const on = stack('replicas', 'services:\n  db:\n    image: redis:7\n    deploy: { replicas: 2 }\n');
    await on.up();
    const report = await on.verify();
    expect(report.results.map(({ verdict }) => verdict)).toEqual(['AT RISK', 'AT RISK']);
    expect(new Set(report.results.map(({ container }) => container)).size).toBe(2);
    expect(rules(report).filter((rule) => rule === 'data-on-anonymous-volume')).toHaveLength(1);
  });

  test('twenty containers at once', async () => {
    const services = Array.from(
      { length: 20 },
      (_, i) => `  s${i}:\n    image: redis:7\n    network_mode: none\n    volumes: [v${i}:/data]\n`,
    );
    const volumes = Array.from({ length: 20 }, (_, i) => `  v${i}:\n`);
    const on = stack('twenty', `services:\n${services.join('')}volumes:\n${volumes.join('')}`);
    await on.up();
    let report = await on.verify();
    let best = Number.POSITIVE_INFINITY;
    let floor = Number.POSITIVE_INFINITY;
    const verifyAgain = async (): Promise<void> => {
      report = await on.verify();
    };
    // Side by side, three times: what else the machine does meanwhile slows both.
    for (let i = 0; i < 3; i++) {
      floor = Math.min(floor, await timed(() => bareCalls(engine, report)));
      best = Math.min(best, await timed(verifyAgain));
    }
    console.log(
      `${engine.name}: 20 containers inspected in ${Math.round(best)} ms, ${(best / floor).toFixed(1)} x the bare calls`,
    );
    expect(report.results).toHaveLength(20);
    expect(new Set(report.results.map(({ container }) => container)).size).toBe(20);
  });

  test('nothing but reading was asked of the engine', () => {
    expect(calls.length).toBeGreaterThan(100);
    expect([...new Set(calls.map(({ method }) => method))].sort()).toEqual(['GET', 'HEAD']);
    expect(calls.filter(({ path: asked }) => /exec|attach|export/.test(asked))).toEqual([]);
  });
});
