/** From a path as code writes it to the path in one service's container. */
import * as path from 'node:path';
import { holds } from './expressions.ts';
import { jdbcTarget } from './jdbc.ts';
import type { PathExpression, SourceStore, Technology, TextTest } from './model.ts';
import { flagIn, programFolder, scriptFolder } from './program-words.ts';
import { sqlitePath } from './sqlite-url.ts';
import { classOf } from './technologies.ts';

/** Where the code runs. */
export interface ExecutionPlace {
  /** Path in the image of a source file; null when it is not copied there. */
  file(path: string): string | null;
  readonly workdir: string | null;
  /** undefined: not set; null: set, but its value is not known. */
  environment(name: string): string | null | undefined;
  readonly home: string | null;
  /** The words that run; undefined where they are not known. */
  readonly argv?: readonly string[];
}

const MAX_DEPTH = 100;

type Text = { readonly text: string } | { readonly unknown: string; readonly unset?: boolean };

const unknown = (reason: string, unset = false): Text => ({ unknown: reason, unset });

/** The text the code computes: a path that may be relative, or a URL. */
export function resolveText(expression: PathExpression, place: ExecutionPlace): { text: string } | { unknown: string } {
  const text = textOf(expression, place, 0);
  return 'text' in text ? text : { unknown: text.unknown };
}

/** The absolute path in the container, without a trailing slash. */
export function resolvePath(
  expression: PathExpression,
  place: ExecutionPlace,
  base: PathExpression = { kind: 'cwd' },
): { path: string } | { unknown: string } {
  const text = textOf(expression, place, 0);
  return 'text' in text ? absolute(text.text, place, base) : { unknown: text.unknown };
}

export type ResolvedStore =
  | { readonly path: string; readonly readOnly: boolean; readonly is?: Found }
  /** Kept in memory, or in a database elsewhere: there is no path. */
  | { readonly elsewhere: true }
  | { readonly ambiguous: { readonly sqlalchemy: string; readonly sqlx: string } }
  | { readonly unknown: string };

/** What a URL that may be any database's turned out to be. */
interface Found {
  readonly technology: Technology;
  readonly isFile: boolean;
}

/** A store's path in the container; URLs are read as the store's library reads them. */
export function resolveStore(store: SourceStore, place: ExecutionPlace): ResolvedStore {
  const open = opening(store, place);
  if (open !== true) return open ? { unknown: open.unknown } : { elsewhere: true };
  const text = textOf(store.path, place, 0);
  if ('unknown' in text) {
    const elsewhere = store.form === 'url' && isForeign(beginning(store.path, place, 0));
    return elsewhere ? { elsewhere: true } : { unknown: text.unknown };
  }
  const at = (file: string, readOnly: boolean): ResolvedStore => {
    const found = absolute(file, place, store.base ?? { kind: 'cwd' });
    return 'path' in found ? { path: found.path, readOnly } : found;
  };
  if (store.form === 'jdbc') return jdbc(text.text, store, place, at);
  if (store.form !== 'url') {
    const isDatabase = classOf(store.technology) === 'database';
    const memory = isDatabase && (text.text === '' || text.text.startsWith(':memory:'));
    return memory || isUrl(text.text) ? { elsewhere: true } : at(text.text, store.readOnly);
  }
  const target = sqlitePath(text.text, store.dialect);
  if (!target || target.kind === 'memory') return { elsewhere: true };
  if (target.kind === 'path') return at(target.path, store.readOnly || target.readOnly);
  return { ambiguous: { sqlalchemy: target.sqlalchemy, sqlx: target.sqlx } };
}

/** Whether it is opened here at all, or why that is not known. What only the code could tell is taken to be so. */
function opening({ only = [] }: SourceStore, place: ExecutionPlace): boolean | { readonly unknown: string } {
  let open: true | { readonly unknown: string } = true;
  for (const { value, met } of only) {
    let isHidden = false;
    const environment = (name: string): string | null | undefined => {
      const said = place.environment(name);
      isHidden ||= said === null;
      return said;
    };
    const text = textOf(value, { ...place, environment }, 0);
    if ('unknown' in text && !text.unset) open = isHidden ? text : open;
    else if (('text' in text && text.text !== '') !== met) return false;
  }
  return open;
}

function jdbc(
  url: string,
  store: SourceStore,
  place: ExecutionPlace,
  at: (file: string, readOnly: boolean) => ResolvedStore,
): ResolvedStore {
  const target = jdbcTarget(url);
  if (target?.kind !== 'file') return { elsewhere: true };
  const home = /^~(?=\/|\.)/.test(target.path);
  if (home && place.home === null) return { unknown: 'the home directory is not known' };
  const file = home ? `${place.home}${target.path.slice(1)}` : target.path;
  const found = at(file, store.readOnly || target.readOnly);
  return 'path' in found ? { ...found, is: { technology: target.technology, isFile: target.isFile } } : found;
}

/** A URL of another database, even if its user and password are not known. */
const isForeign = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && sqlitePath(text) === null;

function beginning(expression: PathExpression, place: ExecutionPlace, depth: number): string {
  if (depth > MAX_DEPTH) return '';
  if (expression.kind === 'concat') return beginning(expression.parts[0]!, place, depth + 1);
  if (expression.kind === 'env' && expression.fallback && place.environment(expression.name) === undefined) {
    return beginning(expression.fallback, place, depth + 1);
  }
  const text = textOf(expression, place, depth);
  return 'text' in text ? text.text : '';
}

const isUrl = (text: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(text) && !/^file:/i.test(text);

function absolute(text: string, place: ExecutionPlace, base: PathExpression): { path: string } | { unknown: string } {
  const file = text.replace(/^file:\/\/(?=\/)/i, '');
  if (file === '') return { unknown: 'the path is empty' };
  if (file.startsWith(':memory:')) return { unknown: 'the data is kept in memory' };
  if (isUrl(file)) return { unknown: `\`${withoutSecrets(file)}\` is a URL, not a path` };
  if (file.startsWith('/')) return { path: normal(file) };
  if (/^[A-Za-z]:[\\/]/.test(file)) return { unknown: `\`${file}\` is a Windows path` };
  const from = textOf(base, place, 0);
  if ('unknown' in from) return { unknown: from.unknown };
  if (from.text.startsWith('/')) return { path: normal(path.posix.join(from.text, file)) };
  return place.workdir === null
    ? { unknown: NO_WORKDIR }
    : { path: normal(path.posix.join('/', place.workdir, from.text, file)) };
}

const NO_WORKDIR = 'the path is relative, and the working directory is not known';

const withoutSecrets = (url: string): string => url.replace(/\/\/[^/@]*@/, '//');

const normal = (file: string): string =>
  path.posix
    .normalize(file)
    .replace(/^\/\/+/, '/')
    .replace(/(?<=.)\/+$/, '');

function textOf(expression: PathExpression, place: ExecutionPlace, depth: number): Text {
  if (depth > MAX_DEPTH) return unknown('the path is computed in too many steps');
  const inner = (part: PathExpression): Text => textOf(part, place, depth + 1);
  switch (expression.kind) {
    case 'literal':
      return { text: expression.value };
    case 'unknown':
      return unknown(expression.reason);
    case 'env': {
      const value = place.environment(expression.name);
      if (value === null) return unknown(`the value of \`${expression.name}\` is not known`);
      if (value !== undefined) return { text: value };
      // Engines set it from the user the container runs as.
      if (expression.name === 'HOME' && place.home !== null) return { text: place.home };
      return expression.fallback ? inner(expression.fallback) : unknown(`\`${expression.name}\` is not set`, true);
    }
    case 'file': {
      const image = place.file(expression.path);
      return image === null
        ? unknown(`\`${path.posix.basename(expression.path)}\` is not in the image`)
        : { text: image };
    }
    case 'cwd':
      return place.workdir === null ? unknown(NO_WORKDIR) : { text: place.workdir };
    case 'home':
      return place.home === null ? unknown('the home directory is not known') : { text: place.home };
    case 'temp':
      return { text: place.environment('TMPDIR') || '/tmp' };
    case 'program': {
      const folder = place.argv && (expression.script ? scriptFolder : programFolder)(place.argv);
      return folder === undefined ? unknown('it is not known which program runs') : { text: folder };
    }
    case 'flag': {
      const value = place.argv && flagIn(place.argv, expression.name);
      if (value === undefined) return unknown('the command line is not known');
      if (value !== null) return { text: value };
      return expression.fallback ? inner(expression.fallback) : unknown(`\`-${expression.name}\` is not given`, true);
    }
    case 'dirname': {
      const of = inner(expression.of);
      return 'text' in of ? { text: path.posix.dirname(of.text) } : of;
    }
    case 'join':
      return combined(expression.parts.map(inner), (parts) => joined(parts, expression.restart));
    case 'concat':
      return combined(expression.parts.map(inner), (parts) => parts.join(''));
    case 'either':
      return expression.by ? chosen(expression.options, expression.by, inner) : firstOf(expression.options, inner);
  }
}

function combined(parts: readonly Text[], combine: (texts: string[]) => string): Text {
  const missing = parts.find((part) => 'unknown' in part);
  return missing ?? { text: combine(parts.map((part) => ('text' in part ? part.text : ''))) };
}

function joined(parts: readonly string[], restart: boolean): string {
  const start = restart ? parts.findLastIndex((part) => part.startsWith('/')) : 0;
  const used = parts.slice(Math.max(start, 0)).filter((part) => part !== '');
  return used.length > 0 ? path.posix.join(...used) : '';
}

/** Of two, by what a text is: what is not set equals nothing, and cannot be asked for more. */
function chosen(
  [yes, no]: readonly PathExpression[],
  { of, text, at }: TextTest,
  inner: (part: PathExpression) => Text,
): Text {
  const found = inner(of);
  if ('unknown' in found && !(found.unset && at === 'whole')) return unknown(found.unknown);
  return inner(('text' in found && holds(found.text, text, at) ? yes : no)!);
}

/** An unset variable passes on to the next option; a value we do not know might be used, so nothing can be said. */
function firstOf(options: readonly PathExpression[], inner: (part: PathExpression) => Text): Text {
  let last: Text = unknown('the path has no value');
  for (const option of options) {
    const text = inner(option);
    if ('text' in text ? text.text !== '' : !text.unset) return text;
    last = text;
  }
  return last;
}
