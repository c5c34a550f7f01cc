/** Path expressions, made as simple as they can be. */
import type { PathExpression, TextPlace, TextTest } from './model.ts';

/** null: the code says that there is no value (`None`, `undefined`). */
export type Value = PathExpression | null;

export const literal = (value: string): PathExpression => ({ kind: 'literal', value });
export const unknown = (reason: string): PathExpression => ({ kind: 'unknown', reason });
export const file = (path: string): PathExpression => ({ kind: 'file', path });
export const CWD: PathExpression = { kind: 'cwd' };
export const HOME: PathExpression = { kind: 'home' };
export const TEMP: PathExpression = { kind: 'temp' };

export const given = (value: Value): PathExpression => value ?? unknown('a part of the path has no value');

export const same = (a: Value, b: Value): boolean => JSON.stringify(a) === JSON.stringify(b);

export function environment(name: Value, fallback: Value = null): PathExpression {
  if (name?.kind !== 'literal') return unknown('the name of an environment variable is computed');
  return { kind: 'env', name: name.value, ...(fallback ? { fallback } : {}) };
}

export const dirname = (of: PathExpression): PathExpression => (of.kind === 'unknown' ? of : { kind: 'dirname', of });

export function join(parts: readonly PathExpression[], restart: boolean): PathExpression {
  const missing = parts.find((part) => part.kind === 'unknown');
  if (missing) return missing;
  return parts.length === 1 ? parts[0]! : { kind: 'join', parts, restart };
}

export function concat(parts: readonly PathExpression[]): PathExpression {
  const merged: PathExpression[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (last?.kind === 'literal' && part.kind === 'literal')
      merged[merged.length - 1] = literal(last.value + part.value);
    else merged.push(part);
  }
  // What the text begins with tells a URL from a path, so it is kept even if the rest is not known.
  if (merged.length > 0 && merged.every((part) => part.kind === 'unknown')) return merged[0]!;
  return merged.length === 1 ? merged[0]! : { kind: 'concat', parts: merged };
}

export function either(values: readonly Value[]): Value {
  const options: PathExpression[] = [];
  for (const value of values) {
    if (!value || (value.kind === 'literal' && value.value === '')) continue;
    if (value.kind === 'either' && !value.by) options.push(...value.options);
    else options.push(value);
    if (value.kind === 'literal' || (value.kind === 'env' && value.fallback)) break;
  }
  if (options.length === 0) return values.find((value) => value !== null) ?? null;
  return options.length === 1 ? options[0]! : { kind: 'either', options };
}

/** Whether a text stands in another. */
export function holds(of: string, text: string, at: TextPlace): boolean {
  switch (at) {
    case 'within':
      return of.includes(text);
    case 'start':
      return of.startsWith(text);
    case 'end':
      return of.endsWith(text);
    case 'whole':
      return of === text;
  }
}

/** What a test of a text comes to: like any value, it is there, or it is empty. */
export function tested(of: Value, text: Value, at: TextPlace): PathExpression {
  if (text?.kind !== 'literal' || of === null || of.kind === 'unknown') return unknown('the path is a computed value');
  if (of.kind === 'literal') return literal(holds(of.value, text.value, at) ? 'true' : '');
  return { kind: 'either', options: [literal('true'), literal('')], by: { of, text: text.value, at } };
}

/** The test that a value is the outcome of. */
export const testOf = (value: Value): TextTest | undefined => (value?.kind === 'either' ? value.by : undefined);

/** One of several: known only if they agree. */
export function agreed(values: readonly Value[], reason: string): Value {
  const present = values.filter((value) => value !== null);
  const [first] = present;
  if (!first) return null;
  if (present.every((value) => same(value, first))) return first;
  return unknown(reason);
}

const isRooted = (expression: PathExpression): boolean => {
  switch (expression.kind) {
    case 'file':
    case 'cwd':
    case 'home':
    case 'temp':
      return true;
    case 'literal':
      return expression.value.startsWith('/');
    case 'dirname':
      return isRooted(expression.of);
    case 'join':
    case 'concat':
      return isRooted(expression.parts[0]!);
    default:
      return false;
  }
};

export function absolute(expression: PathExpression): PathExpression {
  return expression.kind === 'unknown' || isRooted(expression) ? expression : join([CWD, expression], true);
}

/** `~` at the beginning stands for the home directory. */
export function expandUser(expression: PathExpression): PathExpression {
  if (expression.kind === 'literal') {
    const home = /^~(?:\/(.*))?$/s.exec(expression.value);
    return home ? join([HOME, ...(home[1] ? [literal(home[1])] : [])], false) : expression;
  }
  if (expression.kind === 'join' || expression.kind === 'concat') {
    const [head, ...rest] = expression.parts;
    return { ...expression, parts: [expandUser(head!), ...rest] };
  }
  if (expression.kind === 'env' && expression.fallback) {
    return { ...expression, fallback: expandUser(expression.fallback) };
  }
  if (expression.kind === 'either') return { ...expression, options: expression.options.map(expandUser) };
  return expression;
}

/** `'{}/x'.format(a)`, `'%s/x' % a`. */
export function formatted(
  text: Value,
  holes: RegExp,
  fill: (name: string, index: number) => Value | undefined,
): PathExpression {
  if (text?.kind !== 'literal') return text ?? unknown('a text without a value is formatted');
  const parts: PathExpression[] = [];
  let end = 0;
  let index = 0;
  for (const hole of text.value.matchAll(holes)) {
    parts.push(literal(text.value.slice(end, hole.index)));
    const value = fill(hole[1] ?? '', index++);
    parts.push(value === undefined ? unknown('formatted text') : given(value));
    end = hole.index + hole[0].length;
  }
  parts.push(literal(text.value.slice(end)));
  return concat(parts.filter((part) => part.kind !== 'literal' || part.value !== ''));
}
