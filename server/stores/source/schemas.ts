/** Environment variables read through a schema: `z.object({ X: z.string().default('./x') }).parse(process.env)`. */
import type { Call, Expr } from './code.ts';
import { type Library, NOTHING_BOUND } from './entities.ts';
import { environment, literal, type Value } from './expressions.ts';
import type { Names } from './names.ts';
import { isEnvironment } from './path-functions.ts';

const PARSED = /\.parse\(\)$/;
const FROM_SERVER_KEY: ReadonlySet<string> = new Set([
  '@t3-oss/env-core.createEnv()',
  '@t3-oss/env-nextjs.createEnv()',
]);

/** A variable of a validated environment; undefined when the object is none. */
export function parsedVariable(
  names: Names,
  entity: Library,
  name: string,
  read: (expr: Expr) => Value,
): Value | undefined {
  const { call } = entity;
  const schema = call && schemaOf(names, entity, call);
  if (schema?.kind !== 'object') return undefined;
  const entry = names.entry(schema, name, NOTHING_BOUND);
  const fallback = entry && defaultOf(entry);
  return entry && environment(literal(name), fallback ? read(fallback) : null);
}

function schemaOf(names: Names, entity: Library, call: Call): Expr | undefined {
  const isVariables = (expr: Expr | undefined): boolean =>
    expr !== undefined && names.of(expr).some((one) => one.kind === 'library' && isEnvironment(one.name));
  if (PARSED.test(entity.name) && call.callee.kind === 'member' && isVariables(call.args[0])) {
    const made = names.of(call.callee.of).find((one) => one.kind === 'library' && one.call);
    return made?.kind === 'library' ? made.call?.args[0] : undefined;
  }
  if (entity.name === 'envalid.cleanEnv()' && isVariables(call.args[0])) return call.args[1];
  const [options] = call.args;
  if (!FROM_SERVER_KEY.has(entity.name) || options?.kind !== 'object') return undefined;
  return options.entries.get('server');
}

/** `z.string().default('x').optional()`, `str({ default: 'x' })` */
function defaultOf(schema: Expr): Expr | undefined {
  let at: Expr = schema;
  while (at.kind === 'call') {
    const [first] = at.args;
    if (first?.kind === 'object' && first.entries.has('default')) return first.entries.get('default');
    if (at.callee.kind !== 'member') return undefined;
    if (at.callee.name === 'default') return first?.kind === 'function' ? first.fn.returns[0]?.value : first;
    at = at.callee.of;
  }
  return undefined;
}
