/** The probes that use a client in the container, against the real servers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../server/live/engine.ts';
import { ETCD } from '../../server/live/probes/etcd.ts';
import { MOSQUITTO } from '../../server/live/probes/mosquitto.ts';
import { MARIADB } from '../../server/live/probes/mysql.ts';
import { POSTGRES } from '../../server/live/probes/postgres.ts';
import type { Probe, Told } from '../../server/live/probes/probe.ts';
import { RABBITMQ } from '../../server/live/probes/rabbitmq.ts';
import { REDIS } from '../../server/live/probes/redis.ts';
import { engines, whyNone } from './engines.ts';
import { commands, openEngine, patiently, ServerStack } from './servers-stack.ts';

const SECRET = 'correct-horse-battery';
const MARK = '0badcafe';

interface Subject {
  readonly title: string;
  readonly recipe: string;
  readonly probe: Probe;
  /** Of the service, indented by four. */
  readonly service: string;
  /** Beside the Compose file. */
  readonly files?: Readonly<Record<string, string>>;
  /** Besides the volume. */
  readonly mounts?: readonly string[];
  /** Where the volume is. */
  readonly volume: string;
  readonly writesTo: string;
  /** Ends with 0 when it serves. */
  readonly ready: readonly string[];
  /** A user's data. */
  readonly fill: readonly (readonly string[])[];
  /** Everything that is in it, so that nothing of ours is left. */
  readonly list: readonly string[];
  /** It has an id that belongs to the data. */
  readonly hasFingerprint: boolean;
}

const redisCli = (...args: string[]): string[] => ['redis-cli', ...args];

const psql = (sql: string): string[] => ['psql', '-U', 'postgres', '-h', '127.0.0.1', '-Atc', sql];
const MARIADB_CLIENT = 'MYSQL_PWD="$MARIADB_ROOT_PASSWORD" mariadb -uroot -N -B -e';
const mariadb = (sql: string): string[] => ['sh', '-c', `${MARIADB_CLIENT} "${sql}"`];
/** While it is made, a server answers on its socket alone. */
const mariadbReady = ['sh', '-c', `test "$(${MARIADB_CLIENT} 'select @@skip_networking')" = 0`];

const valkeyCli = (...args: string[]): string[] => ['valkey-cli', ...args];
/** Whoever comes first makes the cookie, and the server must be able to read it. */
const rabbitmqReady = ['sh', '-c', '[ -s /var/lib/rabbitmq/.erlang.cookie ] && rabbitmqctl -q await_startup'];
const QUEUE =
  'rabbit_amqqueue:declare(rabbit_misc:r(<<"/">>, queue, <<"customers">>), true, false, [], none, <<"test">>).';
const MOSQUITTO_CONF = 'listener 1883\nallow_anonymous true\npersistence true\npersistence_location /mosquitto/data/\n';
/** Ends with 27 when it waited in vain, as it always does in the end. */
const retained = ['sh', '-c', "mosquitto_sub -t '#' --retained-only -W 1 -F %t; true"];

const SUBJECTS: readonly Subject[] = [
  {
    title: 'valkey',
    recipe: 'valkey',
    probe: REDIS,
    service: `    image: valkey/valkey:8\n    environment: { VALKEY_EXTRA_FLAGS: --requirepass ${SECRET} --appendonly yes, REDISCLI_AUTH: ${SECRET} }`,
    volume: '/data',
    writesTo: '/data',
    ready: valkeyCli('PING'),
    fill: [valkeyCli('SET', 'customer:1', 'x')],
    list: valkeyCli('KEYS', '*'),
    hasFingerprint: false,
  },
  {
    title: 'etcd',
    recipe: 'etcd',
    probe: ETCD,
    service:
      '    image: quay.io/coreos/etcd:v3.4.23\n    command: [etcd, --data-dir, /etcd-data, --listen-client-urls, "http://0.0.0.0:2379", --advertise-client-urls, "http://localhost:2379"]',
    volume: '/etcd-data',
    writesTo: '/etcd-data',
    ready: ['etcdctl', 'endpoint', 'health'],
    fill: [['etcdctl', 'put', '/customers/1', 'x']],
    list: ['sh', '-c', "etcdctl get '' --prefix --keys-only; etcdctl lease list"],
    hasFingerprint: false,
  },
  {
    title: 'rabbitmq',
    recipe: 'rabbitmq',
    probe: RABBITMQ,
    service: `    image: rabbitmq:3.10-management\n    hostname: rmq\n    environment: { RABBITMQ_DEFAULT_USER: app, RABBITMQ_DEFAULT_PASS: ${SECRET} }`,
    volume: '/var/lib/rabbitmq',
    writesTo: '/var/lib/rabbitmq/mnesia/rabbit@rmq',
    ready: rabbitmqReady,
    fill: [['rabbitmqctl', 'eval', QUEUE]],
    list: ['rabbitmqctl', '-q', 'list_global_parameters'],
    hasFingerprint: true,
  },
  {
    title: 'mosquitto',
    recipe: 'mosquitto',
    probe: MOSQUITTO,
    service: '    image: eclipse-mosquitto:2',
    files: { 'mosquitto.conf': MOSQUITTO_CONF },
    mounts: ['./mosquitto.conf:/mosquitto/config/mosquitto.conf:ro'],
    volume: '/mosquitto/data',
    writesTo: '/mosquitto/data',
    ready: ['mosquitto_pub', '-t', 'ready', '-m', 'x'],
    fill: [['mosquitto_pub', '-r', '-t', 'customers/1', '-m', 'x']],
    list: retained,
    hasFingerprint: false,
  },
  {
    title: 'postgres',
    recipe: 'postgres',
    probe: POSTGRES,
    service: `    image: postgres:15\n    environment: { POSTGRES_PASSWORD: ${SECRET}, PGPASSWORD: ${SECRET} }`,
    volume: '/var/lib/postgresql/data',
    writesTo: '/var/lib/postgresql/data',
    ready: psql('select 1'),
    fill: [psql('create database customers'), [...psql('create table t as select 1'), '-d', 'customers']],
    list: psql("select nspname from pg_namespace where nspname not like 'pg_%'"),
    hasFingerprint: true,
  },
  {
    title: 'mariadb',
    recipe: 'mariadb',
    probe: MARIADB,
    service: `    image: mariadb:10.11\n    environment: { MARIADB_ROOT_PASSWORD: ${SECRET} }`,
    volume: '/var/lib/mysql',
    writesTo: '/var/lib/mysql',
    ready: mariadbReady,
    fill: [mariadb('create database customers; create table customers.t (a int); insert into customers.t values (1)')],
    list: mariadb('show databases'),
    hasFingerprint: true,
  },
  {
    title: 'redis',
    recipe: 'redis',
    probe: REDIS,
    service: '    image: redis:7',
    volume: '/data',
    writesTo: '/data',
    ready: redisCli('PING'),
    fill: [redisCli('SET', 'customer:1', 'x'), redisCli('SAVE')],
    list: redisCli('KEYS', '*'),
    hasFingerprint: false,
  },
  {
    title: 'redis-with-log',
    recipe: 'redis',
    probe: REDIS,
    service: '    image: redis:7\n    command: [redis-server, --appendonly, "yes", --protected-mode, "no"]',
    volume: '/data',
    writesTo: '/data',
    ready: redisCli('PING'),
    fill: [redisCli('SET', 'customer:1', 'x')],
    list: redisCli('KEYS', '*'),
    hasFingerprint: false,
  },
];

if (engines().length === 0) test.skip(`no engine: ${whyNone()}`, () => undefined);

describe.each(engines())('$name', (engine) => {
  let live: Engine;
  const stacks: ServerStack[] = [];
  const stack = (title: string, compose: string): ServerStack => {
    const made = new ServerStack(engine, live, title, compose);
    stacks.push(made);
    return made;
  };
  /** Services of one image, side by side; each `VOLUME` is a volume of its own. */
  const several = (title: string, services: Readonly<Record<string, string>>): ServerStack => {
    const bodies = Object.entries(services).map(
      ([name, body]) => `  ${name}:\n${body.replaceAll('VOLUME:', `${name}:`)}\n`,
    );
    const volumes = Object.keys(services).map((name) => `  ${name}:\n`);
    return stack(title, `services:\n${bodies.join('')}volumes:\n${volumes.join('')}`);
  };

  beforeAll(async () => {
    live = await openEngine(engine);
  });
  afterAll(async () => {
    await Promise.all(stacks.map((made) => made.remove()));
    live.close();
  });

  // A server takes long to start and little to run: all of them beside each other, each through its tests in order.
  describe.each(SUBJECTS)('$title', { timeout: 600_000, concurrent: true }, (subject) => {
    const { probe, volume } = subject;
    let on: ServerStack;
    const told = (): Promise<Told> => patiently(() => on.told('db', probe));
    const ready = (): Promise<void> => on.ready('db', subject.ready);
    const again = async (...steps: string[][]): Promise<void> => {
      for (const step of steps) {
        await on.compose(...step);
        if (step[0] === 'kill') await on.ended();
      }
      await ready();
    };

    beforeAll(async () => {
      await engine.images(subject.recipe);
      const mounts = JSON.stringify([`data:${volume}`, ...(subject.mounts ?? [])]);
      on = stack(subject.title, `services:\n  db:\n${subject.service}\n    volumes: ${mounts}\nvolumes: { data: }\n`);
      for (const [file, text] of Object.entries(subject.files ?? {})) on.write(file, text);
      await on.up();
      await ready();
    });
    afterAll(() => on.compose('down', '--volumes', '-t', '1'));

    test.sequential('tells where it writes, and whether anything is in it, and changes nothing', async () => {
      const before = await on.layer('db');
      const fresh = await told();
      expect(await on.layer('db')).toEqual(before);
      expect(fresh).toMatchObject({ empty: true });
      expect(fresh.writesTo[0]).toBe(subject.writesTo);
      expect(fresh.fingerprint !== null).toBe(subject.hasFingerprint);

      for (const argv of subject.fill) await on.run('db', argv);
      const filled = await told();
      expect(filled).toMatchObject({ empty: false, fingerprint: fresh.fingerprint, writesTo: fresh.writesTo });
      expect(filled.count).toBeGreaterThan(fresh.count ?? 0);

      await again(['restart', '-t', '10']);
      expect(await told()).toMatchObject({ empty: false, count: filled.count, fingerprint: fresh.fingerprint });
      await again(['down', '-t', '10'], ['up', '-d', '--pull', 'never']);
      expect(await told()).toMatchObject({ empty: false, count: filled.count, fingerprint: fresh.fingerprint });
      expect(JSON.stringify(filled)).not.toContain('customer');
    });

    test.sequential('what is planted survives a kill, and goes without a trace', async () => {
      const planting = probe.planting!;
      const ask = () => on.ask('db', probe.technologies[0]!);
      const list = async (): Promise<string[]> => (await on.run('db', subject.list)).trim().split(/\s+/).sort();
      const before = await list();
      expect(await patiently(async () => planting.refusal?.(await ask()))).toBeNull();
      await patiently(async () => planting.plant(await ask(), MARK));
      expect(await list()).not.toEqual(before);
      await again(['kill'], ['start']);
      expect(await patiently(async () => planting.find(await ask(), MARK))).toBe(true);
      await patiently(async () => planting.remove(await ask(), MARK));
      await again(['kill'], ['start']);
      expect(await patiently(async () => planting.find(await ask(), MARK))).toBe(false);
      await patiently(async () => planting.remove(await ask(), MARK));
      expect(await list()).toEqual(before);
    });

    test.sequential('a fresh volume is other data', async () => {
      const before = await told();
      await again(['down', '--volumes', '-t', '1'], ['up', '-d', '--pull', 'never']);
      const after = await told();
      expect(after.empty).toBe(true);
      if (subject.hasFingerprint) expect(after.fingerprint).not.toBe(before.fingerprint);
    });
  });

  describe('redis set up otherwise', { timeout: 600_000, concurrent: true }, () => {
    let on: ServerStack;
    const told = (service: string): Promise<Told> => patiently(() => on.told(service, REDIS));
    const flags = (...words: string[]): string =>
      `    image: redis:7\n    volumes: [VOLUME:/data]\n    command: ${JSON.stringify(['redis-server', '--protected-mode', 'no', ...words])}`;

    beforeAll(async () => {
      await engine.images('redis', 'valkey');
      on = several('redis-otherwise', {
        beside: flags('--dir', '/tmp'),
        unsaved: flags('--save', ''),
        renamed: flags('--rename-command', 'CONFIG', ''),
        foreign: `    image: valkey/valkey:8\n    volumes: [VOLUME:/data]\n    command: [valkey-server, --rename-command, CONFIG, ""]`,
        locked: flags('--requirepass', SECRET),
        variable: `${flags('--requirepass', SECRET)}\n    environment: { REDIS_PASSWORD: ${SECRET} }`,
        first: `${flags('--requirepass', SECRET, '--port', '7000')}\n    init: true`,
        file: '    image: redis:7\n    volumes: ["VOLUME:/data", "./own.conf:/etc/redis.conf:ro"]\n    command: [redis-server, /etc/redis.conf]',
        replica: flags('--replicaof', 'beside', '6379'),
      });
      on.write('own.conf', `requirepass "${SECRET}"\nport 7001\nprotected-mode no\nappendonly yes\n`);
      await on.up();
    });
    afterAll(() => on.compose('down', '--volumes', '-t', '1'));

    test.sequential.each([
      ['beside', '/tmp', 0],
      ['unsaved', '/data', 0],
      ['renamed', '/data', 0],
      ['foreign', '/data', 0],
      ['variable', '/data', 0],
      ['first', '/data', 0],
      ['file', '/data', 0],
      ['replica', '/data', 0],
      ['locked', '/data', null],
    ])('%s', async (service, directory, count) => {
      const { writesTo, count: keys, weaknesses, evidence } = await told(service);
      expect({ writesTo, keys }).toEqual({ writesTo: [directory], keys: count });
      expect(weaknesses.some(({ weight }) => weight === 'risk')).toBe(service === 'unsaved');
      expect(JSON.stringify(evidence)).not.toContain(SECRET);
    });

    test.sequential('a replica takes no records', async () => {
      expect(await REDIS.planting!.refusal!(await on.ask('replica', 'redis'))).toBe('it is a replica');
    });

    test.sequential('what a server does not save of its own accord is not saved for it', async () => {
      await REDIS.planting!.plant(await on.ask('unsaved', 'redis'), MARK);
      expect(await REDIS.planting!.find(await on.ask('unsaved', 'redis'), MARK)).toBe(true);
      await on.compose('restart', '-t', '5', 'unsaved');
      expect(await patiently(async () => REDIS.planting!.find(await on.ask('unsaved', 'redis'), MARK))).toBe(false);
      expect(await on.run('unsaved', ['ls', '/data'])).toBe('');
    });
  });

  describe('postgres set up otherwise', { timeout: 600_000, concurrent: true }, () => {
    let on: ServerStack;
    const told = (service: string): Promise<Told> => patiently(() => on.told(service, POSTGRES));
    const server = (more: string): string =>
      `    image: postgres:15\n    volumes: ["VOLUME:/var/lib/postgresql/data"]\n${more}`;

    beforeAll(async () => {
      await engine.images('postgres');
      on = several('postgres-otherwise', {
        beside: server(`    environment: { POSTGRES_PASSWORD: ${SECRET}, PGDATA: /var/lib/postgresql/pgdata }`),
        careless: server(
          `    environment: { POSTGRES_PASSWORD: ${SECRET}, PGPASSWORD: ${SECRET} }\n    command: [postgres, -c, fsync=off, -c, port=5433]`,
        ),
        login: server(
          `    environment: { POSTGRES_USER: app, POSTGRES_DB: shop, POSTGRES_PASSWORD: ${SECRET}, PGPASSWORD: ${SECRET}, POSTGRES_INITDB_ARGS: --auth=scram-sha-256 }`,
        ),
      });
      await on.up();
      await on.ready('beside', ['pg_isready', '-h', '127.0.0.1']);
      await on.ready('careless', ['pg_isready', '-h', '127.0.0.1', '-p', '5433']);
      await on.ready('login', ['pg_isready', '-h', '127.0.0.1']);
    });
    afterAll(() => on.compose('down', '--volumes', '-t', '1'));

    test.sequential('its directory beside the volume', async () => {
      expect((await told('beside')).writesTo).toEqual(['/var/lib/postgresql/pgdata']);
    });

    test.sequential('without fsync, on another port', async () => {
      const { weaknesses, writesTo } = await told('careless');
      expect(writesTo).toEqual(['/var/lib/postgresql/data']);
      expect(weaknesses.map(({ setting, weight }) => [setting, weight])).toEqual([['fsync off', 'risk']]);
    });

    test.sequential('with a login that is needed, and then is not known any more', async () => {
      const before = await told('login');
      expect(before).toMatchObject({ empty: true, count: 0 });
      const sql = (...texts: string[]): Promise<string> =>
        on.run('login', ['psql', '-U', 'app', '-d', 'shop', ...texts.flatMap((text) => ['-c', text])]);
      await sql('create table customers (a int)');
      expect(await told('login')).toMatchObject({ empty: true, count: 1 });
      await sql('insert into customers values (1)');
      expect(await told('login')).toMatchObject({
        empty: false,
        contents: '1 table in 2 databases, 1 of them with rows',
      });
      await sql('alter role app set default_transaction_read_only = on');
      expect(await POSTGRES.planting!.refusal!(await on.ask('login', 'postgres'))).toBe('it is read-only');
      await sql('set default_transaction_read_only = off', "alter role app password 'another'");
      const after = await told('login');
      expect(after).toMatchObject({ fingerprint: before.fingerprint, writesTo: before.writesTo, contents: null });
    });
  });

  describe('mariadb set up otherwise', { timeout: 600_000, concurrent: true }, () => {
    let on: ServerStack;
    const told = (service: string): Promise<Told> => patiently(() => on.told(service, MARIADB));

    beforeAll(async () => {
      await engine.images('mariadb');
      on = several('mariadb-otherwise', {
        beside: `    image: mariadb:10.11\n    volumes: ["VOLUME:/var/lib/mysql"]\n    environment: { MARIADB_ROOT_PASSWORD: ${SECRET} }\n    command: [mariadbd, --datadir=/var/lib/other, --innodb-flush-log-at-trx-commit=0]`,
      });
      await on.up();
      await on.ready('beside', mariadbReady);
    });
    afterAll(() => on.compose('down', '--volumes', '-t', '1'));

    test.sequential('its directory beside the volume, and a login that is not known any more', async () => {
      const before = await told('beside');
      expect(before.writesTo).toEqual(['/var/lib/other']);
      expect(before.weaknesses).toMatchObject([{ setting: 'innodb_flush_log_at_trx_commit 0', weight: 'risk' }]);
      await on.run('beside', mariadb("alter user root@localhost identified by 'another'"));
      expect(await told('beside')).toMatchObject({
        writesTo: before.writesTo,
        fingerprint: before.fingerprint,
        contents: null,
      });
    });
  });

  describe('others set up otherwise', { timeout: 600_000, concurrent: true }, () => {
    let on: ServerStack;

    beforeAll(async () => {
      await engine.images('etcd', 'rabbitmq', 'mosquitto');
      on = several('others-otherwise', {
        etcd: '    image: quay.io/coreos/etcd:v3.4.23\n    volumes: [VOLUME:/etcd-data]\n    command: [etcd, --listen-client-urls, "http://0.0.0.0:2379", --advertise-client-urls, "http://localhost:2379"]',
        rabbitmq: '    image: rabbitmq:3.10-management\n    volumes: [VOLUME:/var/lib/rabbitmq]',
        mosquitto: '    image: eclipse-mosquitto:2\n    volumes: [VOLUME:/mosquitto/data]',
        locked:
          '    image: eclipse-mosquitto:2\n    volumes: [VOLUME:/mosquitto/data, "./locked.conf:/mosquitto/config/mosquitto.conf:ro"]',
      });
      on.write('locked.conf', 'listener 1883\npersistence true\npersistence_location /mosquitto/data/\n');
      await on.up();
      await on.ready('mosquitto', ['mosquitto_pub', '-t', 'ready', '-m', 'x']);
    });
    afterAll(() => on.compose('down', '--volumes', '-t', '1'));

    test.sequential('etcd without a directory', async () => {
      const { writesTo } = await patiently(() => on.told('etcd', ETCD));
      expect(writesTo).toEqual(['/var/lib/etcd/default.etcd']);
    });

    test.sequential('rabbitmq without a hostname', async () => {
      const told = async (): Promise<Told> => {
        await on.ready('rabbitmq', rabbitmqReady);
        return patiently(() => on.told('rabbitmq', RABBITMQ));
      };
      const before = await told();
      expect(before.weaknesses).toMatchObject([{ weight: 'risk' }]);
      expect(before.writesTo[0]).toMatch(/^\/var\/lib\/rabbitmq\/mnesia\/rabbit@[0-9a-f]{12}$/);
      await on.compose('rm', '--stop', '--force', 'rabbitmq');
      await on.up('rabbitmq');
      const after = await told();
      expect(after.fingerprint).not.toBe(before.fingerprint);
      expect(after.evidence.join()).toContain(before.writesTo[0]!.split('/').at(-1)!);
    });

    test.sequential('mosquitto as it comes keeps nothing', async () => {
      const ask = () => on.ask('mosquitto', 'mosquitto');
      const told = await patiently(() => on.told('mosquitto', MOSQUITTO));
      expect(told).toMatchObject({ writesTo: [], count: 0, weaknesses: [{ weight: 'risk' }] });
      expect(told.empty).not.toBe(false);
      await MOSQUITTO.planting!.plant(await ask(), MARK);
      expect(await MOSQUITTO.planting!.find(await ask(), MARK)).toBe(true);
      await on.compose('restart', '-t', '5', 'mosquitto');
      expect(await patiently(async () => MOSQUITTO.planting!.find(await ask(), MARK))).toBe(false);
    });

    test.sequential('mosquitto with a login', async () => {
      const told = await patiently(() => on.told('locked', MOSQUITTO));
      expect(told).toMatchObject({ writesTo: ['/mosquitto/data'], empty: null, count: null });
      expect(await MOSQUITTO.planting!.refusal!(await on.ask('locked', 'mosquitto'))).toContain('wants a login');
    });
  });

  test('no secret was on a command line', () => {
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.flat().filter((word) => word.includes(SECRET))).toEqual([]);
  });
});
