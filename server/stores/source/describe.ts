/** Expressions as they are written. */
import type { Block, Expr } from './code.ts';

/** Where the name that an expression begins with stands. */
export function rootOf(expr: Expr): Block | null {
  let at = expr;
  while (at.kind === 'member' || at.kind === 'item' || at.kind === 'call') at = at.kind === 'call' ? at.callee : at.of;
  return at.kind === 'name' ? at.block : null;
}

/** Names and members as they are written, for messages; null for all else. */
export function describe(expr: Expr): string | null {
  if (expr.kind === 'name') return expr.name;
  if (expr.kind === 'call') return describe(expr.callee) && `${describe(expr.callee)}()`;
  if (expr.kind !== 'member') return null;
  const of = describe(expr.of);
  return of && `${of}.${expr.name}`;
}
