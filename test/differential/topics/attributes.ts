/** Attributes of a service, in every form. */
import { raw, type Value } from '../write-yaml.ts';
import { COMMANDS, DURATIONS, SCALARS } from './attribute-values.ts';
import { anyService, append, attribute, servicesOf, type Topic, type Tree, within } from './draft.ts';

const environmentMap: Topic = {
  name: 'environment as a map',
  change: (random, draft) => {
    const environment = within(anyService(random, draft), 'environment');
    for (const key of ['A', 'B', 'C', 'D', 'E', 'with.dot', 'with-dash', 'UNSET', 'FROM_SHELL', 'FROM_DOTENV']) {
      if (random.chance(0.5))
        environment[key] = random.pick([...SCALARS, 'text', '', 'a=b', ' spaced ', null, 'x # y', 'ünï', '<&>']);
    }
    draft.env.FROM_SHELL = 'shell';
    draft.dotenv.push('FROM_DOTENV=dotenv');
  },
};

const environmentList: Topic = {
  name: 'environment as a list',
  change: (random, draft) => {
    const pairs = [
      'A=1',
      'A=2',
      'B',
      'B=',
      'C=a=b',
      'FROM_SHELL',
      'FROM_DOTENV',
      'D=',
      'E= x ',
      'A',
      '=x',
      'F=${FROM_SHELL}',
      '${FROM_SHELL}=g',
      'G H=1',
      'UNSET',
    ];
    anyService(random, draft).environment = pairs.filter(() => random.chance(0.5));
    draft.env.FROM_SHELL = 'shell';
    draft.dotenv.push('FROM_DOTENV=dotenv');
  },
};

const profiles: Topic = {
  name: 'profiles',
  change: (random, draft) => {
    for (const service of Object.keys(servicesOf(draft))) {
      if (random.chance(0.6))
        within(servicesOf(draft), service).profiles = random.pick([
          ['a'],
          ['b'],
          ['a', 'b'],
          ['a', 'a'],
          [],
          ['c-1_x.y'],
        ]);
    }
    const choice = random.below(6);
    if (choice === 0) draft.env.COMPOSE_PROFILES = random.pick(['a', 'a,b', ' b , a', '*', '', 'none']);
    if (choice === 1) draft.dotenv.push(`COMPOSE_PROFILES=${random.pick(['a', 'b,c', '*'])}`);
    if (choice === 2) draft.argv.push('--profile', random.pick(['a', 'b', '*']));
    if (choice === 3) draft.argv.push('--profile', 'a', '--profile', 'b');
  },
};

const dependencies: Topic = {
  name: 'dependencies',
  change: (random, draft) => {
    const names = Object.keys(servicesOf(draft));
    const service = anyService(random, draft);
    const other = random.pick(names);
    const key = random.pick(['depends_on', 'depends_on', 'links', 'volumes_from', 'network_mode', 'pid', 'ipc']);
    const long: Tree = {
      condition: random.pick(['service_started', 'service_healthy', 'service_completed_successfully']),
    };
    if (random.chance(0.3)) long.required = random.chance(0.5);
    if (random.chance(0.3)) long.restart = random.chance(0.5);
    if (key === 'depends_on') service[key] = random.chance(0.5) ? [other] : { [other]: long };
    else if (key === 'links') service[key] = [random.pick([other, `${other}:alias`])];
    else if (key === 'volumes_from')
      service[key] = [random.pick([other, `${other}:ro`, `${other}:rw`, 'container:x', 'container:x:ro'])];
    else service[key] = `service:${other}`;
  },
};

const replicas: Topic = {
  name: 'replicas',
  change: (random, draft) => {
    const service = anyService(random, draft);
    if (random.chance(0.7)) service.scale = random.pick<Value>([0, 1, 2, '3', raw('0x2')]);
    if (random.chance(0.7)) within(service, 'deploy').replicas = random.pick<Value>([0, 1, 2, '3', raw('2.0')]);
    if (random.chance(0.2)) service.container_name = 'only-one';
  },
};

const build: Topic = {
  name: 'build',
  change: (random, draft) => {
    const service = anyService(random, draft);
    if (random.chance(0.5)) delete service.image;
    const context = random.pick([
      '.',
      './app',
      '../other',
      'app/',
      '/abs/',
      '/abs/../x',
      '~/x',
      'https://example.com/r.git',
      'git@example.com:r',
      'github.com/a/b',
      'a://b',
      'service:web',
      'app#x',
    ]);
    if (random.chance(0.4)) service.build = context;
    else {
      const long = within(service, 'build');
      if (random.chance(0.8)) long.context = context;
      if (random.chance(0.4))
        long.dockerfile = random.pick(['Dockerfile.dev', './d/Dockerfile', '../Dockerfile', '/abs/Dockerfile']);
      else if (random.chance(0.2)) long.dockerfile_inline = 'FROM x\nRUN $$a\n';
      if (random.chance(0.4))
        long.args = random.pick<Value>([
          { A: 1, B: null, FROM_SHELL: null, C: true },
          ['A=1', 'B', 'FROM_SHELL'],
          { D: raw('1.50') },
        ]);
      if (random.chance(0.3)) long.target = 'prod';
      if (random.chance(0.3))
        long.additional_contexts = random.pick<Value>([
          { a: './a', b: 'docker-image://x', c: 'service:db' },
          ['a=./a'],
        ]);
    }
    draft.env.FROM_SHELL = 'shell';
  },
};

const labels: Topic = {
  name: 'labels',
  change: (random, draft) => {
    anyService(random, draft).labels = random.pick<Value>([
      ['a=1', 'b', 'a=2'],
      { a: 1, b: null, c: true, d: raw('1.50') },
      { 'x.y': 'z $$' },
    ]);
  },
};

const configsAndSecrets: Topic = {
  name: 'configs and secrets',
  change: (random, draft) => {
    const kind = random.pick(['configs', 'secrets']);
    const top = within(draft.trees[Object.keys(draft.trees)[0]!]!, kind);
    top.one = random.pick<Tree>([
      { file: './one.txt' },
      { environment: 'FROM_SHELL' },
      { external: true },
      { external: true, name: 'x' },
    ]);
    append(
      anyService(random, draft),
      kind,
      random.pick<Value>([
        'one',
        { source: 'one' },
        { source: 'one', target: '/x/one', mode: 0o440 },
        { source: 'one', uid: '5', mode: raw('0444') },
      ]),
    );
  },
};

export const ATTRIBUTES: readonly Topic[] = [
  environmentMap,
  environmentMap,
  environmentList,
  environmentList,
  profiles,
  profiles,
  dependencies,
  dependencies,
  replicas,
  build,
  labels,
  configsAndSecrets,
  attribute('command', COMMANDS),
  attribute('command', COMMANDS),
  attribute('entrypoint', COMMANDS),
  attribute('stop_grace_period', DURATIONS),
  attribute('stop_signal', ['SIGINT', 'SIGTERM', '9']),
  attribute('restart', [raw('no'), 'always', 'unless-stopped', 'on-failure:3', 'anything']),
  attribute('init', [true, false, 'true', 'no', 'Y']),
  attribute('read_only', [true, false, 'yes', 'off', 'TRUE']),
  attribute('user', ['1000:1000', 'root', '${FROM_SHELL:-me}', '1000']),
  attribute('hostname', ['h', '${COMPOSE_PROJECT_NAME}', '']),
  attribute('working_dir', ['/app', './app', '']),
  attribute('container_name', ['c', 'c_$$1']),
  attribute('pull_policy', ['always', 'never', 'missing', 'if_not_present', 'build']),
  attribute('ports', [
    ['80', '8080:80', '127.0.0.1:81:80/udp'],
    [80],
    ['3000-3002'],
    [{ target: 80, published: '8080' }],
    ['${P:-80}:80'],
    ['[::1]:80:80'],
  ]),
  attribute('networks', [['default'], { default: null }, {}, []]),
  attribute('healthcheck', [
    { test: 'curl x' },
    { test: ['CMD', 'x'], interval: '5s' },
    { disable: true },
    { test: ['NONE'] },
  ]),
  attribute('ulimits', [{ nofile: 5 }, { nofile: { soft: 1, hard: 2 } }]),
  attribute('extra_hosts', [['a:1.2.3.4', 'b=::1'], { a: '1.2.3.4' }]),
  attribute('develop', [
    { watch: [{ path: './a', action: 'sync', target: '/a' }] },
    { watch: [{ path: 'a', action: 'rebuild' }] },
    null,
  ]),
  attribute('post_start', [[{ command: 'a b', user: 'root', privileged: 'yes' }], [{ command: ['a'] }, {}]]),
  attribute('pre_stop', [[{ command: 'a b', environment: ['A=1'], working_dir: '/x' }], [{ command: null }]]),
  attribute('x-anything', ['a', { b: [1, { c: null }] }, null, [null]]),
  attribute('expose', [['80', 81], ['80-82']]),
  attribute('mem_limit', ['64m', '1.5g', 1000, '64MiB', '0']),
  attribute('sysctls', [{ 'net.a': 1 }, ['net.a=1']]),
];
