/** What the live check looks at on this machine, so that a test can be another machine. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import type { Disk } from './model.ts';

export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly user: number | null;
  exists(path: string): boolean;
  /** Null when it cannot be read. */
  read(path: string): string | null;
  /** Names in a folder; null when it cannot be read. */
  list(path: string): readonly string[] | null;
  /** The first bytes of a regular file; null when it cannot be read. */
  head(path: string, bytes: number): Uint8Array | null;
  realPath(path: string): string;
  disk(path: string): Disk | null;
}

export function thisMachine(env: Readonly<Record<string, string | undefined>> = process.env): Machine {
  return {
    env,
    home: env.HOME || env.USERPROFILE || os.homedir(),
    platform: process.platform,
    user: process.getuid?.() ?? null,
    exists: (path) => attempt(() => fs.existsSync(path)) ?? false,
    read: (path) => attempt(() => fs.readFileSync(path, 'utf8')),
    list: (path) => attempt(() => fs.readdirSync(path)),
    head: (path, bytes) => attempt(() => head(path, bytes)),
    realPath: (path) => attempt(() => fs.realpathSync(path)) ?? path,
    disk: (path) =>
      attempt(() => {
        const { bavail, blocks, bsize } = fs.statfsSync(path);
        return { free: bavail * bsize, total: blocks * bsize };
      }),
  };
}

function head(path: string, count: number): Uint8Array | null {
  // A pipe or a device would be waited for.
  if (!fs.statSync(path).isFile()) return null;
  const handle = fs.openSync(path, 'r');
  try {
    const bytes = new Uint8Array(count);
    return bytes.subarray(0, fs.readSync(handle, bytes, 0, count, 0));
  } finally {
    fs.closeSync(handle);
  }
}

function attempt<T>(act: () => T): T | null {
  try {
    return act();
  } catch {
    return null;
  }
}
