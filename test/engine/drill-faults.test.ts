/**
 * No harm by a drill that ends in the middle: its process is killed, or the engine stops, at every step. Afterwards all of
 * the user's is as before, and the next start leaves nothing of the copy behind.
 *
 *     PERSISTENCE_FAULTS=100    so many points for each way to carry out a drill
 */
import { type ChildProcess, spawn } from 'node:child_process';
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../server/live/connect.ts';
import { drill } from '../../server/live/drill/drill.ts';
import { sweep } from '../../server/live/drill/sweep.ts';
import { analyse, composeOf, machineWith, writeFiles } from './drill-projects.ts';
import type { Orders } from './drill-runner.ts';
import { type EngineUnderTest, engine as engineNamed, engines, whyNone } from './engines.ts';
import { HOME, script } from './machine.ts';
import { bundleRunner } from './runner-bundle.ts';
import { until } from './shell.ts';

/** By each driver; more of them on demand. */
const POINTS = Number(process.env.PERSISTENCE_FAULTS ?? 10);
/** Drills that are killed beside each other. */
const AT_ONCE = 5;
const STOPS = Number(process.env.PERSISTENCE_STOPS ?? 8);

const PREFIX = `drill-${process.pid}-faults`;
const root = path.join(HOME, 'projects', PREFIX);
const COMPOSE = path.join(HOME, 'trixie/root/usr/libexec/docker/cli-plugins/docker-compose');
const IMAGES = { busybox: { paths: ['/srv/named', '/srv/anonymous', '/srv/bind', '/srv/layer'] } };
const RUNNER = path.join(root, 'runner.mjs');

const FILES = {
  'host/mine.txt': 'mine',
  'compose.yaml': `services:
  cache:
    image: redis:7
    command: [redis-server, --save, ""]
    volumes: [cache:/data]
  app:
    image: busybox:1
    depends_on: [cache]
    volumes: [named:/srv/named, /srv/anonymous, ./host:/srv/bind]
    stop_signal: SIGKILL
volumes: { cache: , named: }
`,
};

/** The user's project runs, and holds data. */
class User {
  readonly #under: EngineUnderTest;
  readonly name: string;
  readonly folder: string;
  readonly state: string;

  constructor(under: EngineUnderTest) {
    this.#under = under;
    this.name = `${PREFIX}-${under.name}`;
    this.folder = path.join(root, under.name);
    this.state = path.join(root, `${under.name}-state`);
  }

  async up(): Promise<void> {
    writeFiles(this.folder, FILES);
    await this.#under.compose(['-p', this.name, '--progress', 'quiet', 'up', '-d', '--pull', 'never'], this.folder);
    const own = await this.#containers();
    for (const { Id, Labels } of own) {
      const at = Labels['com.docker.compose.service'] === 'app' ? '/srv/named /srv/anonymous /srv/bind' : '/data';
      const argv = ['sh', '-c', `for at in ${at}; do echo mine > $at/user.txt; done`];
      const exec = await this.#under.docker.getContainer(Id).exec({ Cmd: argv, User: '0', AttachStdout: true });
      const stream = await exec.start({});
      stream.resume();
      await new Promise((resolve) => stream.on('end', resolve).on('close', resolve));
    }
  }

  #containers() {
    return this.#under.docker.listContainers({
      all: true,
      filters: { label: [`com.docker.compose.project=${this.name}`] },
    });
  }

  /** `started`: an engine that stops ends all containers, the user's too. */
  async snapshot(started: boolean): Promise<string[]> {
    const lines: string[] = [];
    for (const { Id } of await this.#containers()) {
      const { State, Mounts } = await this.#under.docker.getContainer(Id).inspect();
      lines.push(`${Id}${started ? ` ${State.StartedAt} ${State.Status}` : ''}`);
      for (const { Source, Destination } of Mounts) lines.push(`${Id} ${Destination} ${Source} ${hash(Source)}`);
    }
    const { Volumes: volumes } = await this.#under.docker.listVolumes();
    for (const { Name } of volumes ?? []) if (Name.startsWith(this.name)) lines.push(`volume ${Name}`);
    for (const { Name, Id } of await this.#under.docker.listNetworks())
      if (Name.startsWith(this.name)) lines.push(`network ${Name} ${Id}`);
    expect(lines.length).toBeGreaterThan(8);
    return [...lines, `files ${hash(this.folder)}`].sort();
  }

  async down(): Promise<void> {
    await this.#under.compose(['-p', this.name, 'down', '-v', '-t', '1'], this.folder).catch(() => undefined);
  }

  /** What there is of scratch copies that our processes have made: others may be at work on the same engine. */
  async litter(): Promise<string[]> {
    const { docker } = this.#under;
    const folder = path.join(this.state, 'compose-persistence/drills');
    const isOurs = (labels: Readonly<Record<string, string>> | null | undefined): boolean =>
      PIDS.has(Number(labels?.[`${LABEL}.pid`] ?? 0));
    const { Volumes: volumes } = await docker.listVolumes();
    return [
      ...(await docker.listContainers({ all: true })).flatMap(({ Names, Labels }) => (isOurs(Labels) ? Names : [])),
      ...(volumes ?? []).flatMap(({ Name, Labels }) => (isOurs(Labels) ? [Name] : [])),
      ...(await docker.listNetworks()).flatMap(({ Name, Labels }) => (isOurs(Labels) ? [Name] : [])),
      ...(fs.existsSync(folder) ? fs.readdirSync(folder) : []),
    ];
  }

  /** Of volumes that bear no label it can only be seen that there are no more of them than before. */
  async anonymous(): Promise<string[]> {
    const { Volumes: volumes } = await this.#under.docker.listVolumes();
    return (volumes ?? []).map(({ Name }) => Name).filter((name) => /^[0-9a-f]{64}$/.test(name));
  }

  orders(by: string, at: number, what: Orders['what']): Orders {
    return {
      socket: this.#under.socket,
      folder: this.folder,
      name: this.name,
      images: IMAGES,
      state: this.state,
      compose: by === 'compose' ? COMPOSE : null,
      environment: this.#under.environment,
      at,
      what,
    };
  }
}

const LABEL = 'io.compose-persistence.drill';
/** Of all drills of these tests. */
const PIDS = new Set([process.pid]);

function hash(at: string): string {
  const sum = crypto.createHash('sha256');
  for (const entry of fs
    .readdirSync(at, { recursive: true, withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))) {
    sum.update(`${entry.parentPath}/${entry.name}\n`);
    if (entry.isFile()) sum.update(fs.readFileSync(path.join(entry.parentPath, entry.name)));
  }
  return sum.digest('hex').slice(0, 16);
}

function start(orders: Orders): ChildProcess {
  const env = { ...process.env, DRILL_ORDERS: JSON.stringify(orders) };
  const child = spawn(process.execPath, [RUNNER], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  PIDS.add(child.pid ?? 0);
  return child;
}

interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}

function ended(child: ChildProcess): Promise<Ended> {
  let said = '';
  child.stdout!.on('data', (data: Buffer) => {
    said += data.toString('utf8');
  });
  return new Promise((resolve) => child.on('close', (_, signal) => resolve({ signal, said })));
}

/** How many calls there are depends on how long servers are waited for: one that had fewer is killed earlier. */
async function killedAt(user: User, by: string, at: number, before: boolean): Promise<boolean> {
  for (let point = at, tries = 0; tries < 5; tries++, point = Math.ceil(point * 0.7)) {
    const { signal } = await ended(start(user.orders(by, point, before ? 'kill' : 'kill-during')));
    if (signal === 'SIGKILL') return true;
  }
  return false;
}

/** How many calls a drill makes that nobody disturbs. */
async function callsOf(user: User, by: string): Promise<number> {
  const { said } = await ended(start(user.orders(by, 0, 'kill')));
  const { calls, ...rest } = JSON.parse(said) as { calls: number };
  expect(rest).toEqual({ agrees: expect.not.arrayContaining([false]), errors: [] });
  return calls;
}

/** Spread over all calls, the first and the last among them. */
const spread = (points: number, calls: number): number[] =>
  Array.from({ length: points }, (_, i) => 1 + Math.round((i * (calls - 1)) / Math.max(points - 1, 1)));

beforeAll(async () => {
  fs.mkdirSync(root, { recursive: true });
  await bundleRunner('drill-runner.ts', RUNNER);
});
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

/** The next start of any check. */
async function nextStart(under: EngineUnderTest, user: User): Promise<void> {
  const machine = machineWith(user.state);
  const engine = await connect({ access: 'write', machine, host: `unix://${under.socket}` });
  try {
    expect((await sweep(engine, machine)).problems).toEqual([]);
  } finally {
    engine.close();
  }
}

if (engines().length === 0) test.skip(`left out: ${whyNone()}`);

for (const under of engines().filter(({ kind }) => kind === 'docker')) {
  describe(`${under.name}: the process is killed`, () => {
    const user = new User(under);
    beforeAll(async () => {
      await under.images('busybox', 'redis');
      await user.up();
    });
    afterAll(() => user.down());

    test.each(['api', 'compose'])('%s', { timeout: 1_200_000 }, async (by) => {
      const calls = await callsOf(user, by);
      const points = spread(POINTS, calls);
      let killed = 0;
      // A few at a time: copies of several that died are to be told apart, too.
      for (let i = 0; i < points.length; i += AT_ONCE) {
        const before = await user.snapshot(true);
        const anonymous = new Set(await user.anonymous());
        const batch = points.slice(i, i + AT_ONCE);
        const ends = await Promise.all(batch.map((at, k) => killedAt(user, by, at, (i + k) % 2 === 0)));
        killed += ends.filter((one) => one).length;
        await nextStart(under, user);
        const where = `killed at the calls ${batch.join(', ')} of ${calls}`;
        expect({ where, litter: await user.litter() }).toEqual({ where, litter: [] });
        expect({ where, user: await user.snapshot(true) }).toEqual({ where, user: before });
        const more = (await user.anonymous()).filter((name) => !anonymous.has(name));
        expect({ where, more: await ours(under, more) }).toEqual({ where, more: [] });
      }
      console.log(`${under.name} ${by}: killed at ${killed} of ${points.length} points in ${calls} calls`);
      expect(killed).toBe(points.length);
    });

    test('two drills at once do not meet, nor does one that was killed meet one that runs', {
      timeout: 300_000,
    }, async () => {
      const before = await user.snapshot(true);
      const machine = machineWith(user.state);
      const engine = await connect({ access: 'write', machine, host: `unix://${under.socket}` });
      const project = await analyse(user.folder, user.name, IMAGES);
      const one = (compose: boolean) =>
        drill(engine, {
          project,
          runtime: 'compose',
          machine,
          compose: compose ? composeOf(COMPOSE, under.environment) : null,
        });
      try {
        const dead = ended(start(user.orders('api', 60, 'kill')));
        const reports = await Promise.all([
          one(true),
          one(false),
          ended(start(user.orders('compose', 0, 'kill'))),
          dead,
        ]);
        const [first, second, other] = reports;
        expect(new Set([first.id, second.id]).size).toBe(2);
        expect([first.errors, second.errors]).toEqual([[], []]);
        expect([...first.results, ...second.results].map(({ agrees }) => agrees)).not.toContain(false);
        expect(JSON.parse(other.said)).toMatchObject({ errors: [] });
        await sweep(engine, machine);
      } finally {
        engine.close();
      }
      expect(await user.litter()).toEqual([]);
      expect(await user.snapshot(true)).toEqual(before);
    });
  });
}

/** Other tests make volumes beside these: of ours are only those that hold what our services write. */
async function ours({ docker }: EngineUnderTest, names: readonly string[]): Promise<string[]> {
  const { Volumes: volumes } = await docker.listVolumes();
  const used = new Set(
    (await docker.listContainers({ all: true })).flatMap(({ Mounts }) => Mounts.flatMap(({ Name }) => Name ?? [])),
  );
  return (volumes ?? []).flatMap(({ Name, Mountpoint }) => {
    if (!names.includes(Name) || used.has(Name)) return [];
    const files = fs.existsSync(Mountpoint) ? fs.readdirSync(Mountpoint) : [];
    return files.length === 0 || files.some((file) => file.startsWith('.persist_probe_')) ? [Name] : [];
  });
}

/** An engine that nobody else uses: it is stopped and started again and again. */
describe.runIf(process.env.PERSISTENCE_STOP_ENGINE !== undefined || engines().some(({ name }) => name === 'docker20'))(
  'the engine is stopped',
  () => {
    const under = engineNamed('docker20');
    const user = new User(under);
    beforeAll(async () => {
      await script('install', 'docker20');
      await script('start', 'docker20');
      await under.images('busybox', 'redis');
      await user.up();
    });
    afterAll(async () => {
      await script('start', 'docker20');
      await user.down();
      if (!engines().some(({ name }) => name === 'docker20')) await script('stop', 'docker20');
    });

    test.each(['api', 'compose'])('%s', { timeout: 1_200_000 }, async (by) => {
      const calls = await callsOf(user, by);
      let stopped = 0;
      for (const at of spread(STOPS, calls)) {
        const before = await user.snapshot(false);
        const child = start(user.orders(by, at, 'tell'));
        const end = ended(child);
        const told = await Promise.race([
          new Promise<boolean>((resolve) =>
            child.stdout!.on('data', (data: Buffer) => data.toString().includes('here') && resolve(true)),
          ),
          end.then(() => false),
        ]);
        if (told) {
          stopped++;
          await script('stop', 'docker20', 'keep-network');
          child.stdin!.end('on\n');
        }
        const { said } = await end;
        await script('start', 'docker20');
        await until('the engine', async () => (await under.docker.ping().catch(() => null)) !== null);
        const where = `stopped at call ${at} of ${calls}: ${said.replace(/^here\n/, '').slice(0, 300)}`;
        await nextStart(under, user);
        expect({ where, litter: await user.litter() }).toEqual({ where, litter: [] });
        expect({ where, user: await user.snapshot(false) }).toEqual({ where, user: before });
      }
      console.log(`${under.name} ${by}: stopped at ${stopped} points in ${calls} calls`);
      expect(stopped).toBeGreaterThanOrEqual(STOPS - 2);
    });
  },
);
