import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CancellationTokenSource, type ProtocolConnection, WorkDoneProgress } from 'vscode-languageserver/node';
import { type ClientOptions, PULL, PUSH, start, stopAll, type TestClient } from '../protocol/client.ts';
import { fakeEngine, volume } from './fake-engine.ts';
import { ENGINE, onSocket, routes } from './helpers.ts';

afterEach(stopAll);

const SHOP = `name: shop
services:
  cache:
    image: redis:7
    volumes: [data:/data]
volumes: { data: { external: true, name: kept } }
`;

const LIVE = 'persistence (live)';

let before: string | undefined;
beforeEach(() => {
  before = process.env.DOCKER_HOST;
});
afterEach(() => {
  if (before === undefined) delete process.env.DOCKER_HOST;
  else process.env.DOCKER_HOST = before;
});

async function opened(options: ClientOptions = {}, volumes: object[] = []): Promise<TestClient> {
  process.env.DOCKER_HOST = await fakeEngine({ containers: [], volumes });
  const client = await start({ capabilities: PUSH, files: { 'compose.yaml': SHOP }, ...options });
  await client.open('compose.yaml');
  return client;
}

const verify = (client: TestClient, argument: object = { uri: client.uri('compose.yaml') }): Promise<unknown> =>
  client.request('workspace/executeCommand', { command: 'composePersistence.verify', arguments: [argument] });

const connectionOf = (client: TestClient) => (client as unknown as { connection: ProtocolConnection }).connection;

const live = (client: TestClient) => (client.latest('compose.yaml') ?? []).filter(({ source }) => source === LIVE);

describe('verify as a command', () => {
  test('answers with the report, and shows what it found at the service', async () => {
    const client = await opened();
    const report = await verify(client);
    expect(report).toMatchObject({ schema: 1, project: { name: 'shop' }, engine: { reason: 'DOCKER_HOST' } });
    await client.until(() => live(client).length > 0);
    expect(live(client)).toMatchObject([
      {
        code: 'external-volume-missing',
        severity: 1,
        range: { start: { line: 2, character: 2 }, end: { line: 2, character: 7 } },
        message: expect.stringMatching(/^The external volume kept does not exist on this engine/),
      },
    ]);
  });

  test('the report is sent to the editor, with progress on the way', async () => {
    const client = await opened();
    const told: string[] = [];
    const connection = connectionOf(client);
    connection.onProgress(WorkDoneProgress.type, 'work', ({ kind }) => void told.push(`work ${kind}`));
    connection.onNotification(
      'composePersistence/verified',
      ({ uri, report }) => void told.push(`${uri} ${report.project.name}`),
    );
    const uri = client.uri('compose.yaml');
    await client.request('workspace/executeCommand', {
      command: 'composePersistence.verify',
      arguments: [{ uri }],
      workDoneToken: 'work',
    });
    expect([told[0], told.at(-1)]).toEqual(['work begin', 'work end']);
    expect(told).toContain('work report');
    expect(told).toContain(`${uri} shop`);
  });

  test('it can be cancelled', async () => {
    const client = await opened();
    process.env.DOCKER_HOST = await onSocket(
      routes({
        ...ENGINE,
        '/containers/json': () => undefined,
        '/volumes': () => undefined,
        '/system/df': () => undefined,
      }),
    );
    const source = new CancellationTokenSource();
    const argument = { command: 'composePersistence.verify', arguments: [{ uri: client.uri('compose.yaml') }] };
    const answer = connectionOf(client).sendRequest('workspace/executeCommand', argument, source.token);
    setTimeout(() => source.cancel(), 300);
    await expect(answer).rejects.toThrow(/cancelled/i);
    expect(client.shown).toEqual([]);
  });

  test('what was found goes when the file changes', async () => {
    const client = await opened();
    await verify(client);
    await client.until(() => live(client).length > 0);
    await client.change('compose.yaml', `${SHOP}# changed\n`);
    await client.until(() => live(client).length === 0);
  });

  test('and when the next check finds it mended', async () => {
    const client = await opened();
    await verify(client);
    await client.until(() => live(client).length > 0);
    process.env.DOCKER_HOST = await fakeEngine({ containers: [], volumes: [volume('kept', 'x')] });
    await verify(client);
    await client.until(() => live(client).length === 0);
  });

  test('an editor that pulls gets it as well', async () => {
    const client = await opened({ capabilities: PULL });
    await verify(client);
    expect((await client.pullItems('compose.yaml')).filter(({ source }) => source === LIVE)).toHaveLength(1);
  });

  test('without an engine the editor is told, and the report says so', async () => {
    const client = await opened();
    process.env.DOCKER_HOST = 'unix:///gone.sock';
    expect(await verify(client)).toMatchObject({ engine: null, errors: [{ code: 'no-engine' }] });
    expect(client.shown.join()).toMatch(/There is nothing at unix:\/\/\/gone\.sock\. Start the engine/);
  });

  test('an untrusted workspace talks to nothing', async () => {
    const client = await opened({ initializationOptions: { trusted: false } });
    await expect(verify(client)).rejects.toThrow(/an untrusted workspace may not/);
  });

  test.each([
    [{ uri: 'file:///gone.yaml' }, /belongs to no Compose project/],
    [{}, /The argument is \{ uri/],
    [{ uri: 'file:///x', level: 'drill' }, /The level drill is not built yet/],
  ])('%j is refused', async (argument, message) => {
    const client = await opened();
    await expect(verify(client, argument)).rejects.toThrow(message);
  });
});
