/** What a call comes to: a library's function, the application's own, or a method of a path. */
import type { Call, Expr, Fn } from './code.ts';
import { describe } from './describe.ts';
import type { Bindings, Entity } from './entities.ts';
import { agreed, given, unknown, type Value } from './expressions.ts';
import type { Names } from './names.ts';
import { type Arguments, pathFunction, pathMethod } from './path-functions.ts';

type Read = (expr: Expr, bound: Bindings) => Value;

export function callValue(names: Names, call: Call, bound: Bindings, read: Read): Value {
  const { callee } = call;
  const args = argumentsOf(call, bound, read);
  for (const entity of names.of(callee, bound)) {
    const value = called(entity, call, args, bound, read);
    if (value !== undefined) return value;
  }
  if (callee.kind !== 'member') return unknown(`the path is computed by \`${describe(callee) ?? 'a function'}\``);
  const [key] = call.args;
  if (callee.name === 'get' && key?.kind === 'text') {
    const found = read({ kind: 'item', of: callee.of, key, start: call.start, end: call.end }, bound);
    return found?.kind === 'unknown' ? (args.get(1, 'default') ?? found) : found;
  }
  const method = pathMethod(callee.name);
  if (method) return method(given(read(callee.of, bound)), args);
  return unknown(`the path is computed by \`${describe(callee) ?? callee.name}\``);
}

function called(entity: Entity, call: Call, args: Arguments, bound: Bindings, read: Read): Value | undefined {
  if (entity.kind === 'library') return pathFunction(call.block.scope.module.language, entity.name)?.(args);
  return entity.kind === 'function' ? returned(entity.fn, call, new Map([...entity.bound, ...bound]), read) : undefined;
}

function returned(fn: Fn, call: Call, bound: Bindings, read: Read): Value {
  const inside = new Map(bound).set(fn, { call });
  if (fn.returns.length === 0) return unknown(`\`${fn.name}\` gives nothing back`);
  return agreed(
    fn.returns.map((value) => read(value, inside)),
    `\`${fn.name}\` gives back different values`,
  );
}

const argumentsOf = (call: Call, bound: Bindings, read: Read): Arguments => ({
  count: call.args.length,
  spread: call.spreads.length > 0,
  get: (place, name) => {
    const expr = (name === undefined ? undefined : call.named.get(name)) ?? call.args[place];
    return expr && read(expr, bound);
  },
  all: () => call.args.map((expr) => read(expr, bound)),
});
