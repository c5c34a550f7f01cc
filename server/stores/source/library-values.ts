/** Values that come from outside the application's own code. */
import type { Expr } from './code.ts';
import { describe, rootOf } from './describe.ts';
import type { Library } from './entities.ts';
import { unknown, type Value } from './expressions.ts';
import { flaskPath } from './flask.ts';
import type { Names } from './names.ts';
import { pathConstant } from './path-functions.ts';
import { parsedVariable } from './schemas.ts';

/** What a library keeps under a name; undefined when that is not known. */
export function libraryMember(
  names: Names,
  entity: Library,
  expr: Expr & { kind: 'member' },
  read: (expr: Expr) => Value,
): Value | undefined {
  const { name } = expr;
  return (
    pathConstant(`${entity.name}.${name}`, rootOf(expr)?.scope.module.path ?? '') ??
    flaskPath(names, entity, name) ??
    djangoSetting(names, entity, name, read) ??
    parsedVariable(names, entity, name, read) ??
    commandLine(entity, expr)
  );
}

/** `django.conf.settings.X`, where one file alone sets it. */
function djangoSetting(names: Names, entity: Library, name: string, read: (expr: Expr) => Value): Value | undefined {
  if (entity.name !== 'django.conf.settings') return undefined;
  const [module, another] = names.program
    .mentioning(name, 'python')
    .filter((one) => /\bsettings\b/.test(one.path) && one.scope.bindings.has(name));
  if (!module || another) return undefined;
  const end = Number.MAX_SAFE_INTEGER;
  return read({ kind: 'name', name, block: module.block, start: end, end });
}

/** `parser.parse_args().db`: whatever its default, the container's command decides. */
const commandLine = (entity: Library, expr: Expr): Value | undefined =>
  /\.parse_(?:known_)?args\(\)$/.test(entity.name)
    ? unknown(`\`${describe(expr) ?? 'the path'}\` comes from the command line`)
    : undefined;
