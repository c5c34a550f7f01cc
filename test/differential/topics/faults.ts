/** What Compose refuses, or what looks as if it should. */
import { Entries, raw, type Value } from '../write-yaml.ts';
import { SYNTAX } from './broken-texts.ts';
import { anyService, append, type Draft, mainFile, mainTree, servicesOf, type Topic, within } from './draft.ts';
import { wrongDependencies, wrongExtends, wrongInclude } from './wrong-files.ts';
import { KEYS, ODD } from './wrong-values.ts';

const setTop = (name: string, key: string, values: readonly Value[]): Topic => ({
  name,
  change: (random, draft) => {
    mainTree(draft)[key] = random.pick(values);
  },
});

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
