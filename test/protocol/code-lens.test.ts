import { afterEach, describe, expect, test } from 'vitest';
import type { CodeLens } from 'vscode-languageserver/node';
import { BARE, type ClientOptions, PUSH, start, stopAll, type TestClient } from './client.ts';

afterEach(stopAll);

const LENSES = {
  ...PUSH,
  textDocument: { ...PUSH.textDocument, codeLens: {} },
  workspace: { ...PUSH.workspace, codeLens: { refreshSupport: true } },
};

const SHOP = `name: shop
services:
  cache:
    image: redis:7
  front:
    image: nginx:1.27
  db:
    image: postgres:16
`;

async function opened(options: ClientOptions = {}, name = 'compose.yaml'): Promise<TestClient> {
  const client = await start({ capabilities: LENSES, files: { 'compose.yaml': SHOP }, ...options });
  await client.open(name);
  return client;
}

const ALL = ['1:0 Verify persistence', '2:2 Verify persistence cache', '6:2 Verify persistence db'];

describe('code lenses', () => {
  test('stand over the services and over each that keeps data', async () => {
    const client = await opened();
    expect(await client.lenses('compose.yaml')).toEqual(ALL);
  });

  test('name the command, and what it is to verify', async () => {
    const client = await opened();
    const uri = client.uri('compose.yaml');
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    expect(lenses[1]).toEqual({
      range: { start: { line: 2, character: 2 }, end: { line: 2, character: 7 } },
      command: {
        title: 'Verify persistence',
        command: 'composePersistence.verify',
        arguments: [{ uri, services: ['cache'] }],
      },
    });
  });

  test('follow the text', async () => {
    const client = await opened();
    await client.change('compose.yaml', `# one line more\n${SHOP.replace('nginx:1.27', 'mongo:7')}`);
    expect(await client.lenses('compose.yaml')).toEqual([
      '2:0 Verify persistence',
      '3:2 Verify persistence cache',
      '5:2 Verify persistence front',
      '7:2 Verify persistence db',
    ]);
  });

  test('stand in an override at what it says of a service that keeps data', async () => {
    const files = {
      'compose.yaml': SHOP,
      'compose.override.yaml': 'services:\n  front: { ports: ["80:80"] }\n  db: { restart: always }\n',
    };
    const client = await opened({ files }, 'compose.override.yaml');
    expect(await client.lenses('compose.override.yaml')).toEqual([
      '0:0 Verify persistence',
      '2:2 Verify persistence db',
    ]);
  });

  test('are not there for what is no project', async () => {
    const files = {
      Dockerfile: 'FROM redis:7\n',
      'values.yaml': 'services: { a: { port: 1 } }\n',
      'compose.yaml': 'services: 1\n',
    };
    const client = await start({ capabilities: LENSES, files });
    for (const name of Object.keys(files)) {
      await client.open(name);
      expect(await client.lenses(name)).toEqual([]);
    }
    expect(await client.lenses('never-opened.yaml')).toEqual([]);
  });

  test('go when the setting says so, and the editor is told to ask again', async () => {
    const client = await opened({ settings: { codeLens: false } });
    expect(await client.lenses('compose.yaml')).toEqual([]);
    await client.configure({ codeLens: true, verify: { level: 'read' }, engine: { host: '', context: '' } });
    await client.until(() => client.lensRefreshes > 0);
    expect(await client.lenses('compose.yaml')).toEqual(ALL);
  });

  test('are not offered to an editor that has none, nor in a workspace that is not trusted', async () => {
    const offered = async (options: ClientOptions) => (await start(options)).result?.capabilities.codeLensProvider;
    expect(await offered({ capabilities: LENSES })).toEqual({});
    expect(await offered({ capabilities: BARE })).toBeUndefined();
    expect(await offered({ capabilities: LENSES, initializationOptions: { trusted: false } })).toBeUndefined();
  });
});
