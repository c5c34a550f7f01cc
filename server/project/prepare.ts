/** A file's tree, ready to be merged: variables replaced, and what no file may say refused. */
import type { Problem } from '../syntax/source.ts';
import { type Entry, identityOf, type MapNode, type Node, type ScalarNode, type SeqItem } from '../syntax/tree.ts';
import { interpolate, type Lookup } from './interpolate.ts';
import { interpolated } from './located.ts';
import { scalarOf } from './scalars.ts';

/** Values that stand for themselves and hold nothing that no file may say. */
const fine = new WeakSet<object>();

/** Shared nodes stay shared, so the time is linear in what is written. */
export function prepareTree(root: Node, lookup: Lookup, problems: Problem[]): Node {
  const done = new Map<Node, Node>();

  const visit = (node: Node): Node => {
    if (node.kind === 'scalar') return scalar(node);
    const known = done.get(node);
    if (known) return known;
    const identity = identityOf(node);
    if (identity && fine.has(identity)) return node;
    const before = problems.length;
    // A collection that contains itself is cut off here.
    done.set(node, node);
    const result = node.kind === 'map' ? map(node) : seq(node.items, node);
    done.set(node, result);
    if (identity && problems.length === before) fine.add(identity);
    return result;
  };

  const scalar = (node: ScalarNode): Node => {
    if (typeof node.value !== 'string' || !node.text.includes('$')) return node;
    const known = done.get(node);
    if (known) return known;
    const result = interpolate(node.text, lookup);
    for (const { message, from, to, unset } of result.errors) {
      const start = node.textStart;
      const span = start === undefined ? node.span : { ...node.span, start: start + from, end: start + to };
      problems.push({ span, message, ...(unset ? {} : { written: true }) });
    }
    const replaced = interpolated(node, result);
    done.set(node, replaced);
    return replaced;
  };

  const map = (node: MapNode): Node => {
    let changed: Map<string, Entry> | undefined;
    for (const [key, entry] of node.entries) {
      if (!entry.inherited) checkKey(entry.key, problems);
      const value = visit(entry.value);
      if (value === entry.value) continue;
      changed ??= new Map(node.entries);
      changed.set(key, { ...entry, value });
    }
    return changed ? { ...node, entries: changed } : node;
  };

  const seq = (items: readonly SeqItem[], node: Node): Node => {
    let changed: SeqItem[] | undefined;
    items.forEach((item, index) => {
      const value = visit(item.value);
      if (value === item.value) return;
      changed ??= [...items];
      changed[index] = { ...item, value };
    });
    return changed ? ({ ...node, items: changed } as Node) : node;
  };

  return visit(root);
}

function checkKey(key: ScalarNode, problems: Problem[]): void {
  if (scalarOf(key).kind !== 'string')
    problems.push({ span: key.span, message: `the key ${key.text || 'null'} is not a text: put it in quotes` });
}
