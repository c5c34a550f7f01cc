// A real container engine with one project on it, and what stands before an engine: one that is slow, one that hangs.
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { run } from './hosts/hosts.mjs';
import { temporaryFolder } from './vscode-server.mjs';

const setup = path.resolve(import.meta.dirname, '../engine/setup');
const home = path.resolve(process.env.PERSISTENCE_ENGINE_DIR ?? path.join(import.meta.dirname, '../../.tmp/engine'));
const NAME = 'docker26';

const script = (name, ...args) => run('bash', [path.join(setup, `${name}.sh`), NAME, ...args]);

/** @throws saying why, where it cannot be had */
export async function startEngine() {
  await script('install');
  const isOurs = (await script('start')).trim() === 'started';
  const stop = () => (isOurs ? script('stop') : undefined);
  const socket = path.join(home, NAME, 'engine.sock');
  const programs = path.join(home, 'trixie/root/usr');
  const environment = { DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: path.join(home, 'client') };
  const compose = (folder, ...args) =>
    run(
      'env',
      [
        ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
        path.join(programs, 'libexec/docker/cli-plugins/docker-compose'),
        ...['--progress', 'quiet', ...args],
      ],
      { cwd: folder },
    );
  try {
    await script('images', 'redis');
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    socket,
    stop,
    /** @param store the service in which something is stored */
    async up(folder, store) {
      await compose(folder, 'up', '-d', '--pull', 'never', '-t', '1');
      await compose(folder, 'exec', '-T', store, 'redis-cli', 'set', 'basket', 'full');
    },
    down: (folder) => compose(folder, 'down', '--volumes', '--remove-orphans', '-t', '1'),
  };
}

/** A socket with `answer` behind it. */
async function listen(answer) {
  const folder = temporaryFolder('socket');
  const at = path.join(folder, 'engine.sock');
  const sockets = new Set();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    answer(socket);
  });
  await new Promise((resolve) => server.listen(at, resolve));
  return {
    address: `unix://${at}`,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Takes calls, and never answers. */
export const hangingEngine = () => listen(() => {});

/** The engine at `socket`, each call to it after a while: what takes no time cannot be seen. */
export const slowEngine = (socket, delay) =>
  listen((caller) => {
    const engine = net.connect(socket);
    engine.on('error', () => caller.destroy());
    engine.on('close', () => caller.destroy());
    caller.on('close', () => engine.destroy());
    caller.on('data', (data) => setTimeout(() => engine.writable && engine.write(data), delay));
    engine.pipe(caller);
  });
