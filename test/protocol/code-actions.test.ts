import { afterEach, describe, expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver/node';
import { BARE, PUSH, rulesOf, start, stopAll, type TestClient } from './client.ts';
import { at, DECLARED, QDRANT, span, UNDECLARED } from './examples.ts';

afterEach(stopAll);

const PLACE = at(4, 10);

const titled = (actions: readonly CodeAction[], title: string): CodeAction => {
  const action = actions.find((one) => one.title === title);
  if (!action) throw new Error(`no "${title}" among ${actions.map((one) => one.title).join(', ')}`);
  return action;
};

async function opened(text: string, capabilities = PUSH, name = 'compose.yaml'): Promise<TestClient> {
  const client = await start({ files: { [name]: text }, capabilities });
  await client.open(name);
  await client.diagnostics(name);
  return client;
}

async function applied(client: TestClient, action: CodeAction, name = 'compose.yaml'): Promise<string> {
  if (!action.edit) throw new Error(`"${action.title}" has no edit`);
  await client.apply(action.edit);
  return client.text(name);
}

describe('code actions', () => {
  test('every finding offers its fix, to be disabled, and its page', async () => {
    const client = await opened(UNDECLARED);
    expect((await client.actions('compose.yaml', PLACE)).map(({ title, kind }) => [title, kind])).toEqual([
      ['Declare the volume app_data', 'quickfix'],
      ['Disable undeclared-volume for this line', 'quickfix'],
      ['Disable undeclared-volume for this file', 'quickfix'],
      ['Show documentation for undeclared-volume', 'quickfix'],
      ['Apply all safe fixes of Compose Persistence', 'source.fixAll.composePersistence'],
    ]);
  });

  test('a fix is one edit of the version it was made for, and leaves a clean file', async () => {
    const client = await opened(UNDECLARED);
    const shown = client.latest('compose.yaml') ?? [];
    const actions = await client.actions('compose.yaml', PLACE, { diagnostics: shown });
    const fix = titled(actions, 'Declare the volume app_data');
    expect(fix.isPreferred).toBe(true);
    expect(fix.diagnostics).toEqual(shown);
    expect(fix.command).toBeUndefined();
    expect(fix.edit?.documentChanges).toMatchObject([
      { textDocument: { uri: client.uri('compose.yaml'), version: 1 } },
    ]);
    expect(await applied(client, fix)).toBe(DECLARED);
    expect(await client.diagnostics('compose.yaml')).toEqual([]);
  });

  test('a fix that moves data comes with its steps, adds mount and volume in one edit, and leaves a clean file', async () => {
    const client = await opened(QDRANT);
    const title = 'Add the named volume vectors_data for /qdrant/storage';
    const fix = titled(await client.actions('compose.yaml', at(1, 4)), title);
    // "Auto Fix" applies what is preferred without asking.
    expect(fix.isPreferred).toBeUndefined();
    expect(fix.edit?.documentChanges).toHaveLength(1);
    expect(fix.command?.command).toBe('composePersistence.showSteps');
    expect(fix.command?.arguments?.[0].title).toBe(title);
    expect(fix.command?.arguments?.[0].steps.length).toBeGreaterThan(3);
    expect(await applied(client, fix)).toBe(
      `${QDRANT}    volumes:\n      - vectors_data:/qdrant/storage\n\nvolumes:\n  vectors_data:\n`,
    );
    expect(await client.diagnostics('compose.yaml')).toEqual([]);
  });

  test('a fix that moves data is never among those that are applied unseen', async () => {
    const client = await opened(QDRANT);
    expect(await client.actions('compose.yaml', at(0, 0), { only: ['source.fixAll'] })).toEqual([]);
  });

  test('away from the finding there is nothing to do', async () => {
    const client = await opened(UNDECLARED);
    expect(await client.actions('compose.yaml', at(1, 3), { only: ['quickfix'] })).toEqual([]);
  });

  test('a fix is made for the text as it is now, not as it was linted', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED }, server: { debounce: 60_000 } });
    await client.open('compose.yaml');
    await client.diagnostics('compose.yaml');
    void client.change('compose.yaml', `# note\n${UNDECLARED}`);
    const fix = titled(await client.actions('compose.yaml', at(5, 10)), 'Declare the volume app_data');
    expect(await applied(client, fix)).toBe(`# note\n${DECLARED}`);
  });

  test('the editor without versioned edits gets plain changes', async () => {
    const client = await opened(UNDECLARED, {
      ...PUSH,
      workspace: { configuration: true },
    });
    const fix = titled(await client.actions('compose.yaml', PLACE), 'Declare the volume app_data');
    expect(fix.edit?.documentChanges).toBeUndefined();
    expect(Object.keys(fix.edit?.changes ?? {})).toEqual([client.uri('compose.yaml')]);
    expect(await applied(client, fix)).toBe(DECLARED);
  });

  test('the editor without code action literals gets none', async () => {
    const client = await opened(UNDECLARED, BARE);
    await expect(client.actions('compose.yaml', PLACE)).rejects.toThrow(/unhandled method/i);
  });

  test('only the kinds that were asked for', async () => {
    const client = await opened(UNDECLARED);
    const kinds = async (...only: string[]) =>
      (await client.actions('compose.yaml', PLACE, { only })).map(({ kind }) => kind);
    expect(await kinds('refactor')).toEqual([]);
    expect(await kinds('source.organizeImports')).toEqual([]);
    expect(await kinds('source.fixAll')).toEqual(['source.fixAll.composePersistence']);
    expect(await kinds('source.fixAll.composePersistence')).toEqual(['source.fixAll.composePersistence']);
    expect(await kinds('source.fixAll.eslint')).toEqual([]);
    expect(new Set(await kinds('quickfix'))).toEqual(new Set(['quickfix']));
  });

  test('moving the cursor does not compute what fixes everything', async () => {
    const client = await opened(UNDECLARED);
    const actions = await client.actions('compose.yaml', PLACE, { triggerKind: 2 });
    expect(actions.map(({ kind }) => kind)).not.toContain('source.fixAll.composePersistence');
  });
});

describe('disabling a rule', () => {
  test.each(['for this line', 'for this file'])('%s silences the finding', async (where) => {
    const client = await opened(UNDECLARED);
    const action = titled(await client.actions('compose.yaml', PLACE), `Disable undeclared-volume ${where}`);
    const text = await applied(client, action);
    expect(text.split('\n')).toHaveLength(UNDECLARED.split('\n').length + 1);
    expect(await client.diagnostics('compose.yaml')).toEqual([]);
  });

  test('for this line stands above it, as far in as it', async () => {
    const client = await opened(UNDECLARED);
    const action = titled(await client.actions('compose.yaml', PLACE), 'Disable undeclared-volume for this line');
    expect((await applied(client, action)).split('\n')[4]).toBe('      # persistence-ignore undeclared-volume');
  });

  test('two rules on one line are disabled one after the other', async () => {
    const text = 'services:\n  app:\n    image: a/b:1\n    volumes: [old:/data, new:/data]\nvolumes: {old: }\n';
    const client = await opened(text);
    expect(rulesOf(client.latest('compose.yaml') ?? [])).toEqual(['duplicate-mount-target', 'undeclared-volume']);
    for (const rule of ['duplicate-mount-target', 'undeclared-volume']) {
      const line = client
        .text('compose.yaml')
        .split('\n')
        .findIndex((one) => one.includes('volumes: [old'));
      const actions = await client.actions('compose.yaml', span(line, 0, 40));
      await applied(client, titled(actions, `Disable ${rule} for this line`));
    }
    expect(await client.diagnostics('compose.yaml')).toEqual([]);
  });

  test('the lines keep their ends', async () => {
    const client = await opened(UNDECLARED.replaceAll('\n', '\r\n'));
    const action = titled(await client.actions('compose.yaml', PLACE), 'Disable undeclared-volume for this line');
    expect(await applied(client, action)).not.toMatch(/[^\r]\n/);
    expect(await client.diagnostics('compose.yaml')).toEqual([]);
  });
});

describe('documentation', () => {
  test('an editor that does not open it itself has it opened by the server', async () => {
    const client = await opened(UNDECLARED);
    const action = titled(await client.actions('compose.yaml', PLACE), 'Show documentation for undeclared-volume');
    const uri = 'https://github.com/compose-persistence/compose-persistence/blob/main/docs/rules/undeclared-volume.md';
    expect(action.command?.arguments).toEqual(['undeclared-volume', uri]);
    const { command, arguments: args } = action.command ?? { command: '' };
    await client.request('workspace/executeCommand', { command, arguments: args });
    expect(client.shownDocuments).toEqual([{ uri, external: true }]);
  });

  test('an editor that shows no documents is told the address', async () => {
    const client = await opened(UNDECLARED, { ...PUSH, window: {} });
    await client.request('workspace/executeCommand', {
      command: 'composePersistence.openDocumentation',
      arguments: ['undeclared-volume'],
    });
    await client.until(() => client.shown.length === 1);
    expect(client.shown[0]).toMatch(/^https:.*\/undeclared-volume\.md$/);
  });

  test('a command that does not exist is an error', async () => {
    const client = await start();
    await expect(client.request('workspace/executeCommand', { command: 'x' })).rejects.toThrow('There is no command x');
  });
});

describe('fix all', () => {
  const TWO = `services:
  app:
    image: example/app:1.2
    volumes:
      - one:/one
      - two:/two
`;

  test('applies all safe fixes at once, those too that get in each other’s way', async () => {
    const client = await opened(TWO);
    const [action, ...others] = await client.actions('compose.yaml', at(0, 0), { only: ['source.fixAll'] });
    expect(others).toEqual([]);
    expect(action && (await applied(client, action))).toBe(`${TWO}\nvolumes:\n  one:\n  two:\n`);
    expect(await client.diagnostics('compose.yaml')).toEqual([]);
  });

  test('a second time there is nothing left to apply', async () => {
    const client = await opened(DECLARED);
    expect(await client.actions('compose.yaml', at(0, 0), { only: ['source.fixAll'] })).toEqual([]);
  });
});
