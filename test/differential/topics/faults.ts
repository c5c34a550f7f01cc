/** What Compose refuses, or what looks as if it should. */
import { Entries, raw, type Value } from '../write-yaml.ts';
import { anyService, append, type Draft, mainFile, mainTree, servicesOf, type Topic, within } from './draft.ts';

const setTop = (name: string, key: string, values: readonly Value[]): Topic => ({
  name,
  change: (random, draft) => {
    mainTree(draft)[key] = random.pick(values);
  },
});

/** Values that most attributes refuse. */
const ODD: readonly Value[] = [
  null,
  5,
  raw('1.5'),
  true,
  'text',
  {},
  [],
  { a: 1 },
  [1],
  ['x', 'x'],
  [null],
  raw('2001-12-14'),
  [{}],
  { a: null },
  [['x']],
];

const KEYS: readonly string[] = [
  ...[
    'image',
    'command',
    'entrypoint',
    'environment',
    'volumes',
    'tmpfs',
    'user',
    'hostname',
    'profiles',
    'ports',
    'networks',
    'depends_on',
    'build',
    'env_file',
    'extends',
    'labels',
    'deploy',
    'restart',
    'init',
    'read_only',
    'stop_grace_period',
    'stop_signal',
    'scale',
    'working_dir',
    'container_name',
    'secrets',
    'configs',
    'healthcheck',
    'volumes_from',
    'links',
    'expose',
    'extra_hosts',
    'privileged',
    'tty',
    'cap_add',
    'dns',
    'logging',
    'mem_limit',
    'cpus',
    'ulimits',
    'network_mode',
    'platform',
    'security_opt',
    'group_add',
    'devices',
    'develop',
    'shm_size',
    'sysctls',
    'annotations',
    'pull_policy',
    'domainname',
    'post_start',
  ],
  ...['imagee', 'volume', 'net', 'x-fine', 'dockerfile', 'name', 'log_driver'],
];

const wrongType: Topic = {
  name: 'wrong type',
  change: (random, draft) => {
    anyService(random, draft)[random.pick(KEYS)] = random.pick(ODD);
  },
};

const wrongService: Topic = {
  name: 'wrong service',
  change: (random, draft) => {
    const services = servicesOf(draft);
    services[random.pick(['bad', 'a b', 'ü', 'x/y', 'x-ok', 'A.b_c-1', ''])] = random.pick<Value>([
      ...ODD,
      { image: 'x' },
      { image: 'x' },
      { build: '.' },
    ]);
  },
};

const wrongTop: Topic = {
  name: 'wrong top level',
  change: (random, draft) => {
    const key = random.pick([
      'services',
      'volumes',
      'networks',
      'secrets',
      'configs',
      'name',
      'version',
      'include',
      'x-fine',
      'volume',
      'service',
    ]);
    mainTree(draft)[key] = random.pick([...ODD, '3.8', { data: { external: true, driver: 'x' } }, { 'a b': null }]);
  },
};

const undefinedNames: Topic = {
  name: 'undefined names',
  change: (random, draft) => {
    const service = anyService(random, draft);
    const key = random.pick([
      'networks',
      'volumes',
      'secrets',
      'configs',
      'depends_on',
      'links',
      'volumes_from',
      'network_mode',
    ]);
    const values: Record<string, readonly Value[]> = {
      networks: [['none'], { none: null }],
      volumes: [
        ['none:/x'],
        [{ type: 'volume', source: 'none', target: '/x' }],
        [{ type: 'volume', source: './x', target: '/x' }],
      ],
      secrets: [['none'], [{ target: 'x' }]],
      configs: [['none'], [{ source: 'none' }]],
      depends_on: [
        ['none'],
        { none: { condition: 'service_started', required: false } },
        { none: { condition: 'service_started' } },
      ],
      links: [['none:a'], ['none']],
      volumes_from: [['none'], ['none:ro']],
      network_mode: ['service:none', 'none', 'host', 'container:x'],
    };
    service[key] = random.pick(values[key]!);
  },
};

const wrongMounts: Topic = {
  name: 'wrong mounts',
  change: (random, draft) => {
    append(
      anyService(random, draft),
      'volumes',
      random.pick<Value>([
        '',
        ':',
        'a:',
        ':/b',
        'a::b',
        './a:/b:ro:x',
        { type: 'bind', target: '/x' },
        { source: 'x', target: '/x' },
        { type: 'volume' },
        { type: 'volume', target: '/x', unknown: 1 },
        { type: 'tmpfs', target: '/x', tmpfs: { size: 'big' } },
        { type: 'tmpfs', target: '/x', tmpfs: { size: -1 } },
        { type: 'tmpfs', target: '/x', tmpfs: { mode: '0755' } },
        { type: 'volume', target: '/x', read_only: 'maybe' },
        { type: 'bind', source: '.', target: '/x', bind: { selinux: 'x' } },
        { type: 'bind', source: '.', target: '/x', bind: { create_host_path: 'maybe' } },
        { type: 'volume', target: 5 },
        { type: 'volume', target: null },
        5,
        null,
        ['x'],
        './a:/b:',
        './a:/b:ro:',
        { type: 'tmpfs', target: '/x', tmpfs: { size: '64 m' } },
        { type: 'tmpfs', target: '/x', tmpfs: { size: '64x' } },
        { type: 'volume', target: '/x', source: null },
      ]),
    );
  },
};

const wrongVolumes: Topic = {
  name: 'wrong volumes',
  change: (random, draft) => {
    within(mainTree(draft), 'volumes').wrong = random.pick<Value>([
      { external: true, driver: 'x' },
      { external: true, labels: ['a'] },
      { external: { name: 'a' }, name: 'b' },
      { external: { name: 'a', x: 1 } },
      { external: 'maybe' },
      { external: null },
      { driver: 5 },
      { driver_opts: ['a'] },
      { driver_opts: { a: null } },
      { driver_opts: { a: true } },
      { name: 5 },
      { unknown: 1 },
      5,
      'x',
      [],
      { labels: 'x' },
      { external: true, driver_opts: {} },
      { external: [] },
      { name: null },
    ]);
  },
};

const wrongFiles: Topic = {
  name: 'wrong configs and secrets',
  change: (random, draft) => {
    within(mainTree(draft), random.pick(['configs', 'secrets'])).wrong = random.pick<Value>([
      null,
      {},
      { file: 'a', environment: 'b' },
      { content: 'x' },
      { external: true, file: 'x' },
      { external: false },
      { driver: 'x' },
      { name: 'x' },
      { file: 5 },
      { file: './a' },
      { environment: 'X' },
      { external: false, file: 'x' },
    ]);
  },
};

const wrongDependencies: Topic = {
  name: 'wrong dependencies',
  change: (random, draft) => {
    const services = servicesOf(draft);
    services.p = {
      image: 'p',
      depends_on: random.pick<Value>([
        ['q'],
        ['p'],
        { q: { condition: 'nope' } },
        { q: {} },
        { q: null },
        { q: { condition: 'service_started', required: 'no' } },
        ['q', 'q'],
        { q: { condition: 'service_healthy', restart: 'yes' } },
        { q: { condition: 'service_started', required: false } },
      ]),
    };
    services.q = {
      image: 'q',
      ...(random.chance(0.4) ? { depends_on: ['p'] } : {}),
      ...(random.chance(0.3) ? { profiles: ['off'] } : {}),
    };
  },
};

const wrongExtends: Topic = {
  name: 'wrong extends',
  change: (random, draft) => {
    const services = servicesOf(draft);
    services.e1 = {
      image: 'x',
      extends: random.pick<Value>([
        'e2',
        { service: 'e2' },
        { service: 'nope' },
        'e1',
        { file: 'nope.yaml', service: 'e2' },
        { file: mainFile(draft), service: 'e2' },
        { file: mainFile(draft), service: 'e1' },
        { file: 'list.yaml', service: 'a' },
        { file: 'none.yaml', service: 'a' },
      ]),
    };
    services.e2 = { user: 'e2', ...(random.chance(0.4) ? { extends: random.pick<Value>(['e1', 'e3']) } : {}) };
    draft.texts['list.yaml'] = random.pick([
      '- a\n',
      'services: [a]\n',
      'services: {a: 5}\n',
      '',
      'services: {a: {image: x, volumes: [":"]}}\n',
      'services: {a: {image: x}, b: {image: "${"}}\n',
      'services: {a: {unknown: x}}\n',
      'services: {a: {image: x}, b: {unknown: x}}\n',
      'services: {a: {image: x, depends_on: [z]}}\n',
    ]);
    draft.texts['none.yaml'] = 'volumes: {a: }\n';
  },
};

const wrongInclude: Topic = {
  name: 'wrong include',
  change: (random, draft) => {
    mainTree(draft).include = random.pick<Value>([
      null,
      'x.yaml',
      {},
      [5],
      [null],
      [{ path: 5 }],
      ['x.yaml', 'x.yaml'],
      ['list.yaml'],
      [{ path: 'x.yaml', unknown: 1 }],
      [{ path: 'x.yaml', project_directory: 5 }],
      [{ path: ['x.yaml', 'list.yaml'] }],
      ['loop.yaml'],
      ['nothing.yaml'],
    ]);
    draft.trees['x.yaml'] = {
      services: {
        x: random.pick<Value>([
          { image: 'x' },
          { image: 5 },
          {},
          { image: 'x', networks: ['n'] },
          { image: 'x', volumes: ['nope:/x'] },
        ]),
      },
    };
    draft.texts['list.yaml'] = '- a\n';
    draft.texts['nothing.yaml'] = random.pick(['', '{}\n', '# c\n', 'x-a: 1\n']);
    draft.texts['loop.yaml'] = random.pick(['include: [loop.yaml]\n', `include: [${mainFile(draft)}]\n`]);
  },
};

const SYNTAX: readonly string[] = [
  'services:\n  a:\n    image: x\n    image: y\n',
  'services:\n  a: {image: x}\n  a: {image: y}\n',
  'services:\n  a:\n    image: x\n   user: y\n',
  'services:\n  a:\n    image: [x\n',
  'services:\n\ta: {image: x}\n',
  'services:\n  a:\n    image: *none\n',
  'services:\n  a:\n    image: x\n    environment:\n      1: x\n',
  'services:\n  a:\n    image: x\n    environment:\n      true: x\n',
  'services:\n  a:\n    image: x\n    labels: {null: x}\n',
  'services:\n  a:\n    image: x: y\n',
  'services:\n  a:\n    image: "x\n',
  'services:\n  a:\n    image: x\n---\n',
  '---\nservices:\n  a:\n    image: x\n...\n',
  '%YAML 1.2\n---\nservices: {a: {image: x}}\n',
  '- services\n',
  'text\n',
  '',
  '# only\n',
  '{}\n',
  'services:\n  a:\n    image: @x\n',
  'services:\n  a:\n    image: `x`\n',
  'services:\n  a:\n    image: x # c\n    user: x#c\n',
  'services:\n  a:\n    image: >-\n      x\n      y\n    user: |\n      u\n',
  'services:\n  a: &a\n    image: x\n  b:\n    <<: *a\n    <<: {user: u}\n',
  'services:\n  a:\n    image: x\n    environment: {A: 1, A: 2}\n',
  'services:\n  a:\n    <<: 5\n    image: x\n',
  'services:\n  a:\n    image: x\n    environment:\n      <<: [5]\n',
  'services: {a: {image: x, environment: {? [a] : b}}}\n',
  'services:\n  a:\n    image: !!str x\n    user: !!binary aGk=\n',
  'services:\n  a:\n    image: !reset x\n    build: .\n',
  'services:\n  a: !override\n    image: x\n',
  'services: !reset\n  a: {image: x}\n',
  'x-a: &a [*a]\nservices: {a: {image: x}}\n',
  'services:\n  a:\n    image: x\n    command:\n    - a\n    -   b\n',
  '\ufeffservices: {a: {image: x}}\n',
  'services: {a: {image: x}}\r\nname: crlf\r\n',
  'services:\n  a:\n    image: x\n    environment:\n      - A: 1\n',
  'services:\n  a:\n    image: x\n    ports:\n      - 80:80\n      - 22:22\n',
  'services: {a: {image: x,}}\n',
  'services: {a: {image: x}, }\n',
  '"services": {"a": {"image": "x\\u0041"}}\n',
  'services:\n  ? a\n  : image: x\n',
  'services:\n  a:\n    image: x\nvolumes:\n  v:\nnetworks:\n',
];

const syntax: Topic = {
  name: 'syntax',
  change: (random, draft: Draft) => {
    const file = mainFile(draft);
    draft.texts[file] = random.pick(SYNTAX);
  },
};

const duplicates: Topic = {
  name: 'duplicate keys',
  change: (_, draft) => {
    mainTree(draft)['x-twice'] = new Entries([
      ['a', 1],
      ['a', 2],
    ]);
  },
};

export const FAULTS: readonly Topic[] = [
  ...Array<Topic>(7).fill(wrongType),
  ...Array<Topic>(3).fill(syntax),
  wrongService,
  wrongTop,
  wrongTop,
  undefinedNames,
  undefinedNames,
  wrongMounts,
  wrongMounts,
  wrongVolumes,
  wrongVolumes,
  wrongFiles,
  wrongDependencies,
  wrongDependencies,
  wrongExtends,
  wrongExtends,
  wrongInclude,
  wrongInclude,
  duplicates,
  setTop('version', 'version', ['3.8', '2', raw('3.8')]),
];
