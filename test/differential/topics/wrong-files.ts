/** What Compose refuses of services and files that lead to others. */
import type { Value } from '../write-yaml.ts';
import { mainFile, mainTree, servicesOf, type Topic } from './draft.ts';
import { KEYS, ODD } from './wrong-values.ts';

export const wrongDependencies: Topic = {
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

export const wrongExtends: Topic = {
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
        { file: 'odd.yaml', service: 'a' },
        { file: 'odd.yaml', service: 'a' },
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
    draft.trees['odd.yaml'] = {
      services: { a: { user: 'a' }, b: { image: 'x', [random.pick(KEYS)]: random.pick(ODD) } },
      [random.pick(['volumes', 'networks', 'secrets', 'configs'])]: { r: random.pick(random.chance(0.3) ? ODD : [{}]) },
    };
    draft.texts['none.yaml'] = 'volumes: {a: }\n';
  },
};

export const wrongInclude: Topic = {
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
