/** The scratch copy of a project: what it takes over, and that nothing of the user's can be reached from it. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../server/catalogue/load.ts';
import { defaultFiles } from '../../server/cli/default-files.ts';
import { diskFiles, type Files } from '../../server/files.ts';
import { imageName, scratchOf } from '../../server/live/drill/scratch.ts';
import { containerOf } from '../../server/live/drill/scratch-api.ts';
import { composeOf, composeText } from '../../server/live/drill/scratch-compose.ts';
import type { Host, Scratch, ScratchInput, ScratchMount } from '../../server/live/drill/scratch-model.ts';
import { LABEL } from '../../server/live/gate.ts';
import { loadProject } from '../../server/project/load.ts';
import type { Project } from '../../server/project/model.ts';
import { analyseProject } from '../../server/stores/analyse.ts';
import { generate } from '../differential/generate.ts';
import { writeProject } from '../differential/project.ts';
import { load, memoryFiles } from '../project/memory.ts';

const FOLDER = '/state/drills/0a1b2c3d';
const LABELS = { [LABEL]: '0a1b2c3d' };
const IMAGE = { id: 'sha256:1234', volumes: [] };

const HOST: Host = {
  shared: true,
  removable: true,
  engineRoot: '/var/lib/docker',
  home: '/home/me',
  env: { PASSED: 'through' },
  kind: (file) =>
    /\.sock$|^\/dev\//.test(file)
      ? 'other'
      : /\.(conf|db|txt|pem)$|^\/etc\/localtime$/.test(file)
        ? 'file'
        : /missing/.test(file)
          ? 'missing'
          : 'directory',
  realPath: (file) => (file === '/p/link' ? '/etc' : file),
  isSmall: (file) => !file.includes('large'),
};

async function scratch(project: Project, files: Files, more: Partial<ScratchInput> = {}): Promise<Scratch> {
  const analysed = await analyseProject(project, { catalogue: catalogue(), files });
  const names = analysed.services.map(({ service }) => imageName(service, project.name));
  const images = new Map(names.map((name) => [name, IMAGE]));
  return scratchOf({
    project: analysed,
    id: '0a1b2c3d',
    labels: LABELS,
    folder: FOLDER,
    services: [],
    images,
    host: HOST,
    ...more,
  });
}

const scratchFor = (text: string, more: Partial<ScratchInput> = {}): Promise<Scratch> => {
  const texts = { 'compose.yaml': text };
  return scratch(load(texts), memoryFiles(texts), more);
};

const one = (service: string): string =>
  `services:\n  db:\n    image: postgres:16\n${service.replace(/^/gm, '    ')}\n`;
const mountsOf = async (volumes: string, more: Partial<ScratchInput> = {}): Promise<readonly ScratchMount[]> =>
  (await scratchFor(one(`volumes: [${volumes}]`), more)).services[0]?.mounts ?? [];
const reasonFor = async (text: string, more: Partial<ScratchInput> = {}): Promise<string | undefined> =>
  (await scratchFor(text, more)).leftOut.find(({ service }) => service === 'db')?.reason;

describe('mounts', () => {
  const volumes =
    'volumes: { data: , out: { external: true }, nfs: { driver_opts: { type: nfs, o: addr=10.0.0.1, device: ":/x" } }, own: { name: mine }, bound: { driver_opts: { o: bind, type: none, device: /srv/x } }, memory: { driver_opts: { type: tmpfs, device: tmpfs } } }\n';
  test.each([
    ['data', { external: false, driverOpts: {} }],
    ['own', { external: false, driverOpts: {} }],
    ['out', { external: true, driverOpts: {} }],
    ['nfs', { external: true, driverOpts: {} }],
    ['bound', { external: true, driverOpts: {} }],
    ['memory', { external: false, driverOpts: { type: 'tmpfs', device: 'tmpfs' } }],
  ])('the volume %s', async (key, expected) => {
    const copy = await scratchFor(`${one(`volumes: ["${key}:/var/lib/postgresql/data"]`)}${volumes}`);
    expect(copy.volumes).toEqual([{ key: 'v1', name: 'persistence-drill-0a1b2c3d-v1', ...expected }]);
    expect(copy.services[0]!.mounts).toMatchObject([
      { type: 'volume', source: 'v1', target: '/var/lib/postgresql/data' },
    ]);
  });

  test('a folder of data is an empty one of the copy', async () => {
    const copy = await scratchFor(one('volumes: ["./data:/var/lib/postgresql/data"]'));
    expect(copy.services[0]!.mounts).toEqual([
      { type: 'bind', source: `${FOLDER}/files/f1`, target: '/var/lib/postgresql/data', readOnly: false },
    ]);
    expect(copy.prepare).toEqual([{ type: 'folder', path: `${FOLDER}/files/f1` }]);
  });

  test.each([
    ['could not be removed again', { removable: false }],
    ['is not seen by the engine', { shared: false }],
  ])('a folder of data that %s is a volume that starts empty', async (_, host) => {
    const copy = await scratchFor(one('volumes: ["./data:/var/lib/postgresql/data"]'), { host: { ...HOST, ...host } });
    expect(copy.services[0]!.mounts).toEqual([
      { type: 'volume', source: 'v1', target: '/var/lib/postgresql/data', readOnly: false, nocopy: true },
    ]);
    expect(copy.volumes).toMatchObject([{ external: true }]);
    expect(copy.prepare).toEqual([]);
  });

  test('configuration is copied, once for all who share it', async () => {
    const copy = await scratchFor(
      'services:\n  a: { image: nginx, volumes: ["./a.conf:/etc/a.conf", "./conf:/etc/conf:ro"] }\n  b: { image: nginx, volumes: ["./a.conf:/b.conf:ro"] }\n',
    );
    expect(copy.prepare).toEqual([
      { type: 'copy', path: `${FOLDER}/files/f1`, from: '/p/a.conf' },
      { type: 'copy', path: `${FOLDER}/files/f2`, from: '/p/conf' },
    ]);
    expect(copy.services[1]!.mounts).toEqual([
      { type: 'bind', source: `${FOLDER}/files/f1`, target: '/b.conf', readOnly: true },
    ]);
  });

  test('what is large starts empty where it may be written, and keeps the service out where not', async () => {
    const copy = await scratchFor(one('volumes: [".:/code"]'), { host: { ...HOST, isSmall: () => false } });
    expect(copy.prepare).toEqual([{ type: 'folder', path: `${FOLDER}/files/f1` }]);
    expect(copy.notes.get('db')).toEqual(['/code starts empty: what it mounts there is too large to be copied']);
    expect(await reasonFor(one('volumes: ["./large:/code:ro"]'))).toBe(
      '/p/large, which it mounts at /code, is too large to be copied',
    );
  });

  test.each([
    [
      '/var/run/docker.sock:/var/run/docker.sock',
      'It mounts /var/run/docker.sock, a socket or a device, at /var/run/docker.sock: that is never handed to a copy',
    ],
    ['/run/docker:/d', 'It mounts /run/docker at /d, which is never handed to a copy'],
    ['/dev/sda:/disk', 'It mounts /dev/sda, a socket or a device, at /disk: that is never handed to a copy'],
    ['/:/host:ro', 'It mounts / at /host, which is never handed to a copy'],
    ['/etc:/host/etc:ro', 'It mounts /etc at /host/etc, which is never handed to a copy'],
    ['/proc:/host/proc:ro', 'It mounts /proc at /host/proc, which is never handed to a copy'],
    ['/home/me:/home:ro', 'It mounts /home/me at /home, which is never handed to a copy'],
    ['/var/lib/docker/volumes:/v:ro', 'It mounts /var/lib/docker/volumes at /v, which is never handed to a copy'],
    ['./link:/l:ro', 'It mounts /p/link at /l, which is never handed to a copy'],
    [
      '/srv/app.sock:/app.sock',
      'It mounts /srv/app.sock, a socket or a device, at /app.sock: that is never handed to a copy',
    ],
  ])('%s keeps the service out', async (volume, reason) => {
    expect(await reasonFor(one(`volumes: ["${volume}"]`))).toBe(reason);
  });

  test('a clock is no danger', async () => {
    expect(await mountsOf('"/etc/localtime:/etc/localtime:ro"')).toMatchObject([{ type: 'bind', readOnly: true }]);
  });

  test('memory, and volumes without a name, are the same', async () => {
    const copy = await scratchFor(
      one(
        'volumes: [/srv/anonymous, { type: tmpfs, target: /m, tmpfs: { size: 64m, mode: 0700 } }]\ntmpfs: ["/t:size=1m,mode=1777", /u]',
      ),
    );
    expect(copy.services[0]!.mounts).toEqual([
      { type: 'volume', target: '/srv/anonymous', readOnly: false },
      { type: 'tmpfs', target: '/m', options: expect.stringContaining('size=67108864') },
      { type: 'tmpfs', target: '/t', options: 'size=1m,mode=1777' },
      { type: 'tmpfs', target: '/u', options: '' },
    ]);
  });

  test('secrets and configs are files of the copy', async () => {
    const text = `${one('secrets: [a, { source: b, target: bb }]\nconfigs: [c]')}secrets: { a: { file: ./a.txt }, b: { environment: PASSED } }\nconfigs: { c: { content: "x = $$1" } }\n`;
    const copy = await scratchFor(text);
    expect(copy.leftOut).toEqual([]);
    expect(copy.prepare).toEqual([
      { type: 'text', path: `${FOLDER}/files/f1`, text: 'x = $1' },
      { type: 'copy', path: `${FOLDER}/files/f2`, from: '/p/a.txt' },
      { type: 'text', path: `${FOLDER}/files/f3`, text: 'through' },
    ]);
    expect(copy.services[0]!.mounts.map(({ target }) => target)).toEqual(['/c', '/run/secrets/a', '/run/secrets/bb']);
    expect(await reasonFor(`${one('secrets: [a]')}secrets: { a: { external: true } }\n`)).toBe(
      'The secret a is kept by the engine, and cannot be copied',
    );
  });
});

describe('services', () => {
  test('an image that is not there keeps the service out, with the command that fetches it', async () => {
    const images = new Map([['postgres:16', null]]);
    expect(await reasonFor(one(''), { images })).toBe(
      'Its image postgres:16 is not on the engine, and is not fetched without being asked: docker compose pull db',
    );
    expect(await reasonFor('services: { db: { build: . } }', { images: new Map() })).toBe(
      'Its image p-db is not on the engine, and is not fetched without being asked: docker compose build db',
    );
  });

  test('a label keeps it from being run', async () => {
    expect(await reasonFor(one('labels: { persistence.lint/live: "off" }'))).toBe(
      'Its label persistence.lint/live says that it must not be run',
    );
  });

  test('of what may reach outside nothing is taken over', async () => {
    const copy = await scratchFor(
      one(`container_name: shop-db
ports: ["5432:5432"]
network_mode: host
privileged: true
devices: [/dev/kvm]
pid: host
ipc: host
uts: host
userns_mode: host
cgroup_parent: /x
cap_add: [SYS_ADMIN]
security_opt: [seccomp:unconfined]
extra_hosts: ["api.shop.example:10.0.0.1"]
dns: [10.0.0.2]
external_links: [other]
restart: always
labels: { traefik.enable: "true" }
logging: { driver: syslog, options: { syslog-address: "tcp://10.0.0.3" } }
sysctls: { net.core.somaxconn: 1 }
deploy: { replicas: 3, resources: { limits: { memory: 64m } } }
pull_policy: always
hostname: node1
healthcheck: { test: pg_isready, interval: 2s, retries: 4 }`),
    );
    const settings = containerOf(copy, copy.services[0]!, new Map());
    expect(composeOf(copy)).toEqual({
      name: 'persistence-drill-0a1b2c3d',
      services: {
        db: {
          image: 'sha256:1234',
          pull_policy: 'never',
          environment: {},
          labels: { ...LABELS, 'io.compose-persistence.drill.service': 'db' },
          restart: 'no',
          hostname: 'node1',
          stop_grace_period: '10s',
          mem_limit: 64 * 1024 * 1024,
          pids_limit: 1024,
          cpus: 1,
          healthcheck: { test: ['CMD-SHELL', 'pg_isready'], interval: '2s', retries: 4 },
          networks: { inside: { aliases: ['shop-db'] } },
        },
      },
      volumes: {},
      networks: { inside: { name: 'persistence-drill-0a1b2c3d-net', internal: true, labels: LABELS } },
    });
    expect(Object.keys(settings.settings).sort()).toEqual([
      'Env',
      'Healthcheck',
      'HostConfig',
      'Hostname',
      'Image',
      'Labels',
      'NetworkingConfig',
      'OpenStdin',
      'StopTimeout',
      'Tty',
    ]);
    expect(settings.settings.HostConfig).toMatchObject({
      NetworkMode: 'persistence-drill-0a1b2c3d-net',
      RestartPolicy: { Name: 'no' },
      Memory: 64 * 1024 * 1024,
    });
    expect(Object.keys(settings.settings.HostConfig as object)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/Privileged|CapAdd|Devices|PidMode|IpcMode|ExtraHosts|PortBindings/),
      ]),
    );
  });

  test('what a service needs comes along, and stands before it', async () => {
    const text =
      'services:\n  web: { image: nginx, depends_on: { db: { condition: service_healthy }, gone: { condition: service_started, required: false } } }\n  db: { image: postgres:16, links: ["cache:store"] }\n  cache: { image: redis:7 }\n  other: { image: nginx }\n';
    const copy = await scratchFor(text, { services: ['web'] });
    expect(copy.services.map(({ name }) => name)).toEqual(['cache', 'db', 'web']);
    expect(copy.services[2]!.dependsOn).toEqual([{ service: 'db', condition: 'service_healthy', required: true }]);
    expect(copy.services[0]!.network).toEqual({ type: 'own', aliases: ['store'] });
  });

  test('whoever needs what is left out is left out', async () => {
    const text =
      'services:\n  a: { image: nginx, network_mode: "service:b" }\n  b: { image: nginx, volumes_from: [c] }\n  c: { image: nginx, volumes: ["/:/x"] }\n';
    const copy = await scratchFor(text);
    expect(copy.services).toEqual([]);
    expect(copy.leftOut.map(({ service }) => service).sort()).toEqual(['a', 'b', 'c']);
  });

  test('a dollar stays a dollar', async () => {
    const copy = await scratchFor(one('environment: { POSTGRES_PASSWORD: "a$$b" }'));
    expect(copy.services[0]!.environment.get('POSTGRES_PASSWORD')).toBe('a$b');
    expect(JSON.parse(composeText(copy)).services.db.environment.POSTGRES_PASSWORD).toBe('a$$b');
  });
});

/** Whatever a project says, its copy holds nothing by which the user's things could be reached. */
test('random projects', { timeout: 120_000 }, async () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'scratch-'));
  let looked = 0;
  try {
    for (const test of generate(4711, Number(process.env.PERSISTENCE_SCRATCH ?? 250))) {
      const folder = path.join(root, `p${looked}`);
      writeProject(folder, test);
      const files = diskFiles();
      const named = test.argv.flatMap((arg, at) => (arg === '-f' ? [path.resolve(folder, test.argv[at + 1]!)] : []));
      const chosen = named.length > 0 ? named : defaultFiles(files, folder, test.env);
      let project: Project;
      try {
        project = loadProject(files, { files: chosen, shell: { ...test.env }, projectName: 'the-users-own' });
      } catch {
        continue;
      }
      const host: Host = {
        ...HOST,
        kind: (file) => (fs.existsSync(file) ? 'directory' : 'missing'),
        realPath: (file) => file,
      };
      const copy = await scratch(project, files, { host });
      looked++;
      check(copy, project, folder);
    }
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
  expect(looked).toBeGreaterThan(100);
});

type Json = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const ALLOWED = new Set(
  'image pull_policy command entrypoint environment labels restart volumes tmpfs volumes_from user group_add hostname working_dir stop_signal stop_grace_period read_only init tty stdin_open shm_size mem_limit pids_limit cpus ulimits healthcheck depends_on networks network_mode'.split(
    ' ',
  ),
);

function check(copy: Scratch, project: Project, folder: string): void {
  const model = composeOf(copy) as { services: Json; volumes: Json; networks: Json };
  for (const [name, service] of Object.entries(model.services)) {
    expect(Object.keys(service).filter((key) => !ALLOWED.has(key))).toEqual([]);
    expect(service).toMatchObject({ pull_policy: 'never', restart: 'no', labels: LABELS, image: IMAGE.id });
    expect(String(service.network_mode ?? 'none')).toMatch(/^(none|service:.*)$/);
    for (const mount of (service.volumes ?? []) as { type: string; source?: string }[]) {
      if (mount.type === 'bind') expect(mount.source).toMatch(new RegExp(`^${FOLDER}/files/f\\d+$`));
      else if (mount.source !== undefined) expect(mount.source).toMatch(/^v\d+$/);
    }
    const api = containerOf(copy, copy.services.find((one) => one.name === name)!, new Map());
    const { Mounts: mounts, NetworkMode: mode } = api.settings.HostConfig as {
      Mounts: { Source: string }[];
      NetworkMode: string;
    };
    for (const { Source: source } of mounts)
      expect(source).toMatch(new RegExp(`^$|^${FOLDER}/files/f\\d+$|^persistence-drill-0a1b2c3d-v\\d+$`));
    expect(mode).toMatch(/^(none|container:persistence-drill-0a1b2c3d-.*|persistence-drill-0a1b2c3d-net)$/);
    // What it is told (its environment, its words) may name anything; what the engine is told may not.
    const {
      environment: _e,
      command: _c,
      entrypoint: _n,
      healthcheck: _h,
      depends_on: _d,
      networks: _w,
      hostname: _o,
      working_dir: _r,
      ...rest
    } = service;
    const told = JSON.stringify(rest);
    expect(told).not.toContain('the-users-own');
    expect(told).not.toContain(folder);
  }
  for (const [key, volume] of Object.entries(model.volumes)) {
    expect(key).toMatch(/^v\d+$/);
    expect(volume.name).toBe(`persistence-drill-0a1b2c3d-${key}`);
    expect(volume.external === true || (volume.labels as object) === LABELS).toBe(true);
  }
  for (const network of Object.values(model.networks))
    expect(network).toMatchObject({ internal: true, labels: LABELS });
  for (const { path: at } of copy.prepare) expect(at.startsWith(`${FOLDER}/files/`)).toBe(true);
  const names = new Set(copy.volumes.map(({ name }) => name));
  for (const { name } of project.volumes.values()) expect(names.has(name)).toBe(false);
  expect(copy.services.length + copy.leftOut.length).toBe(project.services.length);
}
