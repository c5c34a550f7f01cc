/** The product as it is built, in a folder of its own, and processes of it. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `env` is all that is told of the outside, beside the path. */
export function ended(
  file: string,
  args: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], {
      cwd,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (err += data));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out, err }));
  });
}

export async function built(): Promise<{ folder: string; cli: string; server: string; remove: () => void }> {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'persistence-built-')));
  const { code, err } = await ended('esbuild.mjs', [`--outdir=${folder}`]);
  if (code !== 0) throw new Error(err);
  return {
    folder,
    cli: path.join(folder, 'cli.js'),
    server: path.join(folder, 'server.js'),
    remove: () => fs.rmSync(folder, { recursive: true }),
  };
}
