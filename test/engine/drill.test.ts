/** Drills on real engines: what is observed in a scratch copy is what was said, and nothing of the copy remains. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../server/live/connect.ts';
import { drill } from '../../server/live/drill/drill.ts';
import type { DrillOptions, DrillReport, DrillStore, TimedCall } from '../../server/live/drill/model.ts';
import type { WritableEngine } from '../../server/live/engine-write.ts';
import { analyse, composeOf, type DrillProject, machineWith, writeFiles } from './drill-projects.ts';
import { type EngineUnderTest, engines, whyNone } from './engines.ts';
import { HOME } from './machine.ts';

const PREFIX = `drill-${process.pid}`;
const root = path.join(HOME, 'projects', PREFIX);
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

/** Every kind of place, in one project of several services. */
const SHELF: DrillProject = {
  images: {
    'persistence/sqlite': { paths: ['/data/app.db'] },
    'persistence/volume': { paths: ['/srv/declared', '/srv/plain'] },
    busybox: {
      paths: ['/srv/named', '/srv/layer', '/srv/tmpfs', '/srv/bind', '/srv/external', '/srv/bound', '/srv/memory'],
    },
  },
  files: {
    'host/data/keep.txt': 'mine',
    'host/bound/keep.txt': 'mine',
    'conf/app.conf': 'setting = 1\n',
    'secret.txt': 'hush',
    'compose.yaml': `services:
  right:
    image: redis:7
    container_name: NAME-right
    ports: ["16379:6379"]
    restart: always
    volumes: [cache:/data]
    healthcheck: { test: [CMD, redis-cli, ping], interval: 1s }
  wrong:
    image: redis:7
    volumes: [beside:/var/lib/redis]
  app:
    image: persistence/sqlite:3
    depends_on: { right: { condition: service_healthy } }
    volumes: [db:/data]
  image:
    image: persistence/volume:1
  places:
    image: busybox:1
    networks: [outer]
    volumes:
      - named:/srv/named
      - outside:/srv/external
      - ./host/data:/srv/bind
      - bound:/srv/bound
      - memory:/srv/memory
      - ./conf/app.conf:/etc/app.conf:ro
    tmpfs: [/srv/tmpfs]
    secrets: [hush]
    command: [sh, -c, 'grep -q setting /etc/app.conf && grep -q hush /run/secrets/hush && exec idle']
networks:
  outer: { external: true, name: NAME-outer }
volumes:
  cache: { name: NAME-cache }
  beside:
  db:
  named:
  outside: { external: true, name: NAME-outside }
  bound: { driver_opts: { type: none, o: bind, device: "FOLDER/host/bound" } }
  memory: { driver_opts: { type: tmpfs, device: tmpfs } }
secrets:
  hush: { file: ./secret.txt }
`,
  },
};

const BROKEN: DrillProject = {
  images: { busybox: { paths: ['/srv/data'] }, 'nobody/nothing': { paths: ['/srv/data'] } },
  files: {
    'compose.yaml': `services:
  fails:
    image: busybox:1
    environment: { DB_PASSWORD: hush-hush }
    volumes: [data:/srv/data]
    command: [sh, -c, 'echo "cannot log in with hush-hush"; exit 3']
  sick:
    image: busybox:1
    volumes: [data:/srv/data]
    healthcheck: { test: [CMD, "false"], interval: 1s, retries: 2 }
  fetched: { image: "nobody/nothing:9", volumes: ["data:/srv/data"] }
  handed: { image: "busybox:1", volumes: ["data:/srv/data", "/var/run/docker.sock:/var/run/docker.sock:ro", "/proc:/host:ro"] }
  well: { image: "busybox:1", volumes: ["data:/srv/data"] }
volumes: { data: }
`,
  },
};

/** What an engine holds of the user's project `mine`, and of copies that this process has made. */
async function everything({ docker }: EngineUnderTest, mine: string): Promise<string[]> {
  const pid = 'io.compose-persistence.drill.pid';
  const own = (name: string | undefined, labels: Readonly<Record<string, string>> | null | undefined): boolean =>
    (name ?? '').includes(mine) || labels?.[pid] === String(process.pid);
  const containers = await docker.listContainers({ all: true });
  const { Volumes: volumes } = await docker.listVolumes();
  const networks = await docker.listNetworks();
  return [
    ...containers.flatMap(({ Names, Id, Labels }) => (own(Names[0], Labels) ? [`container ${Names[0]} ${Id}`] : [])),
    ...(volumes ?? []).flatMap(({ Name, Labels }) => (own(Name, Labels) ? [`volume ${Name}`] : [])),
    ...networks.flatMap(({ Name, Id, Labels }) => (own(Name, Labels) ? [`network ${Name} ${Id}`] : [])),
  ].sort();
}

const fatesOf = ({ service, path: at, events }: DrillStore): [string, string] => [
  `${service} ${at}`,
  events.map(({ event, fate, reason }) => `${event} ${fate === 'unknown' ? `unknown: ${reason}` : fate}`).join(', '),
];

if (engines().length === 0) test.skip(`left out: ${whyNone()}`);

for (const under of engines()) {
  describe(under.name, () => {
    let engine: WritableEngine;
    const state = path.join(root, under.name, 'state');
    const calls: TimedCall[] = [];

    beforeAll(async () => {
      await under.images('busybox', 'redis', 'sqlite', 'volume');
      const machine = machineWith(state);
      engine = await connect({ access: 'write', machine, host: `unix://${under.socket}` });
    });
    afterAll(() => engine?.close());

    async function run(
      name: string,
      by: string,
      project: DrillProject,
      more: Partial<DrillOptions> = {},
    ): Promise<DrillReport> {
      const folder = path.join(root, under.name, by, name);
      const full = `${PREFIX}-${by}-${name}`;
      const files = Object.entries(project.files).map(([file, text]): [string, string] => [
        file,
        text.replaceAll('NAME', full).replaceAll('FOLDER', folder),
      ]);
      writeFiles(folder, Object.fromEntries(files));
      const before = await everything(under, full);
      const report = await drill(engine, {
        project: await analyse(folder, full, project.images),
        runtime: 'compose',
        machine: machineWith(state),
        compose: by === 'compose' ? composeOf(COMPOSE, under.environment) : null,
        onCall: (call) => calls.push(call),
        ...more,
      });
      expect(await everything(under, full)).toEqual(before);
      expect(fs.readdirSync(path.join(state, 'compose-persistence', 'drills'))).toEqual([]);
      for (const [file, text] of files) expect(fs.readFileSync(path.join(folder, file), 'utf8')).toBe(text);
      return report;
    }

    const drivers = under.kind === 'podman' ? ['api'] : ['compose', 'api'];
    for (const by of drivers) {
      test(`${by}: every kind of place`, async () => {
        const events = ['restart', 'crash', 'recreate', 'down', 'down-volumes'] as const;
        calls.length = 0;
        const report = await run('shelf', by, SHELF, { events });
        console.log(`${under.name} ${by}: ${JSON.stringify(report.time)}`);
        expect(calls.length).toBe(report.time.calls);
        const kept = 'restart kept, crash kept, recreate kept, down kept, down-volumes kept';
        const named = 'restart kept, crash kept, recreate kept, down kept, down-volumes lost';
        const layer = 'restart kept, crash kept, recreate lost, down lost, down-volumes lost';
        const anonymous = 'restart kept, crash kept, recreate kept, down orphaned, down-volumes lost';
        const memory = 'restart lost, crash lost, recreate lost, down lost, down-volumes lost';
        expect(report.errors).toEqual([]);
        expect(Object.fromEntries(report.results.map(fatesOf))).toEqual({
          'right /data': named,
          'wrong /data': anonymous,
          'app /data/app.db': named,
          'image /srv/declared': anonymous,
          'image /srv/plain': layer,
          'places /srv/named': named,
          'places /srv/layer': layer,
          'places /srv/tmpfs': memory,
          'places /srv/bind': kept,
          'places /srv/external': kept,
          'places /srv/bound': kept,
          // Podman may start the container before such a volume is unmounted (differences.ts).
          'places /srv/memory':
            under.kind === 'podman' ? expect.stringMatching(/^restart (lost|kept)(, [a-z-]+ lost){4}$/) : memory,
          // A volume beside the data: what is there would be kept, but the data is not there.
          'wrong /var/lib/redis': named,
        });
        const disagree = report.results.filter(
          ({ agrees, service, path: at }) => agrees !== true && service !== 'image' && at !== '/srv/memory',
        );
        expect(disagree).toEqual([]);
        const verdicts = Object.fromEntries(report.results.map((one) => [`${one.service} ${one.path}`, one.verdict]));
        expect(verdicts).toMatchObject({
          'right /data': 'SAFE',
          'wrong /data': 'AT RISK',
          'image /srv/plain': 'NOT PERSISTED',
          'places /srv/tmpfs': 'NOT PERSISTED',
          'places /srv/bind': 'SAFE',
        });
      }, 600_000);

      test(`${by}: what does not run is not known, and nothing else is said of it`, { timeout: 240_000 }, async () => {
        const report = await run('broken', by, BROKEN, { patience: 4000, events: ['restart'] });
        const reasons = Object.fromEntries(
          report.results.map(({ service, verdict, reason }) => [service, [verdict, reason]]),
        );
        expect(reasons).toEqual({
          fails: ['UNKNOWN', 'It ended with 3. Its log ends with: cannot log in with ***'],
          sick: [
            'UNKNOWN',
            expect.stringMatching(/^It did not become ready within 4 s: its health check says (starting|unhealthy)/),
          ],
          fetched: ['UNKNOWN', expect.stringContaining('docker compose pull fetched')],
          handed: ['UNKNOWN', expect.stringMatching(/a socket or a device|never handed to a copy/)],
          well: ['SAFE', 'It was kept by a restart'],
        });
      });

      test(`${by}: cancelled, it takes everything away`, { timeout: 240_000 }, async () => {
        const controller = new AbortController();
        const before = await everything(under, PREFIX);
        const cancelled = run('cancelled', by, BROKEN, {
          patience: 4000,
          signal: controller.signal,
          onProgress: ({ message }) => message.includes('restart') && setTimeout(() => controller.abort(), 100),
        });
        await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
        expect(await everything(under, PREFIX)).toEqual(before);
        expect(fs.readdirSync(path.join(state, 'compose-persistence', 'drills'))).toEqual([]);
      });
    }
  });
}

const COMPOSE = path.join(HOME, 'trixie/root/usr/libexec/docker/cli-plugins/docker-compose');
