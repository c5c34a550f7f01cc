/** What declarations and parameters bind: `const { a, b: { c = 1 } } = x`, `function f({ path = './x' })`. */
import type { Class, Expr, Fn, Parameter } from './code.ts';
import { keyOf, scriptExpression } from './javascript-expressions.ts';
import type { NewFunction, Recorder } from './recorder.ts';
import { child, ofType, type SyntaxNode } from './tree.ts';

/** What expressions need of the reader of statements. */
export interface JavaScriptReader {
  readonly record: Recorder;
  function(node: SyntaxNode, made: NewFunction): Fn;
  class(node: SyntaxNode): Class;
  assign(node: SyntaxNode): Expr;
}

interface Part {
  readonly key: string;
  readonly pattern: SyntaxNode;
  readonly default?: Expr;
}

function partsOf(reader: JavaScriptReader, pattern: SyntaxNode): Part[] {
  const found: Part[] = [];
  const { record } = reader;
  for (const node of pattern.children) {
    const whole = node.type === 'pair_pattern' ? child(node, 'value') : node;
    if (!whole) continue;
    const assigned = whole.type === 'object_assignment_pattern' || whole.type === 'assignment_pattern';
    const target = assigned ? child(whole, 'left') : whole;
    const value = assigned ? child(whole, 'right') : undefined;
    const key =
      node.type === 'pair_pattern' ? keyOf(record, child(node, 'key') ?? node) : target && record.textOf(target);
    if (!target || !key) continue;
    found.push({ key, pattern: target, ...(value ? { default: scriptExpression(reader, value) } : {}) });
  }
  return found;
}

const isName = (pattern: SyntaxNode): boolean =>
  pattern.type === 'identifier' || pattern.type === 'shorthand_property_identifier_pattern';

/** Binds a declaration's names to the parts of its value. */
export function bindValue(
  reader: JavaScriptReader,
  pattern: SyntaxNode,
  value: Expr,
  at: number,
  lexical: boolean,
  declared: (name: string, value: Expr) => void = () => {},
): void {
  const { record } = reader;
  if (isName(pattern)) {
    const name = record.textOf(pattern);
    if (value.kind === 'function') value.fn.name ||= name;
    record.bind(name, { kind: 'value', value }, at, { lexical });
    declared(name, value);
  } else if (pattern.type === 'object_pattern') {
    for (const part of partsOf(reader, pattern)) {
      const place = { start: part.pattern.start, end: part.pattern.end };
      const member: Expr = { kind: 'member', of: value, name: part.key, ...place };
      const read: Expr = part.default ? { kind: 'first', options: [member, part.default], ...place } : member;
      bindValue(reader, part.pattern, read, at, lexical, declared);
    }
  } else if (pattern.type === 'array_pattern') {
    const items = value.kind === 'list' ? value.items : [];
    pattern.children.forEach((inner, index) => {
      const place = { start: inner.start, end: inner.end };
      bindValue(reader, inner, items[index] ?? { kind: 'other', what: 'one of several values', ...place }, at, lexical);
    });
  }
}

/** Binds a parameter's names; of nested patterns only the first level. */
function bindPattern(reader: JavaScriptReader, pattern: SyntaxNode, written: Omit<Parameter, 'name'>, fn: Fn): void {
  const { record } = reader;
  const add = (parameter: Parameter) => {
    fn.parameters.push(parameter);
    record.bind(parameter.name, { kind: 'parameter', fn, parameter });
  };
  if (isName(pattern)) add({ ...written, name: record.textOf(pattern) });
  else if (pattern.type === 'rest_pattern') {
    const name = pattern.children[0];
    if (name) add({ ...written, name: record.textOf(name) });
  } else if (pattern.type === 'object_pattern') {
    for (const part of partsOf(reader, pattern)) {
      if (!isName(part.pattern)) continue;
      const { default: _whole, type: _type, ...rest } = written;
      const value = part.default ?? entryOf(written.default, part.key);
      add({ ...rest, name: record.textOf(part.pattern), key: part.key, ...(value ? { default: value } : {}) });
    }
  }
}

const entryOf = (whole: Expr | undefined, key: string): Expr | undefined =>
  whole?.kind === 'object' ? whole.entries.get(key) : undefined;

/** Parameters, bound in the function being read; TypeScript's `private path: string` also becomes an attribute. */
export function scriptParameters(
  reader: JavaScriptReader,
  list: SyntaxNode | undefined,
  fn: Fn,
  cls: Class | null,
): void {
  const { record } = reader;
  const nodes = list?.type === 'formal_parameters' ? list.children : list ? [list] : [];
  let index = 0;
  for (const node of nodes) {
    const pattern = child(node, 'pattern') ?? child(node, 'left') ?? node;
    if (pattern.type === 'this' || pattern.type === 'decorator') continue;
    const value = child(node, 'value') ?? child(node, 'right');
    const type = child(node, 'type')?.children[0];
    const written: Omit<Parameter, 'name'> = {
      index: index++,
      rest: pattern.type === 'rest_pattern',
      ...(value ? { default: scriptExpression(reader, value) } : {}),
      ...(type?.type === 'type_identifier'
        ? { type: { kind: 'name', name: record.textOf(type), block: record.block, start: type.start, end: type.end } }
        : {}),
    };
    bindPattern(reader, pattern, written, fn);
    if (cls && ofType(node, 'accessibility_modifier', 'readonly') && pattern.type === 'identifier') {
      const name = record.textOf(pattern);
      const place = { start: pattern.start, end: pattern.end };
      record.attribute(cls, name, { kind: 'name', name, block: record.block, ...place });
    }
  }
}
