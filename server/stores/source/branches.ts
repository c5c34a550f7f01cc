/** Under which conditions code runs, as far as the environment decides them. */
import type { Block, Call } from './code.ts';
import { type Bindings, Unbound } from './entities.ts';
import type { Condition, PathExpression } from './model.ts';
import type { Values } from './values.ts';

/** `if (DIALECT === 'postgres') { ... } else { ... }` around a call: what the environment alone has to say of each. */
export function conditionsOf({ block }: Call, bound: Bindings, values: Values): readonly Condition[] {
  const found: Condition[] = [];
  for (let at: Block | null = block; at; at = at.parent) {
    const { test } = at;
    if (!test || at.started) continue;
    const value = asked(() => values.of(test.expr, bound));
    if (value && isAnswerable(value) && asksEnvironment(value)) found.push({ value, met: test.met });
  }
  return found;
}

/** What depends on who calls the function is not asked. */
function asked<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unbound) return null;
    throw error;
  }
}

/** Made of variables and texts alone. */
function isAnswerable(value: PathExpression): boolean {
  switch (value.kind) {
    case 'literal':
      // A text is there, and a number is not: which of the two it was is not kept.
      return value.value !== '0';
    case 'env':
      return value.fallback === undefined || isAnswerable(value.fallback);
    case 'concat':
      return value.parts.every(isAnswerable);
    case 'either':
      return value.options.every(isAnswerable) && (value.by === undefined || isAnswerable(value.by.of));
    default:
      return false;
  }
}

const asksEnvironment = (value: PathExpression): boolean => JSON.stringify(value).includes('"kind":"env"');
