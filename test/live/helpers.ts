/** Machines and engines that are not there: folders, sockets and a server that answers as it is told. */
import * as fs from 'node:fs';
import * as http from 'node:http';
import type * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach } from 'vitest';
import { type Machine, thisMachine } from '../../server/live/machine.ts';

const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const act of undo.splice(0).reverse()) await act();
});

export function folder(files: Readonly<Record<string, string>> = {}): string {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'live-')));
  undo.push(() => fs.rmSync(root, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  }
  return root;
}

/** A machine with this home and nothing else that one would find: its root is `home` too. */
export function machine(
  home: string,
  env: Readonly<Record<string, string>> = {},
  more: Partial<Machine> = {},
): Machine {
  const real = thisMachine({ HOME: home, ...env });
  const own = (at: string): boolean => at.startsWith(home);
  return {
    ...real,
    platform: 'linux',
    user: 1000,
    exists: (at) => own(at) && real.exists(at),
    ...more,
  };
}

export type Answer = (request: http.IncomingMessage, response: http.ServerResponse) => void;

export const json =
  (value: unknown, status = 200): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  };

export const VERSION = { Version: '26.1.5', ApiVersion: '1.45', Components: [{ Name: 'Engine' }] };
export const INFO = { Name: 'elsewhere', OperatingSystem: 'Debian', DockerRootDir: '/var/lib/docker' };

/** By path; what is not there is 404. */
export const routes =
  (answers: Readonly<Record<string, Answer>>): Answer =>
  (request, response) => {
    const at = (request.url ?? '').replace(/\?.*$/, '');
    (answers[at] ?? json({ message: 'page not found' }, 404))(request, response);
  };

export const ENGINE = { '/version': json(VERSION), '/info': json(INFO) };

export function listen(server: net.Server, at: string | number): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  undo.push(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  return new Promise((resolve) => {
    const done = (): void => resolve((server.address() as net.AddressInfo).port ?? 0);
    if (typeof at === 'number') server.listen(at, '127.0.0.1', done);
    else server.listen(at, done);
  });
}

/** @returns the address of a Unix socket on which `answer` answers */
export async function onSocket(answer: Answer, at = path.join(folder(), 'engine.sock')): Promise<string> {
  fs.mkdirSync(path.dirname(at), { recursive: true });
  await listen(http.createServer(answer), at);
  return `unix://${at}`;
}
