/** What JavaScript files take from each other and give away. */
import type { Expr, Target } from './code.ts';
import { keyOf, scriptExpression } from './javascript-expressions.ts';
import type { JavaScriptReader } from './javascript-patterns.ts';
import type { Recorder } from './recorder.ts';
import { child, ofType, type SyntaxNode } from './tree.ts';

interface StatementReader extends JavaScriptReader {
  statement(node: SyntaxNode): void;
  nameOf(node: SyntaxNode): string;
  declaration(node: SyntaxNode, declared: (name: string, value: Expr) => void): void;
}

export function readImport(record: Recorder, node: SyntaxNode): void {
  const clause = ofType(node, 'import_clause', 'import_require_clause');
  const source = child(node, 'source') ?? (clause && child(clause, 'source'));
  if (!clause || !source || /^import\s+type\b/.test(record.textOf(node))) return;
  const specifier = keyOf(record, source) ?? '';
  const from = record.module.path;
  const add = (local: SyntaxNode, name: string | null) =>
    record.bind(record.textOf(local), { kind: 'import', specifier, name, from });
  for (const item of clause.children) {
    if (item.type === 'identifier') add(item, clause.type === 'import_clause' ? 'default' : null);
    else if (item.type === 'namespace_import' && item.children[0]) add(item.children[0], null);
    else if (item.type === 'named_imports') {
      for (const one of item.children) {
        const name = child(one, 'name');
        if (name) add(child(one, 'alias') ?? name, keyOf(record, name));
      }
    }
  }
}

export function readExport(reader: StatementReader, node: SyntaxNode): void {
  const { record } = reader;
  const { exports } = record.module;
  const source = child(node, 'source');
  const specifier = source ? keyOf(record, source) : null;
  const clause = ofType(node, 'export_clause');
  const namespace = ofType(node, 'namespace_export');
  if (specifier && namespace) {
    const name = record.textOf(namespace.children[0] ?? namespace);
    exports.set(name, { kind: 'import', specifier, name: null, from: record.module.path });
  } else if (clause) exportNames(record, clause, specifier);
  else if (specifier) record.module.wildcards.push(specifier);
  const isDefault = /^export\s+default\b/.test(record.textOf(node));
  for (const inner of node.children) {
    if (inner.type === 'decorator') scriptExpression(reader, inner);
    else exported(reader, inner, isDefault);
  }
}

function exportNames(record: Recorder, clause: SyntaxNode, specifier: string | null): void {
  for (const one of clause.children) {
    const name = child(one, 'name');
    if (!name) continue;
    const local = keyOf(record, name) ?? '';
    // A name may be exported before it is bound.
    const place = { start: Number.MAX_SAFE_INTEGER, end: Number.MAX_SAFE_INTEGER };
    const target: Target = specifier
      ? { kind: 'import', specifier, name: local, from: record.module.path }
      : { kind: 'value', value: { kind: 'name', name: local, block: record.block, ...place } };
    record.module.exports.set(keyOf(record, child(one, 'alias') ?? name) ?? local, target);
  }
}

const VALUE = /expression|identifier|object|function|class|string|satisfies/;

function exported(reader: StatementReader, node: SyntaxNode, isDefault: boolean): void {
  const { exports, scope } = reader.record.module;
  if (/^(?:lexical|variable)_declaration$/.test(node.type)) {
    reader.declaration(node, (name, value) => exports.set(name, { kind: 'value', value }));
  } else if (node.field === 'declaration') {
    reader.statement(node);
    const name = reader.nameOf(node);
    const target = scope.bindings.get(name)?.at(-1)?.target;
    if (target) exports.set(isDefault ? 'default' : name, target);
  } else if (node.field === 'value' || (node.field === null && VALUE.test(node.type))) {
    exports.set('default', { kind: 'value', value: scriptExpression(reader, node) });
  }
}
