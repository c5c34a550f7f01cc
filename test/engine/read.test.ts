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
  /** Beside the Compose file. */
  readonly files?: Readonly<Record<string, string>>;
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
  {
    title: 'Valkey',
    recipe: 'valkey',
    compose: `services:
  right:
    image: valkey/valkey:8
    volumes: [right:/data]
volumes: { right: }
`,
    ready: ['sh', '-c', 'valkey-cli PING | grep PONG'],
    fill: [['sh', '-c', 'valkey-cli SET key value && valkey-cli SAVE']],
    cases: [{ service: 'right', verdict: 'SAFE', rules: [], reason: /has 1 key/, writesTo: '/data' }],
  },
  {
    title: 'MariaDB',
    recipe: 'mariadb',
    compose: `services:
  right:
    image: mariadb:10.11
    environment: { MARIADB_ROOT_PASSWORD: ${SECRET}, MARIADB_DATABASE: shop }
    volumes: [right:/var/lib/mysql]
  below:
    image: mariadb:10.11
    environment: { MARIADB_ROOT_PASSWORD: ${SECRET}, MARIADB_DATABASE: shop }
    volumes: [below:/var/lib/mysql/data]
volumes: { right: , below: }
`,
    ready: ['healthcheck.sh', '--connect', '--innodb_initialized'],
    fill: [
      [
        'sh',
        '-c',
        'MYSQL_PWD="$MARIADB_ROOT_PASSWORD" mariadb -uroot shop -e "create table t (i int); insert into t values (1)"',
      ],
    ],
    cases: [
      { service: 'right', verdict: 'SAFE', rules: [], reason: /says that it writes there/, writesTo: '/var/lib/mysql' },
      {
        service: 'below',
        verdict: 'AT RISK',
        rules: ['data-on-anonymous-volume'],
        reason: /anonymous volume/,
        writesTo: '/var/lib/mysql',
      },
    ],
  },
  {
    title: 'Chroma',
    recipe: 'chroma',
    compose: `services:
  right:
    image: chromadb/chroma:1.3.4
    volumes: [right:/data]
  old:
    image: chromadb/chroma:1.3.4
    volumes: [old:/chroma/chroma]
volumes: { right: , old: }
`,
    ready: ['timeout', '5', 'wget', '-qO-', 'http://127.0.0.1:8000/api/v2/heartbeat'],
    fill: [
      [
        'sh',
        '-c',
        `c=http://127.0.0.1:8000/api/v2/tenants/default_tenant/databases/default_database/collections
         j='content-type: application/json'
         i=$(timeout 9 wget -qO- --header "$j" --post-data '{"name":"docs"}' $c | sed -E 's/.*"id":"([^"]*)".*/\\1/')
         timeout 9 wget -qO- --header "$j" --post-data '{"ids":["a"],"embeddings":[[1,2]],"documents":["x"]}' $c/$i/add`,
      ],
    ],
    cases: [
      { service: 'right', verdict: 'SAFE', rules: [], reason: /has 1 collection/, writesTo: '/data' },
      {
        service: 'old',
        verdict: 'NOT PERSISTED',
        rules: ['data-on-writable-layer'],
        reason: /\/data\/chroma\.sqlite3 \(Chroma\) is in the writable layer/,
        writesTo: '/data',
      },
    ],
  },
  {
    title: 'RabbitMQ',
    recipe: 'rabbitmq',
    compose: `services:
  right:
    image: rabbitmq:3.10-management
    hostname: rabbit
    volumes: [right:/var/lib/rabbitmq]
  nameless:
    image: rabbitmq:3.10-management
    volumes: [nameless:/var/lib/rabbitmq]
volumes: { right: , nameless: }
`,
    // A client that comes before the server makes a cookie that the server cannot read.
    ready: ['sh', '-c', '[ -s /var/lib/rabbitmq/.erlang.cookie ] && rabbitmqctl -q await_startup --timeout 50'],
    fill: [['rabbitmqctl', '-q', 'add_vhost', 'shop']],
    cases: [
      {
        service: 'right',
        verdict: 'SAFE',
        rules: [],
        reason: /says that it writes there/,
        writesTo: '/var/lib/rabbitmq/mnesia/rabbit@rabbit',
      },
      {
        service: 'nameless',
        verdict: 'AT RISK',
        rules: ['weak-durability'],
        reason: /directory is named after the id of this container/,
        writesTo: /^\/var\/lib\/rabbitmq\/mnesia\/rabbit@[0-9a-f]{12}$/,
      },
    ],
  },
  {
    title: 'etcd',
    recipe: 'etcd',
    compose: `services:
  right:
    image: quay.io/coreos/etcd:v3.4.23
    environment: { ETCD_DATA_DIR: /etcd-data, ETCDCTL_API: "3" }
    volumes: [right:/etcd-data]
  beside:
    image: quay.io/coreos/etcd:v3.4.23
    environment: { ETCDCTL_API: "3" }
    volumes: [beside:/etcd-data]
volumes: { right: , beside: }
`,
    ready: ['etcdctl', 'endpoint', 'health'],
    fill: [['etcdctl', 'put', 'key', 'value']],
    cases: [
      { service: 'right', verdict: 'SAFE', rules: [], reason: /says that it writes there/, writesTo: /^\/etcd-data/ },
      {
        service: 'beside',
        verdict: 'NOT PERSISTED',
        rules: ['data-on-writable-layer'],
        reason: /writable layer/,
        writesTo: /^\/var\/lib\/etcd\/default\.etcd/,
      },
    ],
  },
  {
    title: 'NATS',
    recipe: 'nats',
    compose: `services:
  right:
    image: nats:2
    command: [-js, -sd, /data, -m, "8222"]
    volumes: [right:/data]
  beside:
    image: nats:2
    command: [-js, -m, "8222"]
    volumes: [beside:/data]
volumes: { right: , beside: }
`,
    ready: ['timeout', '5', 'wget', '-qO-', 'http://127.0.0.1:8222/healthz'],
    fill: [
      [
        'sh',
        '-c',
        `{ printf 'CONNECT {"verbose":false}\\r\\nSUB answer 1\\r\\nPUB $JS.API.STREAM.CREATE.shop answer 39\\r\\n{"name":"shop","subjects":["shop.>"]  }\\r\\n'; sleep 1; } | timeout 5 nc 127.0.0.1 4222 | grep -a stream_create_response`,
      ],
    ],
    cases: [
      {
        service: 'right',
        verdict: 'SAFE',
        rules: [],
        reason: /says that it writes there/,
        writesTo: '/data/jetstream',
      },
      {
        service: 'beside',
        verdict: 'NOT PERSISTED',
        rules: ['data-on-writable-layer'],
        reason: /writable layer/,
        writesTo: '/tmp/nats/jetstream',
      },
    ],
  },
  {
    title: 'Mosquitto',
    recipe: 'mosquitto',
    compose: `services:
  right:
    image: eclipse-mosquitto:2
    command: [sh, -c, 'printf "listener 1883 127.0.0.1\\nallow_anonymous true\\npersistence true\\npersistence_location /mosquitto/data/\\nautosave_interval 1\\nautosave_on_changes true\\n" > /tmp/m.conf && exec mosquitto -c /tmp/m.conf']
    volumes: [right:/mosquitto/data]
  off:
    image: eclipse-mosquitto:2
    volumes: [off:/mosquitto/data]
volumes: { right: , off: }
`,
    ready: ['sh', '-c', 'mosquitto_pub -t ready -m 1'],
    fill: [['mosquitto_pub', '-r', '-q', '1', '-t', 'state', '-m', 'on']],
    cases: [
      { service: 'right', verdict: 'SAFE', rules: [], reason: /./, writesTo: /^\/mosquitto\/data/ },
      { service: 'off', verdict: 'AT RISK', rules: ['data-not-on-disk'], reason: /./ },
    ],
  },
  {
    title: 'Prometheus',
    recipe: 'prometheus',
    compose: `services:
  right:
    image: prom/prometheus:v2.42.0
    volumes: [right:/prometheus]
  beside:
    image: prom/prometheus:v2.42.0
    command: [--config.file=/etc/prometheus/prometheus.yml, --storage.tsdb.path=/tmp/tsdb]
    volumes: [beside:/prometheus]
volumes: { right: , beside: }
`,
    // It has no samples before its first scrape.
    ready: ['sh', '-c', "timeout 5 wget -qO- 'http://127.0.0.1:9090/api/v1/query?query=up' | grep value"],
    fill: [],
    cases: [
      { service: 'right', verdict: 'SAFE', rules: [], reason: /says that it writes there/, writesTo: '/prometheus' },
      {
        service: 'beside',
        verdict: 'NOT PERSISTED',
        rules: ['data-on-writable-layer'],
        reason: /writable layer/,
        writesTo: '/tmp/tsdb',
      },
    ],
  },
  {
    title: 'InfluxDB',
    recipe: 'influxdb',
    compose: `services:
  right:
    image: influxdb:1.6
    environment: { INFLUXDB_DB: shop }
    volumes: [right:/var/lib/influxdb]
  beside:
    image: influxdb:1.6
    environment: { INFLUXDB_DB: shop, INFLUXDB_DATA_DIR: /srv/data, INFLUXDB_META_DIR: /srv/meta, INFLUXDB_DATA_WAL_DIR: /srv/wal }
    volumes: [beside:/var/lib/influxdb]
volumes: { right: , beside: }
`,
    ready: [
      'sh',
      '-c',
      "influx -database shop -execute 'INSERT sales value=1' && influx -execute 'show databases' | grep shop",
    ],
    fill: [],
    cases: [
      {
        service: 'right',
        verdict: 'SAFE',
        rules: [],
        reason: /says that it writes there/,
        writesTo: /^\/var\/lib\/influxdb\//,
      },
      {
        service: 'beside',
        verdict: 'NOT PERSISTED',
        rules: ['data-on-writable-layer'],
        reason: /writable layer/,
        writesTo: /^\/srv\//,
      },
    ],
  },
  {
    title: 'An application with SQLite',
    recipe: 'app',
    compose: `services:
  right:
    image: persistence/app:1
    environment: { DATABASE_URL: "sqlite:////data/app.db" }
    volumes: [right:/data]
  layer:
    image: persistence/app:1
    environment: { DATABASE_URL: "sqlite:////data/app.db" }
  single:
    image: persistence/app:1
    environment: { DATABASE_URL: "sqlite:////data/app.db" }
    volumes: ["./app.db:/data/app.db"]
volumes: { right: }
`,
    files: { 'app.db': '' },
    ready: ['timeout', '5', 'wget', '-qO-', 'http://127.0.0.1:3000/health'],
    fill: [['timeout', '5', 'wget', '-qO-', '--post-data', '', 'http://127.0.0.1:3000/notes?count=3']],
    cases: [
      { service: 'right', verdict: 'SAFE', rules: [], reason: /has 1 table, 3 rows/, writesTo: '/data/app.db' },
      {
        service: 'layer',
        verdict: 'NOT PERSISTED',
        rules: ['data-on-writable-layer'],
        reason: /\/data\/app\.db \(SQLite\) is in the writable layer/,
        writesTo: '/data/app.db',
      },
      {
        service: 'single',
        verdict: 'AT RISK',
        rules: ['single-file-mount'],
        reason: /Only this one file is mounted/,
        writesTo: '/data/app.db',
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
  describe.each(SETTINGS)('$title', ({ title, recipe, compose, ready, fill, files = {}, empty = [], cases }) => {
    const calls: ApiCall[] = [];
    let on: LiveStack;
    let report: Report;

    beforeAll(async () => {
      await engine.images(recipe);
      on = new LiveStack(engine, `read-${title.toLowerCase().replaceAll(/\W+/g, '-')}`, compose, (call) =>
        calls.push(call),
      );
      for (const [name, text] of Object.entries(files)) on.file(name, text);
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

  describe('over time', () => {
    const PG = ['psql', '-U', 'postgres', '-c'];
    let on: LiveStack;
    const db = (name: string): string => `  ${name}:
    image: postgres:15
    environment: { POSTGRES_PASSWORD: ${SECRET} }
    volumes: [data:/var/lib/postgresql/data]
`;
    const cache = `  cache:
    image: redis:7
    command: [redis-server, --appendonly, "yes"]
    volumes: [cache:/data]
`;
    const file = (...services: string[]): string => `services:\n${services.join('')}volumes: { data: , cache: }\n`;
    const ready = async (): Promise<void> => {
      await on.ready('db', 'sh', '-c', 'psql -h 127.0.0.1 -U postgres -c "select 1"');
      await on.ready('cache', 'sh', '-c', 'redis-cli PING | grep PONG');
    };

    beforeAll(async () => {
      await engine.images('postgres', 'redis');
      on = new LiveStack(engine, 'read-over-time', file(db('db'), cache));
      await on.up();
      await ready();
      await on.exec('db', ...PG, 'create table t as select 1 i');
      await on.exec('cache', 'redis-cli', 'SET', 'key', 'value');
    });
    afterAll(() => on.remove());

    test('data that was made anew is told, once', async () => {
      const first = await on.verify('read');
      expect([of(first, 'db').verdict, of(first, 'cache').verdict]).toEqual(['SAFE', 'SAFE']);
      const { fingerprint } = of(first, 'db').told!;
      await on.compose(['down', '-t', '1']);
      await on.up();
      await ready();
      const same = await on.verify('read');
      expect(of(same, 'db')).toMatchObject({ verdict: 'SAFE', told: { fingerprint } });

      await on.compose(['down', '--volumes', '-t', '1']);
      await on.up();
      await ready();
      await on.exec('db', ...PG, 'create table t as select 1 i');
      const other = await on.verify('read');
      expect(of(other, 'db').verdict).toBe('AT RISK');
      expect(of(other, 'db').reason).toMatch(
        /^The data was made anew: the server told of other data on \d{4}-\d\d-\d\d\. What was there then is lost, or in another volume$/,
      );
      expect(other.findings).toContainEqual(
        expect.objectContaining({ rule: 're-initialised-database', severity: 'error', service: 'db' }),
      );
      expect(of(other, 'cache')).toMatchObject({ verdict: 'EMPTY' });
      expect(of(other, 'cache').reason).toMatch(/there is nothing in it, where it counted 1 on \d{4}-/);

      const again = await on.verify('read');
      expect(of(again, 'db').verdict).toBe('SAFE');
      expect(of(again, 'cache').reason).toMatch(/where it counted 1 on/);
    });

    test('two servers on one directory', async () => {
      on.write(file(db('db'), db('twin'), cache));
      await on.up();
      await on.ready('twin', 'sh', '-c', 'psql -h 127.0.0.1 -U postgres -c "select 1"');
      const shared = await on.verify('read');
      expect(shared.findings.filter(({ rule }) => rule === 'shared-database-volume')).toEqual([
        {
          rule: 'shared-database-volume',
          severity: 'error',
          message: `PostgreSQL of ${on.name}-db-1 and ${on.name}-twin-1 run on the same files in ${on.name}_data: one overwrites what the other has written, and neither says so. Stop all but one, and give each a volume of its own`,
          service: 'db',
        },
      ]);
      await on.compose(['stop', '-t', '1', 'twin']);
      expect((await on.verify('read')).findings.map(({ rule }) => rule)).not.toContain('shared-database-volume');
    });
  });
});
