/** The stores that one file opens. */
import type { Source } from '../../../syntax/source.ts';
import { spanOf } from '../../../syntax/source.ts';
import type { Value } from '../expressions.ts';
import { mayBeSqlite, opensReadOnly } from '../find.ts';
import type { PathExpression, SourceStore } from '../model.ts';
import type { Call, Expr, Fn, Language, Module } from './code.ts';
import { mayTakeUploads } from './php-uploads.ts';
import type { Program } from './program.ts';
import { fits, type Opener, openersOf, wordsOf } from './rows.ts';
import { GO_STORES } from './rows-go.ts';
import { JAVA_STORES } from './rows-java.ts';
import { PHP_STORES } from './rows-php.ts';
import { RUBY_STORES } from './rows-ruby.ts';
import { RUST_STORES } from './rows-rust.ts';
import type { Values } from './values.ts';

export const OPENERS: Readonly<Record<Language, readonly Opener[]>> = {
  go: openersOf(GO_STORES),
  java: openersOf(JAVA_STORES),
  php: openersOf(PHP_STORES),
  ruby: openersOf(RUBY_STORES),
  rust: openersOf(RUST_STORES),
};

const WORDS: Readonly<Record<Language, readonly (readonly string[])[]>> = {
  go: OPENERS.go.map((opener) => wordsOf(opener, 'go')),
  java: OPENERS.java.map((opener) => wordsOf(opener, 'java')),
  php: OPENERS.php.map((opener) => wordsOf(opener, 'php')),
  ruby: OPENERS.ruby.map((opener) => wordsOf(opener, 'ruby')),
  rust: OPENERS.rust.map((opener) => wordsOf(opener, 'rust')),
};

/** Only files that have the words of an opener are parsed to begin with. */
export const mayOpenStore = (source: Source, language: Language): boolean =>
  WORDS[language].some((words) => words.every((word) => source.text.includes(word))) ||
  (language === 'php' && mayTakeUploads(source));

export function storesIn(module: Module, source: Source, program: Program, values: Values): SourceStore[] {
  return module.calls.flatMap((call) => {
    for (const opener of OPENERS[module.language]) {
      if (!fits(opener, call, module) || opener.without?.test(module.text)) continue;
      const store = holds(opener, call, module, values) ? storeOf(opener, call, module, source, values) : null;
      if (store) return isDead(call.scope.fn, program) ? [] : [store];
    }
    return [];
  });
}

const holds = ({ when }: Opener, call: Call, { text }: Module, values: Values): boolean =>
  (when ?? []).every(([place, pattern]) => matches(argument(place, call), pattern, text, values));

function matches(expr: Expr | null, pattern: RegExp, text: string, values: Values): boolean {
  if (!expr) return false;
  if (expr.kind === 'truth') return pattern.test(String(expr.value));
  const value = values.of(expr);
  return pattern.test(value?.kind === 'literal' ? value.value : text.slice(expr.start, expr.end));
}

/** A function that no file so much as names, and that is called by nothing else. */
const isDead = (fn: Fn | null, program: Program): boolean =>
  fn !== null && !fn.method && !STARTED.has(fn.name) && isCalledByName(fn) && program.count(fn.name, 2) < 2;

/** A function of a Rust type may be one that a trait asks for. */
const isCalledByName = ({ owner, module }: Fn): boolean => owner === null || module.language === 'java';

/** Called by the system. */
const STARTED: ReadonlySet<string> = new Set(['main', 'init']);

function argument(place: string, call: Call): Expr | null {
  const [first = '', ...rest] = place.split('.');
  let at: Expr | null = (/^\d+$/.test(first) ? call.args[Number(first)] : call.named.get(first)) ?? null;
  for (const key of rest) at = (at?.kind === 'object' ? at.entries.get(key) : undefined) ?? null;
  return at;
}

function storeOf(opener: Opener, call: Call, module: Module, source: Source, values: Values): SourceStore | null {
  const { technology, form, dialect, says } = opener;
  const at = opener.path.map((place) => argument(place, call)).find((expr) => expr !== null) ?? null;
  const value: Value = at ? values.of(at) : (opener.default ?? null);
  if (!value || (says ? !beginsWith(value, says) : isElsewhere(value, technology, form, dialect))) return null;
  const asked = (opener.readOnly ?? []).some(([place, pattern]) =>
    matches(argument(place, call), pattern, module.text, values),
  );
  const base = module.language === 'php' ? besideScript(module.path) : undefined;
  return {
    technology,
    constructor_: module.text.slice(call.callee.start, call.callee.end).replace(/\s+/g, ''),
    path: value,
    form,
    ...(dialect ? { dialect } : {}),
    ...(base ? { base } : {}),
    readOnly: asked || (form === 'url' && opensReadOnly(value)),
    span: spanOf(source, call.start, call.end),
    pathSpan:
      at && at.start >= call.start && at.end <= call.end
        ? spanOf(source, at.start, at.end)
        : spanOf(source, call.start, call.end),
    via: [],
    file: module.path,
  };
}

/** In a web server PHP counts from the folder of the script that is called, which only `index.php` tells. */
const besideScript = (path: string): PathExpression =>
  path.endsWith('/index.php')
    ? { kind: 'dirname', of: { kind: 'file', path } }
    : { kind: 'unknown', reason: 'PHP counts a relative path from the folder of the script that is called' };

/** The text begins so, whatever the environment says, or unless it says otherwise. */
function beginsWith(value: PathExpression, pattern: RegExp): boolean {
  switch (value.kind) {
    case 'literal':
      return pattern.test(value.value);
    case 'concat':
    case 'join':
      return beginsWith(value.parts[0]!, pattern);
    case 'env':
    case 'flag':
      return value.fallback !== undefined && beginsWith(value.fallback, pattern);
    case 'either':
      return value.options.some((option) => beginsWith(option, pattern));
    default:
      return false;
  }
}

/** Kept in memory, or by a server. */
function isElsewhere(
  value: PathExpression,
  technology: SourceStore['technology'],
  form: SourceStore['form'],
  dialect: SourceStore['dialect'],
): boolean {
  if (form === 'url' && technology === 'sqlite') return value.kind === 'literal' && !mayBeSqlite(value, dialect);
  if (value.kind !== 'literal') return false;
  return value.value === '' || value.value.startsWith(':memory:') || /^[a-z][a-z0-9+.-]+:\/\//i.test(value.value);
}
