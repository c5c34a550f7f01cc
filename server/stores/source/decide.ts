/** Which of several values a path has. */
import type { Block, Expr } from './code.ts';
import { describe } from './describe.ts';
import { agreed, either, given, same, testOf, unknown, type Value } from './expressions.ts';
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
  const chosen = byTests(cases, read, reason);
  if (chosen !== undefined) return chosen;
  const needing = cases.filter(({ value, block }) => block.when !== undefined && needs(value, read(block.when)));
  const rest = cases.filter((one) => !needing.includes(one));
  return needing.length > 0 ? either([...valuesOf(needing), agreed(valuesOf(rest), reason)]) : settled;
}

/**
 * `if '://' in location: url = location` and `else: url = f'sqlite:///{location}'`: whichever the test leads to;
 * undefined where what comes first does not depend on a test of a text.
 */
function byTests(cases: readonly Case[], read: (expr: Expr) => Value, reason: string): Value | undefined {
  const [first] = cases;
  if (!first || cases.some(({ block }) => block.scope !== first.block.scope)) return undefined;
  const around = [...blocksIn(first.block)].reverse();
  const branch = around.find((one) => cases.some(({ block }) => !isIn(block, one)));
  const asked = branch?.test && read(branch.test.expr);
  if (!branch?.test || !asked) return undefined;
  const test = testOf(asked);
  if (!test && !isSettled(asked)) return undefined;
  const [those, others] = [true, false].map((inside) => {
    const some = cases.filter(({ block }) => isIn(block, branch) === inside);
    return decide(some, read, reason) ?? unknown(reason);
  }) as [PathExpression, PathExpression];
  const [yes, no] = branch.test.met ? [those, others] : [others, those];
  if (test) return { kind: 'either', options: [yes, no], by: test };
  return isPresent(asked) ? yes : no;
}

/** A test of a text that the code itself answers. */
const isSettled = (value: PathExpression): boolean =>
  value.kind === 'literal' && (value.value === 'true' || value.value === '');

/** The blocks around a place in its function, itself first. */
function* blocksIn(block: Block): Iterable<Block> {
  for (let at: Block | null = block; at?.scope === block.scope; at = at.parent) yield at;
}

const isIn = (block: Block, outer: Block): boolean => [...blocksIn(block)].includes(outer);

const valuesOf = (cases: readonly Case[]): Value[] => cases.map(({ value }) => value);

/** `test ? yes : no` */
export function choose(expr: Expr & { kind: 'choice' }, read: (expr: Expr) => Value): Value {
  const [yes, no] = [read(expr.yes), read(expr.no)];
  if (same(yes, no)) return yes;
  const described = describe(expr.test);
  const isItself = described !== null && described === describe(expr.yes);
  const test = read(expr.test);
  const by = testOf(test);
  if (by) return { kind: 'either', options: [given(yes), given(no)], by };
  if (isItself || needs(yes, test)) return either([yes, no]);
  if (test === null || (test.kind === 'literal' && test.value === '')) return no;
  return isPresent(test) ? yes : unknown('the path depends on a condition');
}

/** Whether a value is there whatever the environment. */
const isPresent = (value: PathExpression): boolean =>
  value.kind === 'literal' ? value.value !== '' : !/"kind":"(?:env|unknown|either)"/.test(JSON.stringify(value));

/** Whether a path has no value where `what`, a variable of the environment, has none. */
function needs(path: Value, what: Value): boolean {
  return path !== null && what?.kind === 'env' && !what.fallback && JSON.stringify(path).includes(JSON.stringify(what));
}
