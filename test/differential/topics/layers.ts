/** Files laid over one another: overrides, `!reset`, `extends`, anchors. */
import type { Random } from '../random.ts';
import { Entries, raw, type Value } from '../write-yaml.ts';
import {
  anyService,
  append,
  type Draft,
  mainFile,
  mainTree,
  servicesOf,
  type Topic,
  type Tree,
  within,
} from './draft.ts';

/** Pairs of values for one attribute: what a base says, what is laid over it. */
const PAIRS: readonly (readonly [string, readonly Value[]])[] = [
  ['image', ['a', 'b:${T:-1}', null]],
  ['command', ['a b', ['c'], null, [], '']],
  ['entrypoint', ['a b', ['c'], null]],
  ['environment', [{ A: 1, B: 'x' }, ['A=2', 'C'], { A: null, D: raw('1.50') }, ['D=', 'B=3'], {}, null]],
  [
    'volumes',
    [
      ['data:/a'],
      ['./x:/a:ro', '/b'],
      [{ type: 'tmpfs', target: '/a' }],
      ['data:/a/'],
      [{ type: 'bind', source: './y', target: '/b/' }],
      null,
    ],
  ],
  ['tmpfs', ['/run', ['/run', '/x'], ['/run:size=1'], null]],
  ['profiles', [['a'], ['b', 'a'], []]],
  ['user', ['a', 'b', null]],
  ['hostname', ['a', 'b']],
  [
    'depends_on',
    [
      ['db'],
      { db: { condition: 'service_healthy' } },
      { db: { condition: 'service_started', required: false } },
      {},
      [],
    ],
  ],
  ['labels', [{ a: 1 }, ['a=2', 'b'], null]],
  ['env_file', ['a.env', ['b.env'], [{ path: 'a.env', required: false }]]],
  ['build', ['./ctx', { args: { A: 1 } }, { context: './other', args: ['A=2', 'B'] }, { target: 't' }, null]],
  ['deploy', [{ replicas: 2 }, { replicas: 3, labels: ['a=1'] }, { labels: { a: 2 } }, null]],
  ['stop_grace_period', ['5s', '1m']],
  ['restart', ['always', raw('no')]],
  ['init', [true, false]],
  ['networks', [['default'], { default: null }, {}]],
  ['healthcheck', [{ test: ['CMD', 'a'], interval: '1s' }, { test: 'b' }, { disable: true }]],
  ['x-note', [{ a: 1 }, 'b', [1]]],
  ['ports', [['80:80'], ['81:80', { target: 80 }]]],
  ['logging', [{ driver: 'a', options: { x: 1 } }, { driver: 'b' }]],
  ['extra_hosts', [['a:1'], ['a:1', 'b=2'], { c: '3' }]],
  ['scale', [1, 2]],
  ['read_only', [true, false]],
];

const tagged = (random: Random, value: Value): Value => {
  if (random.chance(0.85)) return value;
  const tag = random.pick(['!reset', '!override']);
  if (tag === '!reset') return raw(random.pick(['!reset null', '!reset []', '!reset {}', '!reset', '!reset x']));
  return raw(
    `!override ${JSON.stringify(value, (_, one) => (one && typeof one === 'object' && 'text' in one ? one.text : one))}`,
  );
};

function twoLayers(random: Random, draft: Draft): [Tree, Tree] {
  draft.texts['a.env'] = 'A=env\nZ=1\n';
  draft.texts['b.env'] = 'A=envb\n';
  within(mainTree(draft), 'volumes').data = null;
  servicesOf(draft).db ??= { image: 'postgres' };
  const base: Tree = {};
  const over: Tree = {};
  for (const [key, values] of random.some(PAIRS, 5)) {
    if (random.chance(0.85)) base[key] = random.pick(values.filter((value) => value !== null || key === 'command'));
    if (random.chance(0.85)) over[key] = tagged(random, random.pick(values));
  }
  return [base, over];
}

const override: Topic = {
  name: 'override',
  change: (random, draft) => {
    const [base, over] = twoLayers(random, draft);
    const services = servicesOf(draft);
    const name = random.pick(Object.keys(services));
    Object.assign(within(services, name), base);
    const tree: Tree = { services: { [name]: over } };
    if (random.chance(0.3))
      tree.volumes = {
        data: random.pick<Value>([{ name: 'renamed' }, null, { driver: 'x', labels: ['a=1'] }, raw('!reset null')]),
        more: null,
      };
    if (random.chance(0.2)) tree.name = random.pick(['over', 'Over Name', '${UNSET:-v}']);
    if (random.chance(0.2)) within(tree, 'services').extra = { image: 'e' };
    const main = mainFile(draft);
    const how = random.below(4);
    if (how === 0)
      draft.trees[random.pick(['compose.override.yaml', 'compose.override.yml', 'docker-compose.override.yml'])] = tree;
    else {
      const file = random.pick(['prod.yaml', 'sub/prod.yaml']);
      draft.trees[file] = tree;
      if (how === 1) draft.argv.push('-f', main, '-f', file);
      else if (how === 2) Object.assign(draft.env, { COMPOSE_FILE: `${main}:${file}` });
      else if (random.chance(0.5)) draft.dotenv.push(`COMPOSE_FILE=${main},${file}`, 'COMPOSE_PATH_SEPARATOR=,');
      else {
        draft.trees['third.yaml'] = { services: { [name]: twoLayers(random, draft)[1] } };
        draft.argv.push('-f', main, '-f', file, '-f', 'third.yaml');
      }
    }
  },
};

const documents: Topic = {
  name: 'two documents',
  change: (random, draft) => {
    const [base, over] = twoLayers(random, draft);
    Object.assign(within(servicesOf(draft), 'web'), base);
    const second = JSON.stringify({ services: { web: over } }, (_, one) =>
      one && typeof one === 'object' && 'text' in one && typeof one.text === 'string' ? null : one,
    );
    mainTree(draft)['x-last'] = raw(`1\n---\n${second}`);
  },
};

const extended: Topic = {
  name: 'extends',
  change: (random, draft) => {
    const [base, over] = twoLayers(random, draft);
    const services = servicesOf(draft);
    const where = random.below(5);
    const target = within(services, 'web');
    Object.assign(target, over);
    if (random.chance(0.5)) delete target.image;
    const filled: Tree = { image: 'base', ...base };
    if (where <= 1) {
      services.base = filled;
      target.extends = random.pick<Value>(['base', { service: 'base' }]);
      if (random.chance(0.3)) services.base = { ...filled, extends: { service: 'root' } };
      if (random.chance(0.9)) services.root = { image: 'root', environment: { ROOT: 1 } };
      return;
    }
    const file = random.pick(['base.yaml', 'sub/base.yaml', '../up.yaml', './sub/deep/base.yaml']);
    const tree: Tree = { services: { base: filled, other: { image: 'o', volumes: ['./o:/o'] } } };
    if (where === 3)
      within(within(tree, 'services'), 'base').extends = random.pick<Value>([
        { service: 'other' },
        { file: 'more.yaml', service: 'more' },
        'other',
      ]);
    draft.trees[file.replace(/^\.\//, '')] = tree;
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1).replace(/^\.\//, '') : '';
    draft.trees[`${folder}more.yaml`] = {
      services: { more: { image: 'm', volumes: ['./m:/m', '../n:/n'], env_file: 'm.env', build: './mb' } },
    };
    draft.texts[`${folder}m.env`] = 'M=1\n';
    draft.texts[`${folder}a.env`] = 'A=sub\n';
    draft.texts[`${folder}b.env`] = 'A=subb\n';
    target.extends = { file, service: random.chance(0.9) ? 'base' : 'missing' };
  },
};

const anchors: Topic = {
  name: 'anchors',
  change: (random, draft) => {
    const services = servicesOf(draft);
    const tree = mainTree(draft);
    const common = { environment: { A: 1, B: 'two' }, user: 'anchored', tmpfs: ['/run'] };
    const rest = { ...tree };
    for (const key of Object.keys(tree)) delete tree[key];
    tree['x-common'] = new Entries(Object.entries(common) as [string, Value][], ' &common');
    tree['x-env'] = new Entries(
      [
        ['A', 5],
        ['C', raw('0x10')],
      ],
      ' &env',
    );
    tree['x-list'] = raw('&list [a, b]');
    Object.assign(tree, rest);
    const merge = random.pick(['*common', '[*common]', '[{user: inline}, *common]']);
    services.merged = new Entries([
      ['image', 'm'],
      ...(random.chance(0.8) ? [['<<', raw(merge)] as const] : []),
      ...(random.chance(0.3) ? [['user', 'own'] as const] : []),
      ...(random.chance(0.5) ? [['command', raw('*list')] as const] : []),
      ...(random.chance(0.3)
        ? [
            [
              'environment',
              new Entries([
                ['<<', raw('*env')],
                ['D', 1],
              ]),
            ] as const,
          ]
        : []),
    ]);
    if (random.chance(0.3)) services.copy = raw('&copied {image: c, user: u}');
    if (random.chance(0.3) && services.copy) services.copy2 = raw('*copied');
    void append;
    void anyService;
  },
};

export const LAYERS: readonly Topic[] = [
  override,
  override,
  override,
  override,
  documents,
  extended,
  extended,
  extended,
  extended,
  anchors,
];
