/** What a SQLite URL names. The same text is a relative path to one library and an absolute one to another. */
import * as path from 'node:path';
import type { UrlDialect } from './model.ts';

export type SqliteTarget =
  | { readonly kind: 'path'; readonly path: string; readonly absolute: boolean; readonly readOnly: boolean }
  | { readonly kind: 'memory' }
  /** Which library reads it is not known, and they differ: the path each would open. */
  | { readonly kind: 'ambiguous'; readonly sqlalchemy: string; readonly sqlx: string };

const SCHEME = /^(?:jdbc:)?(?:sqlite3?|spatialite|sqlcipher)(\+\w+)?:/i;
const WINDOWS = /^\/?([A-Za-z]:[\\/].*)$/s;

/**
 * The file a URL names, or null where it names no SQLite database. `dialect` undefined: any library may read it.
 * Relative paths are relative to the working directory (`prisma`: to the directory of the schema).
 */
export function sqlitePath(url: string, dialect?: UrlDialect): SqliteTarget | null {
  const text = url.trim();
  if (/^file:/i.test(text)) return fileUri(text);
  const scheme = SCHEME.exec(text);
  if (!scheme && dialect === 'dsn') return plain(split(text)[0]);
  if (!scheme) return dialect === 'plain' ? plain(text) : null;
  const rest = text.slice(scheme[0].length);
  if (/^jdbc:/i.test(text)) return named(rest);
  // Only SQLAlchemy names its driver in the scheme.
  if (scheme[1]) return sqlalchemy(rest);
  switch (dialect) {
    case 'sqlalchemy':
      return sqlalchemy(rest);
    case 'sqlx':
    case 'prisma':
    case 'plain':
    case 'dsn':
      return sqlx(rest);
    default:
      return either(sqlalchemy(rest), sqlx(rest));
  }
}

function either(alchemy: SqliteTarget | null, sqlx: SqliteTarget | null): SqliteTarget | null {
  if (!alchemy || !sqlx) return alchemy ?? sqlx;
  if (alchemy.kind === 'path' && sqlx.kind === 'path' && alchemy.path !== sqlx.path) {
    return { kind: 'ambiguous', sqlalchemy: alchemy.path, sqlx: sqlx.path };
  }
  return alchemy.kind === 'memory' ? sqlx : alchemy;
}

/** Three slashes and the path: a fourth makes it absolute. Two and a name would be a host, which SQLite has not. */
function sqlalchemy(rest: string): SqliteTarget | null {
  const database = /^\/\/(?:\/(.*))?$/s.exec(rest);
  if (!database) return null;
  const [file, query] = split(database[1] ?? '');
  if (/^file:/i.test(file)) return fileUri(query ? `${file}?${query}` : file);
  return named(file, query);
}

/** All after `sqlite://` is the path. */
function sqlx(rest: string): SqliteTarget | null {
  const [file, query] = split(rest.replace(/^\/\//, ''));
  return named(decoded(file), query);
}

/** As SQLite itself reads URIs: `file:x`, `file:/x`, `file:///x`, `file://localhost/x`. */
function fileUri(text: string): SqliteTarget | null {
  const [uri, query] = split(text.slice('file:'.length).replace(/#.*$/s, ''));
  const withHost = /^\/\/([^/]*)(\/.*)?$/s.exec(uri);
  if (withHost && !withHost[2]) return named(decoded(withHost[1]!), query);
  // A first name after two slashes is a host; people who write it mean a relative path.
  if (withHost?.[1] && withHost[1] !== 'localhost') return named(decoded(uri.slice(2)), query);
  return named(decoded(withHost ? withHost[2]! : uri), query);
}

/** No scheme of SQLite: a path, unless it is another database's URL. */
function plain(text: string): SqliteTarget | null {
  return /^[a-z][a-z0-9+.-]+:/i.test(text) ? null : named(text);
}

function named(name: string, query = ''): SqliteTarget | null {
  const options = new URLSearchParams(query);
  const bare = name.replace(/^\//, '');
  if (bare === '' || bare.startsWith(':memory:') || options.get('mode') === 'memory') return { kind: 'memory' };
  const readOnly = options.get('mode') === 'ro' || options.get('immutable') === '1';
  const windows = WINDOWS.exec(name);
  if (windows) return { kind: 'path', path: windows[1]!.replaceAll('\\', '/'), absolute: true, readOnly };
  const normal = path.posix.normalize(name).replace(/(?<=.)\/$/, '');
  return { kind: 'path', path: normal, absolute: normal.startsWith('/'), readOnly };
}

function split(text: string): [string, string] {
  const mark = text.indexOf('?');
  return mark < 0 ? [text, ''] : [text.slice(0, mark), text.slice(mark + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
