/** Level `probe` on real servers, and the checks of the settings at level `read`. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Check } from '../../server/live/checks.ts';
import { type ApiCall, connect } from '../../server/live/connect.ts';
import { thisMachine } from '../../server/live/machine.ts';
import type { LiveStore, Report, Verdict } from '../../server/live/model.ts';
import { verify } from '../../server/live/verify.ts';
import { type EngineUnderTest, engines, whyNone } from './engines.ts';
import { LiveStack } from './live-stack.ts';

const SECRET = 'correct-horse-battery';

const COMPOSE = `services:
  right:
    image: redis:7
    command: [redis-server, --protected-mode, "no"]
    volumes: [right:/data]
  off:
    image: redis:7
    command: [redis-server, --save, ""]
    volumes: [off:/data]
  replica:
    image: redis:7
    command: [redis-server, --replicaof, right, "6379"]
    volumes: [replica:/data]
  db:
    image: postgres:15
    environment: { POSTGRES_PASSWORD: ${SECRET} }
    volumes: [db:/var/lib/postgresql/data]
  registry:
    image: quay.io/coreos/etcd:v3.4.23
    environment: { ETCD_DATA_DIR: /etcd-data, ETCDCTL_API: "3" }
    volumes: [registry:/etcd-data]
  app:
    image: persistence/app:1
    environment: { DATABASE_URL: "sqlite:////data/app.db" }
    volumes: [app:/data]
  reader:
    image: persistence/sqlite:3
    environment: { DATABASE_URL: "sqlite:////data/app.db" }
    volumes: [app:/data:ro]
  stopped:
    image: redis:7
    volumes: [stopped:/data]
volumes: { right: , off: , replica: , db: , registry: , app: , stopped: }
`;

interface Case {
  readonly service: string;
  readonly verdict: Verdict;
  /** Of its findings. */
  readonly rules: readonly string[];
  readonly reason: RegExp;
  /** A line of the evidence. */
  readonly evidence: RegExp;
}

const PLANTED = '^A marked record was written, read back and removed';

const CASES: readonly Case[] = [
  {
    service: 'right',
    verdict: 'SAFE',
    rules: [],
    reason: /says that it writes there, and has 2 keys/,
    evidence: new RegExp(`${PLANTED}; /data/dump\\.rdb changed$`),
  },
  {
    service: 'off',
    verdict: 'AT RISK',
    rules: ['data-not-on-disk'],
    reason: /A marked record was written and read back, but no file at \/data changed/,
    evidence: new RegExp(`${PLANTED}$`),
  },
  {
    service: 'replica',
    verdict: 'SAFE',
    rules: [],
    reason: /says that it writes there/,
    evidence: /^Nothing was planted: it is a replica$/,
  },
  {
    service: 'db',
    verdict: 'SAFE',
    rules: [],
    reason: /says that it writes there/,
    evidence: new RegExp(`${PLANTED}; .*/var/lib/postgresql/data/.* changed$`),
  },
  {
    service: 'registry',
    verdict: 'SAFE',
    rules: [],
    reason: /says that it writes there/,
    evidence: new RegExp(`${PLANTED}; .*/etcd-data/member/.* changed$`),
  },
  {
    service: 'app',
    verdict: 'SAFE',
    rules: [],
    reason: /has 1 table, 3 rows/,
    evidence: new RegExp(`${PLANTED}; /data/\\.persist_probe_[0-9a-f]{8} changed$`),
  },
  {
    service: 'reader',
    verdict: 'SAFE',
    rules: [],
    reason: /has 1 table, 3 rows/,
    evidence: /^Nothing was planted: \/data is mounted read-only$/,
  },
  {
    service: 'stopped',
    verdict: 'EMPTY',
    rules: ['volume-mounted-but-empty'],
    reason: /nothing is in it/,
    evidence: /^Nothing was planted: the container does not run$/,
  },
];

const psql = (sql: string): string[] => ['psql', '-U', 'postgres', '-h', '127.0.0.1', '-Atqc', sql];
const wget = (...args: string[]): string[] => ['timeout', '5', 'wget', '-qO-', ...args];
const NOTES = 'http://127.0.0.1:3000/notes';

/** Everything that people have put in. */
const LISTS: readonly (readonly [service: string, argv: readonly string[]])[] = [
  ['right', ['redis-cli', '--raw', 'KEYS', '*']],
  ['right', ['redis-cli', 'MGET', 'key', 'other']],
  ['off', ['redis-cli', '--raw', 'KEYS', '*']],
  ['replica', ['redis-cli', '--raw', 'KEYS', '*']],
  ['db', psql('select nspname from pg_namespace order by 1')],
  ['db', psql("select relname from pg_class where relkind in ('r', 'm', 'S', 'v') order by 1")],
  ['db', psql('select * from customers order by 1')],
  ['registry', ['etcdctl', 'get', '', '--prefix']],
  ['registry', ['etcdctl', 'lease', 'list']],
  ['app', wget(NOTES)],
  ['app', ['ls', '-A', '/data']],
  ['off', ['ls', '-A', '/data']],
];

const check = (name: string, service: string, what: Check['what'], expect: Partial<Check['expect']> = {}): Check => ({
  name,
  service,
  what,
  expect: { absent: false, ...expect },
  timeout: 10_000,
});
const get = (path: string): Check['what'] => ({
  kind: 'http',
  port: 3000,
  path,
  method: 'GET',
  tls: false,
  headers: {},
});
const exec = (...argv: string[]): Check['what'] => ({ kind: 'exec', argv });

const CHECKS: readonly Check[] = [
  check('notes are there', 'app', get('/notes'), { json: ['count'], atLeast: 3 }),
  check('many notes are there', 'app', get('/notes'), { json: ['count'], atLeast: 100 }),
  check('such a page', 'app', get('/none'), { status: [404] }),
  check('another page', 'app', get('/none')),
  check('keys are there', 'right', exec('redis-cli', 'DBSIZE'), { atLeast: 2 }),
  check('a program', 'right', exec('no-such-program')),
  check('started clean', 'db', { kind: 'log', lines: 200 }, { pattern: /PANIC/gm, absent: true }),
  check('has started', 'db', { kind: 'log', lines: 200 }, { pattern: /ready to accept connections/gm, atLeast: 1 }),
  check('of one that is stopped', 'stopped', exec('redis-cli', 'PING')),
  check('of nobody', 'nobody', exec('true')),
];

const of = (report: Report, service: string): LiveStore =>
  report.results.find((one) => one.service === service && one.kind !== 'configuration')!;

if (engines().length === 0) test.skip(`no engine: ${whyNone()}`, () => undefined);

describe.each(engines())('$name', (engine: EngineUnderTest) => {
  const calls: ApiCall[] = [];
  let on: LiveStack;

  const lists = async (): Promise<string[]> =>
    Promise.all(
      LISTS.map(async ([service, argv]) => {
        const said = await on.exec(service, ...argv);
        return `${service} ${argv.slice(1).join(' ')}: ${said.trim().split('\n').sort().join(' ')}`;
      }),
    );
  const since = async (): Promise<string> =>
    on.compose(['ps', '--all', '--no-trunc', '--format', '{{.ID}} {{.CreatedAt}} {{.State}}']);

  beforeAll(async () => {
    await engine.images('redis', 'postgres', 'etcd', 'app', 'sqlite');
    on = new LiveStack(engine, `probe-${process.pid}-flow`, COMPOSE, (call) => calls.push(call));
    await on.up();
    await Promise.all([
      on.compose(['kill', 'stopped']),
      on.ready('right', 'sh', '-c', 'redis-cli PING | grep PONG'),
      on.ready('replica', 'sh', '-c', 'redis-cli INFO replication | grep master_link_status:up'),
      on.ready('db', ...psql('select 1')),
      on.ready('registry', 'etcdctl', 'endpoint', 'health'),
      on.ready('app', ...wget('http://127.0.0.1:3000/health')),
    ]);
    await Promise.all([
      on.exec('right', 'sh', '-c', 'redis-cli MSET key value other more && redis-cli SAVE'),
      on.exec('off', 'redis-cli', 'SET', 'key', 'value'),
      on.exec('db', ...psql('create table customers as select generate_series(1, 10) i')),
      on.exec('registry', 'etcdctl', 'put', 'key', 'value'),
      on.exec('app', ...wget('--post-data', '', `${NOTES}?count=3`)),
    ]);
  });
  afterAll(() => on.remove());

  describe('level probe', () => {
    let report: Report;
    let before: readonly string[];
    let running: string;

    beforeAll(async () => {
      before = await lists();
      running = await since();
      calls.length = 0;
      report = await on.verify('probe');
    });

    test.each(CASES)('$service is $verdict', ({ service, verdict, rules, reason, evidence }) => {
      const one = of(report, service);
      const told = report.findings.filter(
        (finding) =>
          finding.service === service && finding.severity !== 'info' && finding.rule !== 'orphaned-data-found',
      );
      expect({ verdict: one.verdict, rules: told.map(({ rule }) => rule), evidence: one.evidence }).toMatchObject({
        verdict,
        rules,
      });
      expect(one.reason).toMatch(reason);
      expect(one.evidence).toContainEqual(expect.stringMatching(evidence));
    });

    test('what people have put in is as before, and nothing else is there', async () => {
      expect(report.errors).toEqual([]);
      expect(await lists()).toEqual(before);
      expect(before.join()).toContain('customers');
      expect(await since()).toBe(running);
    });

    test('clients were run in the containers, and nothing else was asked but questions', () => {
      const writes = calls.filter(({ method }) => method !== 'GET' && method !== 'HEAD');
      expect(writes.length).toBeGreaterThan(20);
      expect(writes.filter(({ path }) => !/^\/(containers\/[^/]+\/exec|exec\/[^/]+\/start)$/.test(path))).toEqual([]);
    });
  });

  describe('checks of the settings, at level read', () => {
    let report: Report;

    beforeAll(async () => {
      const machine = thisMachine({ HOME: on.folder });
      const live = await connect({ host: `unix://${engine.socket}`, machine, access: 'read' });
      try {
        const project = await on.project();
        report = await verify(live, { level: 'read', project, runtime: 'compose', machine, checks: CHECKS });
      } finally {
        live.close();
      }
    });

    test('are told, each as it went', () => {
      expect(report.checks.map(({ name, count, passed }) => [name, passed, count])).toEqual([
        ['notes are there', true, 3],
        ['many notes are there', false, 3],
        ['such a page', true, null],
        ['another page', false, null],
        ['keys are there', true, 2],
        ['a program', null, null],
        ['started clean', true, 0],
        ['has started', true, expect.any(Number)],
        ['of one that is stopped', null, null],
        ['of nobody', null, null],
      ]);
    });

    test('that failed are findings', () => {
      expect(report.findings.filter(({ rule }) => rule === 'check-failed')).toEqual([
        {
          rule: 'check-failed',
          severity: 'error',
          service: 'app',
          message: 'many notes are there: it counts 3, not at least 100',
        },
        {
          rule: 'check-failed',
          severity: 'error',
          service: 'app',
          message: 'another page: it was answered with 404, not 200 to 299',
        },
      ]);
    });

    test('that could not be run are errors', () => {
      expect(report.errors).toEqual([
        {
          code: 'check-not-run',
          service: 'right',
          message: 'a program: there is no no-such-program in the container',
        },
        {
          code: 'check-not-run',
          service: 'stopped',
          message: 'of one that is stopped: no container of the service runs',
        },
        { code: 'check-not-run', service: 'nobody', message: 'of nobody: the project has no service nobody' },
      ]);
    });
  });
});
