import { afterEach, describe, expect, test } from 'vitest';
import type { FullDocumentDiagnosticReport } from 'vscode-languageserver/node';
import { brief, PULL, start, stopAll } from './client.ts';
import { DECLARED, UNDECLARED, UNDECLARED_BRIEF, UNDECLARED_MESSAGE } from './examples.ts';

afterEach(stopAll);

const OVERRIDE = 'volumes:\n  app_data:\nservices: {}\n';

describe('pull diagnostics', () => {
  test('an open document is pulled, and nothing is pushed for it', async () => {
    const client = await start({ capabilities: PULL, files: { 'compose.yaml': UNDECLARED } });
    await client.open('compose.yaml');
    expect((await client.pullItems('compose.yaml')).map(brief)).toEqual([UNDECLARED_BRIEF]);
    await client.quiet();
    expect(client.published).toEqual([]);
  });

  test('a pull right behind a change answers for the changed text', async () => {
    const client = await start({
      capabilities: PULL,
      files: { 'compose.yaml': UNDECLARED },
      server: { debounce: 60_000 },
    });
    await client.open('compose.yaml');
    void client.change('compose.yaml', DECLARED);
    expect(await client.pullItems('compose.yaml')).toEqual([]);
    void client.change('compose.yaml', `\n${UNDECLARED}`);
    expect((await client.pullItems('compose.yaml')).map(brief)).toEqual([
      `undeclared-volume 1 5:8-5:16 ${UNDECLARED_MESSAGE}`,
    ]);
  });

  test('an answer that still holds is not sent again', async () => {
    const client = await start({ capabilities: PULL, files: { 'compose.yaml': UNDECLARED } });
    await client.open('compose.yaml');
    const first = (await client.pull('compose.yaml')) as FullDocumentDiagnosticReport;
    const second = await client.pull('compose.yaml', first.resultId);
    expect(second).toEqual({ kind: 'unchanged', resultId: first.resultId });
    await client.change('compose.yaml', DECLARED);
    expect((await client.pull('compose.yaml', first.resultId)).kind).toBe('full');
    expect((await client.pull('compose.yaml', 'made up')).kind).toBe('full');
  });

  test('a change of another file asks the editor to pull again', async () => {
    const client = await start({
      capabilities: PULL,
      files: { 'compose.yaml': UNDECLARED, 'compose.override.yaml': 'services: {}\n' },
    });
    await client.open('compose.yaml');
    await client.open('compose.override.yaml');
    expect(await client.pullItems('compose.yaml')).toHaveLength(1);
    await client.change('compose.override.yaml', OVERRIDE);
    await client.until(() => client.refreshes > 0);
    expect(await client.pullItems('compose.yaml')).toEqual([]);
  });

  test('an editor that cannot be asked to pull again is not asked', async () => {
    const { diagnostics: _, ...workspace } = PULL.workspace ?? {};
    const client = await start({
      capabilities: { ...PULL, workspace },
      files: { 'compose.yaml': UNDECLARED, 'compose.override.yaml': 'services: {}\n' },
    });
    await client.open('compose.yaml');
    await client.open('compose.override.yaml');
    await client.pullItems('compose.yaml');
    await client.change('compose.override.yaml', OVERRIDE);
    await client.quiet();
    expect(client.refreshes).toBe(0);
    expect(await client.pullItems('compose.yaml')).toEqual([]);
  });

  test('settings that change ask the editor to pull again', async () => {
    const client = await start({ capabilities: PULL, files: { 'compose.yaml': UNDECLARED } });
    await client.open('compose.yaml');
    await client.pullItems('compose.yaml');
    await client.configure({ rules: { 'undeclared-volume': 'hint' } });
    await client.until(() => client.refreshes > 0);
    expect((await client.pullItems('compose.yaml')).map(({ severity }) => severity)).toEqual([4]);
  });

  test('typing asks for nothing: the editor pulls what it changed', async () => {
    const client = await start({ capabilities: PULL, files: { 'compose.yaml': UNDECLARED } });
    await client.open('compose.yaml');
    await client.pullItems('compose.yaml');
    await client.change('compose.yaml', DECLARED);
    await client.quiet();
    expect(client.refreshes).toBe(0);
  });

  test('a file that is not open has nothing to pull', async () => {
    const client = await start({ capabilities: PULL, files: { 'compose.yaml': UNDECLARED } });
    expect(await client.pull('compose.yaml')).toEqual({ kind: 'full', items: [] });
    expect(await client.pull('untitled:Untitled-1')).toEqual({ kind: 'full', items: [] });
  });
});
