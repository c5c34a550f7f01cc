import { afterEach, describe, expect, test } from 'vitest';
import type { ClientCapabilities, FoldingRange } from 'vscode-languageserver/node';
import { BARE, PUSH, start, stopAll } from './client.ts';

afterEach(stopAll);

const FOLDS = { ...PUSH, textDocument: { ...PUSH.textDocument, foldingRange: {} } };

const UNIT = `[Unit]
Description=Books

# what it runs
[Container]
Image=docker.io/library/postgres:16
Volume=db.volume:\\
  /var/lib/postgresql/data

[Install]
`;

async function ranges(name: string, text: string): Promise<FoldingRange[] | null> {
  const client = await start({ capabilities: FOLDS, files: { [name]: text } });
  await client.open(name);
  return client.request('textDocument/foldingRange', { textDocument: { uri: client.uri(name) } });
}

describe('folding', () => {
  test('a section, from its header to the last line of its last entry', async () => {
    expect(await ranges('db.container', UNIT)).toEqual([
      { startLine: 0, endLine: 1 },
      { startLine: 4, endLine: 7 },
    ]);
  });

  test('what lies over a unit folds as well', async () => {
    expect(await ranges('db.container.d/10.conf', UNIT)).toHaveLength(2);
  });

  test('other files are left to the editor', async () => {
    expect(await ranges('compose.yaml', 'services:\n  db:\n    image: postgres:16\n')).toBeNull();
  });

  test('a unit that cannot be understood does no harm', async () => {
    expect(await ranges('db.container', 'Image=x\n[Container\n=\n[]\n')).toEqual([]);
  });

  test('is offered to editors that fold', async () => {
    const offered = async (capabilities: ClientCapabilities): Promise<unknown> =>
      (await start({ capabilities })).result?.capabilities.foldingRangeProvider;
    expect(await offered(FOLDS)).toBe(true);
    expect(await offered(BARE)).toBeUndefined();
  });

  test('where an editor takes registrations, for units alone', async () => {
    const foldingRange = { dynamicRegistration: true };
    const client = await start({ capabilities: { ...PUSH, textDocument: { ...PUSH.textDocument, foldingRange } } });
    await client.until(() => client.registered.includes('textDocument/foldingRange'));
    expect(client.result?.capabilities.foldingRangeProvider).toBeUndefined();
  });
});
