/** JavaScript and TypeScript files: statements. */
import type { Class, Expr, Fn, Module } from './code.ts';
import { readAssignment } from './javascript-assignments.ts';
import { keyOf, scriptExpression, scriptTest } from './javascript-expressions.ts';
import { readExport, readImport } from './javascript-modules.ts';
import { bindValue, type JavaScriptReader, scriptParameters } from './javascript-patterns.ts';
import { type Condition, conditionOf, type NewFunction, Recorder } from './recorder.ts';
import { child, childrenOf, ofType, type SyntaxNode } from './tree.ts';

export function readJavaScript(path: string, text: string, root: SyntaxNode): Module {
  const reader = new Reader(new Recorder(path, text, 'javascript'));
  reader.statements(root.children);
  return reader.record.module;
}

const LEAVES_BLOCK = /^(?:return|throw|break|continue)_statement$/;
const HOISTED = /^(?:generator_)?function_declaration$/;

const STARTED =
  /^[(\s]*(?:require\.main\s*={2,3}\s*module|module\s*={2,3}\s*require\.main|import\.meta\.main|!\s*module\.parent)\b(?!\s*[!=])/;

/** `require.main === module`, `import.meta.main`, `process.argv[1] === fileURLToPath(import.meta.url)` */
const asksWhetherStarted = (test: string): boolean =>
  !test.includes('||') &&
  (STARTED.test(test) ||
    (/^[^!&]*={2,3}[^!&]*$/.test(test) &&
      /\bprocess\.argv\[1\]|\bBun\.main\b/.test(test) &&
      /\bimport\.meta\.(?:url|filename|path)\b|\b__filename\b/.test(test)));

export class Reader implements JavaScriptReader {
  readonly record: Recorder;

  constructor(record: Recorder) {
    this.record = record;
  }

  statements(nodes: readonly SyntaxNode[]): void {
    let reached = true;
    for (const [index, node] of nodes.entries()) {
      if (reached || HOISTED.test(node.type)) this.record.nested(() => this.statement(node), undefined);
      if (LEAVES_BLOCK.test(node.type)) reached = false;
      const settled = this.record.takeSettled();
      const rest = nodes.slice(index + 1);
      if (settled && this.record.insideOnce(settled, () => this.statements(rest))) return;
    }
  }

  /** A statement that runs only sometimes, with or without braces. */
  inside(node: SyntaxNode | undefined, extra: Condition = {}): void {
    if (node)
      this.record.inside(extra, () => this.statements(node.type === 'statement_block' ? node.children : [node]));
  }

  statement(node: SyntaxNode): void {
    const read = STATEMENTS[node.type];
    if (read) read(this, node);
    else scriptExpression(this, node);
  }

  nameOf(node: SyntaxNode): string {
    const name = child(node, 'name');
    return name ? this.record.textOf(name) : 'default';
  }

  declaration(node: SyntaxNode, declared?: (name: string, value: Expr) => void): void {
    const lexical = child(node, 'kind')?.type !== undefined;
    for (const item of node.children) {
      const name = child(item, 'name');
      if (item.type !== 'variable_declarator' || !name) continue;
      const value = child(item, 'value');
      const read: Expr = value ? scriptExpression(this, value) : { kind: 'none', start: item.end, end: item.end };
      bindValue(this, name, read, item.end, lexical, declared);
    }
  }

  function(node: SyntaxNode, made: NewFunction): Fn {
    return this.record.function(node, made, (fn) => {
      const list = child(node, 'parameters') ?? child(node, 'parameter');
      // Arrow functions see the `this` around them.
      if (fn.cls) this.record.bind('this', { kind: 'self', cls: fn.cls });
      else if (node.type !== 'arrow_function')
        this.record.bind('this', { kind: 'opaque', reason: 'it depends on the caller' });
      scriptParameters(this, list, fn, made.name === 'constructor' ? fn.cls : null);
      const body = child(node, 'body');
      if (body?.type === 'statement_block') this.statements(body.children);
      else if (body) this.record.returned(scriptExpression(this, body));
    });
  }

  class(node: SyntaxNode): Class {
    for (const decorator of node.children) if (decorator.type === 'decorator') scriptExpression(this, decorator);
    const heritage = ofType(node, 'class_heritage');
    const base = heritage && (child(ofType(heritage, 'extends_clause') ?? heritage, 'value') ?? heritage.children[0]);
    const bases = base && !/_clause$/.test(base.type) ? [scriptExpression(this, base)] : [];
    return this.record.class(node, this.nameOf(node), false, (cls) => {
      cls.bases.push(...bases);
      for (const member of child(node, 'body')?.children ?? []) this.#member(cls, member);
    });
  }

  #member(cls: Class, node: SyntaxNode): void {
    if (node.type === 'decorator') scriptExpression(this, node);
    const key = child(node, 'name') ?? child(node, 'property');
    const name = key && keyOf(this.record, key);
    if (node.type === 'class_static_block') this.inside(child(node, 'body'));
    if (!name) return;
    const head = this.record.text.slice(node.start, key.start);
    if (node.type === 'method_definition') {
      const fn = this.function(node, { name, cls, property: /\bget\s+$/.test(head) });
      cls.methods.set(name, fn);
    } else if (/field_definition$/.test(node.type)) {
      const value = child(node, 'value');
      this.record.bind('this', { kind: 'self', cls });
      cls.fields.set(name, { name, value: value ? scriptExpression(this, value) : null, type: null });
    }
  }

  condition(node: SyntaxNode): void {
    const test = child(node, 'condition');
    const tested = test ? scriptTest(this, test) : null;
    const of = this.record.branches();
    const holds = (met: boolean): Condition => (tested ? conditionOf(tested, met) : {});
    const started = test && asksWhetherStarted(this.record.textOf(test)) ? ({ started: true } as const) : {};
    this.inside(child(node, 'consequence'), { branch: { of, index: 0 }, ...holds(true), ...started });
    this.inside(child(node, 'alternative'), { branch: { of, index: 1 }, ...holds(false) });
    const consequence = child(node, 'consequence');
    const end = consequence?.type === 'statement_block' ? consequence.children.at(-1) : consequence;
    const leaves = end?.type === 'return_statement' && !child(node, 'alternative');
    this.record.settled = leaves ? holds(false).when : undefined;
  }

  enumeration(node: SyntaxNode): void {
    const entries = new Map<string, Expr>();
    for (const item of child(node, 'body')?.children ?? []) {
      const [name, value] = [child(item, 'name'), child(item, 'value')];
      if (name && value) entries.set(keyOf(this.record, name) ?? '', scriptExpression(this, value));
    }
    const value: Expr = { kind: 'object', entries, spreads: [], start: node.start, end: node.end };
    this.record.bind(this.nameOf(node), { kind: 'value', value });
    if (this.record.scope.kind === 'module')
      this.record.module.exports.set(this.nameOf(node), { kind: 'value', value });
  }

  assign(node: SyntaxNode): Expr {
    return readAssignment(this, node);
  }
}

type ReadStatement = (reader: Reader, node: SyntaxNode) => void;

const nothing: ReadStatement = () => {};
const all: ReadStatement = (reader, node) => reader.statements(node.children);
const declaration: ReadStatement = (reader, node) => reader.declaration(node);

const functionDeclaration: ReadStatement = (reader, node) => {
  const fn = reader.function(node, { name: reader.nameOf(node), cls: null });
  reader.record.bind(fn.name, { kind: 'function', fn });
};

const classDeclaration: ReadStatement = (reader, node) => {
  const cls = reader.class(node);
  reader.record.bind(cls.name, { kind: 'class', cls });
};

const loop: ReadStatement = (reader, node) => {
  for (const inner of node.children) {
    if (inner.field === 'body') reader.inside(inner);
    else if (inner.type.endsWith('_declaration')) reader.declaration(inner);
    else if (inner.field === 'condition' || inner.field === 'right') scriptExpression(reader, inner);
  }
};

const namespace: ReadStatement = (reader, node) => reader.statements(child(node, 'body')?.children ?? []);

const STATEMENTS: Readonly<Record<string, ReadStatement>> = {
  expression_statement: (reader, node) => {
    for (const inner of node.children) scriptExpression(reader, inner);
  },
  lexical_declaration: declaration,
  variable_declaration: declaration,
  function_declaration: functionDeclaration,
  generator_function_declaration: functionDeclaration,
  class_declaration: classDeclaration,
  abstract_class_declaration: classDeclaration,
  import_statement: ({ record }, node) => readImport(record, node),
  export_statement: readExport,
  if_statement: (reader, node) => reader.condition(node),
  else_clause: all,
  ERROR: all,
  for_statement: loop,
  for_in_statement: loop,
  while_statement: loop,
  do_statement: loop,
  statement_block: (reader, node) => reader.inside(node),
  labeled_statement: (reader, node) => reader.statements(node.children.slice(1)),
  internal_module: namespace,
  module: namespace,
  enum_declaration: (reader, node) => reader.enumeration(node),
  interface_declaration: nothing,
  type_alias_declaration: nothing,
  ambient_declaration: nothing,
  return_statement: (reader, node) => {
    const value = node.children[0] && scriptExpression(reader, node.children[0]);
    if (value) reader.record.returned(value);
  },
  try_statement: (reader, node) => {
    // What is tried is taken to have happened; what follows a failure may have.
    const [handler, finalizer] = [child(node, 'handler'), child(node, 'finalizer')];
    reader.statements(child(node, 'body')?.children ?? []);
    reader.inside(handler && child(handler, 'body'));
    reader.statements((finalizer && child(finalizer, 'body'))?.children ?? []);
  },
  switch_statement: (reader, node) => {
    const value = child(node, 'value');
    if (value) scriptExpression(reader, value);
    const of = reader.record.branches();
    child(node, 'body')?.children.forEach((branch, index) => {
      reader.record.inside({ branch: { of, index } }, () => reader.statements(childrenOf(branch, 'body')));
    });
  },
};
