import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CancellationTokenSource, type ProtocolConnection, WorkDoneProgress } from 'vscode-languageserver/node';
import type { VerifiedParams } from '../../server/protocol.ts';
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

/** What the editor is told with `composePersistence/verified`. */
async function told(client: TestClient, argument?: object): Promise<VerifiedParams> {
  const told: VerifiedParams[] = [];
  connectionOf(client).onNotification('composePersistence/verified', (params) => void told.push(params));
  await verify(client, argument);
  return told[0]!;
}

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

  test('what was found at one service stays when another is looked at', async () => {
    const text = SHOP.replace(
      'volumes: {',
      '  db: { image: "postgres:16", volumes: [gone:/var/lib/postgresql/data] }\nvolumes: {',
    );
    const files = { 'compose.yaml': text.replace('name: kept }', 'name: kept }, gone: { external: true }') };
    const client = await opened({ files });
    const uri = client.uri('compose.yaml');
    await verify(client);
    await client.until(() => live(client).length === 2);
    process.env.DOCKER_HOST = await fakeEngine({ containers: [], volumes: [volume('gone', 'x')] });
    await verify(client, { uri, services: ['db'] });
    await client.until(() => live(client).length === 1);
    expect(live(client)[0]?.message).toMatch(/^The external volume kept/);
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

  test('the report comes as a document, too, with files as the workspace names them', async () => {
    const { uri, summary, markdown } = await told(await opened());
    expect(uri).toMatch(/compose\.yaml$/);
    expect(summary).toBe('1 UNKNOWN of 1 store');
    expect(markdown.split('\n').slice(0, 5)).toEqual([
      '# Persistence of shop',
      '',
      '**1 UNKNOWN of 1 store**',
      '',
      '- Files: `compose.yaml`',
    ]);
    expect(markdown).toContain('The external volume kept does not exist on this engine');
  });

  test('an editor that shows no reports is told in a sentence', async () => {
    const client = await opened();
    await verify(client);
    expect(client.shown).toEqual(['shop: 1 UNKNOWN of 1 store']);
  });

  test('one that does is left alone, also without an engine', async () => {
    const client = await opened({ initializationOptions: { verified: true } });
    await verify(client);
    process.env.DOCKER_HOST = 'unix:///gone.sock';
    const { summary, markdown } = await told(client);
    expect(summary).toBe('Nothing could be verified');
    expect(markdown).toMatch(/## Why\n\n- There is nothing at unix:\/\/\/gone\.sock\\?\. Start the engine/);
    expect(client.shown).toEqual([]);
  });

  test('the engine is the one that the argument names, and is told by that name', async () => {
    const client = await opened();
    const host = process.env.DOCKER_HOST;
    process.env.DOCKER_HOST = 'unix:///gone.sock';
    const uri = client.uri('compose.yaml');
    expect(await verify(client, { uri, engine: { host, context: '' } })).toMatchObject({
      engine: { endpoint: host, reason: 'engine.host' },
    });
    const refused = { uri, engine: { host: 'unix:///nor-here.sock' } };
    expect(await verify(client, refused)).toMatchObject({
      engine: null,
      errors: [{ message: expect.stringMatching(/nor-here\.sock.* It was chosen by engine\.host\.$/) }],
    });
  });

  test('no setting chooses the engine: a workspace could bring it', async () => {
    const client = await opened({ settings: { engine: { host: 'unix:///chosen.sock' } } });
    expect(await verify(client)).toMatchObject({ engine: { reason: 'DOCKER_HOST' } });
    expect(client.shown).toEqual(['shop: 1 UNKNOWN of 1 store']);
  });

  test('only the services that are named', async () => {
    const client = await opened({
      files: { 'compose.yaml': `${SHOP}`.replace('volumes: {', '  db: { image: postgres:16 }\nvolumes: {') },
    });
    const uri = client.uri('compose.yaml');
    expect(await verify(client, { uri, services: ['db'] })).toMatchObject({ results: [{ service: 'db' }] });
  });

  test('of several projects the one whose files are named', async () => {
    const base = 'services:\n  db: { image: postgres:16 }\n';
    const files = {
      'compose.yaml': base,
      'compose.dev.yaml':
        'name: dev\nservices:\n  db: { volumes: [dev:/var/lib/postgresql/data] }\nvolumes: { dev: }\n',
      'compose.prod.yaml':
        'name: prod\nservices:\n  db: { volumes: [prod:/var/lib/postgresql/data] }\nvolumes: { prod: }\n',
    };
    const projects = [
      { files: ['compose.yaml', 'compose.dev.yaml'] },
      { files: ['compose.yaml', 'compose.prod.yaml'] },
    ];
    const client = await opened({ files, settings: { projects } });
    const uri = client.uri('compose.yaml');
    const of = (names: string[]) => verify(client, { uri, files: names.map((name) => client.uri(name)) });
    expect(await of(['compose.yaml', 'compose.prod.yaml'])).toMatchObject({ project: { name: 'prod' } });
    expect(await of(['compose.yaml', 'compose.dev.yaml'])).toMatchObject({ project: { name: 'dev' } });
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
    [{ uri: 'file:///gone.yaml' }, /belongs to no project of Compose or Quadlet/],
    [{}, /The argument is \{ uri/],
    [{ uri: 'file:///x', level: 'deep' }, /There is no level deep; there are inspect, read, probe, drill/],
  ])('%j is refused', async (argument, message) => {
    const client = await opened();
    await expect(verify(client, argument)).rejects.toThrow(message);
  });
});
