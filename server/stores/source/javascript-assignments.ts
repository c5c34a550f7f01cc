/** JavaScript assignments: to names, to attributes of objects, to what a module gives away. */
import type { Expr } from './code.ts';
import { scriptExpression } from './javascript-expressions.ts';
import type { JavaScriptReader } from './javascript-patterns.ts';
import { other, type Recorder } from './recorder.ts';
import { child, type SyntaxNode } from './tree.ts';

export function readAssignment(reader: JavaScriptReader, node: SyntaxNode): Expr {
  const { record } = reader;
  const [left, right] = [child(node, 'left'), child(node, 'right')];
  if (!left || !right) return other(node, 'incomplete code');
  const value = scriptExpression(reader, right);
  const operator = child(node, 'operator')?.type ?? '=';
  const name = record.textOf(left);
  const isName = left.type === 'identifier';
  if (!/^(?:\?\?|\|\|)?=$/.test(operator)) {
    if (isName) record.bind(name, { kind: 'opaque', reason: 'it is changed' }, node.end);
    return other(node, 'a computed value');
  }
  if (isName && operator !== '=') record.inside({ fills: name }, () => rebind(record, name, value, node.end));
  else if (isName) rebind(record, name, value, node.end);
  else if (left.type === 'member_expression') assignMember(record, left, value);
  return value;
}

/** Assigns to the name where it was declared. */
function rebind(record: Recorder, name: string, value: Expr, at: number): void {
  let owner = record.scope;
  while (owner.parent && !owner.bindings.has(name)) owner = owner.parent;
  record.bind(name, { kind: 'value', value }, at, { scope: owner });
}

function assignMember(record: Recorder, left: SyntaxNode, value: Expr): void {
  const object = child(left, 'object');
  const property = child(left, 'property');
  if (!object || !property) return;
  const name = record.textOf(property);
  const of = record.textOf(object);
  const { exports } = record.module;
  if (of === 'module' && name === 'exports') exports.set('default', { kind: 'value', value });
  else if (of === 'exports' || of === 'module.exports') exports.set(name, { kind: 'value', value });
  else if (object.type === 'this' || object.type === 'identifier') {
    for (let scope = record.scope; ; scope = scope.parent) {
      const target = scope.bindings.get(of)?.[0]?.target;
      // Within its own body, a class is not bound yet.
      const around = scope.kind === 'class' && scope.cls?.name === of ? scope.cls : null;
      const cls = target?.kind === 'self' || target?.kind === 'class' ? target.cls : around;
      if (cls) record.attribute(cls, name, value);
      if (cls || target || !scope.parent) return;
    }
  }
}
