/** What a call comes to: a library's function, the application's own, or a method of a path. */
import type { Call, Expr, Fn } from './code.ts';
import type { Case } from './decide.ts';
import { describe } from './describe.ts';
import type { Bindings, Entity } from './entities.ts';
import { given, tested, unknown, type Value } from './expressions.ts';
import type { TextPlace } from './model.ts';
import type { Names } from './names.ts';
import { type Arguments, pathFunction, pathMethod } from './path-functions.ts';

/** What evaluating needs of the evaluator. */
export interface Evaluator {
  read(expr: Expr, bound: Bindings): Value;
  decide(cases: readonly Case[], bound: Bindings, reason: string): Value;
}

/** Methods that ask something of a text. */
const TESTS: ReadonlyMap<string, TextPlace> = new Map<string, TextPlace>([
  ['startswith', 'start'],
  ['startsWith', 'start'],
  ['endswith', 'end'],
  ['endsWith', 'end'],
  ['includes', 'within'],
]);

export function callValue(names: Names, call: Call, bound: Bindings, evaluator: Evaluator): Value {
  const { callee } = call;
  const { read } = evaluator;
  const args = argumentsOf(call, bound, read);
  for (const entity of names.of(callee, bound)) {
    const value = called(entity, call, args, bound, evaluator);
    if (value !== undefined) return value;
  }
  if (callee.kind !== 'member') return unknown(`the path is computed by \`${describe(callee) ?? 'a function'}\``);
  const [key] = call.args;
  if (callee.name === 'get' && key?.kind === 'text') {
    const found = read({ kind: 'item', of: callee.of, key, start: call.start, end: call.end }, bound);
    return found?.kind === 'unknown' ? (args.get(1, 'default') ?? found) : found;
  }
  const place = TESTS.get(callee.name);
  if (place && call.args.length === 1) return tested(read(callee.of, bound), args.get(0) ?? null, place);
  const method = pathMethod(callee.name);
  if (method) return method(given(read(callee.of, bound)), args);
  return unknown(`the path is computed by \`${describe(callee) ?? callee.name}\``);
}

function called(entity: Entity, call: Call, args: Arguments, bound: Bindings, evaluator: Evaluator): Value | undefined {
  if (entity.kind === 'library') return pathFunction(call.block.scope.module.language, entity.name)?.(args);
  if (entity.kind !== 'function') return undefined;
  return returned(entity.fn, call, new Map([...entity.bound, ...bound]), evaluator);
}

function returned(fn: Fn, call: Call, bound: Bindings, { read, decide }: Evaluator): Value {
  const inside = new Map(bound).set(fn, { call });
  if (fn.returns.length === 0) return unknown(`\`${fn.name}\` gives nothing back`);
  const cases = fn.returns.map(({ value, block }) => ({ value: read(value, inside), block }));
  return decide(cases, inside, `\`${fn.name}\` gives back different values`);
}

const argumentsOf = (call: Call, bound: Bindings, read: Evaluator['read']): Arguments => ({
  count: call.args.length,
  spread: call.spreads.length > 0,
  get: (place, name) => {
    const expr = (name === undefined ? undefined : call.named.get(name)) ?? call.args[place];
    return expr && read(expr, bound);
  },
  all: () => call.args.map((expr) => read(expr, bound)),
});
