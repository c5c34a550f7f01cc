/** Python files: statements. */
import type { Class, Expr, Fn, Module } from './code.ts';
import { pythonExpression, pythonParameters, pythonTest } from './python-expressions.ts';
import { readImport, readImportFrom } from './python-imports.ts';
import { conditionOf, other, Recorder, type Tested } from './recorder.ts';
import { child, childrenOf, ofType, type SyntaxNode } from './tree.ts';

export function readPython(path: string, text: string, root: SyntaxNode): Module {
  const record = new Recorder(path, text, 'python');
  statements(record, root.children);
  return record.module;
}

const LEAVES_BLOCK: ReadonlySet<string> = new Set([
  'return_statement',
  'raise_statement',
  'continue_statement',
  'break_statement',
]);

function statements(record: Recorder, nodes: readonly SyntaxNode[]): void {
  for (const [index, node] of nodes.entries()) {
    record.nested(() => statement(record, node), undefined);
    if (LEAVES_BLOCK.has(node.type)) return;
    const settled = record.takeSettled();
    const rest = nodes.slice(index + 1);
    if (settled && record.insideOnce(settled, () => statements(record, rest))) return;
  }
}

type ReadStatement = (record: Recorder, node: SyntaxNode) => void;

function statement(record: Recorder, node: SyntaxNode): void {
  const read = STATEMENTS[node.type];
  if (read) read(record, node);
  else pythonExpression(record, node);
}

function body(record: Recorder, node: SyntaxNode | undefined, field = 'body'): void {
  statements(record, (node && child(node, field))?.children ?? []);
}

function expression(record: Recorder, node: SyntaxNode, field: string): void {
  const value = child(node, field);
  if (value) pythonExpression(record, value);
}

const all: ReadStatement = (record, node) => statements(record, node.children);

const STATEMENTS: Readonly<Record<string, ReadStatement>> = {
  assignment,
  augmented_assignment: addition,
  block: all,
  expression_statement: all,
  ERROR: all,
  import_statement: readImport,
  import_from_statement: readImportFrom,
  function_definition: (record, node) => functionDefinition(record, node, []),
  class_definition: (record, node) => classDefinition(record, node, false),
  decorated_definition: decorated,
  if_statement: condition,
  try_statement: attempt,
  match_statement: match,
  return_statement(record, node) {
    const value = node.children[0] && pythonExpression(record, node.children[0]);
    if (value) record.returned(value);
  },
  for_statement(record, node) {
    expression(record, node, 'right');
    forget(record, child(node, 'left'), 'changes in a loop', node);
    record.inside({}, () => body(record, node));
    record.inside({}, () => body(record, child(node, 'alternative')));
  },
  while_statement(record, node) {
    expression(record, node, 'condition');
    record.inside({}, () => body(record, node));
  },
  with_statement(record, node) {
    for (const item of ofType(node, 'with_clause')?.children ?? []) withItem(record, child(item, 'value') ?? item);
    body(record, node);
  },
  global_statement(record, node) {
    record.globals.set(record.scope, new Set(node.children.map((name) => record.textOf(name))));
  },
};

function match(record: Recorder, node: SyntaxNode): void {
  expression(record, node, 'subject');
  const of = record.branches();
  childrenOf(child(node, 'body') ?? node, 'alternative').forEach((branch, index) => {
    record.inside({ branch: { of, index } }, () => body(record, branch, 'consequence'));
  });
}

function assignment(record: Recorder, node: SyntaxNode): Expr | null {
  const left = child(node, 'left');
  const right = child(node, 'right');
  const type = child(node, 'type');
  const value =
    right?.type === 'assignment' ? assignment(record, right) : right ? pythonExpression(record, right) : null;
  if (left) assign(record, left, value, node.end, type ? pythonExpression(record, type) : null);
  return value;
}

/** `url += '?timeout=5'`; what is changed otherwise is not known. */
function addition(record: Recorder, node: SyntaxNode): void {
  const [left, right] = [child(node, 'left'), child(node, 'right')];
  if (!left || !right) return;
  const place = { start: node.start, end: node.end };
  const parts = [pythonExpression(record, left), pythonExpression(record, right)];
  const isSum = child(node, 'operator')?.type === '+=';
  if (left.type === 'identifier')
    assign(record, left, isSum ? { kind: 'concat', parts, ...place } : other(node, 'a computed value'), node.end);
}

function assign(record: Recorder, left: SyntaxNode, value: Expr | null, at: number, type: Expr | null = null): void {
  const { scope } = record;
  if (left.type === 'identifier') {
    const name = record.textOf(left);
    const owner = record.globals.get(scope)?.has(name) ? record.module.scope : scope;
    if (value) record.bind(name, { kind: 'value', value }, at, { scope: owner });
    if (scope.kind === 'class') scope.cls!.fields.set(name, { name, value, type });
    return;
  }
  if (!value) return;
  if (left.type === 'attribute') {
    const [object, name] = [child(left, 'object'), child(left, 'attribute')];
    const cls = object?.type === 'identifier' ? self(record, record.textOf(object)) : null;
    if (cls && name) record.attribute(cls, record.textOf(name), value);
  } else if (left.type === 'subscript') {
    const key = child(left, 'subscript');
    const read = key && pythonExpression(record, key);
    if (read?.kind === 'text') {
      record.module.items.push({ key: read.value, value, block: record.block, start: left.start, end: left.end });
    }
  } else if (left.type === 'pattern_list' || left.type === 'tuple_pattern') {
    const items = value.kind === 'list' && value.items.length === left.children.length ? value.items : null;
    left.children.forEach((inner, index) => {
      assign(record, inner, items?.[index] ?? other(left, 'one of several values'), at);
    });
  }
}

/** The class whose object a name stands for in a method. */
function self(record: Recorder, name: string): Class | null {
  for (let scope = record.scope; scope.parent; scope = scope.parent) {
    const target = scope.bindings.get(name)?.[0]?.target;
    if (target) return target.kind === 'self' ? target.cls : null;
  }
  return null;
}

function forget(record: Recorder, left: SyntaxNode | undefined, reason: string, at: SyntaxNode): void {
  if (left?.type === 'identifier') record.bind(record.textOf(left), { kind: 'opaque', reason }, at.start);
  for (const inner of left?.children ?? []) forget(record, inner, reason, at);
}

function decorated(record: Recorder, node: SyntaxNode): void {
  const decorators = node.children.filter((inner) => inner.type === 'decorator');
  for (const decorator of decorators) if (decorator.children[0]) pythonExpression(record, decorator.children[0]);
  const definition = child(node, 'definition');
  const names = decorators.map((decorator) => record.textOf(decorator).slice(1).trim());
  if (definition?.type === 'class_definition')
    classDefinition(
      record,
      definition,
      names.some((name) => /dataclass/.test(name)),
    );
  if (definition?.type === 'function_definition') functionDefinition(record, definition, names);
}

function functionDefinition(record: Recorder, node: SyntaxNode, decorators: readonly string[]): Fn {
  const name = record.textOf(child(node, 'name') ?? node);
  const { scope } = record;
  const cls = scope.kind === 'class' ? scope.cls! : null;
  const method = cls !== null && !decorators.includes('staticmethod');
  const property =
    cls !== null && decorators.some((decorator) => /(^|\.)(cached_property|property|computed_field)\b/.test(decorator));
  const parameters = pythonParameters(record, child(node, 'parameters'), method);
  const fn = record.function(node, { name, cls, property }, (made) => {
    made.parameters.push(...parameters.filter((parameter) => parameter.index >= 0));
    for (const parameter of made.parameters) record.bind(parameter.name, { kind: 'parameter', fn: made, parameter });
    const object = parameters.find((parameter) => parameter.index < 0);
    if (object && cls) record.bind(object.name, { kind: 'self', cls });
    body(record, node);
  });
  record.bind(name, { kind: 'function', fn });
  cls?.methods.set(name, fn);
  return fn;
}

function classDefinition(record: Recorder, node: SyntaxNode, decorated: boolean): void {
  const name = record.textOf(child(node, 'name') ?? node);
  const bases = child(node, 'superclasses')?.children.filter((base) => base.type !== 'keyword_argument') ?? [];
  const read = bases.map((base) => pythonExpression(record, base));
  const cls = record.class(node, name, decorated, (made) => {
    made.bases.push(...read);
    body(record, node);
  });
  record.bind(name, { kind: 'class', cls });
}

const NEVER = /^(?:(?:typing|t)\.)?TYPE_CHECKING$|^False$|^0$/;

/** `__name__ == "__main__"`, also with more that has to hold; NiceGUI and others compare with a set of names. */
const STARTED =
  /^\(?\s*(?:__name__\s*==\s*(['"])__main__\1|(['"])__main__\2\s*==\s*__name__|__name__\s+in\s*[({[][^)}\]]*(['"])__main__\3[^)}\]]*[)}\]])\s*(?:\)?$|and\b(?!.*\bor\b))/s;

function condition(record: Recorder, node: SyntaxNode): void {
  const of = record.branches();
  const branches = [node, ...childrenOf(node, 'alternative')];
  let last: Tested | null = null;
  branches.forEach((branch, index) => {
    const test = child(branch, 'condition');
    const tested = test ? pythonTest(record, test) : null;
    if (test && NEVER.test(record.textOf(test))) return;
    // An `else` right after the only `if` runs where its test does not hold.
    const { test: asked, ...met } = tested ? conditionOf(tested, true) : {};
    // An `elif` runs only where those before it do not hold either.
    const own = asked && index === 0 ? { ...met, test: asked } : met;
    const holds = tested ? own : last && branches.length === 2 ? conditionOf(last, false) : {};
    last = tested;
    const started = test && STARTED.test(record.textOf(test)) ? ({ started: true } as const) : {};
    record.inside({ branch: { of, index }, ...holds, ...started }, () =>
      body(record, branch, child(branch, 'consequence') ? 'consequence' : 'body'),
    );
  });
  const leaves = branches.length === 1 && child(node, 'consequence')?.children.at(-1)?.type === 'return_statement';
  record.settled = leaves ? conditionOf(last!, false).when : undefined;
}

/** What is tried is taken to have happened; what follows a failure may have. */
function attempt(record: Recorder, node: SyntaxNode): void {
  body(record, node);
  for (const clause of node.children) {
    if (clause.type === 'except_clause' || clause.type === 'except_group_clause') {
      record.inside({}, () => statements(record, ofType(clause, 'block')?.children ?? []));
    } else if (clause.type === 'else_clause') record.inside({}, () => body(record, clause));
    else if (clause.type === 'finally_clause') statements(record, ofType(clause, 'block')?.children ?? []);
  }
}

function withItem(record: Recorder, node: SyntaxNode): void {
  const [value, alias] = node.type === 'as_pattern' ? node.children : [node];
  const read = value && pythonExpression(record, value);
  const target = alias?.children[0];
  if (read && target) assign(record, target, read, node.end);
}
