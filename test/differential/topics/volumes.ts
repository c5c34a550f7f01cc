/** Mounts and volumes, in every form. */
import { raw, type Value } from '../write-yaml.ts';
import { anyService, append, attribute, mainTree, type Topic, type Tree, within } from './draft.ts';

const SHORT: readonly string[] = [
  ...[
    'data:/data',
    'data:/data/',
    'data:/data:ro',
    './d:/d',
    './d/../e:/e',
    '../up:/up',
    '/abs/x/:/abs',
    '/abs//x/./y:/z',
    '~/h:/h',
    '~:/h',
    '~user/x:/u',
    '.data/x:/x',
    '.:/here',
    '..:/up2',
    '${HOME}/x:/x',
    '$PWD/x:/y',
    '/anon',
    '/anon/',
    '/a',
    '/a/../b',
    'anon',
    'a/b',
    'data:rel',
  ],
  ...[
    './d:/d:ro,z',
    './d:/d:Z,rprivate',
    'data:/data:nocopy',
    './d:/d:nocopy',
    'data:/data:z',
    'data:/data:rshared',
    './d:/d:U,cached',
    './d:/d:ro,rw',
    './d:/d:rw,ro',
    './d:/d:private,slave',
    './d:/d:delegated',
    './d:/d:ro,ro',
    'data:/data:unknown,nocopy,',
  ],
  ...[
    'C:\\data:/data',
    'c:/data:/data',
    'C:\\data:C:\\target',
    'C:data:/data',
    'D:\\x:/x:ro',
    'x:/y',
    '\\\\server\\share\\d:/d',
    '\\\\.\\pipe\\p:/p',
    'data:c:/x',
    'é:/data',
    'a:/b:/c',
    '//server/share/x:/x',
    './a b:/c d',
    './d:/d e',
    '/data:/data/../data2',
  ],
];

const LONG: readonly Tree[] = [
  { type: 'volume', source: 'data', target: '/data' },
  { type: 'volume', source: 'data', target: '/data/', read_only: true },
  { type: 'volume', target: '/data' },
  { type: 'volume', source: 'data', target: '/l', volume: { nocopy: true } },
  { type: 'volume', source: 'data', target: '/l', volume: { subpath: 'a/b' } },
  { type: 'volume', source: 'data', target: '/l', volume: { nocopy: 'false' } },
  { type: 'volume', source: 'data', target: '/l', volume: {}, read_only: 'yes' },
  { type: 'bind', source: './d', target: '/d' },
  { type: 'bind', source: '/abs/../x/', target: '/d' },
  { type: 'bind', source: '~/d', target: '/d', bind: { create_host_path: true } },
  { type: 'bind', source: 'd', target: '/d', bind: { create_host_path: false } },
  { type: 'bind', source: '.', target: '/d', bind: { propagation: 'rslave', selinux: 'z' } },
  { type: 'bind', source: '', target: '/d', bind: {} },
  { type: 'bind', source: 'C:\\x', target: '/d', bind: { recursive: 'disabled' } },
  { type: 'bind', source: './d', target: 'rel/', consistency: 'cached' },
  { type: 'tmpfs', target: '/t' },
  { type: 'tmpfs', target: '/t', tmpfs: { size: 1000 } },
  { type: 'tmpfs', target: '/t', tmpfs: { size: '64m', mode: raw('0o1777') } },
  { type: 'tmpfs', target: '/t', tmpfs: { size: '1.5GiB', mode: raw('01777') } },
  { type: 'tmpfs', target: '/t', tmpfs: { mode: 1777, size: 0 } },
  { type: 'tmpfs', target: '/t', tmpfs: {} },
  { type: 'npipe', source: '\\\\.\\pipe\\x', target: '/p' },
  { type: 'cluster', source: 'data', target: '/c' },
  { type: 'image', source: 'nginx', target: '/i' },
  { type: 'volume', source: 'data', target: '/x', 'x-note': 1 },
  { type: 'volume', source: 'data', target: '/v', bind: { selinux: 'Z' } },
];

const TMPFS: readonly Value[] = [
  '/run',
  ['/run', '/tmp'],
  ['/run:size=64m,mode=755', '/run'],
  ['/run', '/run'],
  ['/run:size=1', '/run:size=2'],
  '/run/',
  [],
  ['/run/', '/run'],
  '/run:${UNSET:-rw}',
];

const TOP: readonly Value[] = [
  null,
  {},
  { name: 'real' },
  { name: 'real_${FROM_SHELL}' },
  { external: true },
  { external: true, name: 'real' },
  { external: { name: 'old' } },
  { external: false },
  { external: 'true' },
  { external: 'no' },
  { driver: 'local' },
  { driver: 'custom', driver_opts: { a: 1, b: raw('1.50'), c: 'x' } },
  { driver: 'local', driver_opts: { type: 'none', o: 'bind', device: './x' } },
  { driver_opts: { type: 'none', o: 'bind', device: './x' } },
  { driver: 'local', driver_opts: { type: 'none', o: 'bind', device: '~/x' } },
  { driver: 'local', driver_opts: { type: 'none', o: 'bind,ro', device: './x' } },
  { driver: 'local', driver_opts: { type: 'none', o: 'bind', device: '/abs/../x' } },
  { driver: 'local', driver_opts: { type: 'tmpfs', device: 'tmpfs', o: 'size=1' } },
  { driver: 'local', driver_opts: { type: 'nfs', o: 'addr=10.0.0.1,rw', device: ':/x' } },
  { driver_opts: { type: 'cifs', device: '//h/s', o: 'username=$$x' } },
  { labels: ['a=1', 'b'] },
  { labels: { a: 1, b: null } },
  { 'x-note': 1 },
  { external: true, 'x-note': 1 },
  { external: { name: 'old' }, name: 'old' },
];

const declare = (draft: Parameters<Topic['change']>[1], name: string, value: Value = null): void => {
  const volumes = within(mainTree(draft), 'volumes');
  if (!(name in volumes)) volumes[name] = value;
};

const short: Topic = {
  name: 'short volumes',
  change: (random, draft) => {
    append(anyService(random, draft), 'volumes', ...random.some(SHORT, 4));
    declare(draft, 'data');
  },
};

const long: Topic = {
  name: 'long volumes',
  change: (random, draft) => {
    append(anyService(random, draft), 'volumes', ...(random.some(LONG, 3) as Value[]));
    declare(draft, 'data');
  },
};

const sameTarget: Topic = {
  name: 'one target twice',
  change: (random, draft) => {
    const at = [
      'data:/t',
      'data:/t/',
      './d:/t',
      '/t',
      '/t/',
      './d://t',
      { type: 'volume', source: 'data', target: '/t' },
      { type: 'bind', source: '.', target: '/t/' },
    ];
    const service = anyService(random, draft);
    append(service, 'volumes', ...(random.some(at, 4) as Value[]));
    if (random.chance(0.3)) service.tmpfs = '/t';
    declare(draft, 'data');
  },
};

const topLevel: Topic = {
  name: 'top-level volumes',
  change: (random, draft) => {
    const volumes = within(mainTree(draft), 'volumes');
    for (const name of random.some(['data', 'a.b', 'c-d_1', 'UP'], 2)) {
      volumes[name] = random.pick(TOP);
      append(anyService(random, draft), 'volumes', `${name}:/${name}`);
    }
    draft.env.FROM_SHELL = 'shell';
  },
};

export const VOLUMES: readonly Topic[] = [
  short,
  short,
  short,
  long,
  long,
  sameTarget,
  topLevel,
  topLevel,
  topLevel,
  attribute('tmpfs', TMPFS),
  attribute('tmpfs', TMPFS),
];
