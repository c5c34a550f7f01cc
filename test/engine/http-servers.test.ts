/** Real servers that are asked by HTTP: what they tell of their data is true, and what is planted in them is there. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { readSettingsFile } from '../../server/lint/settings.ts';
import { askOf } from '../../server/live/ask.ts';
import { runCheck } from '../../server/live/checks.ts';
import { connect } from '../../server/live/connect.ts';
import type { Container, Engine } from '../../server/live/engine.ts';
import { thisMachine } from '../../server/live/machine.ts';
import { isSameData } from '../../server/live/probes/fingerprint.ts';
import { probeFor } from '../../server/live/probes/index.ts';
import { type Ask, type HttpRequest, type Planting, type Told, Unable } from '../../server/live/probes/probe.ts';
import type { Store } from '../../server/survival/words.ts';
import { memory } from '../lint/memory.ts';
import { type EngineUnderTest, engines, whyNone } from './engines.ts';
import { HOME } from './machine.ts';
import { patiently } from './servers-stack.ts';
import { until } from './shell.ts';

const stores = (technology: string, role: Store['role'] = 'server'): Store => ({
  technology,
  title: technology,
  path: null,
  isFile: false,
  kind: 'essential',
  need: 'required',
  confidence: 'primary',
  evidence: [{ from: 'image', note: 'the test says so', confidence: 'primary' }],
  role,
});

/** One service, `db`, in a project of its own. */
class Server {
  readonly technology: string;
  private readonly name: string;
  private readonly folder: string;
  private readonly engine: EngineUnderTest;
  private readonly live: Engine;

  constructor(engine: EngineUnderTest, live: Engine, technology: string, number: number) {
    this.engine = engine;
    this.live = live;
    this.technology = technology;
    this.name = `http-${process.pid}-${technology}-${number}`;
    this.folder = path.join(HOME, 'projects', engine.name, this.name);
    fs.mkdirSync(this.folder, { recursive: true });
  }

  file(name: string, text: string): void {
    fs.writeFileSync(path.join(this.folder, name), text);
  }

  async up(service: object, patience?: number): Promise<void> {
    const volumes = { data: {}, other: {} };
    this.file('compose.yaml', JSON.stringify({ services: { db: { init: false, ...service } }, volumes }));
    await this.compose(['up', '-d', '--pull', 'never', '-t', '1']);
    await this.answers(patience);
  }

  compose = (args: readonly string[]): Promise<string> =>
    this.engine.compose(['--progress', 'quiet', '-p', this.name, ...args], this.folder);

  private async container(): Promise<Container> {
    const all = await this.live.containers();
    const own = all.find(({ labels }) => labels['com.docker.compose.project'] === this.name);
    const found = own && (await this.live.inspect(own.id));
    if (!found) throw new Error('there is no container');
    return found;
  }

  async ask(role?: Store['role'], at: string | null = null): Promise<Ask> {
    const store = stores(this.technology, role);
    return askOf({ engine: this.live, container: await this.container(), store, path: at });
  }

  async answers(patience?: number): Promise<Told> {
    let told: Told | undefined;
    let why = '';
    const tell = async (): Promise<boolean> => {
      try {
        told = await probeFor(this.technology)!.read(await this.ask());
        return true;
      } catch (error) {
        if (!(error instanceof Unable)) throw error;
        why = error.message;
        return false;
      }
    };
    await until(`${this.technology} answers`, tell, patience).catch((error: Error) => {
      throw new Error(`${error.message}: ${why}`);
    });
    return told!;
  }

  async post(request: HttpRequest): Promise<unknown> {
    const { status, json, text } = await (await this.ask()).http({ method: 'POST', ...request });
    if (status >= 300) throw new Error(`${status}: ${text}`);
    return json;
  }

  async changes(): Promise<string[]> {
    return (await this.live.changes((await this.container()).id)).map((change) => change.path);
  }

  async kill(): Promise<void> {
    await this.compose(['kill', '-s', 'KILL']);
    await until('what was killed ends', async () => (await this.compose(['ps', '-q', '--status', 'running'])) === '');
    await this.compose(['up', '-d', '--pull', 'never', '-t', '1']);
    await this.answers();
  }

  async restart(): Promise<void> {
    await this.compose(['restart', '-t', '5']);
    await this.answers();
  }

  /** The container goes, the named volumes stay. */
  async recreate(): Promise<void> {
    await this.compose(['down', '-t', '5']);
    await this.compose(['up', '-d', '--pull', 'never', '-t', '1']);
    await this.answers();
  }

  async remove(): Promise<void> {
    await this.compose(['down', '--volumes', '--remove-orphans', '-t', '1']);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

// Each is started, stopped and killed several times.
vi.setConfig({ testTimeout: 400_000 });

if (engines().length === 0) test.skip(`no engine: ${whyNone()}`, () => undefined);

describe.each(engines())('$name', (engine) => {
  let live: Engine;

  beforeAll(async () => {
    await engine.images('chroma', 'prometheus', 'influxdb', 'nats');
    live = await connect({ host: `unix://${engine.socket}`, machine: thisMachine({ HOME }), access: 'read' });
  });
  afterAll(() => live?.close());

  let number = 0;
  /** The technologies beside each other, the tests of each in order: what a test has started ends with it. */
  const technology = (title: string, tests: (server: () => Server) => void): void => {
    describe(title, { concurrent: true }, () => {
      const made: Server[] = [];
      afterEach(() => Promise.all(made.splice(0).map((one) => one.remove())).then(() => undefined));
      tests(() => {
        const one = new Server(engine, live, title, number++);
        made.push(one);
        return one;
      });
    });
  };

  const mark = 'a1b2c3d4';

  /** Planted twice over, found after everything that must not lose it, and gone without a trace. */
  async function plants(on: Server): Promise<void> {
    const planting = probeFor(on.technology)?.planting as Planting;
    const before = await on.answers();
    expect((await planting.refusal?.(await on.ask())) ?? null).toBeNull();
    expect(await patiently(async () => planting.find(await on.ask(), mark))).toBe(false);
    await patiently(async () => planting.remove(await on.ask(), mark));
    await patiently(async () => planting.plant(await on.ask(), mark));
    expect(await patiently(async () => planting.find(await on.ask(), mark))).toBe(true);
    expect(await patiently(async () => planting.find(await on.ask(), 'ffffffff'))).toBe(false);
    const during = await on.answers();
    expect({ ...during, evidence: [] }).toEqual({ ...before, evidence: [] });
    await on.kill();
    expect(await patiently(async () => planting.find(await on.ask(), mark))).toBe(true);
    await on.recreate();
    expect(await patiently(async () => planting.find(await on.ask(), mark))).toBe(true);
    await patiently(async () => planting.remove(await on.ask(), mark));
    expect(await patiently(async () => planting.find(await on.ask(), mark))).toBe(false);
    await on.kill();
    expect(await patiently(async () => planting.find(await on.ask(), mark))).toBe(false);
  }

  technology('chroma', (server) => {
    const IMAGE = 'chromadb/chroma:1.3.4';
    const base = '/api/v2/tenants/default_tenant/databases/default_database/collections';
    const add = async (on: Server, name: string, records: number): Promise<void> => {
      const collection = await on.post({ port: 8000, path: base, body: { name, get_or_create: true } });
      if (records === 0) return;
      const ids = Array.from({ length: records }, (_, i) => `r${i}`);
      const body = { ids, embeddings: ids.map((_, i) => [i, 1]), documents: ids };
      await on.post({ port: 8000, path: `${base}/${(collection as { id: string }).id}/add`, body });
    };

    test.sequential('what it holds, where, and whether it is the same', async () => {
      const on = server();
      const service = { image: IMAGE, volumes: ['data:/data'] };
      await on.up(service);
      expect(await on.answers()).toMatchObject({
        writesTo: ['/data'],
        empty: true,
        count: 0,
        fingerprint: null,
        weaknesses: [],
      });
      await add(on, 'made-at-start', 0);
      expect(await on.answers()).toMatchObject({ empty: true, count: 0 });
      await add(on, 'docs', 3);
      let before = await on.answers();
      expect(before).toMatchObject({ empty: false, count: 3, contents: '2 collections, 3 records' });
      await add(on, 'later', 0);
      expect(isSameData(before.fingerprint!, (await on.answers()).fingerprint!)).toBe(true);
      before = await on.answers();
      expect(before.evidence[0]).toContain('/data/chroma.sqlite3 open');
      await on.restart();
      expect(await on.answers()).toEqual(before);
      await on.kill();
      expect(await on.answers()).toEqual(before);
      await on.recreate();
      expect(await on.answers()).toEqual(before);
      const embedded = await probeFor('chroma')!.read(await on.ask('embedded', '/data'));
      expect({ ...embedded, evidence: [] }).toEqual({ ...before, evidence: [] });
      await on.up({ ...service, volumes: ['other:/data'] });
      await add(on, 'docs', 1);
      const other = await on.answers();
      expect(other.fingerprint).not.toBeNull();
      expect(isSameData(before.fingerprint!, other.fingerprint!)).toBe(false);
    });

    test.sequential('a record', async () => {
      const on = server();
      await on.up({ image: IMAGE, volumes: ['data:/data'] });
      await add(on, 'docs', 2);
      await plants(on);
    });

    test.sequential('without a network it is asked from within', async () => {
      const on = server();
      await on.up({ image: IMAGE, network_mode: 'none', volumes: ['data:/data'] });
      await add(on, 'docs', 3);
      expect((await on.ask()).container.addresses).toEqual([]);
      expect(await on.answers()).toMatchObject({ writesTo: ['/data'], count: 3, empty: false });
      await plants(on);
    });

    test.sequential.each<[string, object, string]>([
      ['the volume of 0.x', { volumes: ['data:/chroma/chroma'] }, '/data'],
      ['variables of 0.x', { environment: { PERSIST_DIRECTORY: '/old', IS_PERSISTENT: 'TRUE' } }, '/data'],
      ['a variable of 1.x', { environment: { CHROMA_PERSIST_PATH: '/elsewhere' } }, '/elsewhere'],
      ['a command', { command: ['run', '--path', '/moved', '--host', '0.0.0.0'] }, '/moved'],
      ['a command without a path', { command: ['run', '--host', '0.0.0.0'], working_dir: '/srv' }, '/srv/chroma'],
      ['another port', { command: ['run', '--path', '/data', '--host', '0.0.0.0', '--port', '8123'] }, '/data'],
    ])('writes to %s', async (_, more, folder) => {
      const on = server();
      await on.up({ image: IMAGE, ...more });
      expect((await on.answers()).writesTo).toEqual([folder]);
      expect(await on.changes()).toContain(`${folder}/chroma.sqlite3`);
    });

    test.sequential("an application's own questions, before and after", async () => {
      const on = server();
      await on.up({ image: IMAGE, environment: { WANTED: 'docs' } });
      await add(on, 'docs', 3);
      const file = '/w/.compose-persistence.yaml';
      const text = `checks:
  - name: collections
    service: db
    http: { port: 8000, path: ${base}, headers: { X-Any: "\${WANTED}" } }
    expect: { json: $, atLeast: 1 }
  - name: bytes
    service: db
    exec: [sh, -c, 'stat -c %s /data/chroma.sqlite3']
  - name: configuration
    service: db
    log: { pattern: '^persist_path: "/data"' }
  - name: no such program
    service: db
    exec: [count-rows]
`;
      const { settings, problems } = readSettingsFile(memory({ '.compose-persistence.yaml': text }), file);
      expect(problems).toEqual([]);
      const run = async () => {
        const ask = await on.ask();
        return Promise.all(settings.checks!.map((check) => runCheck(ask, check)));
      };
      const before = await run();
      expect(before.map(({ count, passed }) => [count, passed])).toEqual([
        [1, true],
        [expect.any(Number), true],
        [1, true],
        [null, null],
      ]);
      expect(before[3]?.reason).toBe('there is no count-rows in the container');
      await on.recreate();
      const [after] = await run();
      expect(after).toMatchObject({ count: 0, passed: false, reason: 'it counts 0, not at least 1' });
    });

    test.sequential('its file is deleted', async () => {
      const on = server();
      await on.up({ image: IMAGE, volumes: ['data:/data'] });
      await add(on, 'docs', 2);
      await on.compose(['exec', '-T', 'db', 'rm', '/data/chroma.sqlite3']);
      const lost = async (): Promise<void> => {
        const told = await on.answers();
        // Where it opens the file anew, it makes an empty one, and cannot count any more.
        expect([2, null]).toContain(told.count);
        expect(told.writesTo).toEqual(['/data']);
        expect(told.weaknesses).toMatchObject([{ setting: 'chroma.sqlite3 (deleted)', weight: 'risk' }]);
      };
      await lost();
      const ask = await on.ask();
      const many = Array.from({ length: 40 }, () => ask.http({ port: 8000, path: base }));
      expect((await Promise.all(many)).map(({ status }) => status)).toContain(500);
      await lost();
    });
  });

  technology('prometheus', (server) => {
    const IMAGE = 'prom/prometheus:v2.42.0';
    const settled = async (on: Server): Promise<Told> => {
      await until('it has samples', async () => (await on.answers()).fingerprint !== null);
      return on.answers();
    };

    test.sequential('what it holds, where, and whether it is the same', async () => {
      const on = server();
      const service = { image: IMAGE, volumes: ['data:/prometheus'] };
      await on.up(service);
      const before = await settled(on);
      expect(before).toMatchObject({ writesTo: ['/prometheus'], empty: false });
      expect(before.count).toBeGreaterThan(10);
      expect(before.fingerprint).toMatch(/^oldest sample \d/);
      expect(before.evidence).toContain('it has no sample from before its start');
      for (const act of [on.restart.bind(on), on.kill.bind(on), on.recreate.bind(on)]) {
        await act();
        const after = await settled(on);
        expect(after).toMatchObject({ fingerprint: before.fingerprint, writesTo: before.writesTo });
        expect(after.evidence).not.toContain('it has no sample from before its start');
      }
      await on.up({ ...service, volumes: ['other:/prometheus'] });
      expect((await settled(on)).fingerprint).not.toBe(before.fingerprint);
    });

    test.sequential.each<[string, object, string]>([
      ['a path beside the volume', { command: ['--config.file=/p.yml', '--storage.tsdb.path=/tmp/tsdb'] }, '/tmp/tsdb'],
      ['a relative path', { command: ['--config.file=/p.yml', '--storage.tsdb.path=data/'] }, '/prometheus/data'],
      [
        'behind another port and prefix',
        {
          command: [
            '--config.file=/p.yml',
            '--storage.tsdb.path=/prometheus',
            '--web.listen-address=:9191',
            '--web.external-url=http://localhost:9191/prom/',
          ],
        },
        '/prometheus',
      ],
    ])('%s', async (_, more, folder) => {
      const on = server();
      on.file('empty.yml', 'scrape_configs: []\n');
      await on.up({ image: IMAGE, volumes: ['data:/prometheus', './empty.yml:/p.yml:ro'], ...more });
      expect(await on.answers()).toMatchObject({ writesTo: [folder], empty: true, fingerprint: null });
      if (folder.startsWith('/tmp')) expect(await on.changes()).toContain(`${folder}/wal`);
    });
  });

  technology('influxdb', (server) => {
    const IMAGE = 'influxdb:1.6';
    const add = async (on: Server, lines: readonly string[]): Promise<void> => {
      const q = encodeURIComponent('CREATE DATABASE app');
      await on.post({ port: 8086, path: `/query?q=${q}` });
      await on.post({ port: 8086, path: '/write?db=app', body: lines.join('\n') });
    };

    test.sequential('what it holds, where, and whether it is the same', async () => {
      const on = server();
      const service = { image: IMAGE, environment: { INFLUXDB_DB: 'made' }, volumes: ['data:/var/lib/influxdb'] };
      await on.up(service);
      const folders = ['data', 'wal', 'meta'].map((name) => `/var/lib/influxdb/${name}`);
      const fresh = await on.answers();
      expect(fresh).toMatchObject({ writesTo: folders, empty: true, count: 0, weaknesses: [] });
      await add(on, ['cpu,host=a v=1', 'cpu,host=b v=2', 'mem v=3']);
      const before = await on.answers();
      expect(before).toMatchObject({ empty: false, count: 3, contents: '2 databases, 3 series' });
      expect(before.fingerprint).toMatch(/^\d{10,}$/);
      await on.restart();
      expect(await on.answers()).toEqual(before);
      await on.kill();
      expect(await on.answers()).toEqual(before);
      await on.recreate();
      expect(await on.answers()).toEqual(before);
      await on.up({ ...service, volumes: ['other:/var/lib/influxdb'] });
      const other = await on.answers();
      expect(other.empty).toBe(true);
      expect(other.fingerprint).toMatch(/^\d{10,}$/);
      expect(other.fingerprint).not.toBe(before.fingerprint);
    });

    test.sequential('a record', async () => {
      const on = server();
      await on.up({ image: IMAGE, volumes: ['data:/var/lib/influxdb'] });
      await add(on, ['cpu v=1']);
      await plants(on);
    });

    test.sequential('with users', async () => {
      const on = server();
      const environment = {
        INFLUXDB_HTTP_AUTH_ENABLED: 'true',
        INFLUXDB_ADMIN_USER: 'boss',
        INFLUXDB_ADMIN_PASSWORD: 'correct-horse',
      };
      await on.up({ image: IMAGE, environment, volumes: ['data:/var/lib/influxdb'] });
      const told = await on.answers();
      expect(told.empty).toBe(true);
      expect(JSON.stringify(told)).not.toContain('correct-horse');
      await plants(on);
    });

    test.sequential('folders beside the volume', async () => {
      const on = server();
      const environment = { INFLUXDB_DATA_DIR: '/srv/data', INFLUXDB_DATA_WAL_DIR: '/srv/wal' };
      await on.up({ image: IMAGE, environment, volumes: ['data:/var/lib/influxdb'] });
      await add(on, ['cpu v=1']);
      expect((await on.answers()).writesTo).toEqual(['/srv/data', '/srv/wal', '/var/lib/influxdb/meta']);
      expect(await on.changes()).toEqual(expect.arrayContaining(['/srv/data/app', '/srv/wal/app']));
    });
  });

  technology('nats', (server) => {
    const IMAGE = 'nats:2';
    /** As a program would: through the server's own protocol. */
    const add = async (on: Server, name: string, storage: string, messages: number): Promise<void> => {
      const stream = JSON.stringify({ name, subjects: [name], storage, retention: 'limits', num_replicas: 1 });
      const sends = Array.from({ length: messages }, () => [`PUB ${name} 1`, 'x']).flat();
      await say(on, [`PUB $JS.API.STREAM.CREATE.${name} _I ${stream.length}`, stream, ...sends]);
    };
    const say = async (on: Server, words: readonly string[]): Promise<void> => {
      const lines = ['CONNECT {"verbose":false}', ...words];
      const script = `{ printf '%s\\r\\n' ${lines.map((line) => `'${line}'`).join(' ')}; sleep 1; } | nc 127.0.0.1 4222`;
      await (await on.ask()).attempt(['sh', '-c', script]);
    };

    test.sequential('what it holds, where, and whether it is the same', async () => {
      const on = server();
      const service = { image: IMAGE, command: ['-js', '-sd', '/data', '-m', '8222'], volumes: ['data:/data'] };
      await on.up(service);
      expect(await on.answers()).toMatchObject({
        writesTo: ['/data/jetstream'],
        empty: true,
        count: 0,
        fingerprint: null,
      });
      await add(on, 'orders', 'file', 3);
      await add(on, 'seen', 'memory', 2);
      const before = await on.answers();
      expect(before).toMatchObject({ empty: false, count: 3, contents: '2 streams, 3 messages' });
      expect(before.weaknesses.map(({ setting, weight }) => `${weight} ${setting}`)).toEqual([
        'risk stream seen: storage memory',
        'note sync_interval',
      ]);
      expect(before.fingerprint).toMatch(/^orders@20/);
      for (const act of [on.restart.bind(on), on.kill.bind(on), on.recreate.bind(on)]) {
        await act();
        expect(await on.answers()).toMatchObject({ fingerprint: before.fingerprint, count: 3 });
      }
      expect((await on.answers()).contents).toBe('1 stream, 3 messages');
      await on.up({ ...service, volumes: ['other:/data'] });
      await add(on, 'orders', 'file', 1);
      const other = await on.answers();
      expect(other.fingerprint).toMatch(/^orders@20/);
      expect(other.fingerprint).not.toBe(before.fingerprint);
    });

    test.sequential('while it reads its streams from disk it is not believed', async () => {
      const on = server();
      await on.up({ image: IMAGE, command: ['-js', '-sd', '/data', '-m', '8222'], volumes: ['data:/data'] });
      const names = Array.from({ length: 400 }, (_, index) => `s${index}`);
      const made = names.flatMap((name) => {
        const stream = JSON.stringify({
          name,
          subjects: [name],
          storage: 'file',
          retention: 'limits',
          num_replicas: 1,
        });
        return [`PUB $JS.API.STREAM.CREATE.${name} _I ${stream.length}`, stream];
      });
      await say(on, made);
      const before = await on.answers();
      expect(before.contents).toBe('400 streams, 0 messages');
      for (let round = 0; round < 3; round++) {
        await on.kill();
        expect(await on.answers()).toMatchObject({ contents: before.contents, fingerprint: before.fingerprint });
      }
    });

    test.sequential('a record', async () => {
      const on = server();
      await on.up({ image: IMAGE, command: ['-js', '-sd', '/data', '-m', '8222'], volumes: ['data:/data'] });
      await add(on, 'orders', 'file', 1);
      await plants(on);
    });

    test.sequential('without a folder', async () => {
      const on = server();
      await on.up({ image: IMAGE, command: ['-js', '-m', '8222'], volumes: ['data:/data'] });
      await add(on, 'orders', 'file', 1);
      expect((await on.answers()).writesTo).toEqual(['/tmp/nats/jetstream']);
      expect(await on.changes()).toContain('/tmp/nats/jetstream/$G/streams/orders');
    });

    test.sequential('without JetStream', async () => {
      const on = server();
      await on.up({ image: IMAGE, volumes: ['data:/data'] });
      const told = await on.answers();
      expect(told).toMatchObject({ writesTo: [], empty: true, fingerprint: null });
      expect(told.weaknesses).toMatchObject([{ setting: 'JetStream is off', weight: 'risk' }]);
      expect(await probeFor('nats')!.planting!.refusal!(await on.ask())).toBe('JetStream is off');
    });

    test.sequential('without monitoring', async () => {
      const on = server();
      await expect(on.up({ image: IMAGE, command: ['-js'] }, 2000)).rejects.toThrow(
        /monitoring does not answer \(-m 8222/,
      );
    });
  });
});
