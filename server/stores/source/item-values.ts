/** Values picked from a collection: `os.environ['X']`, `config['db']`, `path.parents[1]`. */
import type { Expr } from './code.ts';
import { describe } from './describe.ts';
import type { Bindings } from './entities.ts';
import { dirname, environment, given, unknown, type Value } from './expressions.ts';
import { flaskSetting } from './flask.ts';
import type { Names } from './names.ts';
import { isEnvironment } from './path-functions.ts';

const MAX_PARENTS = 20;

export function itemValue(
  names: Names,
  expr: Expr & { kind: 'item' },
  bound: Bindings,
  read: (expr: Expr) => Value,
): Value {
  const { of, key, start, end } = expr;
  if (of.kind === 'member' && of.name === 'parents' && key.kind === 'number') {
    let up = given(read(of.of));
    for (let level = 0; level <= Math.min(key.value, MAX_PARENTS); level++) up = dirname(up);
    return up;
  }
  const entities = names.of(of, bound);
  if (entities.some((entity) => entity.kind === 'library' && isEnvironment(entity.name))) return environment(read(key));
  if (key.kind === 'number') {
    for (const entity of entities) {
      const item = entity.kind === 'value' && entity.value.kind === 'list' ? entity.value.items[key.value] : undefined;
      if (item) return read(item);
    }
    return unknown(`\`${describe(of) ?? 'a list'}\` is not set in the code`);
  }
  if (key.kind !== 'text') return unknown('the path is picked from a collection');
  return flaskSetting(names.program, of, key.value, read) ?? read({ kind: 'member', of, name: key.value, start, end });
}
