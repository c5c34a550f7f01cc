/** Telling databases from other files: by what stands in them, else by a name that means nothing else. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import type { Mount } from '../project/model.ts';
import { isWithin } from '../survival/backing.ts';
import type { CopiedFile } from '../syntax/build-context.ts';

const SIGNATURES: readonly { readonly text: string; readonly at: number; readonly what: string }[] = [
  { text: 'SQLite format 3\0', at: 0, what: 'a SQLite database' },
  { text: 'REDIS0', at: 0, what: 'a Redis snapshot' },
  { text: 'H2', at: 0, what: 'an H2 database' },
  { text: 'DUCK', at: 8, what: 'a DuckDB database' },
];

/** Names that databases carry, and nothing else. */
const NAMED: readonly { readonly name: RegExp; readonly what: string }[] = [
  { name: /\.sqlite3?$/i, what: 'a SQLite database' },
  { name: /(^|\/)dump\.rdb$/, what: 'a Redis snapshot' },
  { name: /(^|\/)appendonly\.aof$/, what: 'a Redis append-only file' },
  { name: /(^|\/)pb_data\//, what: 'PocketBase data' },
  { name: /\.mv\.db$/i, what: 'an H2 database' },
  { name: /(^|\/)ibdata1$/, what: 'a MySQL data directory' },
  { name: /(^|\/)PG_VERSION$/, what: 'a PostgreSQL cluster' },
  { name: /(^|\/)WiredTiger$/, what: 'a MongoDB data directory' },
];

/** Endings that databases have, among others: what stands in the file decides. */
const MAYBE = /\.(db3?|sqlite3?|rdb|mdb|duckdb)$|(^|\/)(PG_VERSION|ibdata1|WiredTiger)$/i;

/** Files that come with a program on purpose, an index for its search among them. */
const REFERENCE =
  /(^|\/)(seeds?|seed[-_]data|fixtures?|test[-_]?data|tests?|__tests__|samples?|examples?|migrations?|geoip|geolite|node_modules|site-packages|\.git)(\/|$)|\.mmdb$|(^|\/)(search|fts)([-_]?(index|docs?))?\.(db3?|sqlite3?)$|(^|\/)(Thumbs\.db|template|seed|sample|example|fixture|demo)[^/]*$/i;

/** `file` is relative to the build context. */
export const isReferenceData = (file: string): boolean => REFERENCE.test(file);

/** `file` could be a database by its name: worth a look into it. */
export const mayBeDatabase = (file: string): boolean => MAYBE.test(file) || NAMED.some(({ name }) => name.test(file));

const candidates = new WeakMap<readonly CopiedFile[], readonly CopiedFile[]>();

/** Of what a step copies the files that are worth a look. Thousands are copied, and every lint asks. */
export function mayBeDatabases(copied: readonly CopiedFile[], context: string): readonly CopiedFile[] {
  let found = candidates.get(copied);
  if (!found) {
    found = copied.filter(({ file }) => !isReferenceData(file) && mayBeDatabase(path.posix.join(context, file)));
    candidates.set(copied, found);
  }
  return found;
}

/** What kind of database the file `at` is; null when it is none, is empty, or cannot be read. */
export function databaseKind(files: Files, at: string): string | null {
  if (!mayBeDatabase(at)) return null;
  const head = files.head(at, 64);
  if (!head || head.size === 0) return null;
  const text = String.fromCharCode(...head.bytes);
  const signed = SIGNATURES.find((signature) => text.startsWith(signature.text, signature.at));
  if (signed) return path.posix.basename(at) === 'chroma.sqlite3' ? 'a Chroma store' : signed.what;
  return NAMED.find(({ name }) => name.test(at) && !/\.sqlite3?$|\.mv\.db$/i.test(at))?.what ?? null;
}

/** What kind of database a name alone stands for; null for names that may stand for anything. */
export const databaseByName = (file: string): string | null => NAMED.find(({ name }) => name.test(file))?.what ?? null;

/** More files of one folder are not looked into. */
const MAX_LOOKED_AT = 200;

/**
 * SQLite databases that a service may write to through a mount: whoever opens them there, what it writes lands in these
 * files. Seed data, tests and folders of packages do not count.
 *
 * @param among files of the host, absolute: those that git tracks
 */
export function databaseFilesIn(
  { type, source, readOnly, unresolved, from }: Pick<Mount, 'type' | 'source' | 'readOnly' | 'unresolved' | 'from'>,
  among: readonly string[],
  files: Files,
): string[] {
  if (type !== 'bind' || source === undefined || readOnly || unresolved.length > 0 || from !== 'volumes') return [];
  const inside = among.filter((file) => isWithin(file, source) && mayBeDatabase(file));
  // A file that is mounted for itself is meant, whatever it is called.
  const own = inside.filter((file) => file === source || !isReferenceData(path.posix.relative(source, file)));
  return own.slice(0, MAX_LOOKED_AT).filter((file) => isSqlite(file, files));
}

/** By what stands in it: its name may be anybody's, and an empty file holds nothing. */
function isSqlite(at: string, files: Files): boolean {
  const { text } = SIGNATURES[0]!;
  const head = files.head(at, text.length);
  return head !== null && String.fromCharCode(...head.bytes) === text;
}
