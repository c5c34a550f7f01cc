/** Which files are read: default names, `-f`, COMPOSE_FILE, names of projects, includes. */
import { raw, type Value } from '../write-yaml.ts';
import { type Draft, mainFile, mainTree, servicesOf, type Topic, type Tree, within } from './draft.ts';

/** The first file under another name. */
function rename(draft: Draft, to: string): void {
  const from = mainFile(draft);
  if (from === to || to in draft.trees) return;
  const entries = Object.entries(draft.trees);
  for (const [file] of entries) delete draft.trees[file];
  for (const [file, tree] of entries) draft.trees[file === from ? to : file] = tree;
  for (let i = 0; i < draft.argv.length; i++) if (draft.argv[i] === from) draft.argv[i] = to;
}

const defaults: Topic = {
  name: 'default files',
  change: (random, draft) => {
    rename(draft, random.pick(['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml']));
    for (const file of random.some(
      [
        'compose.yaml',
        'compose.yml',
        'docker-compose.yml',
        'docker-compose.yaml',
        'compose.override.yml',
        'compose.override.yaml',
        'docker-compose.override.yml',
        'docker-compose.override.yaml',
      ],
      3,
    )) {
      draft.trees[file] ??= { services: { [file.startsWith('c') ? 'c' : 'd']: { image: `from-${file}` } } };
    }
  },
};

const projectName: Topic = {
  name: 'project name',
  change: (random, draft) => {
    if (random.chance(0.4))
      mainTree(draft).name = random.pick<Value>([
        'shop',
        'My Shop',
        '${NAME}',
        '${NAME:-d}',
        '_x-',
        raw("''"),
        '${NAME}-x',
        '123',
        'ünï',
      ]);
    if (random.chance(0.3)) draft.env.COMPOSE_PROJECT_NAME = random.pick(['fromenv', 'From Env', '', '-x']);
    if (random.chance(0.3)) draft.dotenv.push(`COMPOSE_PROJECT_NAME=${random.pick(['fromdot', 'Bad Name', ''])}`);
    if (random.chance(0.2)) draft.argv.push('-p', random.pick(['given', 'Given', 'a_b-1']));
    draft.env.NAME = random.pick(['named', 'N a', '']);
    servicesOf(draft).named = { image: 'x', hostname: '${COMPOSE_PROJECT_NAME}', volumes: ['named:/n'] };
    within(mainTree(draft), 'volumes').named = null;
  },
};

const explicit: Topic = {
  name: '-f',
  change: (random, draft) => {
    if (draft.argv.includes('-f') || draft.env.COMPOSE_FILE) return;
    const folder = random.pick(['', 'deploy/', 'a/b/']);
    rename(draft, `${folder}${random.pick(['stack.yml', 'compose.yaml', 'x.json'])}`);
    draft.argv.push('-f', mainFile(draft));
    if (folder !== '' && random.chance(0.5)) draft.texts[`${folder}.env`] = 'DOTENV=inner\nNAME=inner\n';
    if (random.chance(0.3))
      draft.argv.push('--project-directory', random.pick(['.', 'deploy', 'elsewhere', '/abs/dir']));
  },
};

const SHARED: readonly Tree[] = [
  { volumes: { data: null } },
  { volumes: { data: null }, networks: { n: null } },
  { volumes: { data: { name: 'x' } } },
  { services: { shared: { image: 's' } } },
  { services: { shared: { image: 's', volumes: ['./x:/x'] } } },
  { services: { shared: { image: 's', environment: { A: '1' } } } },
  { services: { shared: { image: 's', environment: ['A=1'] } } },
  { services: { shared: { image: 's', depends_on: ['inner'] } } },
  { services: { shared: { image: 's', ports: ['80:80'] } } },
  { services: { shared: { image: 's', command: ['a'], build: { context: '/abs' } } } },
];

const include: Topic = {
  name: 'include',
  change: (random, draft) => {
    const folder = random.pick(['', 'inc/', 'inc/deep/']);
    const file = `${folder}inc.yaml`;
    const inner: Tree = {
      services: {
        inner: {
          image: 'i:${INCLUDED:-none}',
          volumes: ['./i:/i', 'ivol:/v', '../up:/up'],
          environment: { INCLUDED: null, I: '${INCLUDED-}', DOT: '${DOTENV-}' },
          ...(random.chance(0.3) ? { env_file: ['./i.env'], build: './ctx' } : {}),
          ...(random.chance(0.3) ? { extends: { file: './base.yaml', service: 'b' } } : {}),
        },
      },
      volumes: {
        ivol: random.pick<Value>([
          null,
          { driver: 'local', driver_opts: { type: 'none', o: 'bind', device: './bound' } },
          { name: 'n_${INCLUDED}' },
        ]),
      },
    };
    if (random.chance(0.2)) inner.name = 'ignored';
    if (random.chance(0.3)) merge(inner, random.pick(SHARED));
    if (random.chance(0.3)) merge(mainTree(draft), random.pick(SHARED));
    draft.trees[file] = inner;
    draft.trees[`${folder}base.yaml`] = { services: { b: { image: 'b', volumes: ['./b:/b'] } } };
    draft.trees[`${folder}over.yaml`] = { services: { inner: { user: 'over', volumes: ['./o:/i'] } } };
    draft.texts[`${folder}i.env`] = 'FROM_I=$INCLUDED\n';
    if (random.chance(0.5)) draft.texts[`${folder}.env`] ??= 'INCLUDED=dotenv\nDOTENV=included\n';
    draft.texts['inc/'] = '';
    draft.texts['inc.env'] = 'INCLUDED=incenv\nDOTENV=incenv\n';
    const items: Value[] = [
      file,
      `./${file}`,
      { path: file },
      { path: [file] },
      { path: [file, `${folder}over.yaml`] },
      { path: file, project_directory: random.pick(['.', 'inc', '/abs']) },
      { path: file, env_file: 'inc.env' },
      { path: file, env_file: ['inc.env', './inc.env'] },
      { path: file, env_file: 'missing.env' },
      { path: file, project_directory: '.', env_file: 'inc.env' },
    ];
    const chosen = random.some(items, random.chance(0.2) ? 2 : 1);
    if (random.chance(0.2)) {
      draft.trees['second.yaml'] = merge({ services: { second: { image: 'two' } } }, random.pick(SHARED));
      chosen.push('second.yaml');
    }
    if (random.chance(0.15))
      inner.include = random.pick<Value>([
        ['base.yaml'],
        [`${'../'.repeat(folder.split('/').length - 1)}${mainFile(draft)}`],
        ['inc.yaml'],
        ['missing.yaml'],
      ]);
    if (random.chance(0.1)) chosen.push(random.pick<Value>(['missing.yaml', {}, { path: [] }]));
    mainTree(draft).include = chosen;
  },
};

function merge(into: Tree, from: Tree): Tree {
  for (const [kind, entries] of Object.entries(from)) Object.assign(within(into, kind), entries);
  return into;
}

export const FILES: readonly Topic[] = [
  defaults,
  projectName,
  projectName,
  explicit,
  include,
  include,
  include,
  include,
];
