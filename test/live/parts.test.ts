import { describe, expect, test } from 'vitest';
import { diskFiles } from '../../server/files.ts';
import { createLinter } from '../../server/lint/lint.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import { driftOf } from '../../server/live/drift.ts';
import type { ContainerSummary, MountPoint } from '../../server/live/engine.ts';
import { isAllowed } from '../../server/live/gate.ts';
import { written } from '../../server/live/layer.ts';
import { matchContainers } from '../../server/live/matching.ts';
import { observe } from '../../server/live/observe.ts';
import { demultiplexed, mountsOf, statOf } from '../../server/live/raw.ts';
import { signatureOf } from '../../server/live/signatures.ts';
import { sizeText } from '../../server/live/sizes.ts';
import { readTar, relative } from '../../server/live/tar.ts';
import type { AnalysedProject } from '../../server/stores/model.ts';
import type { Runtime } from '../../server/survival/words.ts';
import { tarEntry } from './fake-engine.ts';
import { folder } from './helpers.ts';

async function project(text: string): Promise<AnalysedProject> {
  const root = folder({ 'compose.yaml': text });
  const selection = { files: [`${root}/compose.yaml`], root };
  return (await createLinter(diskFiles()).lint(selection, DEFAULT_SETTINGS)).analysed;
}

const SHOP = `name: shop
services:
  db:
    image: postgres:16
    volumes: [db:/var/lib/postgresql/data, ./conf:/conf, /anonymous, "ext:/ext"]
    tmpfs: [/scratch]
  web:
    image: nginx
    container_name: front
volumes: { db: , ext: { external: true } }
`;

const container = (name: string, labels: Record<string, string> = {}, image = 'x'): ContainerSummary => ({
  id: name,
  name,
  image,
  state: 'running',
  labels,
  volumes: [],
});

describe('which container is whose', () => {
  const compose = (name: string, project: string, service: string, more = {}): ContainerSummary =>
    container(name, { 'com.docker.compose.project': project, 'com.docker.compose.service': service, ...more });
  const WORKING = 'com.docker.compose.project.working_dir';

  const match = async (containers: ContainerSummary[], runtime: Runtime = 'compose', gone: string[] = []) => {
    const { project: shop } = await project(SHOP);
    const found = matchContainers({
      containers: containers.map((one) =>
        one.labels[WORKING] === 'HERE' ? { ...one, labels: { ...one.labels, [WORKING]: shop.directory } } : one,
      ),
      project: shop,
      runtime,
      isGone: (at) => gone.includes(at),
      realPath: (at) => at,
    });
    return {
      matches: found.matches.map(({ service, container: { name }, by }) => `${service}=${name} by ${by}`),
      elsewhere: found.elsewhere.map(({ project: other, container: { name }, moved }) => `${other} ${name} ${moved}`),
      shared: found.shared.map(({ folder: at }) => at),
    };
  };

  test.each<[string, ContainerSummary, string[]]>([
    ['Compose', compose('shop-db-1', 'shop', 'db', { [WORKING]: 'HERE' }), ['db=shop-db-1 by labels']],
    ['a replica', compose('shop-db-7', 'shop', 'db'), ['db=shop-db-7 by labels']],
    [
      'podman-compose',
      container('shop_db_1', { 'io.podman.compose.project': 'shop', 'com.docker.compose.service': 'db' }),
      ['db=shop_db_1 by labels'],
    ],
    ['a name of Compose v2', container('shop-db-1'), ['db=shop-db-1 by its name']],
    ['a name of Compose v1', container('shop_db_1'), ['db=shop_db_1 by its name']],
    ['container_name', container('front'), ['web=front by container_name']],
    ['a run of one command', compose('shop-db-run-1', 'shop', 'db', { 'com.docker.compose.oneoff': 'True' }), []],
    ['another project', compose('blog-db-1', 'blog', 'db'), []],
    ['another project with our name for a container', compose('shop-db-1', 'blog', 'db'), []],
    ['a longer name', container('shop-db-backup-1'), []],
    ['a service that is gone', compose('shop-old-1', 'shop', 'old'), []],
  ])('%s', async (_, one, expected) => {
    expect((await match([one])).matches).toEqual(expected);
  });

  test('Quadlet: by unit, or by the name that Podman gives', async () => {
    const unit = container('any', { PODMAN_SYSTEMD_UNIT: 'db.service' });
    const { matches } = await match([unit, container('systemd-db'), container('front')], 'quadlet');
    expect(matches).toEqual(['db=any by its systemd unit', 'db=systemd-db by its name', 'web=front by its name']);
  });

  test('the same folder under another name', async () => {
    const { matches, elsewhere } = await match([compose('old-db-1', 'old', 'db', { [WORKING]: 'HERE' })]);
    expect({ matches, elsewhere }).toEqual({ matches: [], elsewhere: ['old old-db-1 false'] });
  });

  test('a folder that is gone counts only when all of it is ours', async () => {
    const postgres = (name: string, service: string): ContainerSummary => ({
      ...compose(name, 'old', service, { [WORKING]: '/gone' }),
      image: service === 'db' ? 'postgres:16' : 'nginx',
    });
    const both = [postgres('old-db-1', 'db'), postgres('old-web-1', 'web')];
    expect((await match(both, 'compose', ['/gone'])).elsewhere).toEqual(['old old-db-1 true', 'old old-web-1 true']);
    expect((await match(both)).elsewhere).toEqual([]);
    expect((await match([...both, compose('old-x-1', 'old', 'x')], 'compose', ['/gone'])).elsewhere).toEqual([]);
    expect(
      (await match([compose('old-db-1', 'old', 'db', { [WORKING]: '/gone' })], 'compose', ['/gone'])).elsewhere,
    ).toEqual([]);
  });

  test('two folders with one name', async () => {
    expect((await match([compose('shop-db-1', 'shop', 'db', { [WORKING]: '/other' })])).shared).toEqual(['/other']);
  });
});

describe('mounts', () => {
  const mount = (type: MountPoint['type'], target: string, more: Partial<MountPoint> = {}): MountPoint => ({
    type,
    target,
    readOnly: false,
    ...more,
  });
  const ID = 'a'.repeat(64);
  const right = (root: string): MountPoint[] => [
    mount('volume', '/var/lib/postgresql/data', { name: 'shop_db' }),
    mount('bind', '/conf', { source: `${root}/conf` }),
    mount('volume', '/anonymous', { name: ID }),
    mount('volume', '/ext', { name: 'ext' }),
    mount('tmpfs', '/scratch'),
  ];

  const drifts = async (change: (mounts: MountPoint[], root: string) => MountPoint[], podman = false) => {
    const { project: shop } = await project(SHOP);
    const service = shop.services.find(({ name }) => name === 'db')!;
    return driftOf({
      service,
      mounts: change(right(shop.directory), shop.directory),
      volumes: new Map(),
      declared: shop.volumes,
      image: { id: '', created: null, volumes: ['/declared'], triggers: 0 },
      podman,
      local: true,
      realPath: (at) => at,
    }).map(({ kind, target }) => `${kind} ${target}`);
  };
  const without = (target: string) => (mounts: MountPoint[]) => mounts.filter((one) => one.target !== target);
  const replaced = (changed: MountPoint) => (mounts: MountPoint[]) =>
    mounts.map((one) => (one.target === changed.target ? changed : one));

  test.each<[string, (mounts: MountPoint[]) => MountPoint[], string[]]>([
    ['as the file says', (mounts) => mounts, []],
    ['a volume is missing', without('/var/lib/postgresql/data'), ['missing /var/lib/postgresql/data']],
    ['another volume', replaced(mount('volume', '/ext', { name: 'x' })), ['other /ext']],
    ['an anonymous volume in its place', replaced(mount('volume', '/ext', { name: ID })), ['other /ext']],
    ['another folder', replaced(mount('bind', '/conf', { source: '/elsewhere' })), ['other /conf']],
    ['a volume in place of a tmpfs', replaced(mount('volume', '/scratch', { name: 'x' })), ['other /scratch']],
    ['no tmpfs', without('/scratch'), ['missing /scratch']],
    ['one that nobody knows of', (mounts) => [...mounts, mount('volume', '/more', { name: ID })], ['extra /more']],
    ['one of the image', (mounts) => [...mounts, mount('volume', '/declared', { name: ID })], []],
    ['a host file of some tool', (mounts) => [...mounts, mount('bind', '/etc/x', { source: '/x' })], []],
  ])('%s', async (_, change, expected) => {
    expect(await drifts(change)).toEqual(expected);
  });

  test('Podman does not tell of a tmpfs', async () => {
    expect(await drifts(without('/scratch'), true)).toEqual([]);
  });

  test('of those that hold a path the deepest counts', async () => {
    const held = (at: string, mounts: MountPoint[]): string => observe(at, mounts, new Map(), new Map()).backing.type;
    const mounts = [
      mount('bind', '/a', { source: '/x' }),
      mount('volume', '/a/b', { name: ID }),
      mount('tmpfs', '/a/b/c'),
    ];
    expect(['/a/x', '/a/b', '/a/b/c/d', '/ab', '/dev/shm/x'].map((at) => held(at, mounts))).toEqual([
      'bind-mount',
      'anonymous-volume',
      'tmpfs',
      'writable-layer',
      'tmpfs',
    ]);
  });

  test('volumes are what their options make of them', () => {
    const volumeWith = (options: Record<string, string>): string => {
      const volume = { name: 'v', driver: 'local', labels: {}, options, created: null, mountpoint: '' };
      return observe('/d', [mount('volume', '/d', { name: 'v' })], new Map([['v', volume]]), new Map()).backing.type;
    };
    expect(
      [{}, { type: 'tmpfs' }, { type: 'nfs', o: 'addr=x' }, { type: 'none', o: 'bind' }].map((o) =>
        volumeWith(o as Record<string, string>),
      ),
    ).toEqual(['named-volume', 'tmpfs', 'network-volume', 'named-volume']);
  });

  test('tmpfs is read from where each engine keeps it', () => {
    const raw = {
      Id: 'x',
      Mounts: [],
      HostConfig: { Tmpfs: { '/a/': 'ro' }, Mounts: [{ Type: 'tmpfs', Target: '/b' }] },
    };
    expect(mountsOf(raw).map(({ type, target, readOnly }) => [type, target, readOnly])).toEqual([
      ['tmpfs', '/a', true],
      ['tmpfs', '/b', false],
    ]);
  });
});

describe('the writable layer', () => {
  test('what only looks written is left out', () => {
    const changes = [
      { path: '/app', kind: 'modified' as const },
      { path: '/app/data.db', kind: 'added' as const },
      { path: '/app/old.db', kind: 'deleted' as const },
      { path: '/srv', kind: 'modified' as const },
      { path: '/srv/mounted', kind: 'added' as const },
      { path: '/var/lib/dpkg/status', kind: 'modified' as const },
      { path: '/root/.cache/x.db', kind: 'added' as const },
    ];
    expect(written(changes, [{ type: 'volume', target: '/srv/mounted', readOnly: false }])).toEqual(['/app/data.db']);
  });

  test.each<[string, string, string | undefined]>([
    ['/x', 'SQLite format 3\0more', 'SQLite'],
    ['/data/chroma.sqlite3', 'SQLite format 3\0more', 'Chroma'],
    ['/dump.rdb', 'REDIS0011x', 'Redis'],
    ['/notes.txt', 'REDIS is nice', undefined],
    ['/pg/PG_VERSION', '16\n', 'PostgreSQL'],
    ['/pg/PG_VERSION', 'text', undefined],
    ['/x.bolt', `${'\0'.repeat(16)}\xed\xda\x0c\xed`, 'bbolt'],
    ['/x.mosquitto', '\0\xb5\0mosquitto db', 'Mosquitto'],
    ['/app.log', 'hello', undefined],
    ['/empty', '', undefined],
  ])('%s', (path, content, title) => {
    expect(signatureOf(path, Buffer.from(content, 'latin1'))?.title).toBe(title);
  });
});

describe('archives', () => {
  const LIMITS = { entries: 9, bytesEach: 4, bytesTotal: 1e6 };
  const stream = async function* (...parts: Uint8Array[]) {
    const all = Buffer.concat(parts);
    for (let at = 0; at < all.length; at += 700) yield all.subarray(at, at + 700);
  };
  const entries = [tarEntry('db/', null), tarEntry('db/a', 'abcdefgh'), tarEntry('db/deep/b', 'x'.repeat(2000))];

  test('names below what was asked for, the first bytes of each', async () => {
    const read = relative(await readTar(stream(...entries, Buffer.alloc(1024)), LIMITS), '/srv/db');
    expect(read.complete).toBe(true);
    expect(
      read.entries.map(({ path, kind, size, bytes }) => [path, kind, size, Buffer.from(bytes).toString()]),
    ).toEqual([
      ['', 'directory', 0, ''],
      ['a', 'file', 8, 'abcd'],
      ['deep/b', 'file', 2000, 'xxxx'],
    ]);
  });

  test.each([
    ['Docker', '/srv/db', ['db/', 'db/f', 'db/db']],
    ['Docker, the folder itself', '/srv/db/.', ['./', './f', './db']],
    ['Podman', '/srv/db', ['db', 'db/f', 'db/db']],
    ['Podman, a volume of a stopped container', '/srv/db', ['/', '/f', '/db/']],
  ])('names as %s writes them', (_, asked, names) => {
    const rest = { kind: 'file' as const, size: 0, modified: 0, bytes: new Uint8Array() };
    const archive = { complete: true, entries: names.map((path) => ({ path, ...rest })) };
    expect(relative(archive, asked).entries.map(({ path }) => path)).toEqual(['', 'f', 'db']);
  });

  test.each([
    ['entries', { ...LIMITS, entries: 2 }, 2],
    ['bytes', { ...LIMITS, bytesTotal: 1000 }, 2],
  ])('stops at the limit of %s', async (_, limits, count) => {
    const read = await readTar(stream(...entries, Buffer.alloc(1024)), limits);
    expect([read.complete, read.entries.length]).toEqual([false, count]);
  });

  test('file modes are those of Go', () => {
    const header = (mode: number): string => Buffer.from(JSON.stringify({ mode, size: 1 })).toString('base64');
    expect([0x800001ed, 0o644, 0x080001ff, 0x04000000].map((mode) => statOf(header(mode))?.kind)).toEqual([
      'directory',
      'file',
      'link',
      'other',
    ]);
  });

  test('two streams in one are taken apart', () => {
    const part = (stream: number, text: string): Buffer =>
      Buffer.concat([Buffer.from([stream, 0, 0, 0, 0, 0, 0, text.length]), Buffer.from(text)]);
    expect(demultiplexed(Buffer.concat([part(1, 'out'), part(2, 'err')]))).toEqual({
      stdout: 'out',
      stderr: 'err',
      text: 'outerr',
    });
    expect(demultiplexed(Buffer.from('a terminal')).text).toBe('a terminal');
  });
});

test.each([
  ['inspect', 'GET', '/containers/json', true],
  ['inspect', 'HEAD', '/containers/a/archive', true],
  ['inspect', 'GET', '/containers/a/export', false],
  ['inspect', 'GET', '/containers/a/attach/ws', false],
  ['inspect', 'POST', '/containers/a/exec', false],
  ['read', 'POST', '/containers/a/exec', true],
  ['read', 'POST', '/exec/a/start', true],
  ['read', 'POST', '/containers/a/restart', false],
  ['read', 'PUT', '/containers/a/archive', false],
  ['read', 'DELETE', '/volumes/a', false],
  ['write', 'DELETE', '/volumes/a', true],
] as const)('at level %s %s %s is allowed: %s', (access, method, path, allowed) => {
  expect(isAllowed(access, method, path)).toBe(allowed);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1234, '1.2 kB'],
  [35_000_000, '35 MB'],
  [2e12, '2.0 TB'],
])('%d is %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
