/** The things that names refer to. */
import type { Call, Class, Expr, Fn, Module, Parameter } from './code.ts';

/** The call that a function's parameters get their values from; null: none, so the defaults hold. */
export type Bound = { readonly call: Call } | { readonly call: null; readonly reason: string };
export type Bindings = ReadonlyMap<Fn, Bound>;

export const NOTHING_BOUND: Bindings = new Map();

export interface Library {
  readonly kind: 'library';
  readonly name: string;
  /** The Python file that imports it. */
  readonly from: string | null;
  /** Not imported: a name of the language, or one that is missing. */
  readonly global: boolean;
  /** The call it is the result of. */
  readonly call?: Call;
}

export type Entity =
  /** Dotted; the result of a call ends in `()`. */
  | Library
  | { readonly kind: 'module'; readonly module: Module }
  | { readonly kind: 'function'; readonly fn: Fn; readonly bound: Bindings }
  | { readonly kind: 'class'; readonly cls: Class; readonly bound: Bindings }
  /** `call` null: `self`, whichever object that is. */
  | { readonly kind: 'instance'; readonly cls: Class; readonly call: Call | null; readonly bound: Bindings }
  | { readonly kind: 'value'; readonly value: Expr; readonly bound: Bindings };

/** What a call gives for a parameter; `passed on`: it may be among arguments that come as a group. */
export function argumentOf(parameter: Parameter, call: Call): Expr | 'passed on' | null {
  if (parameter.rest) return null;
  const given = call.named.get(parameter.name) ?? call.args[parameter.index];
  if (!given) return call.spreads.length > 0 ? 'passed on' : null;
  if (parameter.key === undefined) return given;
  return given.kind === 'object'
    ? (given.entries.get(parameter.key) ?? (given.spreads.length > 0 ? 'passed on' : null))
    : { kind: 'member', of: given, name: parameter.key, start: given.start, end: given.end };
}

/** Thrown where a path depends on a parameter: the calls of the function decide, and each may say another. */
export class Unbound extends Error {
  readonly fn: Fn;
  constructor(fn: Fn) {
    super(`a parameter of ${fn.name}`);
    this.fn = fn;
  }
}
