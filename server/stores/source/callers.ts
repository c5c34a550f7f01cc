/** Who calls a function, and what a path comes to for each of the calls. */
import * as path from 'node:path';
import type { Block, Call, Expr, Fn, Module, Scope } from './code.ts';
import { type Bindings, type Bound, type Entity, NOTHING_BOUND, Unbound } from './entities.ts';
import { inheritedConstructor } from './lineage.ts';
import type { Names } from './names.ts';

/** Calls of calls of calls; beyond that the default is all that can be said. */
const MAX_LEVELS = 3;
const MAX_VARIANTS = 24;

export interface Variant<T> {
  readonly value: T;
  /** The calls that decided, nearest first. */
  readonly via: readonly Call[];
}

/** Evaluates once for each combination of calls that the outcome depends on. */
export function variants<T>(names: Names, evaluate: (bound: Bindings) => T): Variant<T>[] {
  const found: Variant<T>[] = [];
  const expand = (bound: Bindings, via: readonly Call[], level: number): void => {
    if (found.length >= MAX_VARIANTS) return;
    try {
      found.push({ value: evaluate(bound), via });
    } catch (error) {
      if (!(error instanceof Unbound)) throw error;
      const { fn } = error;
      const calls = level < MAX_LEVELS ? callersOf(names, fn) : [];
      const bind = (to: Bound) => new Map(bound).set(fn, to);
      if (!calls || calls.length === 0) {
        expand(bind({ call: null, reason: uncalled(fn, calls === null) }), via, level + 1);
      }
      for (const call of calls ?? []) expand(bind({ call }), [...via, call], level + 1);
    }
  };
  expand(NOTHING_BOUND, [], 0);
  return found;
}

function uncalled(fn: Fn, many: boolean): string {
  const name = isConstructor(fn) ? fn.cls!.name : fn.name;
  if (!name) return 'the path is a parameter of a function without a name';
  return many
    ? `the path is a parameter of \`${name}\`, which is used in too many files`
    : `the path is a parameter of \`${name}\`, and no call of \`${name}\` was found`;
}

const isConstructor = (fn: Fn): boolean => fn.cls !== null && (fn.name === '__init__' || fn.name === 'constructor');

const known = new WeakMap<Names, Map<Fn, readonly Call[] | null>>();

function callersOf(names: Names, fn: Fn): readonly Call[] | null {
  const cache = known.get(names) ?? new Map<Fn, readonly Call[] | null>();
  known.set(names, cache);
  let calls = cache.get(fn);
  if (calls === undefined) {
    calls = findCallers(names, fn, isConstructor(fn) ? fn.cls!.name : fn.name, fn.module, new Set());
    cache.set(fn, calls);
  }
  return calls;
}

function findCallers(names: Names, fn: Fn, name: string, owner: Module, seen: Set<string>): readonly Call[] | null {
  seen.add(`${owner.path}\n${name}`);
  const modules = [name, ...(givesAwayAsDefault(names, fn, owner) ? ['default'] : [])]
    .filter((one) => one !== '')
    .map((one) => names.program.users(one, owner));
  if (modules.includes(null)) return null;
  const found = new Set<Call>();
  for (const module of new Set(modules.flatMap((some) => some ?? []))) {
    const known = localNames(module, name, owner);
    for (const call of module.calls) {
      if (!mayMean(call.callee, known) || isWithin(call.block, fn)) continue;
      if (names.callee(call).some((entity) => means(names, entity, fn))) found.add(call);
    }
    for (const cls of module.classes) {
      if (!cls.bases.some((base) => mayMean(base, known))) continue;
      // Derived classes are constructed by the same function, from files that need not name the class above.
      if (cls === fn.cls || !isConstructor(fn) || seen.has(`${cls.module.path}\n${cls.name}`)) continue;
      if (inheritedConstructor(names, cls) !== fn) continue;
      const calls = findCallers(names, fn, cls.name, cls.module, seen);
      if (!calls) return null;
      for (const call of calls) found.add(call);
    }
  }
  return [...found];
}

/** What a function may be called in a file. Telling by names first saves reading all that the file imports. */
function localNames(module: Module, name: string, owner: Module): ReadonlySet<string> {
  const stem = path.posix.basename(owner.path).replace(/\.[a-z]+$/i, '');
  const folder = path.posix.basename(path.posix.dirname(owner.path));
  const known = new Set([name, 'super', '__init__', 'cls']);
  const lead = (specifier: string): boolean => specifier.includes(stem) || specifier.includes(folder);
  for (const [local, bindings] of module.scope.bindings) {
    for (const { target } of bindings) {
      if (target.kind === 'import' && target.name === name) known.add(local);
      if (target.kind === 'import' && (target.name ?? 'default') === 'default' && lead(target.specifier))
        known.add(local);
      if (target.kind !== 'value') continue;
      const { value } = target;
      if (value.kind === 'module' ? lead(value.specifier) : lastName(value) === name) known.add(local);
    }
  }
  return known;
}

const lastName = (expr: Expr): string | null =>
  expr.kind === 'name' || expr.kind === 'member' ? expr.name : expr.kind === 'call' ? lastName(expr.callee) : null;

const mayMean = (callee: Expr, known: ReadonlySet<string>): boolean => {
  if (callee.kind === 'name' || callee.kind === 'member') return known.has(callee.name);
  return callee.kind !== 'call' || mayMean(callee.callee, known);
};

function means(names: Names, entity: Entity, fn: Fn): boolean {
  switch (entity.kind) {
    case 'function':
      return entity.fn === fn;
    case 'class':
      return isConstructor(fn) && inheritedConstructor(names, entity.cls) === fn;
    case 'module': {
      const whole = entity.module.exports.get('default');
      return (
        whole !== undefined &&
        names.target(whole, NOTHING_BOUND).some((one) => one.kind !== 'module' && means(names, one, fn))
      );
    }
    default:
      return false;
  }
}

function givesAwayAsDefault(names: Names, fn: Fn, owner: Module): boolean {
  const whole = owner.exports.get('default');
  return whole !== undefined && names.target(whole, NOTHING_BOUND).some((entity) => means(names, entity, fn));
}

function isWithin(block: Block, fn: Fn): boolean {
  for (let scope: Scope | null = block.scope; scope; scope = scope.parent) if (scope.fn === fn) return true;
  return false;
}
