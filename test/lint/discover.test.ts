import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { discover, selectionsFor } from '../../server/lint/discover.ts';
import type { FileSet, Settings } from '../../server/lint/model.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import { memory } from './memory.ts';

type Tree = Readonly<Record<string, string>>;

/** Stacks that stand for themselves. */
const FULL = 'services:\n  db:\n    image: postgres:16\n    volumes: [data:/d]\nvolumes:\n  data:\n';
const OTHER = 'services:\n  web:\n    image: nginx:1\n    ports: ["80:80"]\n';
/** Repeats most of the base. */
const FULL_VARIANT = 'services:\n  db:\n    image: postgres:17\n    volumes: [other:/d]\nvolumes:\n  other:\n';
/** Neither says what `db` runs nor declares `data`. */
const OVERLAY = 'services:\n  db:\n    environment: {A: b}\n';
const CLOUDY = 'services:\n  db:\n    image: postgres:17\n    volumes: [data:/d]\n';

const relative = (file: string): string => path.posix.relative('/w', file);
const shown = ({ files }: FileSet): string => files.map(relative).join(' + ');
const settings = (projects: readonly (readonly string[])[], exclude: string[] = []): Settings => ({
  ...DEFAULT_SETTINGS,
  exclude,
  projects: projects.map((files) => ({ files: files.map((file) => `/w/${file}`) })),
});

function found(tree: Tree, chosen = DEFAULT_SETTINGS, paths = ['/w']): string[] {
  // What the same search finds besides is tested in kinds.test.ts.
  const { selections } = discover(memory(tree), paths, chosen, '/w');
  return selections.filter(({ kind }) => kind === undefined).map(shown);
}

describe('names', () => {
  test.each<[string, Tree, string[]]>([
    ['one file', { 'compose.yaml': FULL }, ['compose.yaml']],
    ['any default name', { 'docker-compose.yaml': FULL }, ['docker-compose.yaml']],
    [
      'a base and its override',
      { 'compose.yaml': FULL, 'compose.override.yaml': OVERLAY },
      ['compose.yaml + compose.override.yaml'],
    ],
    [
      'an override with the name of the other family, as Compose takes it',
      { 'compose.yaml': FULL, 'docker-compose.override.yml': OVERLAY },
      ['compose.yaml + docker-compose.override.yml'],
    ],
    [
      'and the other way round',
      { 'docker-compose.yml': FULL, 'compose.override.yaml': OVERLAY },
      ['docker-compose.yml + compose.override.yaml'],
    ],
    [
      'of two overrides, .yml before .yaml; the other is still laid over the base',
      { 'compose.yaml': FULL, 'compose.override.yaml': OVERLAY, 'compose.override.yml': OVERLAY },
      ['compose.yaml + compose.override.yml', 'compose.yaml + compose.override.yaml'],
    ],
    [
      'of two bases, compose.yaml first; the other stands for itself',
      { 'compose.yaml': FULL, 'docker-compose.yml': OTHER },
      ['compose.yaml', 'docker-compose.yml'],
    ],
    [
      'an override that says everything is still an override',
      { 'compose.yaml': FULL, 'compose.override.yaml': FULL },
      ['compose.yaml + compose.override.yaml'],
    ],
    ['an override without a base', { 'compose.override.yaml': OVERLAY }, ['compose.override.yaml']],
    ['no Compose file', { 'compose.yaml': 'a: 1\n', 'values.yaml': FULL }, []],
    ['a file that is called so but is nothing of the kind', { 'docker-compose.tmpl.yml': '- a\n' }, []],
    ['a stack file by its usual name', { 'docker-stack.yml': FULL }, ['docker-stack.yml']],
    ['folders', { 'a/compose.yaml': FULL, 'b/c/compose.yml': FULL }, ['a/compose.yaml', 'b/c/compose.yml']],
    [
      'no folders of other people',
      { 'node_modules/x/compose.yaml': FULL, 'lib/vendor/x/compose.yaml': FULL, '.git/compose.yaml': FULL },
      [],
    ],
    ['nor ignored ones', { '.gitignore': 'tmp/\n', 'tmp/compose.yaml': FULL }, []],
  ])('%s', (_, tree, expected) => {
    expect(found(tree)).toEqual(expected);
  });
});

describe('the guess for variants that nothing tells of', () => {
  test.each<[string, Tree, string[]]>([
    [
      'an overlay lies over the base',
      { 'compose.yaml': FULL, 'compose.prod.yaml': OVERLAY },
      ['compose.yaml', 'compose.yaml + compose.prod.yaml'],
    ],
    [
      'so does one that uses a volume of the base',
      { 'compose.yaml': FULL, 'compose.cloud.yaml': CLOUDY },
      ['compose.yaml', 'compose.yaml + compose.cloud.yaml'],
    ],
    [
      'unrelated stacks are apart',
      { 'docker-compose.yml': FULL, 'docker-compose.monitoring.yml': OTHER },
      ['docker-compose.yml', 'docker-compose.monitoring.yml'],
    ],
    [
      'a full development stack stands for itself',
      { 'docker-compose.yml': FULL, 'docker-compose.dev.yml': FULL_VARIANT },
      ['docker-compose.yml', 'docker-compose.dev.yml'],
    ],
    [
      'and a full one for tests',
      { 'docker-compose.yml': FULL, 'docker-compose.test.yml': FULL_VARIANT },
      ['docker-compose.yml', 'docker-compose.test.yml'],
    ],
    [
      'an overlay for tests does not',
      { 'docker-compose.yml': FULL, 'docker-compose.test.yml': OVERLAY },
      ['docker-compose.yml', 'docker-compose.yml + docker-compose.test.yml'],
    ],
    [
      'variants without a base are apart',
      { 'docker-compose.a.yml': FULL, 'docker-compose.b.yml': OVERLAY },
      ['docker-compose.a.yml', 'docker-compose.b.yml'],
    ],
    [
      'one that takes the base in itself needs no base',
      {
        'compose.yaml': FULL,
        'compose.dev.yaml': 'services:\n  db:\n    extends: {file: compose.yaml, service: db}\n',
      },
      ['compose.yaml', 'compose.dev.yaml'],
    ],
    [
      'a base in another folder is none',
      { 'compose.yaml': FULL, 'prod/compose.prod.yaml': OVERLAY },
      ['compose.yaml', 'prod/compose.prod.yaml'],
    ],
  ])('%s', (_, tree, expected) => {
    expect(found(tree)).toEqual(expected);
  });
});

describe('COMPOSE_FILE in .env', () => {
  const BOTH = { 'compose.yaml': FULL, 'compose.prod.yaml': FULL_VARIANT };
  test.each<[string, Tree, string[]]>([
    [
      'is the set of the folder',
      { ...BOTH, '.env': 'COMPOSE_FILE=compose.yaml:compose.prod.yaml\n' },
      ['compose.yaml + compose.prod.yaml'],
    ],
    [
      'with quotes and variables',
      { ...BOTH, '.env': 'S=prod\nexport COMPOSE_FILE="compose.yaml:compose.${S}.yaml" # x\n' },
      ['compose.yaml + compose.prod.yaml'],
    ],
    [
      'with another separator',
      { ...BOTH, '.env': 'COMPOSE_PATH_SEPARATOR=,\nCOMPOSE_FILE=compose.yaml,compose.prod.yaml\n' },
      ['compose.yaml + compose.prod.yaml'],
    ],
    [
      'leaves the override out',
      { ...BOTH, 'compose.override.yaml': OVERLAY, '.env': 'COMPOSE_FILE=compose.yaml:compose.prod.yaml\n' },
      ['compose.yaml + compose.prod.yaml'],
    ],
    [
      'may name one file',
      { ...BOTH, '.env': 'COMPOSE_FILE=compose.prod.yaml\n' },
      ['compose.yaml', 'compose.prod.yaml'],
    ],
    [
      'may name files of any name, below',
      { '.env': 'COMPOSE_FILE=d/compose.yaml:d/extra.yaml\n', 'd/compose.yaml': FULL, 'd/extra.yaml': OVERLAY },
      ['d/compose.yaml', 'd/compose.yaml + d/extra.yaml'],
    ],
    ['is empty', { ...BOTH, '.env': 'COMPOSE_FILE=\n' }, ['compose.yaml', 'compose.prod.yaml']],
    [
      'stands in an example only',
      { ...BOTH, '.env.example': 'COMPOSE_FILE=compose.yaml:compose.prod.yaml\n' },
      ['compose.yaml', 'compose.prod.yaml'],
    ],
    [
      'names what is not there: the default counts',
      { ...BOTH, '.env': 'COMPOSE_FILE=compose.yaml:gone.yaml\n' },
      ['compose.yaml', 'compose.prod.yaml'],
    ],
  ])('%s', (_, tree, expected) => {
    expect(found(tree)).toEqual(expected);
  });

  test('an empty one names the folder itself, as it does for Compose', () => {
    const { errors, selections } = discover(
      memory({ '.env': 'COMPOSE_FILE=\n', 'compose.yaml': FULL }),
      ['/w'],
      DEFAULT_SETTINGS,
      '/w',
    );
    expect(errors).toEqual([{ file: '/w/.env', message: 'COMPOSE_FILE names the folder itself, which is no file' }]);
    expect(selections.map(shown)).toEqual(['compose.yaml']);
  });

  test('what is not there is told', () => {
    const files = memory({ 'compose.yaml': FULL, '.env': 'COMPOSE_FILE=compose.yaml:gone.yaml\n' });
    expect(discover(files, ['/w'], DEFAULT_SETTINGS, '/w').errors).toEqual([
      { file: '/w/.env', message: 'COMPOSE_FILE names gone.yaml, which is no file' },
    ]);
  });
});

describe('scripts', () => {
  const up = (...files: string[]): string => `docker compose ${files.map((file) => `-f ${file}`).join(' ')} up\n`;
  const TWO = { 'compose.yaml': FULL, 'compose.prod.yaml': FULL_VARIANT };
  const SET = ['compose.yaml', 'compose.yaml + compose.prod.yaml'];
  test.each<[string, Tree, string[]]>([
    [
      'a set of two is one project, and the base still runs alone',
      { ...TWO, Makefile: `up:\n\t${up('compose.yaml', 'compose.prod.yaml')}` },
      SET,
    ],
    [
      'in package.json',
      { ...TWO, 'package.json': JSON.stringify({ scripts: { up: up('compose.yaml', 'compose.prod.yaml') } }) },
      SET,
    ],
    ['in a README', { ...TWO, 'README.md': `\`\`\`\n${up('compose.yaml', 'compose.prod.yaml')}\`\`\`\n` }, SET],
    [
      'in a workflow',
      {
        ...TWO,
        '.github/workflows/ci.yml': `jobs: {a: {steps: [{run: "${up('compose.yaml', 'compose.prod.yaml').trim()}"}]}}`,
      },
      SET,
    ],
    ['in scripts/, run from above', { ...TWO, 'scripts/up.sh': up('compose.yaml', 'compose.prod.yaml') }, SET],
    ['in scripts/, run from there', { ...TWO, 'scripts/up.sh': up('../compose.yaml', '../compose.prod.yaml') }, SET],
    [
      'in scripts/, after entering its folder',
      { ...TWO, 'scripts/up.sh': `cd "$(dirname "$0")/.."\n${up('compose.yaml', 'compose.prod.yaml')}` },
      SET,
    ],
    [
      'above the files',
      {
        'app/compose.yaml': FULL,
        'app/compose.prod.yaml': FULL_VARIANT,
        Makefile: `up:\n\tcd app && ${up('compose.yaml', 'compose.prod.yaml')}`,
      },
      ['app/compose.yaml', 'app/compose.yaml + app/compose.prod.yaml'],
    ],
    [
      'above the files, by path',
      {
        'app/compose.yaml': FULL,
        'app/compose.prod.yaml': FULL_VARIANT,
        'up.sh': up('app/compose.yaml', 'app/compose.prod.yaml'),
      },
      ['app/compose.yaml', 'app/compose.yaml + app/compose.prod.yaml'],
    ],
    [
      'a variant seen alone stands for itself',
      { 'compose.yaml': FULL, 'compose.prod.yaml': OVERLAY, 'up.sh': up('compose.prod.yaml') },
      ['compose.yaml', 'compose.prod.yaml'],
    ],
    [
      'seen in both ways it is both',
      { ...TWO, 'up.sh': up('compose.prod.yaml') + up('compose.yaml', 'compose.prod.yaml') },
      ['compose.yaml', 'compose.yaml + compose.prod.yaml', 'compose.prod.yaml'],
    ],
    [
      'the base without its override',
      { 'compose.yaml': FULL, 'compose.override.yaml': OVERLAY, 'up.sh': up('compose.yaml') },
      ['compose.yaml + compose.override.yaml', 'compose.yaml'],
    ],
    [
      'files of other names',
      { 'local.yml': FULL, 'production.yml': FULL, 'README.md': `\`\`\`sh\n${up('local.yml')}\`\`\`\n` },
      ['local.yml'],
    ],
    ['not what is ignored', { '.gitignore': 'local.yml\n', 'local.yml': FULL, 'up.sh': up('local.yml') }, []],
    [
      'not what is not there',
      { ...TWO, 'up.sh': up('compose.yaml', 'gone.yaml') },
      ['compose.yaml', 'compose.prod.yaml'],
    ],
    [
      'not what is only told',
      { ...TWO, 'up.sh': `echo ${up('compose.yaml', 'compose.prod.yaml')}` },
      ['compose.yaml', 'compose.prod.yaml'],
    ],
    [
      'not what cannot be told',
      { ...TWO, 'up.sh': up('compose.yaml', 'compose.$STAGE.yaml') },
      ['compose.yaml', 'compose.prod.yaml'],
    ],
    [
      'in the comments of a Compose file, from above',
      {
        'docker/compose.yaml': FULL,
        'docker/extra/compose.extra.yaml': `# ${up('docker/compose.yaml', 'docker/extra/compose.extra.yaml')}${FULL_VARIANT}`,
      },
      ['docker/compose.yaml', 'docker/compose.yaml + docker/extra/compose.extra.yaml'],
    ],
    [
      'not in the comments where a file of it is gone',
      { ...TWO, 'compose.prod.yaml': `# ${up('compose.yaml', 'gone.yaml')}${FULL_VARIANT}` },
      ['compose.yaml', 'compose.prod.yaml'],
    ],
    [
      'not those of a neighbour',
      { ...TWO, 'other/up.sh': up('compose.yaml', 'compose.prod.yaml') },
      ['compose.yaml', 'compose.prod.yaml'],
    ],
    [
      'in a Jenkinsfile, in the folder it enters',
      {
        'app/compose.yaml': FULL,
        'app/compose.prod.yaml': FULL_VARIANT,
        Jenkinsfile: `node { dir('app') { sh '${up('compose.yaml', 'compose.prod.yaml').trim()}' } }`,
      },
      ['app/compose.yaml', 'app/compose.yaml + app/compose.prod.yaml'],
    ],
    [
      'in a stack that is deployed',
      { ...TWO, 'deploy.sh': 'docker stack deploy -c compose.yaml -c compose.prod.yaml shop\n' },
      SET,
    ],
    [
      'two stacks of one Makefile',
      {
        'a.compose.yml': FULL,
        'b.compose.yml': OTHER,
        Makefile: `a:\n\t${up('a.compose.yml')}b:\n\t${up('b.compose.yml')}`,
      },
      ['a.compose.yml', 'b.compose.yml'],
    ],
  ])('%s', (_, tree, expected) => {
    expect(found(tree)).toEqual(expected);
  });

  const container = (file: unknown): string =>
    `// For format details, see https://aka.ms/devcontainer.json\n{\n  "name": "Shop", /* shown */\n  "dockerComposeFile": ${JSON.stringify(file)},\n  "service": "app", // the one that is entered\n}\n`;
  const DEV = { 'docker-compose.yml': FULL, '.devcontainer/docker-compose.yml': OVERLAY };
  test.each<[string, Tree, string[]]>([
    [
      'a file over the base, relative to devcontainer.json',
      { ...DEV, '.devcontainer/devcontainer.json': container(['../docker-compose.yml', 'docker-compose.yml']) },
      ['docker-compose.yml', 'docker-compose.yml + .devcontainer/docker-compose.yml'],
    ],
    [
      'a file that no devcontainer.json names stands for itself',
      { ...DEV, '.devcontainer/devcontainer.json': container('../docker-compose.yml') },
      ['docker-compose.yml', '.devcontainer/docker-compose.yml'],
    ],
    ['one file by its name', { 'stack.yml': FULL, '.devcontainer.json': container('stack.yml') }, ['stack.yml']],
    [
      'several containers, each in its folder',
      {
        'a.yml': FULL,
        'b.yml': OTHER,
        '.devcontainer/one/devcontainer.json': container('../../a.yml'),
        '.devcontainer/two/devcontainer.json': container('../../b.yml'),
      },
      ['a.yml', 'b.yml'],
    ],
    ['not what is not there', { 'stack.yml': FULL, '.devcontainer.json': container(['stack.yml', 'gone.yml']) }, []],
    ['not a variable', { 'stack.yml': FULL, '.devcontainer.json': container(['stack.yml', '${localEnv:F}']) }, []],
    ['not what is no path', { 'stack.yml': FULL, '.devcontainer.json': container([5]) }, []],
    ['not an image', { 'stack.yml': FULL, '.devcontainer.json': '{"image": "stack.yml"}' }, []],
    ['not what does not parse', { 'stack.yml': FULL, '.devcontainer.json': '["stack.yml' }, []],
    ['not a file of another name', { 'stack.yml': FULL, '.devcontainer/other.json': container('../stack.yml') }, []],
    [
      'not what is commented out',
      { 'stack.yml': FULL, '.devcontainer.json': '{ // "dockerComposeFile": "stack.yml"\n}' },
      [],
    ],
  ])('development containers: %s', (_, tree, expected) => {
    expect(found(tree)).toEqual(expected);
  });

  test('what all calls of one set agree on is kept', () => {
    const call = (rest: string): string => `docker compose ${rest} -f compose.yaml -f compose.prod.yaml up\n`;
    const files = memory({ ...TWO, 'up.sh': call('-p shop --profile a') + call('-p shop --profile b --env-file .x') });
    const { selections } = discover(files, ['/w'], DEFAULT_SETTINGS, '/w');
    expect(selections[1]).toEqual({
      files: ['/w/compose.yaml', '/w/compose.prod.yaml'],
      projectName: 'shop',
      profiles: ['a', 'b'],
      root: '/w',
    });
  });
});

describe('parts of other files', () => {
  const INCLUDES = 'include: [db/compose.yaml]\nservices: {}\n';
  const EXTENDS = 'services:\n  app:\n    extends: {file: ../common.compose.yml, service: app}\n';
  test.each<[string, Tree, string[]]>([
    ['an included file', { 'compose.yaml': INCLUDES, 'db/compose.yaml': FULL }, ['compose.yaml']],
    [
      'one included in long form',
      { 'compose.yaml': 'include:\n  - path: [db/compose.yaml, x.yaml]\n', 'db/compose.yaml': FULL },
      ['compose.yaml'],
    ],
    [
      'an extended file, from another folder',
      { 'a/compose.yaml': EXTENDS, 'common.compose.yml': OVERLAY },
      ['a/compose.yaml'],
    ],
    [
      'by way of others',
      { 'compose.yaml': INCLUDES, 'db/compose.yaml': 'include: [more.compose.yaml]\n', 'db/more.compose.yaml': FULL },
      ['compose.yaml'],
    ],
    [
      'a base that a variant extends is run by itself too',
      {
        'compose.yaml': FULL,
        'compose.dev.yaml': 'services:\n  db:\n    extends: {file: compose.yaml, service: db}\n',
      },
      ['compose.yaml', 'compose.dev.yaml'],
    ],
    [
      'two that include each other are still looked at',
      { 'a.compose.yml': 'include: [b.compose.yml]\n', 'b.compose.yml': 'include: [a.compose.yml]\n' },
      ['b.compose.yml', 'a.compose.yml'],
    ],
  ])('%s', (_, tree, expected) => {
    expect(found(tree)).toEqual(expected);
  });

  test('one that is named is looked at as it is', () => {
    const tree = { 'compose.yaml': INCLUDES, 'db/compose.yaml': FULL };
    expect(found(tree, DEFAULT_SETTINGS, ['/w/db/compose.yaml'])).toEqual(['db/compose.yaml']);
  });
});

describe('settings', () => {
  test.each<[string, Tree, string[][], string[]]>([
    [
      'win for the files they name',
      { 'compose.yaml': FULL, 'compose.prod.yaml': FULL_VARIANT },
      [['compose.yaml', 'compose.prod.yaml']],
      ['compose.yaml + compose.prod.yaml'],
    ],
    [
      'over COMPOSE_FILE and scripts',
      {
        'compose.yaml': FULL,
        'compose.prod.yaml': FULL,
        '.env': 'COMPOSE_FILE=compose.prod.yaml\n',
        'up.sh': 'docker compose -f compose.yaml up\n',
      },
      [['compose.yaml', 'compose.prod.yaml']],
      ['compose.yaml + compose.prod.yaml'],
    ],
    [
      'leave the override out',
      { 'compose.yaml': FULL, 'compose.override.yaml': OVERLAY },
      [['compose.yaml']],
      ['compose.yaml'],
    ],
    [
      'may name a file twice',
      { 'compose.yaml': FULL, 'compose.a.yaml': FULL, 'compose.b.yaml': FULL },
      [
        ['compose.yaml', 'compose.a.yaml'],
        ['compose.yaml', 'compose.b.yaml'],
      ],
      ['compose.yaml + compose.a.yaml', 'compose.yaml + compose.b.yaml'],
    ],
    ['may name any file', { 'stack.yaml': FULL }, [['stack.yaml']], ['stack.yaml']],
    [
      'say nothing of others',
      { 'compose.yaml': FULL, 'compose.override.yaml': OVERLAY, 'x/compose.yaml': FULL },
      [['x/compose.yaml']],
      ['compose.yaml + compose.override.yaml', 'x/compose.yaml'],
    ],
  ])('%s', (_, tree, projects, expected) => {
    expect(found(tree, settings(projects))).toEqual(expected);
  });

  test('what is excluded is not found', () => {
    const tree = {
      'compose.yaml': FULL,
      'old/compose.yaml': FULL,
      'up.sh': 'docker compose -f old/x.yml up',
      'old/x.yml': FULL,
    };
    expect(found(tree, settings([], ['old/**']))).toEqual(['compose.yaml']);
  });
});

describe('one file, as an editor opens it', () => {
  const inEditor = (tree: Tree, file: string): string[] =>
    selectionsFor(memory(tree), `/w/${file}`, DEFAULT_SETTINGS, '/w').map(shown);
  const UP = 'docker compose -f compose.yaml -f compose.prod.yaml up\n';
  test.each<[string, Tree, string, string[]]>([
    [
      'an override comes with its base',
      { 'compose.yaml': FULL, 'compose.override.yaml': OVERLAY },
      'compose.override.yaml',
      ['compose.yaml + compose.override.yaml'],
    ],
    [
      'a base comes with all of its sets',
      { 'compose.yaml': FULL, 'compose.prod.yaml': OVERLAY, 'up.sh': UP },
      'compose.yaml',
      ['compose.yaml', 'compose.yaml + compose.prod.yaml'],
    ],
    [
      'a variant comes with its set',
      { 'compose.yaml': FULL, 'compose.prod.yaml': FULL, 'up.sh': UP },
      'compose.prod.yaml',
      ['compose.yaml + compose.prod.yaml'],
    ],
    [
      'a part comes with those that use it',
      { 'compose.yaml': 'include: [db/x.compose.yml]\n', 'compose.override.yaml': OVERLAY, 'db/x.compose.yml': FULL },
      'db/x.compose.yml',
      ['compose.yaml + compose.override.yaml'],
    ],
    [
      'as does one that could not run alone',
      {
        'compose.yaml': 'services: {a: {extends: {file: base.yml, service: a}}}\n',
        'base.yml': 'services: {a: {environment: [A=b]}}\n',
      },
      'base.yml',
      ['compose.yaml'],
    ],
    ['nothing else', { 'compose.yaml': FULL, 'values.yaml': 'a: b\n' }, 'values.yaml', []],
  ])('%s', (_, tree, file, expected) => {
    expect(inEditor(tree, file)).toEqual(expected);
  });
});
