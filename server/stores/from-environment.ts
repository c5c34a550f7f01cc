/** SQLite files that the environment names. */
import * as path from 'node:path';
import type { Mount } from '../project/model.ts';
import { cleanTarget } from '../project/mounts.ts';
import { coveringMount } from '../survival/backing.ts';
import type { Evidence, Store } from '../survival/words.ts';
import type { EffectiveEnvironment } from './from-image.ts';
import { sqlitePath } from './source/sqlite-url.ts';

export type SqliteDialect = 'sqlalchemy' | 'sqlx' | 'prisma' | 'plain';

const URL = /^(sqlite[0-9]*|jdbc:sqlite|file)(\+\w+)?:/i;
const FILE = /^[^\s:]+\.(sqlite3?|db3?)$/i;

/** Variables whose values name a SQLite file: by URL, or as a path with the ending of one. */
export function storesFromEnvironment(
  environment: EffectiveEnvironment,
  workdir: string | null,
  dialect: SqliteDialect | undefined,
  mounts: readonly Mount[],
): Store[] {
  const stores: Store[] = [];
  for (const [name, entry] of environment) {
    const { value } = entry;
    if (value === null) continue;
    const isUrl = URL.test(value);
    if (!isUrl && !(FILE.test(value) && path.posix.isAbsolute(value))) continue;
    const { evidence } = entry;
    if (evidence.confidence === 'memory') continue;
    if (isUrl) {
      const store = fromUrl(name, value.replace(/^jdbc:/i, ''), evidence, workdir, dialect, mounts);
      if (store) stores.push(store);
    } else {
      stores.push(
        sqliteStore(cleanTarget(value), { ...evidence, note: `${name} names ${value}`, confidence: 'secondary' }),
      );
    }
  }
  return stores;
}

function fromUrl(
  name: string,
  url: string,
  evidence: Evidence,
  workdir: string | null,
  dialect: SqliteDialect | undefined,
  mounts: readonly Mount[],
): Store | undefined {
  if (/^file:/i.test(url) && !FILE.test(url.replace(/^file:(\/\/)?/i, '').replace(/\?.*$/, ''))) return undefined;
  const parsed = sqlitePath(url, dialect);
  if (!parsed || parsed.kind === 'memory') return undefined;
  const because = { ...evidence, note: `${name} is ${url}` };
  if (parsed.kind === 'ambiguous') {
    const relative = workdir === null ? null : cleanTarget(path.posix.resolve(workdir, parsed.sqlalchemy));
    const absolute = cleanTarget(parsed.sqlx);
    if (relative === absolute) return sqliteStore(absolute, because);
    return eitherOf(relative, absolute, because, url, mounts);
  }
  if (parsed.absolute) return sqliteStore(cleanTarget(parsed.path), because);
  // Prisma counts from the folder of schema.prisma, which only the application knows.
  if (dialect === 'prisma' || workdir === null)
    return unknownStore(because, `${url} is relative to a folder that is not known here`);
  return sqliteStore(cleanTarget(path.posix.resolve(workdir, parsed.path)), because);
}

export const sqliteStore = (file: string, because: Evidence): Store => ({
  technology: 'sqlite',
  title: 'SQLite',
  path: file,
  isFile: true,
  kind: 'essential',
  need: 'required',
  confidence: because.confidence,
  evidence: [because],
  role: 'embedded',
});

/**
 * Two libraries read the URL as two places. The one in a mount is meant, if there is one; otherwise the data is lost in
 * either, and which of the two it is stays open.
 */
function eitherOf(
  relative: string | null,
  absolute: string,
  because: Evidence,
  url: string,
  mounts: readonly Mount[],
): Store {
  const mounted = [relative, absolute].find((at) => at !== null && coveringMount(at, mounts) !== undefined);
  const note = `${url} is ${relative ?? 'a path below the working directory'} to SQLAlchemy and ${absolute} to SQLx`;
  return sqliteStore(mounted ?? absolute, { ...because, note, confidence: 'memory' });
}

const unknownStore = (because: Evidence, reason: string): Store => ({
  ...sqliteStore('/', because),
  path: null,
  unknown: reason,
});
