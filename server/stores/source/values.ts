/** What path an expression comes to, as far as the code alone tells. */
import { callValue } from './call-values.ts';
import {
  type Binding,
  type Block,
  bindingsOf,
  type Call,
  type Expr,
  type Fn,
  fills,
  type Module,
  type Parameter,
  startedFor,
  type Target,
} from './code.ts';
import { type Case, choose, decide } from './decide.ts';
import { describe } from './describe.ts';
import { argumentOf, type Bindings, type Entity, NOTHING_BOUND, Unbound } from './entities.ts';
import { exported, wild } from './exports.ts';
import {
  agreed,
  concat,
  dirname,
  either,
  formatted,
  given,
  join,
  literal,
  tested,
  unknown,
  type Value,
} from './expressions.ts';
import { fieldValue } from './fields.ts';
import { itemValue } from './item-values.ts';
import { libraryMember } from './library-values.ts';
import type { Names } from './names.ts';
import { pathConstant } from './path-functions.ts';

const MAX_STEPS = 1500;
const MAX_DEPTH = 60;

export class Values {
  readonly names: Names;
  /** Files that set something else where they are what was started, as far as values depended on it. */
  readonly met = new Set<string>();
  #imported = false;
  readonly #active = new Set<Expr>();
  #steps = 0;

  constructor(names: Names) {
    this.names = names;
  }

  /** @throws Unbound */
  of(expr: Expr, bound: Bindings = NOTHING_BOUND): Value {
    this.#steps = 0;
    return this.#of(expr, bound, 0);
  }

  /** What is set only in a file that was started is not set while this runs. */
  asImported<T>(run: () => T): T {
    this.#imported = true;
    try {
      return run();
    } finally {
      this.#imported = false;
    }
  }

  #of(expr: Expr, bound: Bindings, depth: number): Value {
    if (depth > MAX_DEPTH || ++this.#steps > MAX_STEPS) return unknown('the path is computed in too many steps');
    if (this.#active.has(expr)) return unknown('the path is computed from itself');
    this.#active.add(expr);
    try {
      return this.#read(expr, bound, depth);
    } finally {
      this.#active.delete(expr);
    }
  }

  #read(expr: Expr, bound: Bindings, depth: number): Value {
    const inner = (part: Expr): Value => this.#of(part, bound, depth + 1);
    switch (expr.kind) {
      case 'text':
        return literal(expr.value);
      case 'number':
        return literal(String(expr.value));
      case 'none':
        return null;
      case 'concat':
        return concat(expr.parts.map((part) => given(inner(part))));
      case 'slash':
        return join([given(inner(expr.left)), given(inner(expr.right))], true);
      case 'percent': {
        const values = expr.values.kind === 'list' ? expr.values.items : [expr.values];
        return formatted(inner(expr.text), /%s/g, (_, index) => values[index] && inner(values[index]));
      }
      case 'first':
        return either(expr.options.map(inner));
      case 'choice':
        return choose(expr, inner);
      case 'test':
        return tested(inner(expr.of), inner(expr.text), expr.at);
      case 'name':
        return this.#named(expr, bound, depth);
      case 'member':
        return this.#member(expr, bound, depth);
      case 'item':
        return itemValue(this.names, expr, bound, (part) => inner(part));
      case 'call':
        return this.#call(expr, bound, depth);
      case 'other':
        return unknown(`the path is ${expr.what}`);
      default:
        return unknown('the path is a computed value');
    }
  }

  #named(expr: Expr & { kind: 'name' }, bound: Bindings, depth: number): Value {
    const found = this.#holding(bindingsOf(expr.name, expr.block, expr.start), expr.block);
    if (found.length > 0) return this.#settled(found, expr.name, bound, depth);
    const others = wild(this.names.program, expr.name, expr.block);
    if (others.length > 0) return this.#targets(others, expr.name, bound, depth);
    return pathConstant(expr.name, expr.block.scope.module.path) ?? unknown(`\`${expr.name}\` is not set in the code`);
  }

  /** Without those of a file that was started, where it is read from what runs in any case. */
  #holding(bindings: readonly Binding[], reader: Block): readonly Binding[] {
    const own = startedFor(reader);
    const asked = bindings.flatMap(({ block }) => startedFor(block) ?? []).filter((file) => file !== own);
    if (asked.length === 0) return bindings;
    for (const file of asked) this.met.add(file);
    return this.#imported ? bindings.filter(({ block }) => startedFor(block) === null) : bindings;
  }

  /** Latest first; one that only fills in for a missing value comes after what it fills in for. */
  #settled(bindings: readonly Binding[], name: string, bound: Bindings, depth: number): Value {
    const [latest, ...earlier] = bindings;
    if (latest && earlier.length > 0 && fills(latest, name)) {
      return either([this.#settled(earlier, name, bound, depth), this.#target(latest.target, name, bound, depth)]);
    }
    const cases = bindings.map(({ target, block }) => ({ value: this.#target(target, name, bound, depth), block }));
    return this.#decide(cases, bound, depth, different(name));
  }

  #decide(cases: readonly Case[], bound: Bindings, depth: number, reason: string): Value {
    return decide(cases, (when) => this.#of(when, bound, depth + 1), reason);
  }

  #targets(targets: readonly Target[], name: string, bound: Bindings, depth: number): Value {
    return agreed(
      targets.map((target) => this.#target(target, name, bound, depth)),
      different(name),
    );
  }

  #target(target: Target, name: string, bound: Bindings, depth: number): Value {
    if (depth > MAX_DEPTH) return unknown('the path is computed in too many steps');
    switch (target.kind) {
      case 'value':
        return this.#of(target.value, bound, depth + 1);
      case 'parameter':
        return this.#parameter(target.fn, target.parameter, bound, depth);
      case 'import': {
        const language = target.from.endsWith('.py') ? 'python' : 'javascript';
        const module = this.names.program.imported(language, target.from, target.specifier);
        if (module) return this.#exported(module, target.name ?? 'default', bound, depth);
        return unknown(`\`${name}\` comes from \`${target.specifier}\`, which is not part of the code read`);
      }
      case 'opaque':
        return unknown(`\`${name}\`: ${target.reason}`);
      default:
        return unknown(`\`${name}\` is not a path`);
    }
  }

  #exported(module: Module, name: string, bound: Bindings, depth: number): Value {
    if (module.language === 'python') {
      const own = this.#holding(bindingsOf(name, module.block, null), module.block);
      if (own.length > 0) return this.#settled(own, name, bound, depth + 1);
    }
    const targets = exported(this.names.program, module, name);
    if (targets.length > 0) return this.#targets(targets, name, bound, depth + 1);
    const whole = module.exports.get('default');
    const object = whole?.kind === 'value' && whole.value.kind === 'object' ? whole.value : null;
    const entry = object && this.names.entry(object, name, bound);
    return entry ? this.#of(entry, bound, depth + 1) : unknown(`\`${name}\` is not set in its module`);
  }

  #parameter(fn: Fn, parameter: Parameter, bound: Bindings, depth: number): Value {
    const source = bound.get(fn);
    if (!source) throw new Unbound(fn);
    const argument = source.call && argumentOf(parameter, source.call);
    if (argument === 'passed on') return unknown(`the arguments of \`${fn.name}\` come as a group`);
    const value = argument ? this.#of(argument, bound, depth + 1) : null;
    // A property that the object handed over lacks reads as undefined; then the default holds as well.
    const absent = !argument || (value === null && parameter.key !== undefined);
    if (!absent) return value;
    if (parameter.default) return this.#of(parameter.default, bound, depth + 1);
    return unknown(source.call ? `\`${parameter.name}\` is not given to \`${fn.name}\`` : source.reason);
  }

  #member(expr: Expr & { kind: 'member' }, bound: Bindings, depth: number): Value {
    const { name } = expr;
    this.#demandBound(expr.of, bound);
    for (const entity of this.names.of(expr.of, bound)) {
      const value = this.#memberOf(entity, name, expr, bound, depth);
      if (value !== undefined) return value;
    }
    if (name === 'parent') return dirname(given(this.#of(expr.of, bound, depth + 1)));
    if (/^(?:value|href|pathname|name)$/.test(name)) return this.#of(expr.of, bound, depth + 1);
    return unknown(`\`${describe(expr) ?? name}\` is not set in the code`);
  }

  /** A member of what is handed over by a caller, `options.path`, depends on that caller. */
  #demandBound(expr: Expr, bound: Bindings): void {
    let root = expr;
    while (root.kind === 'member') root = root.of;
    if (root.kind !== 'name') return;
    for (const { target } of bindingsOf(root.name, root.block, root.start)) {
      if (target.kind === 'parameter' && !bound.has(target.fn)) throw new Unbound(target.fn);
    }
  }

  #memberOf(
    entity: Entity,
    name: string,
    expr: Expr & { kind: 'member' },
    bound: Bindings,
    depth: number,
  ): Value | undefined {
    const read = (part: Expr, inside = bound): Value => this.#of(part, inside, depth + 1);
    switch (entity.kind) {
      case 'library':
        return libraryMember(this.names, entity, expr, read);
      case 'module':
        return this.#exported(entity.module, name, bound, depth);
      case 'instance':
      case 'class':
        return fieldValue(this.names, entity, name, read);
      case 'value': {
        const entry = entity.value.kind === 'object' ? this.names.entry(entity.value, name, bound) : undefined;
        return entry && read(entry, entity.bound);
      }
      default:
        return undefined;
    }
  }

  #call(call: Call, bound: Bindings, depth: number): Value {
    return callValue(this.names, call, bound, {
      read: (expr, inside) => this.#of(expr, inside, depth + 1),
      decide: (cases, inside, reason) => this.#decide(cases, inside, depth + 1, reason),
    });
  }
}

const different = (name: string): string => `\`${name}\` is set to different values in several places`;
