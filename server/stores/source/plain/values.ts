/** What an expression comes to, as far as the code alone tells. Whatever is not plain is not known. */
import { agreed, concat, either, environment, given, literal, same, unknown, type Value } from '../expressions.ts';
import type { Call, Expr, Fn, Given, Module, Scope } from './code.ts';
import { isEnvironment, orElse, pathConstant, pathFunction } from './functions.ts';
import { filledFrom, isOnlyCleaned, viperSetting } from './go-settings.ts';
import { isPackage, type Program } from './program.ts';

/** What the functions on the way were called with. */
type Frames = ReadonlyMap<Fn, { readonly call: Call; readonly frames: Frames }>;

const NONE: Frames = new Map();
const MAX_STEPS = 1200;
const MAX_DEPTH = 50;
const MAX_CALLERS = 12;

/** Methods of paths that objects of an application have as well. */
const OWN: ReadonlySet<string> = new Set(['.path', '.getPath', '.toPath']);

export class Values {
  readonly #program: Program;
  readonly #open = new Set<Expr>();
  #steps = 0;

  constructor(program: Program) {
    this.#program = program;
  }

  of(expr: Expr): Value {
    this.#steps = 0;
    return this.#of(expr, NONE, 0);
  }

  #of(expr: Expr, frames: Frames, depth: number): Value {
    if (depth > MAX_DEPTH || ++this.#steps > MAX_STEPS) return unknown('the path is computed in too many steps');
    if (this.#open.has(expr)) return unknown('the path is computed from itself');
    this.#open.add(expr);
    try {
      return this.#read(expr, frames, depth);
    } finally {
      this.#open.delete(expr);
    }
  }

  #read(expr: Expr, frames: Frames, depth: number): Value {
    const inner = (part: Expr): Value => this.#of(part, frames, depth + 1);
    switch (expr.kind) {
      case 'text':
        return literal(expr.value);
      case 'none':
        return null;
      case 'concat':
        return concat(expr.parts.map((part) => given(inner(part))));
      case 'first':
        return firstOf(expr.options.map(inner));
      case 'item': {
        const isVariable = expr.of.kind === 'name' && isEnvironment(this.#program.language, expr.of.name);
        return isVariable ? environment(inner(expr.key)) : unknown('the path is an item of a collection');
      }
      case 'name':
        return this.#named(expr.name, expr.scope, frames, depth);
      case 'field':
        return this.#field(expr, frames, depth);
      case 'call':
        return this.#call(expr, frames, depth);
      case 'other':
        return unknown(`the path is ${expr.what}`);
      default:
        return unknown('the path is a computed value');
    }
  }

  #named(name: string, from: Scope, frames: Frames, depth: number): Value {
    for (let scope: Scope | null = from; scope; scope = scope.parent) {
      const found = scope.bindings.get(name);
      if (found) return this.#settled(found, name, frames, depth);
    }
    const { language } = this.#program;
    const constant = pathConstant(language, name, from.module.path);
    if (constant) return constant;
    if (language === 'java' && from.module.fields.has(name))
      return this.#settled(from.module.fields.get(name)!, name, frames, depth);
    return this.#elsewhere(name, from.module, frames, depth);
  }

  /** A constant of another file, or a method without arguments. */
  #elsewhere(name: string, from: Module, frames: Frames, depth: number): Value {
    const last = name.split(/::|\.|\\|\//).at(-1)!;
    const isUnset = unknown(`\`${name}\` is not set in the code`);
    if (name.startsWith('$') || !/^\w+$/.test(last)) return isUnset;
    const { language } = this.#program;
    const pack = language === 'go' ? name.slice(0, Math.max(name.lastIndexOf('.'), 0)) : null;
    const modules = this.#program.mentioning(last)?.filter((one) => one !== from && isOf(one, pack, from)) ?? [];
    const found = modules.flatMap(
      (module) => (language === 'java' ? module.fields : module.scope.bindings).get(last) ?? [],
    );
    if (found.length > 0) return this.#settled(found, name, frames, depth);
    if (language !== 'ruby') return isUnset;
    const fns = (this.#program.mentioning(last) ?? []).flatMap(({ functions }) =>
      functions.filter((fn) => fn.name === last && fn.parameters.length === 0),
    );
    return fns.length === 1 ? this.#returned(fns[0]!, frames, depth) : isUnset;
  }

  #settled(given: readonly Given[], name: string, frames: Frames, depth: number): Value {
    const said = given.filter((one) => !isOnlyCleaned(one, name));
    const found = said.length > 0 ? said : given;
    const parameter = found.find(({ value }) => value.kind === 'parameter')?.value;
    return parameter?.kind === 'parameter'
      ? this.#parameter(parameter, found, name, frames, depth)
      : this.#combined(found, name, frames, depth);
  }

  /**
   * One value without a test; others only where they fill in for it, or where it fills in for them.
   * `own`: the name itself, whose tests are about what it was before.
   */
  #combined(found: readonly Given[], own: string | null, frames: Frames, depth: number): Value {
    const different = unknown(own === null ? 'the path depends on a condition' : `\`${own}\` is set in several places`);
    const inner = (expr: Expr): Value => this.#of(expr, frames, depth + 1);
    const plain = found.filter(({ tests }) => tests.length === 0);
    const rest = found.filter(({ tests }) => tests.length > 0);
    if (plain.length > 1 || rest.some(({ tests }) => tests.length > 1 || tests[0] === null)) {
      const values = found.map(({ value }) => inner(value));
      return agreed(values, '')?.kind === 'unknown' ? different : values[0]!;
    }
    let result: Value | undefined = plain[0] && inner(plain[0].value);
    // Of `if (x) a = x; else a = "d"` the one that is there comes first.
    for (const { value, tests } of [...rest].sort(
      (a, b) => Number(b.tests[0]!.present) - Number(a.tests[0]!.present),
    )) {
      const [test] = tests;
      const [set, asked] = [inner(value), isName(test!.expr, own) ? undefined : inner(test!.expr)];
      if (asked?.kind === 'unknown') return different;
      if (test!.present) {
        if (asked === undefined || !same(asked, set)) return different;
        result = result === undefined ? set : either([set, result]);
      } else {
        if (result !== undefined && asked !== undefined && !same(asked, result)) return different;
        result = result === undefined ? set : either([result, set]);
      }
    }
    return result === undefined ? different : result;
  }

  #parameter(
    { fn, index }: Expr & { kind: 'parameter' },
    found: readonly Given[],
    name: string,
    frames: Frames,
    depth: number,
  ): Value {
    const frame = frames.get(fn);
    const passed = frame
      ? this.#argument(fn, frame.call, index, frame.frames, depth)
      : this.#fromCallers(fn, index, depth);
    const [other, more] = found.filter(({ value }) => value.kind !== 'parameter');
    if (!other) return passed;
    const [test] = other.tests;
    const fills = other.tests.length === 1 && test?.present === false && isName(test.expr, name);
    return fills && !more
      ? either([passed, this.#of(other.value, frames, depth + 1)])
      : unknown(`\`${name}\` is changed on the way`);
  }

  #argument(fn: Fn, call: Call, index: number, frames: Frames, depth: number): Value {
    const { name, default: fallback } = fn.parameters[index]!;
    const argument = call.args[index] ?? call.named.get(name.replace(/^\$/, '')) ?? fallback;
    return argument ? this.#of(argument, frames, depth + 1) : null;
  }

  #fromCallers(fn: Fn, index: number, depth: number): Value {
    const calls = this.#program.callers(fn);
    const called = fn.owner ? `${fn.owner}.${fn.name}` : fn.name;
    if (!calls || calls.length === 0 || calls.length > MAX_CALLERS)
      return unknown(`the path is a parameter of \`${called}\`, and no call of \`${called}\` was found`);
    const values = calls.map((call) => this.#argument(fn, call, index, NONE, depth));
    return agreed(values, `\`${called}\` is called with different paths`);
  }

  #field(expr: Expr & { kind: 'field' }, frames: Frames, depth: number): Value {
    const { name, scope } = expr;
    const { language } = this.#program;
    const own = language === 'java' || language === 'php' || language === 'ruby';
    const modules = own ? [scope.module] : (this.#program.mentioning(name) ?? []);
    const found = modules.flatMap((module) => module.fields.get(name) ?? []);
    const filled = modules.flatMap((module) => module.environmentFields.get(name) ?? []);
    const [variable] = filled;
    if (found.length > 0) {
      const set = this.#fieldValue(found, own, name, frames, depth);
      if (!variable) return set;
      return filled.length > 1
        ? unknown(`\`${name}\` is set in several places`)
        : filledFrom(variable, set, this.#program);
    }
    if (!variable || filled.length > 1) return unknown(`\`${name}\` is not set in the code`);
    return filledFrom(variable, null, this.#program);
  }

  #fieldValue(given: readonly Given[], own: boolean, name: string, frames: Frames, depth: number): Value {
    const said = given.filter((one) => !isOnlyCleaned(one, name));
    const found = said.length > 0 ? said : given;
    // Of several objects with such a field it is not known which one is meant.
    return found.length === 1 || own
      ? this.#settled(found, name, frames, depth)
      : agreed(
          found.map(({ value }) => this.#of(value, frames, depth + 1)),
          `\`${name}\` is set in several places`,
        );
  }

  #call(call: Call, frames: Frames, depth: number): Value {
    const setting = viperSetting(call, this.#program, (expr) => this.#of(expr, NONE, depth + 1));
    if (setting !== undefined) return setting;
    const known = pathFunction(this.#program.language, call.name);
    const fn = known && !OWN.has(call.name) ? undefined : this.#program.called(call);
    if (known && !fn) {
      return known({
        count: call.args.length,
        on: () => (call.on ? this.#of(call.on, frames, depth + 1) : null),
        at: (place) => (call.args[place] ? this.#of(call.args[place], frames, depth + 1) : undefined),
      });
    }
    if (!fn) return unknown(`\`${call.name.replace(/^\./, '')}\` is not followed`);
    return this.#returned(fn, new Map(frames).set(fn, { call, frames }), depth);
  }

  #returned(fn: Fn, frames: Frames, depth: number): Value {
    return fn.returns.length === 0
      ? unknown(`\`${fn.name}\` gives back nothing that can be told`)
      : this.#combined(fn.returns, null, frames, depth + 1);
  }
}

const isName = (expr: Expr, name: string | null): boolean =>
  (expr.kind === 'name' || expr.kind === 'field') && expr.name === name;

const isOf = (module: Module, pack: string | null, from: Module): boolean =>
  pack === null || isPackage(module, pack, from);

function firstOf(values: readonly Value[]): Value {
  return values.reduce<Value>((before, value) => (before === null ? value : orElse(before, value)), null);
}
