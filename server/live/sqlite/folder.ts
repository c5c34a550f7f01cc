/** The databases in a folder of a container, told by their first bytes. */
import * as path from 'node:path';
import type { Files } from './copy.ts';
import { isDatabase } from './header.ts';

const LIMITS = { entries: 4000, bytesEach: 16, bytesTotal: 64 * 1024 * 1024 };
const NOISE = /(^|\/)(\.cache|node_modules|__pycache__|\.git)\//;

export interface Found {
  readonly found: readonly string[];
  /** False: not everything was looked at. */
  readonly complete: boolean;
}

/** Those nearest to the folder first. */
export async function databasesIn(files: Pick<Files, 'archive'>, folder: string): Promise<Found> {
  const archive = await files.archive(folder, LIMITS);
  if (!archive) return { found: [], complete: true };
  const depth = (at: string): number => at.split('/').length;
  const found = archive.entries
    .filter(({ path: at, bytes }) => !NOISE.test(at) && isDatabase(bytes))
    .map((entry) => entry.path)
    .sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
  return { found: found.map((at) => path.posix.join(folder, at)), complete: archive.complete };
}
