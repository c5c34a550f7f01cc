import { afterEach, describe, expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver/node';
import { FileChangeType } from 'vscode-languageserver/node';
import { brief, PULL, PUSH, start, stopAll, type TestClient } from './client.ts';
import { at } from './examples.ts';

afterEach(stopAll);

/** The engine tells databases by their first bytes. */
const DATABASE = `SQLite format 3\0${'\0'.repeat(100)}`;

const FILES = {
  'compose.yaml': 'services:\n  app:\n    build: ./app\n',
  'app/Dockerfile': 'FROM scratch\nCOPY shop.db /data/\n',
  'app/shop.db': DATABASE,
};

const IGNORED = 'shop.db\nshop.db-wal\nshop.db-shm\n';

const FINDING =
  'database-copied-into-image 2 1:5-1:12 COPY of database into image: shop.db (a SQLite database) becomes part of the ' +
  'image, as it is at build time; a container without a mount there starts from this copy at every recreate';

const briefly = (client: TestClient): string[] | undefined => client.latest('app/Dockerfile')?.map(brief);

const quickFix = (actions: readonly CodeAction[]): CodeAction => {
  const action = actions.find(({ title }) => title.startsWith('Leave shop.db out'));
  if (!action) throw new Error(`not among ${actions.map(({ title }) => title).join(', ')}`);
  return action;
};

describe('a Dockerfile', () => {
  test.each([
    ['pushes', PUSH],
    ['pulls', PULL],
  ])('is shown when only its Compose file is open, to an editor that %s', async (_, capabilities) => {
    const client = await start({ files: FILES, capabilities });
    await client.open('compose.yaml');
    await client.until(() => briefly(client)?.length);
    expect(briefly(client)).toEqual([FINDING]);
    await client.close('compose.yaml');
    await client.until(() => briefly(client)?.length === 0);
  });

  test('is shown when it alone is open, and nothing of its Compose file', async () => {
    const client = await start({
      files: { ...FILES, 'compose.yaml': 'services:\n  app:\n    build: ./app\n    volumes: [x:/x]\n' },
      capabilities: PULL,
    });
    await client.open('app/Dockerfile', undefined, 'dockerfile');
    expect((await client.pullItems('app/Dockerfile')).map(brief)).toEqual([FINDING]);
    await client.quiet();
    expect(client.published).toEqual([]);
  });

  test('that no Compose file builds is looked at by itself, until one does', async () => {
    const client = await start({ files: { ...FILES, 'compose.yaml': 'services:\n  app:\n    image: x/y:1\n' } });
    await client.open('app/Dockerfile', undefined, 'dockerfile');
    expect((await client.diagnostics('app/Dockerfile')).map(brief)).toEqual([FINDING]);
    client.write('compose.yaml', `${FILES['compose.yaml']}    volumes: [shop:/data]\nvolumes: {shop: }\n`);
    await client.watched('compose.yaml', FileChangeType.Changed);
    await client.until(() => briefly(client)?.length === 1 && briefly(client)?.[0]?.includes('where a mount hides it'));
  });

  test('changes as it is typed, and as the files around it change', async () => {
    const client = await start({ files: FILES });
    await client.open('compose.yaml');
    await client.open('app/Dockerfile', undefined, 'dockerfile');
    expect((await client.diagnostics('app/Dockerfile')).map(brief)).toEqual([FINDING]);
    await client.change('app/Dockerfile', 'FROM scratch\n');
    expect(await client.diagnostics('app/Dockerfile')).toEqual([]);
    await client.change('app/Dockerfile', FILES['app/Dockerfile']);
    expect(await client.diagnostics('app/Dockerfile')).toHaveLength(1);
    client.write('app/.dockerignore', '*.db\n');
    await client.watched('app/.dockerignore', FileChangeType.Created);
    await client.until(() => briefly(client)?.length === 0);
    client.write('app/.dockerignore', '*.log\n');
    await client.watched('app/.dockerignore', FileChangeType.Changed);
    await client.until(() => briefly(client)?.length === 1);
    client.remove('app/shop.db');
    await client.watched('app/shop.db', FileChangeType.Deleted);
    await client.until(() => briefly(client)?.length === 0);
  });
});

describe('a fix in another file', () => {
  async function fixed(capabilities = PUSH, files: Record<string, string> = FILES, commands: string[] = []) {
    const client = await start({ files, capabilities, initializationOptions: { commands } });
    await client.open('compose.yaml');
    await client.open('app/Dockerfile', undefined, 'dockerfile');
    await client.diagnostics('app/Dockerfile');
    return { client, fix: quickFix(await client.actions('app/Dockerfile', at(1, 6))) };
  }

  test('creates a file that is missing', async () => {
    const { client, fix } = await fixed();
    const uri = client.uri('app/.dockerignore');
    expect(fix.edit?.documentChanges).toEqual([
      { kind: 'create', uri, options: { ignoreIfExists: true } },
      { textDocument: { uri, version: null }, edits: [{ range: at(0, 0), newText: IGNORED }] },
    ]);
    await client.apply(fix.edit ?? {});
    await client.watched('app/.dockerignore', FileChangeType.Created);
    await client.until(() => briefly(client)?.length === 0);
    expect(client.text('app/.dockerignore')).toBe(IGNORED);
  });

  test('where files cannot be created is a plain edit', async () => {
    const { client, fix } = await fixed({ ...PUSH, workspace: { workspaceEdit: { documentChanges: true } } });
    const uri = client.uri('app/.dockerignore');
    expect(fix.edit?.documentChanges).toEqual([
      { textDocument: { uri, version: null }, edits: [{ range: at(0, 0), newText: IGNORED }] },
    ]);
    const { fix: plain, client: bare } = await fixed({ ...PUSH, workspace: {} });
    expect(Object.keys(plain.edit?.changes ?? {})).toEqual([bare.uri('app/.dockerignore')]);
  });

  test('is not made when everything is fixed on save', async () => {
    const { client } = await fixed();
    expect(await client.actions('app/Dockerfile', at(0, 0), { only: ['source.fixAll'] })).toEqual([]);
  });

  test('that moves data carries the steps, shown by the editor or else by the server', async () => {
    const command = 'composePersistence.showSteps';
    const { fix: announced } = await fixed(PUSH, FILES, [command]);
    const { client, fix } = await fixed();
    expect(fix.command).toEqual(announced.command);
    expect(fix.command?.command).toBe(command);
    const [{ title, steps }] = fix.command?.arguments ?? [{}];
    expect(title).toBe(fix.title);
    expect(steps).toHaveLength(3);
    await client.request('workspace/executeCommand', fix.command);
    await client.until(() => client.shown.length === 1);
    expect(client.shown[0]).toBe([title, ...steps.map((step: string, i: number) => `${i + 1}. ${step}`)].join('\n'));
  });
});

describe('disabling a rule in a Dockerfile', () => {
  const WITH_DIRECTIVES = `# syntax=docker/dockerfile:1\n# escape=\\\n${FILES['app/Dockerfile']}`;

  test.each([
    ['line', 3],
    ['file', 2],
  ])('for this %s', async (where, line) => {
    const client = await start({ files: { ...FILES, 'app/Dockerfile': WITH_DIRECTIVES } });
    await client.open('compose.yaml');
    await client.open('app/Dockerfile', undefined, 'dockerfile');
    await client.diagnostics('app/Dockerfile');
    const actions = await client.actions('app/Dockerfile', at(3, 6));
    const action = actions.find(({ title }) => title === `Disable database-copied-into-image for this ${where}`);
    await client.apply(action?.edit ?? {});
    expect(client.text('app/Dockerfile').split('\n')[line]).toMatch(/^# persistence-ignore/);
    expect(await client.diagnostics('app/Dockerfile')).toEqual([]);
  });
});
