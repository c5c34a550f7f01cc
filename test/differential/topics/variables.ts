/** Variables: their forms, where they come from, and the files that set them. */
import type { Random } from '../random.ts';
import type { Value } from '../write-yaml.ts';
import { anyService, append, type Draft, mainTree, type Topic, within } from './draft.ts';

const FORMS: readonly string[] = [
  ...[
    '$SET',
    '${SET}',
    '$$SET',
    '$${SET}',
    '$UNSET',
    '${UNSET}',
    '${UNSET:-d}',
    '${UNSET-d}',
    '${EMPTY:-d}',
    '${EMPTY-d}',
    '${SET:-d}',
    '${SET:+a}',
    '${SET+a}',
    '${EMPTY:+a}',
    '${EMPTY+a}',
    '${UNSET:+a}',
    '${UNSET+a}',
    '${SET:?no}',
    '${SET?no}',
    '${EMPTY?no}',
  ],
  ...[
    '${UNSET:-${SET}}',
    '${UNSET:-${OTHER:-x}}',
    '${UNSET:-a ${SET} b}',
    '${UNSET:-{"a": 1}}',
    '${UNSET:-{}}',
    '${UNSET:-$SET}',
    '${UNSET:-$$}',
    '${SET:+${UNSET:-y}}',
    '${UNSET:-a:b}',
    '${UNSET:--}',
    '${UNSET:-?}',
    '${UNSET-a:-b}',
    '${UNSET:-a}}',
    '${UNSET:-a}{b}',
  ],
  ...[
    '$',
    'a $ b',
    '$1',
    'a$/b',
    '${set}',
    '$SETx',
    '${SET}x',
    '$SET.x',
    'x-$SET-y',
    '${SET}${SET}',
    '${UNSET:-}',
    '${_under}',
    '$_under',
    '${SET:-${',
    '$${',
    '${UNSET:-a b}${SET}',
    '${A:-x}-${B:-y}',
    '${UNSET:-${SET:+${UNSET-z}}}',
  ],
  ...['${DOTENV}', '${DOT_EXPANDED}', '${HOME}', '${PWD}', '${COMPOSE_PROJECT_NAME}', '${UNSET:-${DOTENV:-x}}'],
];

const BROKEN: readonly string[] = [
  '${',
  '${}',
  '${SET',
  '${1}',
  '${SET!x}',
  '${SET-',
  '${UNSET:?}',
  '${UNSET?say}',
  '${EMPTY:?say ${SET}}',
  '${UNSET:-${}}',
  '${SET x}',
  '${a.b}',
  '${SET:x}',
  '${UNSET:-${UNSET:?deep}}',
  '${SET:-${UNSET:?unused}}',
  '${UNSET:+${}}',
];

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

const LINES: readonly string[] = [
  ...[
    'A=1',
    'A = 2',
    'export B=2',
    'export  C = 3 ',
    'D: 4',
    'E=',
    'F',
    'FROM_SHELL',
    'export G',
    'H="double"',
    "I='single'",
    'J="a b" # comment',
    'K=a # comment',
    'L=a#b',
    'M=#x',
    'N= #x',
    'O="a\\nb\\tc"',
    "P='a\\nb'",
    'Q="multi\nline"',
    "R='multi\nline'",
    'S=$A',
    'T=${A}x',
    'U="$A"',
    "V='$A'",
    'W="\\$A"',
    'X=$$A',
    'Y=${UNSET:-def}',
    'Z="${UNSET-def}"',
  ],
  ...[
    '# comment',
    '',
    '   ',
    'with.dot=1',
    'with-dash=2',
    'with[0]=3',
    '1digit=4',
    'AA="a\\"b"',
    "BB='a\\'b'",
    'CC=a\\nb',
    'DD="a\\\\b"',
    'EE="\\x \\0101 \\a"',
    'FF=  spaced  ',
    'GG="  kept  "',
    'HH=a=b',
    'II=a:b',
    'JJ="x"KK=y',
    'LL=é',
    '  MM=indented',
    '\tNN=tab',
    'OO=a\tb',
    'PP=a\t# c',
    'QQ="a # b"',
    "RR=it's",
    'SS=a"b',
    'TT="a" ',
    'UU=\\$x',
    'VV=a\r',
    'WW="a\\',
    '\\"',
  ].map((line) => (line === 'WW="a\\' ? 'WW="a\\\\"' : line === '\\"' ? 'XX=$UNSET' : line)),
];

const BAD_LINES: readonly string[] = [
  'A B=1',
  'A B',
  '!x=1',
  'A="open',
  "A='open",
  'A=${',
  'A=${UNSET:?no}',
  'ä$=1',
  '=x',
  'export =x',
  '"A"=1',
];

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
  dotenv,
  dotenv,
  envFiles,
];
