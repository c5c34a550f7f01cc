/** Level `read` on real servers: a right set-up and the wrong one that people have, side by side. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiCall } from '../../server/live/connect.ts';
import type { LiveStore, Report, Verdict } from '../../server/live/model.ts';
import { reportJson } from '../../server/live/report-json.ts';
import { engines, whyNone } from './engines.ts';
import { LiveStack } from './live-stack.ts';

const SECRET = 'correct-horse-battery';

interface Case {
  readonly service: string;
  readonly verdict: Verdict;
  /** Of its findings; in any order. */
  readonly rules: readonly string[];
  /** What the reason has to say. */
  readonly reason: RegExp;
  /** Where the server says that it writes. */
  readonly writesTo?: string | RegExp;
}

interface Setting {
  readonly title: string;
  readonly recipe: string;
  readonly compose: string;
  /** Ends well once a service answers. */
  readonly ready: readonly string[];
  /** Puts data in. */
  readonly fill: readonly (readonly string[])[];
  /** Services that are left empty. */
  readonly empty?: readonly string[];
  readonly cases: readonly Case[];
}

const SETTINGS: readonly Setting[] = [
  {
    title: 'Redis',
    recipe: 'redis',
    compose: `services:
  right:
    image: redis:7
    command: [redis-server, --appendonly, "yes"]
    volumes: [right:/data]
  beside:
    image: redis:7
    command: [redis-server, --dir, /tmp]
    volumes: [beside:/data]
  off:
    image: redis:7
    command: [redis-server, --save, "", --appendonly, "no"]
    volumes: [off:/data]
  secret:
    image: redis:7
    environment: { REDIS_PASSWORD: ${SECRET} }
    command: [sh, -c, 'exec redis-server --appendonly yes --requirepass "$$REDIS_PASSWORD"']
    volumes: [secret:/data]
volumes: { right: , beside: , off: , secret: }
`,
    ready: ['sh', '-c', 'REDISCLI_AUTH="$REDIS_PASSWORD" redis-cli PING | grep PONG'],
    fill: [['sh', '-c', 'REDISCLI_AUTH="$REDIS_PASSWORD" redis-cli SET key value | grep OK']],
    cases: [
      {
        service: 'right',
        verdict: 'SAFE',
        rules: [],
        reason: /the server says that it writes there, and has 1 key/,
        writesTo: '/data',
      },
      {
        service: 'beside',
        verdict: 'NOT PERSISTED',
        rules: ['data-on-writable-layer'],
        reason: /in the writable layer: gone when the container is recreated/,
        writesTo: '/tmp',
      },
      {
        service: 'off',
        verdict: 'AT RISK',
        rules: ['data-not-on-disk'],
        reason: /has 1 key, but nothing of it is on/,
        writesTo: '/data',
      },
      { service: 'secret', verdict: 'SAFE', rules: [], reason: /has 1 key/, writesTo: '/data' },
    ],
  },
  {
    title: 'PostgreSQL',
    recipe: 'postgres',
    compose: `services:
  right:
    image: postgres:15
    environment: { POSTGRES_PASSWORD: ${SECRET} }
    volumes: [right:/var/lib/postgresql/data]
  beside:
    image: postgres:15
    environment: { POSTGRES_PASSWORD: ${SECRET}, PGDATA: /srv/pgdata }
    volumes: [beside:/var/lib/postgresql/data]
  parent:
    image: postgres:15
    environment: { POSTGRES_PASSWORD: ${SECRET} }
    volumes: [parent:/var/lib/postgresql]
  fresh:
    image: postgres:15
    environment: { POSTGRES_PASSWORD: ${SECRET} }
    volumes: [fresh:/var/lib/postgresql/data]
volumes: { right: , beside: , parent: , fresh: }
`,
    ready: ['sh', '-c', 'psql -h 127.0.0.1 -U postgres -c "select 1"'],
    fill: [['psql', '-U', 'postgres', '-c', 'create table t as select generate_series(1, 10) i']],
    empty: ['fresh'],
    cases: [
      {
        service: 'right',
        verdict: 'SAFE',
        rules: [],
        reason: /says that it writes there/,
        writesTo: '/var/lib/postgresql/data',
      },
      {
        service: 'beside',
        verdict: 'NOT PERSISTED',
        rules: ['data-on-writable-layer'],
        reason: /in the writable layer: gone when the container is recreated/,
        writesTo: '/srv/pgdata',
      },
      {
        service: 'parent',
        verdict: 'AT RISK',
        rules: ['data-on-anonymous-volume'],
        reason: /anonymous volume/,
        writesTo: '/var/lib/postgresql/data',
      },
      {
        service: 'fresh',
        verdict: 'EMPTY',
        rules: ['uninitialised-database'],
        reason: /the server says that there is nothing in it/,
        writesTo: '/var/lib/postgresql/data',
      },
    ],
  },
];

const of = (report: Report, service: string): LiveStore =>
  report.results.find((one) => one.service === service && one.kind !== 'configuration')!;
/** Without what other runs may have left on the engine. */
const rules = (report: Report, service: string): string[] =>
  report.findings
    .filter((one) => one.service === service && one.severity !== 'info' && one.rule !== 'orphaned-data-found')
    .map(({ rule }) => rule);

if (engines().length === 0) test.skip(`no engine: ${whyNone()}`, () => undefined);

describe.each(engines())('$name', (engine) => {
  describe.each(SETTINGS)('$title', ({ title, recipe, compose, ready, fill, empty = [], cases }) => {
    const calls: ApiCall[] = [];
    let on: LiveStack;
    let report: Report;

    beforeAll(async () => {
      await engine.images(recipe);
      on = new LiveStack(engine, `read-${title.toLowerCase().replaceAll(/\W+/g, '-')}`, compose, (call) =>
        calls.push(call),
      );
      await on.up();
      await Promise.all(
        cases.map(async ({ service }) => {
          await on.ready(service, ...ready);
          if (!empty.includes(service)) for (const argv of fill) await on.exec(service, ...argv);
        }),
      );
      report = await on.verify('read');
    });
    afterAll(() => on.remove());

    test.each(cases)('$service is $verdict', ({ service, verdict, rules: expected, reason, writesTo }) => {
      const one = of(report, service);
      expect({ verdict: one.verdict, rules: rules(report, service), evidence: one.evidence }).toMatchObject({
        verdict,
        rules: expected,
      });
      expect(one.reason).toMatch(reason);
      if (typeof writesTo === 'string') expect(one.told?.writesTo[0]).toBe(writesTo);
      else if (writesTo) expect(one.told?.writesTo[0]).toMatch(writesTo);
    });

    test('no password is in the report', () => {
      expect(JSON.stringify(reportJson(report, (file) => file))).not.toContain(SECRET);
    });

    test('clients were run in the containers, and nothing else was asked but questions', () => {
      const writes = calls.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
      expect(writes.filter(({ path }) => !/^\/(containers\/[^/]+\/exec|exec\/[^/]+\/start)$/.test(path))).toEqual([]);
    });
  });
});
