/** A user's project of servers that hold data, and everything that a probe must leave as it was. */
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Writable } from 'node:stream';
import { expect } from 'vitest';
import { PREFIX } from '../../server/live/probes/probe.ts';
import { writeFiles } from './drill-projects.ts';
import type { EngineUnderTest } from './engines.ts';
import type { Orders } from './probe-runner.ts';
import { until } from './shell.ts';

const COMPOSE = `services:
  cache:
    image: redis:7
    command: [redis-server, --appendonly, "yes"]
    volumes: [cache:/data]
    restart: unless-stopped
  db:
    image: postgres:15
    environment: { POSTGRES_PASSWORD: correct-horse-battery }
    volumes: [db:/var/lib/postgresql/data]
    restart: unless-stopped
  app:
    image: persistence/app:1
    environment: { DATABASE_URL: "sqlite:////data/app.db" }
    volumes: [app:/data]
    restart: unless-stopped
volumes: { cache: , db: , app: }
`;

export const RECIPES = ['redis', 'postgres', 'app'] as const;

const redis = (...words: string[]): string[] => ['redis-cli', '--raw', ...words];
const psql = (...sql: string[]): string[] => [
  'psql',
  '-U',
  'postgres',
  '-h',
  '127.0.0.1',
  '-Atq',
  ...sql.flatMap((one) => ['-c', one]),
];
const fetched = (way: string): string[] => ['timeout', '5', 'wget', '-qO-', `http://127.0.0.1:3000${way}`];

const KEYS =
  "local r = {} for _, k in ipairs(redis.call('KEYS', '*')) do r[#r + 1] = k .. '=' .. redis.call('GET', k) .. ' ' .. redis.call('PTTL', k) end table.sort(r) return r";
const TABLES = `select 'schema', nspname from pg_namespace where nspname not like 'pg_%' order by 2`;
const RELATIONS =
  "select 'table', n.nspname, relname from pg_class c join pg_namespace n on n.oid = relnamespace where relkind = 'r' and nspname not like 'pg\\_%' and nspname <> 'information_schema' order by 2, 3";

/** What the servers write of their own accord, whatever is in them. */
const OWN_LOGS: Readonly<Record<string, RegExp>> = {
  cache: /^(appendonlydir|dump\.rdb)/,
  // Of the cluster, what nobody but its user changes: the settings, and the rows of the table.
  db: /^(?!PG_VERSION|postgresql(\.auto)?\.conf|pg_hba\.conf|pg_ident\.conf|mine\.txt)/,
  app: /^$/,
};

/** Written back by the application itself when it stops. */
const JOURNAL = /-(wal|shm)$/;

export interface Left {
  /** Marks of records of ours that are in the servers, and beside the files. */
  readonly marks: readonly string[];
  /** Marks that the journal tells of. */
  readonly noted: readonly string[];
  /** Anything else in the folder of the journal. */
  readonly strange: readonly string[];
}

export class User {
  readonly #under: EngineUnderTest;
  readonly name: string;
  readonly folder: string;
  readonly state: string;

  constructor(under: EngineUnderTest, name: string, root: string) {
    this.#under = under;
    this.name = name;
    this.folder = path.join(root, name);
    this.state = path.join(root, `${name}-state`);
  }

  async up(): Promise<void> {
    writeFiles(this.folder, { 'compose.yaml': COMPOSE });
    await this.compose('up', '-d', '--pull', 'never');
    await this.ready();
    await this.run('cache', redis('SET', 'customer:1', 'mine'));
    await this.run('cache', redis('SET', 'session:1', 'mine', 'EX', '86400'));
    await this.run('cache', redis('PERSIST', 'session:1'));
    await this.run(
      'db',
      psql('create table customers as select generate_series(1, 10) i', 'vacuum freeze customers', 'checkpoint'),
    );
    await this.run('app', [
      ...fetched('/notes?count=3').slice(0, -1),
      '--post-data',
      'mine',
      fetched('/notes?count=3').at(-1)!,
    ]);
    for (const { service, source } of await this.#volumes())
      if (service !== 'app') fs.writeFileSync(path.join(source, 'mine.txt'), 'mine');
  }

  compose = (...args: string[]): Promise<string> =>
    this.#under.compose(['-p', this.name, '--progress', 'quiet', ...args], this.folder);

  async ready(): Promise<void> {
    const answers = async (service: string, argv: readonly string[], what: RegExp): Promise<void> =>
      until(`${service} answers`, async () => what.test(await this.run(service, argv).catch(() => '')), 120_000);
    await Promise.all([
      answers('cache', redis('PING'), /PONG/),
      answers('db', psql('select 1'), /^1/),
      answers('app', fetched('/health'), /ok/),
    ]);
  }

  async down(): Promise<void> {
    await this.compose('down', '-v', '-t', '1').catch(() => undefined);
  }

  #containers() {
    return this.#under.docker.listContainers({
      all: true,
      filters: { label: [`com.docker.compose.project=${this.name}`] },
    });
  }

  async #volumes(): Promise<{ service: string; source: string }[]> {
    return (await this.#containers()).flatMap(({ Labels, Mounts }) =>
      Mounts.map(({ Source }) => ({ service: Labels['com.docker.compose.service']!, source: Source })),
    );
  }

  async #layer(id: string): Promise<string[]> {
    // Without any change the library hands out a buffer that says `null`.
    const changes: unknown = await this.#under.docker.getContainer(id).changes();
    return Array.isArray(changes) ? (changes as { Path: string }[]).map(({ Path }) => Path) : [];
  }

  /** What it said, both streams. */
  async run(service: string, argv: readonly string[]): Promise<string> {
    const one = (await this.#containers()).find(({ Labels }) => Labels['com.docker.compose.service'] === service);
    const container = this.#under.docker.getContainer(one?.Id ?? '');
    const exec = await container.exec({ Cmd: [...argv], AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({});
    let said = '';
    const sink = new Writable({
      write(chunk: Buffer, _, done) {
        said += chunk.toString('utf8');
        done();
      },
    });
    this.#under.docker.modem.demuxStream(stream, sink, sink);
    await new Promise((resolve) => stream.on('end', resolve).on('close', resolve));
    return said;
  }

  /** `started`: an engine that stops ends all containers. */
  async snapshot(started = true): Promise<string[]> {
    const lines: string[] = [];
    const { docker } = this.#under;
    for (const { Id } of await this.#containers()) {
      const { State, RestartCount, Config } = await docker.getContainer(Id).inspect();
      const since = started ? ` ${State.StartedAt} ${State.Pid} ${RestartCount}` : '';
      const service = Config.Labels['com.docker.compose.service'];
      lines.push(`${service} ${Id} ${State.Status}${since}`);
      for (const at of await this.#layer(Id)) lines.push(`layer of ${service}: ${at}`);
    }
    const { Volumes: volumes } = await docker.listVolumes();
    for (const { Name, CreatedAt } of (volumes ?? []) as { Name: string; CreatedAt?: string }[])
      if (Name.startsWith(this.name)) lines.push(`volume ${Name} ${started ? CreatedAt : ''}`);
    for (const { service, source } of await this.#volumes())
      lines.push(`files of ${service}: ${hash(source, service === 'app' && !started ? JOURNAL : OWN_LOGS[service]!)}`);
    const [keys, tables, rows, relation] = await Promise.all([
      this.run('cache', redis('EVAL', KEYS, '0')),
      this.run('db', psql(TABLES, RELATIONS)),
      this.run('db', psql('select * from customers order by 1')),
      this.run('db', psql("select pg_relation_filepath('customers')")),
    ]);
    const cluster = (await this.#volumes()).find(({ service }) => service === 'db')!.source;
    lines.push(`keys ${keys.trim().split('\n').join(', ')}`, `tables ${tables.trim().split('\n').join(', ')}`);
    lines.push(`rows ${rows.trim().split('\n').join(', ')}`);
    lines.push(`relation ${sha(fs.readFileSync(path.join(cluster, relation.trim())))}`);
    lines.push(`notes ${(await this.run('app', fetched('/notes'))).trim()}`, `folder ${hash(this.folder, /^$/)}`);
    expect(lines).toEqual(
      expect.arrayContaining([
        'keys customer:1=mine -1, session:1=mine -1',
        'tables schema|information_schema, schema|public, table|public|customers',
        'rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10',
        'notes {"count":3,"last":"mine"}',
      ]),
    );
    return lines.sort();
  }

  async left(): Promise<Left> {
    const layers = await Promise.all((await this.#containers()).map(({ Id }) => this.#layer(Id)));
    const texts = [
      await this.run('cache', redis('KEYS', `${PREFIX}*`)),
      await this.run('db', psql("select nspname from pg_namespace where nspname like 'persist%'")),
      ...layers.flat(),
      ...(await this.#volumes()).flatMap(({ source }) => namesIn(source)),
    ];
    const marks = texts.flatMap((text) => [...text.matchAll(/persist_probe_([0-9a-f]*)/g)].map(([, mark]) => mark!));
    const journal = path.join(this.state, 'compose-persistence/planted');
    const names = fs.existsSync(journal) ? fs.readdirSync(journal) : [];
    const noted = names.flatMap((name) => /^([0-9a-f]{8})\.json$/.exec(name)?.[1] ?? []);
    return {
      marks: [...new Set(marks)].sort(),
      noted: noted.sort(),
      strange: names.filter((name) => !/^[0-9a-f]{8}\.json$/.test(name)),
    };
  }

  orders(at: number, what: Orders['what']): Orders {
    const { folder, name, state } = this;
    return { socket: this.#under.socket, folder, name, state, at, what };
  }
}

const namesIn = (folder: string): string[] =>
  fs.existsSync(folder) ? (fs.readdirSync(folder, { recursive: true }) as string[]) : [];

const sha = (bytes: Uint8Array): string => crypto.createHash('sha256').update(bytes).digest('hex').slice(0, 16);

function hash(folder: string, without: RegExp): string {
  const sum = crypto.createHash('sha256');
  for (const name of namesIn(folder).sort()) {
    if (without.test(name)) continue;
    const file = path.join(folder, name);
    sum.update(`${name}\n`);
    if (fs.statSync(file).isFile()) sum.update(fs.readFileSync(file));
  }
  return sum.digest('hex').slice(0, 16);
}
