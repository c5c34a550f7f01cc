/** A located tree as text, in which all of it shows: places, order, and which nodes are one and the same. */
import type { Span } from '../../server/syntax/source.ts';
import type { Node } from '../../server/syntax/tree.ts';

const at = (span: Span | undefined): string => (span ? `@${span.start}-${span.end}` : '');

export function treeText(root: Node | null): string {
  const seen = new Map<Node, number>();
  const text = (node: Node): string => {
    const known = seen.get(node);
    if (known !== undefined) return `*${known}`;
    seen.set(node, seen.size);
    const common = `${at(node.span)}${node.tag ?? ''}${node.damaged ? ' damaged' : ''}`;
    if (node.kind === 'scalar')
      return `${typeof node.value} ${String(node.value)} ${JSON.stringify(node.text)}${common} ${node.textStart ?? '-'}`;
    const inner =
      node.kind === 'seq'
        ? node.items.map(({ value, alias }) => `${text(value)}${at(alias)}`)
        : [...node.entries].map(
            ([name, { key, value, inherited, alias }]) =>
              `${JSON.stringify(name)} ${text(key)}: ${text(value)}${at(alias)}${inherited ? ' inherited' : ''}`,
          );
    return `${node.kind}${node.flow ? ' flow' : ''}${common}(${inner.join('\n')})`;
  };
  return root ? text(root) : 'none';
}
