/** Variables: their forms, where they come from, and the files that set them. */
import type { Random } from '../random.ts';
import type { Value } from '../write-yaml.ts';
import { anyService, append, type Draft, mainTree, type Topic, within } from './draft.ts';
import { BAD_LINES, BROKEN, FORMS, LINES } from './variable-forms.ts';

function setVariables(random: Random, draft: Draft): void {
  Object.assign(draft.env, { SET: 'set', EMPTY: '', _under: 'under' });
  if (random.chance(0.3)) draft.dotenv.push('SET=from-dotenv');
  draft.dotenv.push('DOTENV=dot', 'DOT_EXPANDED=<${DOTENV}>');
}

const interpolation: Topic = {
  name: 'interpolation',
  change: (random, draft) => {
    setVariables(random, draft);
    const service = anyService(random, draft);
    const forms = random.some(random.chance(0.12) ? BROKEN : FORMS, 5);
    const where = random.below(7);
    if (where === 0) service.image = forms[0]!;
    else if (where === 1) service.command = ['x', ...forms];
    else if (where === 2) service.command = `x ${forms[0]}`;
    else if (where === 3) append(service, 'volumes', `./${forms[0]}:/data`);
    else if (where === 4) service['x-note'] = { a: forms };
    else if (where === 5) service.labels = forms.map((form, index) => `k${index}=${form}`);
    else service.environment = Object.fromEntries(forms.map((form, index) => [`K${index}`, form]));
  },
};

const castValues: Topic = {
  name: 'variables in numbers and flags',
  change: (random, draft) => {
    Object.assign(draft.env, {
      TRUE: 'true',
      MAYBE: random.pick(['maybe', 'yes', 'FALSE', '1']),
      TWO: random.pick(['2', '2', 'two', '2.5']),
    });
    const service = anyService(random, draft);
    const key = random.pick(['read_only', 'init', 'scale', 'replicas', 'external', 'privileged']);
    if (key === 'scale') service.scale = '${TWO}';
    else if (key === 'replicas') within(service, 'deploy').replicas = '${TWO}';
    else if (key === 'external') {
      within(mainTree(draft), 'volumes').v = { external: '${MAYBE}' };
      append(service, 'volumes', 'v:/v');
    } else service[key] = random.pick(['${TRUE}', '${MAYBE}']);
  },
};

export const dotenvText = (random: Random): string => {
  const lines = random.some(LINES, 12);
  if (random.chance(0.08)) lines.splice(random.below(lines.length), 0, random.pick(BAD_LINES));
  return lines.join(random.chance(0.1) ? '\r\n' : '\n') + random.pick(['\n', '\n', '\n\n', '']);
};

const envFile: Topic = {
  name: 'env_file',
  change: (random, draft) => {
    draft.env.FROM_SHELL = 'shell';
    const service = anyService(random, draft);
    draft.texts['a.env'] = dotenvText(random);
    draft.texts['sub/b.env'] = random.pick([dotenvText(random), 'A=b\nB=$A\n', '\ufeffA=bom\n']);
    service.env_file = random.pick<Value>([
      'a.env',
      './a.env',
      ['a.env', 'sub/b.env'],
      ['sub/b.env', './a.env'],
      [{ path: 'a.env' }],
      [{ path: 'a.env', required: false }, 'sub/b.env'],
      [{ path: 'no.env', required: false }],
      { path: 'a.env' },
      ['no.env'],
      'no.env',
      [],
      [{ path: 'no.env', required: true }],
      'sub',
      ['a.env', 'a.env'],
      [{ path: 'no.env', required: 'false' }],
    ]);
    if (random.chance(0.5))
      service.environment = random.pick<Value>([
        { A: 'over', B: null },
        ['A=over', 'F', 'FROM_SHELL'],
        { UNSET: null },
      ]);
  },
};

const labelFile: Topic = {
  name: 'label_file',
  change: (random, draft) => {
    draft.env.FROM_SHELL = 'shell';
    const service = anyService(random, draft);
    draft.texts['a.labels'] = dotenvText(random);
    draft.texts['sub/b.labels'] = random.pick([dotenvText(random), 'A=b\nB=$A\n', 'A\nx.y=$FROM_SHELL\n']);
    service.label_file = random.pick<Value>([
      'a.labels',
      ['./a.labels', 'sub/b.labels'],
      ['sub/b.labels', 'a.labels', 'sub/b.labels'],
      'no.labels',
      'sub',
      '${UNSET}',
    ]);
    if (random.chance(0.5)) service.labels = random.pick<Value>([{ A: 'over', B: null }, ['A=over', 'F'], {}]);
  },
};

const dotenv: Topic = {
  name: '.env',
  change: (random, draft) => {
    draft.env.FROM_SHELL = 'shell';
    draft.texts['.env'] = dotenvText(random);
    draft.dotenv.length = 0;
    const names = random.some(
      [
        'A',
        'B',
        'C',
        'D',
        'E',
        'H',
        'I',
        'J',
        'K',
        'L',
        'O',
        'Q',
        'S',
        'T',
        'U',
        'W',
        'X',
        'Y',
        'AA',
        'DD',
        'EE',
        'CC',
        'SS',
        'VV',
      ],
      8,
    );
    within(anyService(random, draft), 'environment').FROM_ENV = `<${names.map((name) => `\${${name}-}`).join('|')}>`;
  },
};

const envFiles: Topic = {
  name: '--env-file',
  change: (random, draft) => {
    draft.texts['one.env'] = 'A=one\nB=$A\nSET=one\n';
    draft.texts['two.env'] = 'A=two\nC=$B-$A\n';
    draft.dotenv.push('A=dot', 'D=dot');
    draft.env.SET = 'shell';
    const choice = random.below(4);
    if (choice === 0) draft.argv.push('--env-file', 'one.env');
    else if (choice === 1) draft.argv.push('--env-file', 'one.env', '--env-file', 'two.env');
    else if (choice === 2) draft.env.COMPOSE_ENV_FILES = 'two.env,one.env';
    else draft.env.COMPOSE_DISABLE_ENV_FILE = random.pick(['1', 'true', '0']);
    within(anyService(random, draft), 'environment').FROM_ENV = '${A}|${B}|${C}|${D}|${SET}';
  },
};

export const VARIABLES: readonly Topic[] = [
  interpolation,
  interpolation,
  interpolation,
  interpolation,
  castValues,
  envFile,
  envFile,
  envFile,
  labelFile,
  labelFile,
  dotenv,
  dotenv,
  envFiles,
];
