/** The server as editors start it: a process of its own, over stdio or node's IPC. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  createProtocolConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageReader,
  type MessageWriter,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { URI } from 'vscode-uri';
import { built } from '../built.ts';
import { brief, PUSH } from './client.ts';
import { UNDECLARED, UNDECLARED_BRIEF } from './examples.ts';

/** Who runs the tests keeps none of what they have compiled. */
const NOTHING_KEPT = { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' };

let product: Awaited<ReturnType<typeof built>>;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  product = await built();
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'persistence-')));
});

afterAll(() => {
  product.remove();
  fs.rmSync(folder, { recursive: true });
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Started {
  readonly child: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly ended: Promise<number | null>;
  readonly errors: string[];
}

const keep = (child: ChildProcess): ChildProcess => {
  children.push(child);
  return child;
};

function watch(child: ChildProcess, reader: MessageReader, writer: MessageWriter): Started {
  const errors: string[] = [];
  child.stderr?.on('data', (chunk) => errors.push(String(chunk)));
  const connection = createProtocolConnection(reader, writer);
  connection.listen();
  return { child, connection, errors, ended: once(child, 'exit').then(([code]) => code as number | null) };
}

function stdio(): Started {
  const child = spawn(process.execPath, [product.server, '--stdio'], { env: NOTHING_KEPT });
  keep(child);
  return watch(child, new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
}

function ipc(): Started {
  const child = keep(fork(product.server, ['--node-ipc'], { env: NOTHING_KEPT, silent: true }));
  return watch(child, new IPCMessageReader(child), new IPCMessageWriter(child));
}

async function initialize({ connection }: Started, processId: number | null = process.pid): Promise<void> {
  const rootUri = URI.file(folder).toString();
  await connection.sendRequest('initialize', { processId, rootUri, capabilities: { textDocument: PUSH.textDocument } });
  await connection.sendNotification('initialized', {});
}

async function firstDiagnostics({ connection }: Started): Promise<PublishDiagnosticsParams> {
  const uri = URI.file(path.join(folder, 'compose.yaml')).toString();
  const published = new Promise<PublishDiagnosticsParams>((resolve) =>
    connection.onNotification('textDocument/publishDiagnostics', resolve),
  );
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'dockercompose', version: 1, text: UNDECLARED },
  });
  return published;
}

describe.each([
  ['--stdio', stdio],
  ['--node-ipc', ipc],
])('%s', (_, start) => {
  test('from the first request to the exit', async () => {
    const started = start();
    await initialize(started);
    const { diagnostics } = await firstDiagnostics(started);
    expect(diagnostics.map(brief)).toEqual([UNDECLARED_BRIEF]);
    await started.connection.sendRequest('shutdown');
    await started.connection.sendNotification('exit');
    expect(await started.ended).toBe(0);
    expect(started.errors).toEqual([]);
  });

  test('an exit without a shutdown is an error', async () => {
    const started = start();
    await initialize(started);
    await started.connection.sendNotification('exit');
    expect(await started.ended).toBe(1);
  });

  test('it ends when the editor that started it is gone', async () => {
    const editor = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    keep(editor);
    const started = start();
    await initialize(started, editor.pid ?? null);
    editor.kill('SIGKILL');
    expect(await started.ended).toBe(1);
  });
});

test('it ends when its input does', async () => {
  const started = stdio();
  await initialize(started);
  started.child.stdin?.end();
  expect(await started.ended).toBe(1);
});

test('it ends when nobody reads its output', async () => {
  const started = stdio();
  await initialize(started);
  started.child.stdout?.destroy();
  started.child.stdin?.on('error', () => undefined);
  const asking = setInterval(() => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'textDocument/hover', params: {} });
    started.child.stdin?.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
  }, 100);
  expect(await started.ended).toBe(1);
  clearInterval(asking);
});

test('what is no message does not end it', async () => {
  const started = stdio();
  started.child.stdin?.write('Content-Length: 9\r\n\r\n{"jsonrpc');
  await initialize(started);
  expect((await firstDiagnostics(started)).diagnostics).toHaveLength(1);
});

test('without a way to talk it says how it is started', async () => {
  const child = spawn(process.execPath, [product.server]);
  keep(child);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(2);
  expect(errors).toMatch(/^Usage: compose-persistence-server --stdio/);
});
