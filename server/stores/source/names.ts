/** What an expression refers to: a library's name, a function or class of the application, an object of it. */
import { bindingsOf, type Call, type Class, type Expr, type Module, type Target } from './code.ts';
import { argumentOf, type Bindings, type Entity, NOTHING_BOUND } from './entities.ts';
import { exported, wild } from './exports.ts';
import { classUnderSuper, insideOf, lineage } from './lineage.ts';
import type { Program } from './program.ts';

/** A call that gives back what it is called on, or the library itself. */
const SAME: ReadonlyMap<string, string> = new Map([['sqlite3.verbose', 'sqlite3']]);

const OUTSIDE = { kind: 'library', global: false } as const;

const MAX_STEPS = 600;
const MAX_DEPTH = 30;

export class Names {
  readonly program: Program;
  readonly #callees = new Map<Call, readonly Entity[]>();
  /** Classes whose bases are being looked for: they may go in a circle. */
  readonly #open = new Set<Class>();
  #steps = 0;

  constructor(program: Program) {
    this.program = program;
  }

  /** All that an expression may refer to; empty when that cannot be told. */
  of(expr: Expr, bound: Bindings = NOTHING_BOUND): readonly Entity[] {
    // Asked while classes' bases are looked for, it goes on with the steps that are left.
    if (this.#open.size === 0) this.#steps = 0;
    return this.#of(expr, bound, 0);
  }

  callee(call: Call): readonly Entity[] {
    let known = this.#callees.get(call);
    if (!known) {
      known = this.of(call.callee);
      this.#callees.set(call, known);
    }
    return known;
  }

  /** What a call calls, if that is a library's: files that use no library that opens stores are not read for it. */
  libraryCallee(call: Call): readonly Entity[] {
    return this.program.narrowly(() => this.of(call.callee));
  }

  /** What classes a class is derived from, as it says. */
  bases(cls: Class): readonly Entity[] {
    if (this.#open.has(cls)) return [];
    if (this.#open.size === 0) this.#steps = 0;
    this.#open.add(cls);
    const found = cls.bases.flatMap((base) => this.#of(base, NOTHING_BOUND, 0));
    this.#open.delete(cls);
    return found;
  }

  #of(expr: Expr, bound: Bindings, depth: number): readonly Entity[] {
    if (depth > MAX_DEPTH || ++this.#steps > MAX_STEPS) return [];
    const inner = (part: Expr) => this.#of(part, bound, depth + 1);
    switch (expr.kind) {
      case 'name':
        return this.#named(expr, bound, depth);
      case 'member':
        return inner(expr.of).flatMap((entity) => this.#member(entity, expr.name, depth + 1));
      case 'item': {
        const name = expr.key.kind === 'text' ? expr.key.value : null;
        return name === null ? [] : inner(expr.of).flatMap((entity) => this.#member(entity, name, depth + 1));
      }
      case 'call': {
        const under = classUnderSuper(expr);
        if (under) return this.bases(under);
        return inner(expr.callee).flatMap((entity) => this.#result(entity, expr, bound, depth + 1));
      }
      case 'module':
        return this.#module(expr.specifier, expr.from);
      case 'first':
        return expr.options.flatMap(inner);
      case 'choice':
        return [...inner(expr.yes), ...inner(expr.no)];
      case 'function':
        return [{ kind: 'function', fn: expr.fn, bound }];
      case 'class':
        return [{ kind: 'class', cls: expr.cls, bound }];
      default:
        return expr.kind === 'none' || expr.kind === 'other' ? [] : [{ kind: 'value', value: expr, bound }];
    }
  }

  #named(expr: Expr & { kind: 'name' }, bound: Bindings, depth: number): readonly Entity[] {
    const { name, block } = expr;
    const found = bindingsOf(name, block, expr.start).map(({ target }) => target);
    const targets = found.length > 0 ? found : wild(this.program, name, block);
    if (targets.length > 0) return targets.flatMap((target) => this.target(target, bound, depth + 1));
    const under = classUnderSuper(expr);
    if (under) return this.bases(under);
    return [{ kind: 'library', name, from: null, global: true }];
  }

  target(target: Target, bound: Bindings, depth = 0): readonly Entity[] {
    switch (target.kind) {
      case 'value':
        return this.#of(target.value, bound, depth + 1);
      case 'import': {
        const modules = this.#module(target.specifier, target.from);
        const { name } = target;
        return name === null ? modules : modules.flatMap((module) => this.#member(module, name, depth + 1));
      }
      case 'function':
        return [{ kind: 'function', fn: target.fn, bound }];
      case 'class':
        return [{ kind: 'class', cls: target.cls, bound }];
      case 'self':
        return [{ kind: 'instance', cls: target.cls, call: null, bound }];
      case 'parameter': {
        const given = bound.get(target.fn);
        const argument = given?.call ? argumentOf(target.parameter, given.call) : null;
        const found = argument && argument !== 'passed on' ? this.#of(argument, bound, depth + 1) : [];
        if (found.length > 0) return found;
        const typed = target.parameter.type ? this.#typed(target.parameter.type, bound, depth + 1) : [];
        // A class of the application says more than a default such as `Depends(settings)`.
        if (typed.some((entity) => entity.kind === 'instance') || !target.parameter.default) return typed;
        return this.#of(target.parameter.default, bound, depth + 1);
      }
      case 'opaque':
        return [];
    }
  }

  /** An object of the type that a parameter is said to have. */
  #typed(type: Expr, bound: Bindings, depth: number): readonly Entity[] {
    return this.#of(type, bound, depth).flatMap((entity): readonly Entity[] => {
      if (entity.kind === 'library') return [{ ...entity, name: `${entity.name}()` }];
      return entity.kind === 'class' ? [{ kind: 'instance', cls: entity.cls, call: null, bound }] : [];
    });
  }

  #module(specifier: string, from: string): readonly Entity[] {
    const language = from.endsWith('.py') ? 'python' : 'javascript';
    const module = this.program.imported(language, from, specifier);
    if (module) return [{ kind: 'module', module }];
    const name = specifier === 'node:sqlite' ? specifier : specifier.replace(/^node:/, '');
    return [{ kind: 'library', name, from: language === 'python' ? from : null, global: false }];
  }

  #member(entity: Entity, name: string, depth: number): readonly Entity[] {
    if (depth > MAX_DEPTH || ++this.#steps > MAX_STEPS) return [];
    switch (entity.kind) {
      case 'library': {
        if (name === 'default' && entity.from === null) return [entity];
        const dotted = entity.name.endsWith('.') ? `${entity.name}${name}` : `${entity.name}.${name}`;
        const module = entity.from === null ? null : this.program.imported('python', entity.from, dotted);
        const { from, global } = entity;
        return module ? [{ kind: 'module', module }] : [{ kind: 'library', name: dotted, from, global }];
      }
      case 'module':
        return this.#moduleMember(entity.module, name, depth);
      case 'class': {
        const cls = lineage(this, entity.cls).find(
          (one) => one.methods.has(name) || one.fields.has(name) || one.nested.has(name),
        );
        const method = cls?.methods.get(name);
        if (method) return [{ kind: 'function', fn: method, bound: entity.bound }];
        const nested = cls?.nested.get(name);
        if (nested) return [{ kind: 'class', cls: nested, bound: entity.bound }];
        const value = cls?.fields.get(name)?.value;
        return value ? this.#of(value, entity.bound, depth + 1) : [];
      }
      case 'instance':
        return this.#instanceMember(entity, name, depth);
      case 'value': {
        const entry = entity.value.kind === 'object' ? this.entry(entity.value, name, entity.bound, depth) : undefined;
        return entry ? this.#of(entry, entity.bound, depth + 1) : [];
      }
      case 'function':
        return [];
    }
  }

  #moduleMember(module: Module, name: string, depth: number): readonly Entity[] {
    // `from . import x` in a package's own file binds the name to itself, and means the file x.
    const targets = exported(this.program, module, name).filter(
      (target) => target.kind !== 'import' || target.specifier !== '.' || target.from !== module.path,
    );
    if (targets.length > 0) return targets.flatMap((target) => this.target(target, NOTHING_BOUND, depth + 1));
    if (module.language === 'python') {
      if (!module.path.endsWith('/__init__.py')) return [];
      const inner = this.program.imported('python', module.path, `.${name}`);
      // A folder without a file of its own still leads to the files in it.
      return inner ? [{ kind: 'module', module: inner }] : [{ ...OUTSIDE, name: `.${name}`, from: module.path }];
    }
    // `module.exports = { a, b }`, and default exports of objects read through a namespace.
    const whole = module.exports.get('default');
    if (!whole) return [];
    const entities = this.target(whole, NOTHING_BOUND, depth + 1);
    return name === 'default' ? entities : entities.flatMap((entity) => this.#member(entity, name, depth + 1));
  }

  #instanceMember(entity: Entity & { kind: 'instance' }, name: string, depth: number): readonly Entity[] {
    const bound = insideOf(this, entity);
    for (const cls of lineage(this, entity.cls)) {
      const assigned = cls.attributes.get(name);
      if (assigned) return assigned.flatMap((value) => this.#of(value, bound, depth + 1));
      const method = cls.methods.get(name);
      if (method?.property) return method.returns.flatMap(({ value }) => this.#of(value, bound, depth + 1));
      if (method) return [{ kind: 'function', fn: method, bound }];
      const field = cls.fields.get(name);
      if (field?.value) return this.#of(field.value, bound, depth + 1);
      if (field?.type) return this.#typed(field.type, bound, depth + 1);
    }
    return [];
  }

  #result(entity: Entity, call: Call, bound: Bindings, depth: number): readonly Entity[] {
    switch (entity.kind) {
      case 'library':
        return [{ ...entity, name: SAME.get(entity.name) ?? `${entity.name}()`, call }];
      case 'class':
        return [{ kind: 'instance', cls: entity.cls, call, bound }];
      case 'function': {
        const inside = new Map([...entity.bound, ...bound]).set(entity.fn, { call });
        return entity.fn.returns.flatMap(({ value }) => this.#of(value, inside, depth + 1));
      }
      case 'module': {
        const whole = entity.module.exports.get('default');
        if (!whole) return [];
        return this.target(whole, bound, depth + 1).flatMap((made) => this.#result(made, call, bound, depth + 1));
      }
      default:
        return [];
    }
  }

  /** An object literal's property, also from what is spread into it. */
  entry(object: Expr & { kind: 'object' }, name: string, bound: Bindings, depth = 0): Expr | undefined {
    if (depth === 0) this.#steps = 0;
    const own = object.entries.get(name);
    if (own || depth > MAX_DEPTH) return own;
    for (const spread of object.spreads) {
      for (const entity of this.#of(spread, bound, depth + 1)) {
        if (entity.kind !== 'value' || entity.value.kind !== 'object') continue;
        const found = this.entry(entity.value, name, bound, depth + 1);
        if (found) return found;
      }
    }
    return undefined;
  }
}
