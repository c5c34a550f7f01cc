/** The language server as it is built: it keeps what it has compiled once nobody types. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  createProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { URI } from 'vscode-uri';
import { readCache } from '../../server/start/cache.ts';
import { built, ended } from '../built.ts';
import { folder } from '../cli/helpers.ts';

let product: Awaited<ReturnType<typeof built>>;

beforeAll(async () => {
  product = await built();
});

afterAll(() => product.remove());

/** One session: a file is opened, what is said of it is waited for, then `meanwhile`. */
async function session(home: string, meanwhile: () => Promise<void>): Promise<unknown> {
  const cwd = folder();
  const child = spawn(process.execPath, [product.server, '--stdio'], {
    cwd,
    env: { PATH: process.env.PATH, XDG_CACHE_HOME: home },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const published = new Promise<PublishDiagnosticsParams>((resolve) => {
    connection.onNotification('textDocument/publishDiagnostics', resolve);
  });
  connection.listen();
  const capabilities = { textDocument: { publishDiagnostics: {} } };
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities });
  await connection.sendNotification('initialized', {});
  const uri = URI.file(path.join(cwd, 'compose.yaml')).toString();
  const text = 'services:\n  db:\n    image: chromadb/chroma:1.0.0\n';
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'dockercompose', version: 1, text },
  });
  const { diagnostics } = await published;
  await meanwhile();
  await connection.sendRequest('shutdown');
  const exited = once(child, 'exit');
  await connection.sendNotification('exit');
  expect(await exited).toEqual([0, null]);
  connection.dispose();
  return diagnostics.map(({ code, range, message }) => ({ code, range, message }));
}

/** Whether V8 takes it in a process that has just begun. */
async function isTaken(data: Buffer): Promise<boolean> {
  const body = fs.readdirSync(product.folder).find((name) => name.startsWith('body-'))!;
  const file = path.join(folder({ data }), 'data');
  const script = `const { readFileSync: read } = require('node:fs');
    const [text, cachedData] = [read(${JSON.stringify(path.join(product.folder, body))}, 'latin1'), read(${JSON.stringify(file)})];
    console.log(new (require('node:vm').Script)(text, { cachedData }).cachedDataRejected);`;
  return (await ended('-e', [script])).out === 'false\n';
}

it('keeps what it has compiled, and a later one uses it', async () => {
  const home = folder();
  const cache = path.join(home, 'compose-persistence');
  const kept = (): string[] => (fs.existsSync(cache) ? fs.readdirSync(cache) : []);
  const first = await session(home, async () => {
    while (!kept().some((name) => name.endsWith('.compiled'))) await new Promise((resolve) => setTimeout(resolve, 200));
  });
  expect(first).toMatchObject([
    { code: 'missing-volume', range: { start: { line: 1, character: 2 }, end: { line: 1, character: 4 } } },
  ]);
  const names = kept();
  expect(names).toEqual([expect.stringMatching(/^body-[A-Z0-9]{8}-server-/)]);
  const file = path.join(cache, names[0]!);
  const whole = readCache(file)!.data;
  expect(await isTaken(whole)).toBe(true);
  expect(await session(home, async () => undefined)).toEqual(first);
  expect(kept()).toEqual(names);
  expect(readCache(file)!.data.equals(whole)).toBe(true);
}, 180_000);

it('says how it is used, and ends', async () => {
  const env = { XDG_CACHE_HOME: folder() };
  expect(await ended(product.server, [], { env })).toEqual({
    code: 2,
    out: '',
    err: 'Usage: compose-persistence-server --stdio | --node-ipc | --pipe=<name> | --socket=<port>\n',
  });
});
