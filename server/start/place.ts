/** Where compiled code is kept: in the user's own folder for such things, never in one that others may write to. */
import * as path from 'node:path';

const OURS = 'compose-persistence';

export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Empty where there is none. */
  readonly home: string;
}

/** Node's own names come first. Null: nothing is kept. */
export function cacheFolder({ env, platform, home }: Machine): string | null {
  if (env.NODE_DISABLE_COMPILE_CACHE) return null;
  const { join, resolve, isAbsolute } = platform === 'win32' ? path.win32 : path.posix;
  if (env.NODE_COMPILE_CACHE) return join(resolve(env.NODE_COMPILE_CACHE), OURS);
  const said = platform === 'win32' ? env.LOCALAPPDATA : platform === 'darwin' ? undefined : env.XDG_CACHE_HOME;
  if (said && isAbsolute(said)) return join(said, OURS);
  if (!isAbsolute(home)) return null;
  const usual = { win32: ['AppData', 'Local'], darwin: ['Library', 'Caches'] } as Partial<Record<string, string[]>>;
  return join(home, ...(usual[platform] ?? ['.cache']), OURS);
}

/** What V8 itself does not compare: it looks at the length of a script only, and at its own version and flags. */
export const cacheName = (body: string, use: string, tag: number): string =>
  [path.parse(body).name, use, process.versions.v8, process.arch, tag.toString(16)].join('-') + SUFFIX;

export const SUFFIX = '.compiled';
