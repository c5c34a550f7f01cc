import { afterEach, describe, expect, test } from 'vitest';
import { FileChangeType } from 'vscode-languageserver/node';
import { engine } from '../../server/lsp/load-engine.ts';
import { brief, PULL, PUSH, start, stopAll } from './client.ts';
import { DECLARED, UNDECLARED, UNDECLARED_BRIEF } from './examples.ts';

afterEach(stopAll);

const NOTHING = 'services: {}\n';
const DECLARES = 'services: {}\nvolumes:\n  app_data:\n';

/** An engine that notes the first file of every project it lints. */
function counting() {
  const runs: string[] = [];
  const createLinter: typeof engine.createLinter = (files) => {
    const linter = engine.createLinter(files);
    return {
      lint: (selection, settings) => {
        runs.push(selection.files[0]?.split('/').slice(-2).join('/') ?? '');
        return linter.lint(selection, settings);
      },
    };
  };
  return { runs, loadEngine: async () => ({ ...engine, createLinter }) };
}

describe('files of one project', () => {
  test('editing an override lints its base again', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED, 'compose.override.yaml': NOTHING } });
    await client.open('compose.yaml');
    expect((await client.diagnostics('compose.yaml')).map(brief)).toEqual([UNDECLARED_BRIEF]);
    await client.open('compose.override.yaml');
    await client.change('compose.override.yaml', DECLARES);
    await client.until(() => client.latest('compose.yaml')?.length === 0);
    await client.change('compose.override.yaml', NOTHING);
    await client.until(() => client.latest('compose.yaml')?.length === 1);
  });

  test('an override that appears or vanishes counts', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED } });
    await client.open('compose.yaml');
    await client.diagnostics('compose.yaml');
    client.write('compose.override.yaml', DECLARES);
    await client.watched('compose.override.yaml', FileChangeType.Created);
    await client.until(() => client.latest('compose.yaml')?.length === 0);
    client.remove('compose.override.yaml');
    await client.watched('compose.override.yaml', FileChangeType.Deleted);
    await client.until(() => client.latest('compose.yaml')?.length === 1);
  });

  test('without a watching editor, saving looks around', async () => {
    const client = await start({
      files: { 'compose.yaml': UNDECLARED },
      capabilities: { ...PUSH, workspace: { configuration: true } },
    });
    await client.open('compose.yaml');
    await client.diagnostics('compose.yaml');
    client.write('compose.override.yaml', DECLARES);
    await client.save('compose.yaml');
    await client.until(() => client.latest('compose.yaml')?.length === 0);
  });

  test('only the projects that read the changed file are linted again', async () => {
    const { runs, loadEngine } = counting();
    const client = await start({
      files: { 'a/compose.yaml': UNDECLARED, 'a/compose.override.yaml': NOTHING, 'b/compose.yaml': UNDECLARED },
      server: { loadEngine },
    });
    for (const name of ['a/compose.yaml', 'b/compose.yaml']) {
      await client.open(name);
      await client.diagnostics(name);
    }
    expect(new Set(runs)).toEqual(new Set(['a/compose.yaml', 'b/compose.yaml']));
    runs.length = 0;
    await client.change('b/compose.yaml', DECLARED);
    await client.diagnostics('b/compose.yaml');
    client.write('a/compose.override.yaml', DECLARES);
    await client.watched('a/compose.override.yaml', FileChangeType.Changed);
    await client.until(() => client.latest('a/compose.yaml')?.length === 0);
    client.write('c.py', '');
    await client.watched('c.py', FileChangeType.Changed);
    await client.quiet();
    expect(runs).toEqual(['b/compose.yaml', 'a/compose.yaml']);
  });
});

describe('files that are not open', () => {
  const OPEN = 'compose.override.yaml';
  const files = { 'compose.yaml': UNDECLARED, [OPEN]: NOTHING };

  test.each([
    ['pushes', PUSH],
    ['pulls', PULL],
  ])('show what is found in them, to an editor that %s', async (_, capabilities) => {
    const client = await start({ files, capabilities });
    await client.open(OPEN);
    await client.until(() => client.latest('compose.yaml')?.length === 1);
    expect(client.latest('compose.yaml')?.map(brief)).toEqual([UNDECLARED_BRIEF]);
    expect(client.published.find(({ uri }) => uri === client.uri('compose.yaml'))?.version).toBeUndefined();
    await client.change(OPEN, DECLARES);
    await client.until(() => client.latest('compose.yaml')?.length === 0);
    await client.change(OPEN, NOTHING);
    await client.until(() => client.latest('compose.yaml')?.length === 1);
    await client.close(OPEN);
    await client.until(() => client.latest('compose.yaml')?.length === 0);
  });

  test('once opened, they are pulled and no longer pushed; closed, pushed again', async () => {
    const client = await start({ files, capabilities: PULL });
    await client.open(OPEN);
    await client.until(() => client.latest('compose.yaml')?.length === 1);
    await client.open('compose.yaml');
    await client.until(() => client.latest('compose.yaml')?.length === 0);
    expect((await client.pullItems('compose.yaml')).map(brief)).toEqual([UNDECLARED_BRIEF]);
    await client.quiet();
    expect(client.latest('compose.yaml')).toEqual([]);
    await client.close('compose.yaml');
    await client.until(() => client.latest('compose.yaml')?.length === 1);
  });

  test('vanish from the list with the file', async () => {
    const client = await start({ files });
    await client.open(OPEN);
    await client.until(() => client.latest('compose.yaml')?.length === 1);
    client.remove('compose.yaml');
    await client.watched('compose.yaml', FileChangeType.Deleted);
    await client.until(() => client.latest('compose.yaml')?.length === 0);
  });
});

describe('workspace folders', () => {
  test('a folder that is added brings its own settings', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED }, folder: false });
    await client.open('compose.yaml');
    expect(await client.diagnostics('compose.yaml')).toHaveLength(1);
    client.settings = { rules: { 'undeclared-volume': 'off' } };
    await client.notify('workspace/didChangeWorkspaceFolders', {
      event: { added: [{ uri: client.uri(''), name: 'x' }], removed: [] },
    });
    await client.until(() => client.latest('compose.yaml')?.length === 0);
  });
});
