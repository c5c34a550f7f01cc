/** What lies at the path of a store, as seen through the engine: nothing is run for it. */
import * as path from 'node:path';
import type { Engine, PathStat } from './engine.ts';

export interface Look {
  /** Links resolved: what the mounts are to be compared with. */
  readonly path: string;
  readonly links: readonly string[];
  readonly stat: PathStat | null;
  /** Of a missing file: whether its folder is there. */
  readonly parent: boolean;
  /** Of a folder; null when it could not be told. */
  readonly empty: boolean | null;
  /** Some names in it. */
  readonly entries: readonly string[];
}

const MOST_LINKS = 8;
/** Made with the file system, or kept so that a folder can be checked in: no data. */
const NO_DATA = /^(lost\+found|\.gitkeep|\.gitignore|\.keep|\.DS_Store)$/;

export async function look(engine: Engine, id: string, at: string, signal?: AbortSignal): Promise<Look> {
  const links: string[] = [];
  const { path: resolved, stat, parent } = await resolve(engine, id, at, links, signal);
  const base = { path: resolved, links, stat, parent };
  if (stat?.kind !== 'directory') return { ...base, empty: null, entries: [] };
  const limits = { entries: 12, bytesEach: 0, bytesTotal: 512 * 1024 };
  const archive = await engine.archive(id, resolved, limits, signal);
  if (!archive) return { ...base, empty: null, entries: [] };
  const names = archive.entries.map((entry) => entry.path).filter((name) => name !== '');
  const entries = [...new Set(names.map((name) => name.split('/')[0]!))].filter((name) => !NO_DATA.test(name));
  return { ...base, empty: entries.length > 0 ? false : archive.complete ? true : null, entries };
}

/** The engine follows links on the way to a path, but does not say so: each folder on the way is asked for. */
async function resolve(
  engine: Engine,
  id: string,
  at: string,
  links: string[],
  signal?: AbortSignal,
): Promise<Pick<Look, 'path' | 'stat' | 'parent'>> {
  let current = '/';
  let stat: PathStat | null = null;
  const parts = at.split('/').filter(Boolean);
  for (let i = 0; i < parts.length; i++) {
    const next = path.posix.join(current, parts[i]!);
    stat = await engine.stat(id, next, signal);
    if (!stat) return { path: path.posix.join(next, ...parts.slice(i + 1)), stat, parent: i === parts.length - 1 };
    if (stat.kind === 'link' && stat.linkTarget && links.length < MOST_LINKS) {
      links.push(`${next} -> ${stat.linkTarget}`);
      const target = path.posix.resolve(current, stat.linkTarget);
      return resolve(engine, id, path.posix.join(target, ...parts.slice(i + 1)), links, signal);
    }
    current = next;
  }
  return { path: current, stat: stat ?? (await engine.stat(id, '/', signal)), parent: true };
}
