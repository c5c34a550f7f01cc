/** Starts one side of the program, and later keeps what was compiled for it. */
import * as os from 'node:os';
import * as path from 'node:path';
import * as v8 from 'node:v8';
import { isOfToday, readCache, touchCache, writeCache } from './cache.ts';
import { load } from './load.ts';
import { cacheFolder, cacheName } from './place.ts';

/** The name of the script, with a hash of what it holds: put in by the build. */
declare const BODY: string;

type Side = 'cli' | 'server';

/**
 * @param use what is compiled differs with it
 * @returns keeps what is compiled by now; undefined where nothing is to be kept
 */
export function start(side: Side, use: string): (() => void) | undefined {
  const folder = cacheFolder({ env: process.env, platform: process.platform, home: home() });
  const file = folder && path.join(folder, cacheName(BODY, use, v8.cachedDataVersionTag()));
  const kept = file ? readCache(file) : null;
  const { exports, script } = load(path.join(__dirname, BODY), kept?.data);
  const known = script.cachedDataRejected === false ? (kept?.data.length ?? 0) : 0;
  (exports as Record<Side, () => void>)[side]();
  if (!file || (kept && known > 0 && isOfToday(kept))) return undefined;
  let length = known;
  return () => {
    const data = script.createCachedData();
    if (data.length <= length) return touchCache(file);
    length = data.length;
    writeCache(file, data);
  };
}

function home(): string {
  try {
    return os.homedir();
  } catch {
    return '';
  }
}
