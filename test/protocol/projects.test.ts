import { afterEach, describe, expect, test } from 'vitest';
import { FileChangeType } from 'vscode-languageserver/node';
import { engine } from '../../server/lsp/load-engine.ts';
import { brief, PULL, PUSH, rulesOf, start, stopAll, type TestClient } from './client.ts';
import { DECLARED, QDRANT, UNDECLARED, UNDECLARED_BRIEF } from './examples.ts';

afterEach(stopAll);

const KEEPS = 'services:\n  vectors:\n    volumes: [data:/qdrant/storage]\nvolumes:\n  data:\n';
const UP = 'docker compose -f compose.yaml -f compose.prod.yaml up\n';
const SHOWS = { projects: true };

/** An engine that notes the files of every project it lints, and how often folders are listed. */
function counting() {
  const runs: string[] = [];
  const asked = { lists: 0 };
  const createLinter: typeof engine.createLinter = (files) => {
    const linter = engine.createLinter(files);
    return {
      lint: (selection, settings) => {
        runs.push(selection.files.map((file) => file.split('/').slice(-2).join('/')).join(' + '));
        return linter.lint(selection, settings);
      },
    };
  };
  const remember: typeof engine.remember = (files) => {
    const list: typeof files.list = (path) => {
      asked.lists++;
      return files.list(path);
    };
    return engine.remember({ ...files, list });
  };
  return { runs, asked, loadEngine: async () => ({ ...engine, createLinter, remember }) };
}

describe('what is linted together', () => {
  test('is told, to an editor that shows it, whenever it changes', async () => {
    const client = await start({
      files: { 'compose.yaml': UNDECLARED, 'compose.prod.yaml': DECLARED },
      initializationOptions: SHOWS,
    });
    await client.open('compose.yaml');
    await client.until(() => client.projects.get('compose.yaml')?.join() === 'compose.yaml');
    client.write('compose.override.yaml', 'services: {}\n');
    await client.watched('compose.override.yaml', FileChangeType.Created);
    await client.until(() => client.projects.get('compose.yaml')?.join() === 'compose.yaml + compose.override.yaml');
    client.write('up.sh', UP);
    await client.watched('up.sh', FileChangeType.Created);
    await client.until(() => client.projects.get('compose.yaml')?.length === 2);
    client.write('up.sh', '');
    await client.watched('up.sh', FileChangeType.Changed);
    await client.until(() => client.projects.get('compose.yaml')?.length === 1);
    await client.close('compose.yaml');
    await client.until(() => client.projects.get('compose.yaml')?.length === 0);
  });

  test('is not told to others', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED } });
    await client.open('compose.yaml');
    await client.diagnostics('compose.yaml');
    await client.quiet();
    expect(client.projects.size).toBe(0);
  });

  test('follows .env as it is written', async () => {
    const client = await start({
      files: { 'compose.yaml': DECLARED, 'compose.prod.yaml': DECLARED, '.env': '' },
      initializationOptions: SHOWS,
    });
    await client.open('compose.yaml');
    await client.until(() => client.projects.get('compose.yaml')?.join() === 'compose.yaml');
    await client.open('.env', undefined, 'dotenv');
    await client.change('.env', 'COMPOSE_FILE=compose.yaml:compose.prod.yaml\n');
    await client.until(() => client.projects.get('compose.yaml')?.join() === 'compose.yaml + compose.prod.yaml');
  });

  test('is said by the settings, relative to the workspace folder', async () => {
    const client = await start({
      files: { 'a/compose.yaml': DECLARED, 'a/more.yaml': 'services: {}\n' },
      settings: { projects: [{ files: ['a/compose.yaml', 'a/more.yaml'] }] },
      initializationOptions: SHOWS,
    });
    await client.open('a/compose.yaml');
    await client.until(() => client.projects.get('a/compose.yaml')?.join() === 'compose.yaml + more.yaml');
    await client.configure({ projects: [] });
    await client.until(() => client.projects.get('a/compose.yaml')?.join() === 'compose.yaml');
  });

  test('is said wrong in the settings', async () => {
    const client = await start({
      files: { 'compose.yaml': DECLARED, '.compose-persistence.yaml': 'projects:\n  - file: [a.yaml]\n' },
    });
    await client.open('compose.yaml');
    await client.until(() => client.latest('.compose-persistence.yaml')?.length === 2);
    expect(client.latest('.compose-persistence.yaml')?.map(({ message }) => message)).toEqual([
      'projects[0]: files is a list of Compose files, base first',
      'projects[0]: there is no key "file"',
    ]);
  });
});

describe('a file of several projects', () => {
  test.each([
    ['pushes', PUSH],
    ['pulls', PULL],
  ])('shows what they say together, to an editor that %s', async (_, capabilities) => {
    const files = { 'compose.yaml': QDRANT, 'compose.prod.yaml': KEEPS, 'up.sh': '' };
    const client = await start({ files, capabilities });
    const shown = async () =>
      capabilities === PULL ? client.pullItems('compose.yaml') : client.diagnostics('compose.yaml');
    await client.open('compose.yaml');
    const [alone] = await shown();
    expect([alone?.code, alone?.severity]).toEqual(['missing-volume', 1]);
    client.write('up.sh', UP);
    await client.watched('up.sh', FileChangeType.Changed);
    if (capabilities === PUSH) await client.until(() => client.latest('compose.yaml')?.[0]?.severity === 2);
    else await client.until(() => client.refreshes > 0);
    const [diagnostic] = await shown();
    expect([diagnostic?.code, diagnostic?.severity]).toEqual(['missing-volume', 2]);
    expect(diagnostic?.relatedInformation?.at(-1)).toMatchObject({
      location: { uri: client.uri('compose.prod.yaml') },
      message: 'linted as: compose.yaml; not found in compose.yaml + compose.prod.yaml',
    });
  });

  test('a part is linted with those that use it, and not alone', async () => {
    const client = await start({
      files: { 'compose.yaml': 'include: [db/compose.yaml]\nvolumes:\n  app_data:\n', 'db/compose.yaml': UNDECLARED },
      initializationOptions: SHOWS,
    });
    await client.open('db/compose.yaml');
    await client.until(() => client.projects.get('db/compose.yaml')?.join() === 'compose.yaml');
  });

  test('an override is not blamed for what its base says, nor the base for what the override says', async () => {
    const client = await start({ files: { 'compose.yaml': QDRANT, 'compose.override.yaml': KEEPS } });
    await client.open('compose.override.yaml');
    expect(rulesOf(await client.diagnostics('compose.override.yaml'))).not.toContain('missing-volume');
    await client.open('compose.yaml');
    expect(rulesOf(await client.diagnostics('compose.yaml'))).not.toContain('missing-volume');
  });
});

describe('five projects', () => {
  const FILES = {
    'shared.compose.yaml': 'services:\n  cache:\n    image: memcached:1\n',
    'a/compose.yaml': 'include: [../shared.compose.yaml]\nservices:\n  a:\n    image: example/a:${TAG:-1}\n',
    'a/.env': 'TAG=1\n',
    'b/compose.yaml': 'include: [../shared.compose.yaml]\nservices:\n  b:\n    build: .\n',
    'b/Dockerfile': 'FROM python:3.12\nCOPY . /app\nWORKDIR /app\nCMD ["python", "main.py"]\n',
    'b/main.py': 'import sqlite3\nsqlite3.connect("/data/x.db")\n',
    'c/compose.yaml': UNDECLARED,
    'd/compose.yaml': DECLARED,
    'd/compose.override.yaml': 'services: {}\n',
    'e/compose.yaml': QDRANT,
  };
  const D = 'd/compose.yaml + d/compose.override.yaml';
  const ALL = ['a/compose.yaml', 'b/compose.yaml', 'c/compose.yaml', D, 'e/compose.yaml'];
  const BASES = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}/compose.yaml`);

  async function opened(): Promise<ReturnType<typeof counting> & { client: TestClient }> {
    const counted = counting();
    const client = await start({ files: FILES, server: { loadEngine: counted.loadEngine } });
    for (const name of BASES) {
      await client.open(name);
      await client.diagnostics(name);
    }
    await client.quiet();
    expect([...new Set(counted.runs)].sort()).toEqual(ALL);
    expect(counted.runs).toHaveLength(ALL.length);
    counted.runs.length = 0;
    counted.asked.lists = 0;
    return { ...counted, client };
  }

  test.each<[string, string, string[]]>([
    ['a file that two include', 'shared.compose.yaml', ['a/compose.yaml', 'b/compose.yaml']],
    ['an .env', 'a/.env', ['a/compose.yaml']],
    ['a Dockerfile', 'b/Dockerfile', ['b/compose.yaml']],
    ['a Python source', 'b/main.py', ['b/compose.yaml']],
    ['a Compose file that another program writes', 'd/compose.override.yaml', [D]],
    ['a file that nobody reads', 'e/notes.py', []],
    ['a script', 'c/up.sh', []],
  ])('%s is written: only those that read it are linted again', async (_, name, expected) => {
    const { client, runs } = await opened();
    client.write(name, `${(FILES as Record<string, string>)[name] ?? ''}\n# more\n`);
    await client.watched(name, FileChangeType.Changed);
    await client.quiet();
    expect(runs.sort()).toEqual(expected);
  });

  test.each<[string, string, string[]]>([
    ['a file of its own', 'c/compose.yaml', ['c/compose.yaml']],
    ['an override', 'd/compose.override.yaml', [D]],
    ['a file that two include', 'shared.compose.yaml', ['a/compose.yaml', 'b/compose.yaml']],
    ['an .env', 'a/.env', ['a/compose.yaml']],
    ['a Dockerfile', 'b/Dockerfile', ['b/compose.yaml']],
    ['a Python source', 'b/main.py', ['b/compose.yaml']],
  ])('%s is edited: only those that read it are linted, and no folder is listed', async (_, name, expected) => {
    const { client, runs, asked } = await opened();
    if (!BASES.includes(name)) {
      await client.open(name, undefined, name.endsWith('.py') ? 'python' : 'yaml');
      await client.quiet();
    }
    runs.length = 0;
    asked.lists = 0;
    await client.change(name, `${client.text(name)}\n# more\n`);
    await client.quiet();
    expect([...new Set(runs)].sort()).toEqual(expected);
    expect(runs).toHaveLength(expected.length);
    expect(asked.lists).toBe(0);
  });

  test('keep what they said', async () => {
    const { client } = await opened();
    await client.change('e/compose.yaml', `${QDRANT}\n`);
    await client.diagnostics('e/compose.yaml');
    expect(client.latest('c/compose.yaml')?.map(brief)).toEqual([UNDECLARED_BRIEF]);
  });
});
