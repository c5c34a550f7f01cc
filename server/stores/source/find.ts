/** The stores that one file opens. */
import { spanOf } from '../../syntax/source.ts';
import { conditionsOf } from './branches.ts';
import type { Call, Expr, Module, Scope } from './code.ts';
import { byName, type Constructor } from './constructors.ts';
import { JAVASCRIPT_STORES } from './constructors-javascript.ts';
import { PYTHON_STORES } from './constructors-python.ts';
import { describe } from './describe.ts';
import type { Bindings } from './entities.ts';
import { concat, given, join, literal, unknown, type Value } from './expressions.ts';
import type { Condition, PathExpression, SourceStore } from './model.ts';
import type { Program } from './program.ts';
import { sqlitePath } from './sqlite-url.ts';
import { conditionalVariants, withConditions } from './started.ts';
import { told } from './uploads.ts';
import type { Values } from './values.ts';

const TABLES = { python: byName(PYTHON_STORES), javascript: byName(JAVASCRIPT_STORES) };

export function storesIn(module: Module, values: Values): SourceStore[] {
  const table = TABLES[module.language];
  return module.calls.flatMap((call) => {
    for (const entity of values.names.libraryCallee(call)) {
      if (entity.kind !== 'library' || entity.global) continue;
      for (const row of table.get(entity.name) ?? []) {
        const stores = opened(row, call, module, values);
        if (stores.length > 0) return stores;
      }
    }
    return [];
  });
}

interface Opened {
  readonly path: PathExpression;
  readonly at: Expr | Call;
  readonly readOnly: boolean;
  readonly form: SourceStore['form'];
  readonly dialect: SourceStore['dialect'];
  readonly only: readonly Condition[];
}

function opened(row: Constructor, call: Call, module: Module, values: Values): SourceStore[] {
  const found = conditionalVariants(values, call.block, (bound) => read(row, call, bound, values));
  const opening = found.flatMap(({ value, ...one }) =>
    value && !(value.path.kind === 'unknown' && isInTest(call)) ? [{ ...one, value }] : [],
  );
  return withConditions(
    opening.map(({ value, via }) => storeOf(row, call, module, values, value, via)),
    opening,
  );
}

/** What pytest runs is handed its paths by pytest, wherever it stands. */
function isInTest({ block }: Call): boolean {
  for (let scope: Scope | null = block.scope; scope; scope = scope.parent)
    if (scope.module.language === 'python' && scope.fn?.name.startsWith('test_')) return true;
  return false;
}

function storeOf(
  row: Constructor,
  call: Call,
  module: Module,
  { names }: Values,
  { path, at, readOnly, form, dialect, only }: Opened,
  via: readonly Call[],
): SourceStore {
  const sourceOf = (of: Module) => names.program.files.get(of.path)!;
  const source = sourceOf(module);
  return {
    technology: row.technology,
    constructor_: source.text.slice(call.callee.start, call.callee.end).replace(/\s+/g, ''),
    path,
    form,
    ...(dialect ? { dialect } : {}),
    readOnly,
    ...(row.inMemory ? { inMemory: true } : {}),
    ...(only.length > 0 ? { only } : {}),
    span: spanOf(source, call.start, call.end),
    pathSpan: spanOf(source, at.start, at.end),
    via: via.map((one) => spanOf(sourceOf(one.block.scope.module), one.start, one.end)),
    file: module.path,
  };
}

function read(row: Constructor, call: Call, bound: Bindings, values: Values): Opened | null {
  const holds = ([place, pattern]: readonly [string, RegExp]): boolean => {
    const expr = argument(place, call, bound, values);
    return expr !== null && expr !== 'passed on' && pattern.test(wordOf(expr, bound, values));
  };
  if (row.when && !row.when.every(holds)) return null;
  if (row.unless?.some((place) => argument(place, call, bound, values) !== null)) return null;
  // Any of them may be in a group.
  if (row.unless && call.spreads.length > 0) return null;
  if (row.unlessSaid && says(row.unlessSaid, values.names.program)) return null;
  if (row.inMemory && saysPersistent(values.names.program)) return null;
  const { value: named, at } = pathOf(row, call, bound, values);
  if (!named || (row.unsure && named.kind === 'unknown')) return null;
  if (row.notFrom?.test(JSON.stringify(named)) || (row.ending && isElsewhere(named))) return null;
  const value = inFolder(row, ended(row, named), call, bound, values);
  const isUri = row.uri !== undefined && holds([row.uri, /^true$/i]);
  const form = isUri ? 'url' : row.form;
  const dialect = isUri ? 'plain' : row.dialect;
  if (form === 'url' ? !mayBeSqlite(value, dialect) : isElsewhere(value)) return null;
  const readOnly =
    row.readOnly === 'always' || row.readOnly?.some(holds) === true || (form === 'url' && opensReadOnly(value));
  return { path: value, at, readOnly, form, dialect, only: conditionsOf(call, bound, values) };
}

/** Somewhere it is told otherwise, or the data is kept by another client. */
const saysPersistent = told(
  (texts) => texts.some((text) => /\bis_persistent\b|\bPersistentClient\b|\bHttpClient\b|\.persist\(\)/i.test(text)),
  /\.py$/,
);

const said = new WeakMap<Program, Map<RegExp, boolean>>();

/** Searched once for each program. */
function says(pattern: RegExp, program: Program): boolean {
  const known = said.get(program) ?? new Map<RegExp, boolean>();
  said.set(program, known);
  let found = known.get(pattern);
  if (found === undefined) {
    found = [...program.files.values()].some(({ text }) => pattern.test(text));
    known.set(pattern, found);
  }
  return found;
}

function ended({ ending }: Constructor, value: PathExpression): PathExpression {
  if (!ending) return value;
  const longer = concat([value, literal(ending)]);
  if (value.kind === 'literal') return value.value.endsWith(ending) ? value : longer;
  return { kind: 'either', options: [value, longer], by: { of: value, text: ending, at: 'end' } };
}

function inFolder(
  { folder }: Constructor,
  value: PathExpression,
  call: Call,
  bound: Bindings,
  values: Values,
): PathExpression {
  if (!folder) return value;
  const at = argument(folder, call, bound, values);
  const parent =
    at === null || at === 'passed on' ? ({ kind: 'program', script: true } as const) : values.of(at, bound);
  return join([given(parent), value], true);
}

function pathOf(row: Constructor, call: Call, bound: Bindings, values: Values): { value: Value; at: Expr | Call } {
  let passedOn = false;
  for (const place of row.path) {
    const expr = argument(place, call, bound, values);
    if (expr === 'passed on') passedOn = true;
    if (expr === null || expr === 'passed on') continue;
    // An option kept elsewhere is pointed at by the argument that leads there.
    const within = expr.start >= call.start && expr.end <= call.end;
    const top = within ? expr : argument(place.split('.', 1)[0]!, call, bound, values);
    return { value: values.of(expr, bound), at: top && top !== 'passed on' ? top : call };
  }
  // Without a path these keep their data in memory or elsewhere, and a group of arguments may well have none.
  const optional = row.default === undefined && row.form === 'directory';
  if (passedOn && !optional) return { value: unknown('the arguments come as a group'), at: call };
  return { value: row.default === undefined ? null : literal(row.default), at: call };
}

/** Follows `0.connection.filename`; alternatives of the first step are separated by `|`. */
export function argument(place: string, call: Call, bound: Bindings, values: Values): Expr | 'passed on' | null {
  const [first, ...rest] = place.split('.');
  for (const choice of first!.split('|')) {
    let at: Expr | null = firstStep(choice, call, bound, values);
    for (const key of rest) at = at && property(at, key, bound, values);
    if (at) return at;
  }
  const mayBePassed = call.spreads.length > 0 && rest.length === 0 && call.args.length === 0 && call.named.size === 0;
  return mayBePassed ? 'passed on' : null;
}

function firstStep(step: string, call: Call, bound: Bindings, values: Values): Expr | null {
  const given = /^\d+$/.test(step) ? call.args[Number(step)] : call.named.get(step);
  if (given) return given;
  for (const spread of call.spreads) {
    const found = property(spread, step, bound, values);
    if (found) return found;
  }
  return null;
}

function property(expr: Expr, key: string, bound: Bindings, { names }: Values): Expr | null {
  for (const entity of names.of(expr, bound)) {
    if (entity.kind === 'library' && entity.call) {
      const found = entity.call.named.get(key);
      if (found) return found;
    } else if (entity.kind === 'value' && entity.value.kind === 'object') {
      const found = names.entry(entity.value, key, entity.bound);
      if (found) return found;
    }
  }
  return null;
}

function wordOf(expr: Expr, bound: Bindings, values: Values): string {
  if (expr.kind === 'truth') return String(expr.value);
  const value = values.of(expr, bound);
  return value?.kind === 'literal' ? value.value : (describe(expr) ?? '');
}

/** Kept in memory, or a URL of a server. */
const isElsewhere = (value: PathExpression): boolean => {
  const head = headOf(value);
  if (head === null) return false;
  if (value.kind === 'literal' && (head === '' || head.startsWith(':memory:'))) return true;
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(head) && !/^file:/i.test(head);
};

/** What the text begins with, if the code says it. */
function headOf(value: PathExpression): string | null {
  if (value.kind === 'literal') return value.value;
  return value.kind === 'concat' || value.kind === 'join' ? headOf(value.parts[0]!) : null;
}

/** A URL that the code does not show may be any database's: only what looks like SQLite, or is set outside, counts. */
export function mayBeSqlite(value: PathExpression, dialect: SourceStore['dialect']): boolean {
  switch (value.kind) {
    case 'literal': {
      const target = sqlitePath(value.value, dialect);
      return target !== null && target.kind !== 'memory';
    }
    case 'concat':
    case 'join': {
      const head = headOf(value);
      if (head === null) return mayBeSqlite(value.parts[0]!, dialect);
      return /^(?:sqlite|file:)/i.test(head) || (dialect === 'plain' && !/^[a-z]+:/i.test(head));
    }
    case 'either':
      return value.options.some((option) => mayBeSqlite(option, dialect));
    case 'unknown':
      return false;
    case 'env':
      return true;
    default:
      return dialect === 'plain';
  }
}

export const opensReadOnly = (value: PathExpression): boolean => {
  if (value.kind === 'literal') return /[?&](?:mode=ro|immutable=1)(?:&|$)/.test(value.value);
  return value.kind === 'concat' && opensReadOnly(value.parts.at(-1)!);
};
