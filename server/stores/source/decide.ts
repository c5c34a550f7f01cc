/** Which of several values a path has. */
import type { Block, Expr } from './code.ts';
import { describe } from './describe.ts';
import { agreed, either, same, unknown, type Value } from './expressions.ts';
import type { PathExpression } from './model.ts';

/** One of several values, and where it comes about. */
export interface Case {
  readonly value: Value;
  readonly block: Block;
}

/** The value that all agree on; else those that need something set, and then the one that does not. */
export function decide(cases: readonly Case[], read: (expr: Expr) => Value, reason: string): Value {
  const all = valuesOf(cases);
  const settled = agreed(all, reason);
  if (settled?.kind !== 'unknown' || cases.length === 1) return settled;
  const needing = cases.filter(({ value, block }) => block.when !== undefined && needs(value, read(block.when)));
  const rest = cases.filter((one) => !needing.includes(one));
  return needing.length > 0 ? either([...valuesOf(needing), agreed(valuesOf(rest), reason)]) : settled;
}

const valuesOf = (cases: readonly Case[]): Value[] => cases.map(({ value }) => value);

/** `test ? yes : no` */
export function choose(expr: Expr & { kind: 'choice' }, read: (expr: Expr) => Value): Value {
  const [yes, no] = [read(expr.yes), read(expr.no)];
  if (same(yes, no)) return yes;
  const described = describe(expr.test);
  const isItself = described !== null && described === describe(expr.yes);
  const test = read(expr.test);
  if (isItself || needs(yes, test)) return either([yes, no]);
  if (test === null) return no;
  return isPresent(test) ? yes : unknown('the path depends on a condition');
}

/** Whether a value is there whatever the environment. */
const isPresent = (value: PathExpression): boolean =>
  value.kind === 'literal' ? value.value !== '' : !/"kind":"(?:env|unknown|either)"/.test(JSON.stringify(value));

/** Whether a path has no value where `what`, a variable of the environment, has none. */
function needs(path: Value, what: Value): boolean {
  return path !== null && what?.kind === 'env' && !what.fallback && JSON.stringify(path).includes(JSON.stringify(what));
}
