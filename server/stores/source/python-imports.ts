/** What Python files take from each other. */
import type { Recorder } from './recorder.ts';
import { child, childrenOf, ofType, type SyntaxNode } from './tree.ts';

export function readImport(record: Recorder, node: SyntaxNode): void {
  const from = record.module.path;
  for (const item of childrenOf(node, 'name')) {
    const alias = child(item, 'alias');
    const specifier = record.textOf(child(item, 'name') ?? item);
    if (alias) record.bind(record.textOf(alias), { kind: 'import', specifier, name: null, from });
    else {
      const top = specifier.split('.', 1)[0]!;
      record.bind(top, { kind: 'import', specifier: top, name: null, from });
    }
  }
}

export function readImportFrom(record: Recorder, node: SyntaxNode): void {
  const module = child(node, 'module_name');
  if (!module) return;
  const specifier = record.textOf(module).replace(/\s/g, '');
  if (ofType(node, 'wildcard_import')) record.module.wildcards.push(specifier);
  for (const item of childrenOf(node, 'name')) {
    const name = record.textOf(child(item, 'name') ?? item);
    const alias = child(item, 'alias');
    record.bind(alias ? record.textOf(alias) : name, { kind: 'import', specifier, name, from: record.module.path });
  }
}
