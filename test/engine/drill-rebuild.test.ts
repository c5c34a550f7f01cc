/** A drill that builds the images of its copy anew: what it does to the data, and that nothing of it remains. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../server/live/connect.ts';
import { drill } from '../../server/live/drill/drill.ts';
import type { DrillOptions, DrillReport } from '../../server/live/drill/model.ts';
import { sweep } from '../../server/live/drill/sweep.ts';
import type { WritableEngine } from '../../server/live/engine-write.ts';
import { analyse, composeOf, type DrillProject, machineWith, writeFiles } from './drill-projects.ts';
import type { Orders } from './drill-runner.ts';
import { type EngineUnderTest, engines, whyNone } from './engines.ts';
import { HOME } from './machine.ts';
import { bundleRunner } from './runner-bundle.ts';
import { until } from './shell.ts';

const NAME = `drill-${process.pid}-rebuild`;
const root = path.join(HOME, 'projects', NAME);
const COMPOSE = path.join(HOME, 'trixie/root/usr/libexec/docker/cli-plugins/docker-compose');
const RUNNER = path.join(root, 'runner.mjs');
const LABEL = 'io.compose-persistence.drill';

/** Nothing in these Dockerfiles runs a command. */
const SHELF: DrillProject = {
  images: {
    busybox: { paths: ['/srv/layer', '/srv/declared'] },
  },
  files: {
    'layer/Dockerfile': '# syntax=docker/dockerfile:1\nFROM busybox:1\nCOPY . /srv/built\n',
    'layer/.dockerignore': 'secret*\n',
    'layer/secret.txt': 'hush',
    'layer/deep/empty/': '',
    [`layer/${'long-name-'.repeat(12)}/file.txt`]: 'x',
    'layer/run.sh': '#!/bin/sh\n',
    'named/Dockerfile': 'FROM busybox:1 AS base\nFROM base\nCOPY mine.txt /srv/declared/\nVOLUME /srv/declared\n',
    'named/mine.txt': 'mine',
    'image/Dockerfile': 'FROM persistence/sqlite:3\nCOPY app.db /data/app.db\n',
    'image/app.db': 'SQLite format 3\0',
    'compose.yaml': `services:
  layer:
    build: ./layer
    image: ${NAME}/layer
    command: [sh, -c, "test -d /srv/built/deep/empty && test -x /srv/built/run.sh && test ! -e /srv/built/secret.txt && ls /srv/built/long*/file.txt && exec idle"]
    stop_signal: SIGKILL
  named:
    build: { context: ./named, args: { UNUSED: "\${PATH}" } }
    image: ${NAME}/named
    volumes: [named:/srv/named]
  baked:
    build: ./image
    image: ${NAME}/baked
    environment: { DATABASE_URL: "sqlite:////data/app.db" }
  pulled: { image: "redis:7", volumes: ["pulled:/data"] }
volumes: { named: , pulled: }
`,
  },
};

/** A service for each Dockerfile, with its data on a volume. */
const built = (dockerfiles: Readonly<Record<string, string>>): DrillProject => {
  const names = Object.keys(dockerfiles);
  const services = names.map(
    (name) =>
      `  ${name}:\n    build: ./${name}\n    image: ${NAME}/app\n    volumes: ["${name}:/srv/data"]\n    stop_signal: SIGKILL\n`,
  );
  const compose = `services:\n${services.join('')}  other: { image: "redis:7", volumes: ["other:/data"] }\n`;
  const volumes = `volumes: { ${[...names, 'other'].map((name) => `${name}: {}`).join(', ')} }\n`;
  return {
    images: { busybox: { paths: ['/srv/data'] }, 'nobody/nothing': { paths: ['/srv/data'] } },
    files: {
      ...Object.fromEntries(names.map((name) => [`${name}/Dockerfile`, dockerfiles[name]!])),
      'compose.yaml': compose + volumes,
    },
  };
};

const REFUSED = {
  runs: 'FROM busybox:1\nRUN true\n',
  adds: 'FROM busybox:1\nADD https://localhost/a /a\n',
  based: 'FROM nobody/nothing:9\n',
  copies: 'FROM busybox:1\nCOPY --from=nobody/else:1 /a /a\n',
  read: '# syntax=nobody/reader:1\nFROM busybox:1\n',
};
const REASONS: Readonly<Record<keyof typeof REFUSED, RegExp>> = {
  runs: /^Building it runs commands, .*line 2 of its Dockerfile: RUN true.*--allow-build$/,
  adds: /^Building it runs commands, .*line 2 of its Dockerfile: ADD https:.*--allow-build$/,
  based:
    /^Its base image nobody\/nothing:9 is not on the engine, and is not fetched without being asked: docker pull nobody\/nothing:9$/,
  copies: /^Its base image nobody\/else:1 is not on the engine/,
  read: /^Its Dockerfile is to be read by nobody\/reader:1, which would be fetched$/,
};

/** Of the drills of these tests: others may be at work on the same engine. */
const PIDS = new Set([process.pid]);

/** The user's images, with their tags; images without any; and what there is of our copies. */
async function everything({ docker }: EngineUnderTest): Promise<string[]> {
  const isOurs = (labels: Readonly<Record<string, string>> | null | undefined): boolean =>
    PIDS.has(Number(labels?.[`${LABEL}.pid`] ?? 0));
  const images = await docker.listImages({ all: true });
  const containers = await docker.listContainers({ all: true });
  const { Volumes: volumes } = await docker.listVolumes();
  return [
    ...images.flatMap(({ Id, RepoTags: tags, Labels }) =>
      !tags?.length || tags.some((tag) => tag.includes(NAME)) || isOurs(Labels) ? [`image ${Id} ${tags}`] : [],
    ),
    ...containers.flatMap(({ Names, Labels }) => (isOurs(Labels) ? [`container ${Names}`] : [])),
    ...(volumes ?? []).flatMap(({ Name, Labels }) => (isOurs(Labels) ? [`volume ${Name}`] : [])),
  ].sort();
}

const fatesOf = ({ results }: DrillReport) =>
  Object.fromEntries(
    results.map(({ service, path: at, events, agrees }) => [
      `${service} ${at}`,
      [...events.map(({ event, fate, reason }) => `${event} ${fate}${reason ? `: ${reason}` : ''}`), agrees],
    ]),
  );

if (engines().length === 0) test.skip(`left out: ${whyNone()}`);

beforeAll(async () => {
  fs.mkdirSync(root, { recursive: true });
  await bundleRunner('drill-runner.ts', RUNNER);
});
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

for (const under of engines()) {
  describe(under.name, () => {
    const state = path.join(root, under.name, 'state');
    const machine = machineWith(state);
    const tags = ['layer', 'named', 'baked', 'app'].map((name) => `${NAME}/${name}`);
    let engine: WritableEngine;

    beforeAll(async () => {
      await under.images('busybox', 'redis', 'sqlite', 'volume');
      // What the user has built some day: it is what the copy is made from.
      for (const [repo, from] of [
        ['layer', 'busybox:1'],
        ['named', 'persistence/volume:1'],
        ['baked', 'persistence/sqlite:3'],
        ['app', 'busybox:1'],
      ] as const)
        await under.docker.getImage(from).tag({ repo: `${NAME}/${repo}`, tag: 'latest' });
      engine = await connect({ access: 'write', machine, host: `unix://${under.socket}` });
    });
    afterAll(async () => {
      engine?.close();
      for (const tag of tags)
        await under.docker
          .getImage(tag)
          .remove()
          .catch(() => undefined);
    });

    async function run(by: string, project: DrillProject, more: Partial<DrillOptions> = {}): Promise<DrillReport> {
      const folder = path.join(root, under.name, by);
      fs.rmSync(folder, { recursive: true, force: true });
      writeFiles(folder, project.files);
      if (project.files['layer/run.sh']) fs.chmodSync(path.join(folder, 'layer/run.sh'), 0o755);
      const before = await everything(under);
      const report = await drill(engine, {
        project: await analyse(folder, NAME, project.images),
        runtime: 'compose',
        machine,
        compose: by === 'compose' ? composeOf(COMPOSE, under.environment) : null,
        events: ['rebuild'],
        ...more,
      });
      expect(await everything(under)).toEqual(before);
      expect(fs.readdirSync(path.join(state, 'compose-persistence/drills'))).toEqual([]);
      return report;
    }

    const drivers = under.kind === 'podman' ? ['api'] : ['compose', 'api'];
    for (const by of drivers) {
      describe(by, { timeout: 300_000 }, () => {
        test('what is in the container goes with it, and what is on a volume stays', async () => {
          // As it starts the first time there is nothing of the build in it yet.
          const files = {
            ...SHELF.files,
            'compose.yaml': SHELF.files['compose.yaml']!.replace(
              'test -d',
              'cat /srv/built/run.sh || exec idle; test -d',
            ),
          };
          const report = await run(by, { ...SHELF, files });
          expect(report.errors).toEqual([]);
          expect(fatesOf(report)).toEqual({
            'layer /srv/layer': ['rebuild lost', true],
            'layer /srv/declared': ['rebuild lost', true],
            'named /srv/named': ['rebuild kept', true],
            'named /srv/layer': ['rebuild lost', true],
            'named /srv/declared': ['rebuild kept', true],
            'baked /data/app.db': ['rebuild lost', true],
            // It is not built, so the event does not concern it.
            'pulled /data': [null],
          });
          expect(report.results.find(({ service }) => service === 'layer')).toMatchObject({
            verdict: 'NOT PERSISTED',
            reason: 'It was lost by a rebuilt image: it is in the writable layer',
          });
        });

        test('nothing is run or fetched without being asked', async () => {
          const report = await run(by, built(REFUSED));
          expect(report.errors).toEqual([]);
          const { other, ...refused } = Object.fromEntries(report.results.map((one) => [one.service, one]));
          for (const [service, reason] of Object.entries(REASONS)) {
            expect(refused[service]).toMatchObject({ verdict: 'UNKNOWN', agrees: null, events: [{ fate: 'unknown' }] });
            expect(refused[service]!.reason).toMatch(reason);
          }
          expect(other).toMatchObject({ events: [] });
        });

        test('commands are run when it is allowed, and a build that fails is told', async () => {
          const project = built({
            made: `FROM busybox:1\nRUN echo ${NAME}-${by} > /made\n`,
            fails: `FROM busybox:1\nRUN echo ${NAME}-${by}-before > /made\nRUN exit 7\n`,
          });
          const { results } = await run(by, project, { allowBuild: true });
          expect(results).toMatchObject([
            { service: 'made', verdict: 'SAFE', agrees: true, events: [{ event: 'rebuild', fate: 'kept' }] },
            { service: 'fails', verdict: 'UNKNOWN', agrees: null, events: [{ event: 'rebuild', fate: 'unknown' }] },
            { service: 'other', events: [] },
          ]);
          expect(results[1]!.reason).toMatch(/^Its image could not be built: .*\b7\b/);
        });

        test('where nothing is built there is nothing to rebuild', async () => {
          const files = { 'compose.yaml': 'services: { db: { image: "redis:7" } }\n' };
          const { results, notes } = await run(by, { files }, { events: ['restart', 'rebuild'] });
          expect(results[0]!.events.map(({ event }) => event)).toEqual(['restart']);
          expect(notes).toContain('Nothing was rebuilt: no service is built');
        });

        test('killed while it builds, the next start takes everything away', async () => {
          const folder = path.join(root, under.name, `${by}-killed`);
          const before = await everything(under);
          writeFiles(
            folder,
            built({ app: `FROM busybox:1\nRUN echo ${NAME}-${by}-slow > /made && sleep 617\n` }).files,
          );
          const orders: Orders = {
            socket: under.socket,
            folder,
            name: NAME,
            images: { busybox: { paths: ['/srv/data'] } },
            state,
            compose: by === 'compose' ? COMPOSE : null,
            environment: under.environment,
            at: 0,
            what: 'kill',
            events: ['rebuild'],
            allowBuild: true,
          };
          const env = { ...process.env, DRILL_ORDERS: JSON.stringify(orders) };
          const child = spawn(process.execPath, [RUNNER], { env, stdio: ['pipe', 'inherit', 'inherit'] });
          PIDS.add(child.pid ?? 0);
          const end = new Promise((resolve) => child.on('close', resolve));
          const isSlow = async (): Promise<boolean> => sleeps().length > 0;
          await until('the build', isSlow, 120_000);
          child.kill('SIGKILL');
          await end;
          expect((await sweep(engine, machine)).problems).toEqual([]);
          expect(await everything(under)).toEqual(before);
          // Nobody waits for it any more.
          await until('the end of the build', async () => sleeps().length === 0, 60_000);
          expect(await everything(under)).toEqual(before);
          expect(fs.readdirSync(path.join(state, 'compose-persistence/drills'))).toEqual([]);
        });
      });
    }
  });
}

/** Commands of a build that run. */
const sleeps = (): string[] =>
  fs.readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0', 2).join(' ') === 'sleep 617';
    } catch {
      return false;
    }
  });
