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

/** What an engine holds, by name. */
async function everything({ docker }: EngineUnderTest, mine: string): Promise<string[]> {
  const containers = await docker.listContainers({ all: true });
  const { Volumes: volumes } = await docker.listVolumes();
  const networks = await docker.listNetworks();
  return [
    ...containers.map(({ Names, Id }) => `container ${Names[0]} ${Id}`),
    ...(volumes ?? []).map(({ Name }) => `volume ${Name}`),
    ...networks.map(({ Name, Id }) => `network ${Name} ${Id}`),
  ].filter((one) => one.includes(mine) || one.includes('persistence-drill'));
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
        const report = await run('shelf', by, SHELF, { events });
        console.log(`${under.name} ${by}: ${JSON.stringify(report.time)}`);
        const per: Record<string, number> = {};
        for (const { name, time } of calls.splice(0)) per[name] = Math.round((per[name] ?? 0) + time);
        console.log(per);
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
          'places /srv/memory': memory,
          // A volume beside the data: what is there would be kept, but the data is not there.
          'wrong /var/lib/redis': named,
        });
        const disagree = report.results.filter(({ agrees, service }) => agrees !== true && service !== 'image');
        expect(disagree).toEqual([]);
        const verdicts = Object.fromEntries(report.results.map((one) => [`${one.service} ${one.path}`, one.verdict]));
        expect(verdicts).toMatchObject({
          'right /data': 'SAFE',
          'wrong /data': 'AT RISK',
          'image /srv/plain': 'NOT PERSISTED',
          'places /srv/tmpfs': 'NOT PERSISTED',
          'places /srv/bind': 'SAFE',
        });
      }, 240_000);
    }
  });
}

const COMPOSE = path.join(HOME, 'trixie/root/usr/libexec/docker/cli-plugins/docker-compose');
