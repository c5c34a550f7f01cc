/** What classes inherit. */
import { type Class, constructorOf, type Expr, type Fn } from './code.ts';
import type { Bindings, Entity } from './entities.ts';
import type { Names } from './names.ts';

const MAX_CLASSES = 20;

/** The application's classes that a class is derived from, itself first. */
export function lineage(names: Names, cls: Class): Class[] {
  const found: Class[] = [];
  const visit = (one: Class) => {
    if (found.includes(one) || found.length >= MAX_CLASSES) return;
    found.push(one);
    for (const base of names.bases(one)) if (base.kind === 'class') visit(base.cls);
  };
  visit(cls);
  return found;
}

/** Libraries' classes that a class is derived from. */
export const foreignBases = (names: Names, cls: Class): string[] =>
  lineage(names, cls).flatMap((one) => names.bases(one).flatMap((base) => (base.kind === 'library' ? base.name : [])));

/** The function that constructs a class: its own, or an inherited one. */
export function inheritedConstructor(names: Names, cls: Class): Fn | undefined {
  for (const one of lineage(names, cls)) {
    const found = constructorOf(one);
    if (found) return found;
  }
  return undefined;
}

/** The bindings that hold within an object: its constructor's parameters have the values it was made with. */
export function insideOf(names: Names, entity: Entity & { kind: 'instance' }): Bindings {
  const made = entity.call && inheritedConstructor(names, entity.cls);
  return made ? new Map(entity.bound).set(made, { call: entity.call! }) : entity.bound;
}

/** For Python's `super()` and JavaScript's `super`, the class they stand in; they mean what is above it. */
export function classUnderSuper(expr: Expr): Class | null {
  const name = expr.kind === 'call' ? expr.callee : expr;
  if (name.kind !== 'name' || name.name !== 'super') return null;
  if ((name.block.scope.module.language === 'python') !== (expr.kind === 'call')) return null;
  for (let scope = name.block.scope; scope.parent; scope = scope.parent) if (scope.cls) return scope.cls;
  return null;
}
