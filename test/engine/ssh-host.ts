/** An ssh server on this machine, behind which is an engine. Its client is the real ssh with a configuration of its own. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import type { EngineUnderTest } from './engines.ts';
import { HOME } from './machine.ts';
import { succeed, until } from './shell.ts';

export interface SshHost {
  /** `ssh://127.0.0.1:port` */
  readonly address: string;
  /** A folder for PATH, whose `ssh` knows the key and the host. */
  readonly programs: string;
  /** Makes the host another one than the client knows. */
  forget(): void;
  stop(): Promise<void>;
}

export async function startSshHost(engine: EngineUnderTest, folder: string): Promise<SshHost> {
  const port = await freePort();
  const script = path.join(import.meta.dirname, 'setup/sshd.sh');
  const child = spawn(script, [folder, String(port), engine.socket], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said = (said + data.toString()).slice(-2000);
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  await until(
    'the ssh server listens',
    async () => {
      if (child.exitCode !== null) throw new Error(`the ssh server did not start: ${said}`);
      return said.includes('Server listening');
    },
    120_000,
  );
  const programs = path.join(folder, 'bin');
  fs.mkdirSync(programs);
  const real = (await succeed('sh', ['-c', 'command -v ssh'])).trim();
  fs.writeFileSync(path.join(programs, 'ssh'), `#!/bin/sh\nexec ${real} -F ${folder}/client.conf "$@"\n`, {
    mode: 0o755,
  });
  const known = path.join(folder, 'known');
  return {
    address: `ssh://127.0.0.1:${port}`,
    programs,
    forget: () => fs.writeFileSync(known, ''),
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A folder for what one test needs. */
export const place = (engine: EngineUnderTest, name: string): string => {
  const folder = path.join(HOME, 'projects', engine.name, `${name}-${process.pid}`);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  return folder;
};
