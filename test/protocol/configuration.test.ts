import { afterEach, describe, expect, test } from 'vitest';
import { FileChangeType } from 'vscode-languageserver/node';
import { BARE, brief, PULL, start, stopAll } from './client.ts';
import { DECLARED, span, UNDECLARED, UNDECLARED_BRIEF } from './examples.ts';

afterEach(stopAll);

const OFF = 'rules:\n  undeclared-volume: off\n';
const CONFIGURATION = '.compose-persistence.yaml';

describe('settings of the editor', () => {
  test('switch a rule off, and on again', async () => {
    const client = await start({
      files: { 'compose.yaml': UNDECLARED },
      settings: { rules: { 'undeclared-volume': 'off' } },
    });
    await client.open('compose.yaml');
    expect(await client.diagnostics('compose.yaml')).toEqual([]);
    await client.configure({ rules: {} });
    await client.until(() => client.latest('compose.yaml')?.length === 1);
    await client.configure({ rules: { 'undeclared-volume': 'warning' } });
    await client.until(() => client.latest('compose.yaml')?.[0]?.severity === 2);
  });

  test('a rule that does not exist is named, once', async () => {
    const client = await start({
      files: { 'compose.yaml': UNDECLARED },
      settings: { rules: { 'no-such-rule': 'off' } },
    });
    await client.open('compose.yaml');
    expect((await client.diagnostics('compose.yaml')).map(brief)).toEqual([UNDECLARED_BRIEF]);
    await client.until(() => client.shown.length > 0);
    await client.change('compose.yaml', DECLARED);
    await client.diagnostics('compose.yaml');
    await client.quiet();
    expect(client.shown).toEqual(['Compose Persistence settings: there is no rule "no-such-rule"']);
  });

  test.each([
    ['with the notification', { composePersistence: { rules: { 'undeclared-volume': 'off' } } }],
    ['without their section', { rules: { 'undeclared-volume': 'off' } }],
  ])('an editor that cannot be asked sends them %s', async (_, settings) => {
    const client = await start({ capabilities: BARE, files: { 'compose.yaml': UNDECLARED } });
    await client.open('compose.yaml');
    expect(await client.diagnostics('compose.yaml')).toHaveLength(1);
    await client.notify('workspace/didChangeConfiguration', { settings });
    await client.until(() => client.latest('compose.yaml')?.length === 0);
  });

  test('or with its first request', async () => {
    const client = await start({
      capabilities: BARE,
      files: { 'compose.yaml': UNDECLARED },
      initializationOptions: { settings: { rules: { 'undeclared-volume': 'off' } } },
    });
    await client.open('compose.yaml');
    expect(await client.diagnostics('compose.yaml')).toEqual([]);
  });

  test('excluded files are left alone', async () => {
    const client = await start({
      files: { 'legacy/compose.yaml': UNDECLARED, 'app/compose.yaml': UNDECLARED },
      settings: { exclude: ['legacy/**'] },
    });
    await client.open('legacy/compose.yaml');
    await client.open('app/compose.yaml');
    expect(await client.diagnostics('app/compose.yaml')).toHaveLength(1);
    expect(await client.diagnostics('legacy/compose.yaml')).toEqual([]);
  });
});

describe('the configuration file', () => {
  test('switches a rule off', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED, [CONFIGURATION]: OFF } });
    await client.open('compose.yaml');
    expect(await client.diagnostics('compose.yaml')).toEqual([]);
  });

  test('counts as it is typed', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED, [CONFIGURATION]: '' } });
    await client.open('compose.yaml');
    expect(await client.diagnostics('compose.yaml')).toHaveLength(1);
    await client.open(CONFIGURATION);
    await client.change(CONFIGURATION, OFF);
    await client.until(() => client.latest('compose.yaml')?.length === 0);
    await client.close(CONFIGURATION);
    await client.until(() => client.latest('compose.yaml')?.length === 1);
  });

  test('counts when another program writes or removes it', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED } });
    await client.open('compose.yaml');
    await client.diagnostics('compose.yaml');
    client.write(CONFIGURATION, OFF);
    await client.watched(CONFIGURATION, FileChangeType.Created);
    await client.until(() => client.latest('compose.yaml')?.length === 0);
    client.remove(CONFIGURATION);
    await client.watched(CONFIGURATION, FileChangeType.Deleted);
    await client.until(() => client.latest('compose.yaml')?.length === 1);
  });

  test('a rule that does not exist is reported where it is written, though the file is not open', async () => {
    const client = await start({
      files: { 'compose.yaml': DECLARED, [CONFIGURATION]: 'rules:\n  missing-volum: off\n  missing-volume: off\n' },
    });
    await client.open('compose.yaml');
    await client.until(() => client.latest(CONFIGURATION));
    expect(client.latest(CONFIGURATION)).toEqual([
      {
        range: span(1, 2, 15),
        severity: 1,
        code: 'configuration',
        source: 'persistence',
        message: 'there is no rule "missing-volum"',
      },
    ]);
    await client.close('compose.yaml');
    await client.until(() => client.latest(CONFIGURATION)?.length === 0);
  });

  test('is checked when it is open alone, and pulled like any other document', async () => {
    const client = await start({ capabilities: PULL, files: { [CONFIGURATION]: 'rules:\n  no-such-rule: off\n' } });
    await client.open(CONFIGURATION);
    expect((await client.pullItems(CONFIGURATION)).map(brief)).toEqual([
      'configuration 1 1:2-1:14 there is no rule "no-such-rule"',
    ]);
    await client.change(CONFIGURATION, 'rules: {}\n');
    expect(await client.pullItems(CONFIGURATION)).toEqual([]);
    expect(client.published).toEqual([]);
  });

  test('one that is no YAML is reported, and the defaults count', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED, [CONFIGURATION]: 'rules: [\n' } });
    await client.open('compose.yaml');
    expect(await client.diagnostics('compose.yaml')).toHaveLength(1);
    await client.until(() => client.latest(CONFIGURATION)?.length === 1);
    expect(client.latest(CONFIGURATION)?.[0]?.range.start).toEqual({ line: 0, character: 0 });
  });
});
