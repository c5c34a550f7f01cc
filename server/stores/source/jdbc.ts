/** What a JDBC URL of an embedded database names. */
import * as path from 'node:path';
import { sqlitePath } from './sqlite-url.ts';
import type { Technology } from './technologies.ts';

/** `file`: relative paths are relative to the working directory, `~/` is the home directory. */
export type JdbcTarget =
  | {
      readonly kind: 'file';
      readonly technology: Technology;
      readonly path: string;
      readonly isFile: boolean;
      readonly readOnly: boolean;
    }
  | { readonly kind: 'memory'; readonly technology: Technology };

const EMBEDDED = /^jdbc:(?:p6spy:|otel:)?(sqlite|h2|hsqldb|derby|duckdb):(.*)$/is;

/** The technology that a URL's beginning names; null for servers and for what is no JDBC URL. */
export function jdbcTechnology(beginning: string): Technology | null {
  const name = /^jdbc:(?:p6spy:|otel:)?(sqlite|h2|hsqldb|derby|duckdb):/i.exec(beginning.trim())?.[1]?.toLowerCase();
  return (name as Technology | undefined) ?? null;
}

/** Null where it names a server, a resource of the program, or no embedded database. */
export function jdbcTarget(url: string): JdbcTarget | null {
  const [, name, rest] = EMBEDDED.exec(url.trim()) ?? [];
  if (!name || rest === undefined) return null;
  return READERS[name.toLowerCase()]!(rest);
}

const READERS: Readonly<Record<string, (rest: string) => JdbcTarget | null>> = { sqlite, h2, hsqldb, derby, duckdb };

function sqlite(rest: string): JdbcTarget | null {
  if (rest.startsWith(':resource:')) return null;
  const target = sqlitePath(/^file:/i.test(rest) ? rest : `jdbc:sqlite:${rest.replace(/[?].*$/s, '')}`);
  if (target?.kind !== 'path') return target && { kind: 'memory', technology: 'sqlite' };
  const readOnly = /[?&](?:open_mode=1|mode=ro|immutable=1)(?:&|$)/.test(rest);
  return { kind: 'file', technology: 'sqlite', path: target.path, isFile: true, readOnly };
}

/** H2 adds `.mv.db`. A name without a folder is refused unless it begins with `./`, so it tells of nothing. */
function h2(rest: string): JdbcTarget | null {
  const [place = '', ...options] = rest.split(';');
  if (/^mem:/i.test(place)) return { kind: 'memory', technology: 'h2' };
  const inner = place.replace(/^(?:(?:file|split|nio|nioMapped|async|retry):)+/i, '');
  if (/^[a-z]{2,}:/i.test(inner) || inner === '') return null;
  if (!/^(?:file:)/i.test(place) && !/^(?:\.{0,2}\/|~|\.\.?$)/.test(inner)) return null;
  const readOnly = options.some((option) => /^ACCESS_MODE_DATA=r$/i.test(option));
  return { kind: 'file', technology: 'h2', path: `${normal(inner)}.mv.db`, isFile: true, readOnly };
}

function hsqldb(rest: string): JdbcTarget | null {
  const [place = '', ...options] = rest.split(';');
  if (/^mem:/i.test(place) || place === '.') return { kind: 'memory', technology: 'hsqldb' };
  if (/^(?:res|hsqls?|https?):/i.test(place)) return null;
  const file = place.replace(/^file:/i, '');
  const readOnly = options.some((option) => /^(?:readonly|files_readonly)=true$/i.test(option));
  return file === ''
    ? null
    : { kind: 'file', technology: 'hsqldb', path: `${normal(file)}.script`, isFile: true, readOnly };
}

function derby(rest: string): JdbcTarget | null {
  const [place = ''] = rest.split(';');
  if (/^memory:/i.test(place)) return { kind: 'memory', technology: 'derby' };
  if (place.startsWith('//') || /^(?:classpath|jar):/i.test(place)) return null;
  const folder = place.replace(/^directory:/i, '');
  return folder === ''
    ? null
    : { kind: 'file', technology: 'derby', path: normal(folder), isFile: false, readOnly: false };
}

function duckdb(rest: string): JdbcTarget | null {
  const [file = '', ...options] = rest.split(/[;?]/);
  if (file === '' || file.startsWith(':memory:')) return { kind: 'memory', technology: 'duckdb' };
  if (/^(?:md|motherduck):/i.test(file)) return null;
  const readOnly = options.some((option) => /^duckdb\.read_only=true$/i.test(option));
  return { kind: 'file', technology: 'duckdb', path: normal(file), isFile: true, readOnly };
}

const normal = (file: string): string => path.posix.normalize(file).replace(/(?<=.)\/$/, '');
