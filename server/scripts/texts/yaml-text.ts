/** The text of a YAML scalar, each character with its place: in block scalars, in quotes, and folded. */
import { entryOf, type MapNode, type Node, type ScalarNode } from '../../syntax/tree.ts';
import { MapBuilder, Mapped } from '../mapped.ts';

export function mappedScalar(node: ScalarNode): Mapped {
  const { source, start, end } = node.span;
  if (node.textStart !== undefined) return Mapped.of(source, node.textStart, node.textStart + node.text.length);
  const written = source.text;
  const block = /^[|>]/.test(written[start] ?? '');
  const double = written[start] === '"';
  let at = block ? endOfLine(written, start) : start + (double || written[start] === "'" ? 1 : 0);
  const builder = new MapBuilder(source, at);
  for (let i = 0; i < node.text.length; i++) {
    const c = node.text[i]!;
    if (c === ' ' || c === '\n' || c === '\t') {
      // White space is folded and indented; where one letter ends and where the next begins is all that counts.
      const escaped = double && written[at] === '\\' && /[nt ]/.test(written[at + 1] ?? '');
      const length = escaped ? 2 : 1;
      builder.put(c, Math.min(at, end), Math.min(at + length, end));
      if (escaped || written[at] === c) at += length;
      continue;
    }
    while (at < end && /\s/.test(written[at]!)) at++;
    // `\` at the end of a line joins it with the next.
    while (double && written[at] === '\\' && /[\r\n]/.test(written[at + 1] ?? '')) {
      at++;
      while (at < end && /\s/.test(written[at]!)) at++;
    }
    const length = lengthAt(written, at, c, double);
    builder.put(c, Math.min(at, end), Math.min(at + length, end));
    at += length;
  }
  return builder.build();
}

/** How many characters stand for `c`. */
function lengthAt(written: string, at: number, c: string, double: boolean): number {
  if (written[at] === c && !(double && c === '\\')) return c === "'" && written[at + 1] === "'" && !double ? 2 : 1;
  if (double && written[at] === '\\') {
    const long = { x: 4, u: 6, U: 10 }[written[at + 1] ?? ''];
    return long ?? 2;
  }
  return 1;
}

function endOfLine(text: string, from: number): number {
  const match = /\r\n|\n|\r/g;
  match.lastIndex = from;
  const found = match.exec(text);
  return found ? found.index + found[0].length : text.length;
}

export const items = (node: Node | undefined): readonly Node[] =>
  node === undefined ? [] : node.kind === 'seq' ? node.items.map(({ value }) => value) : [node];

export const scalars = (node: Node | undefined): readonly ScalarNode[] =>
  items(node).flatMap((one) => (one.kind === 'scalar' ? [one] : one.kind === 'seq' ? scalars(one) : []));

export const entries = (node: Node | undefined): readonly [string, Node][] =>
  node?.kind === 'map' ? [...(node as MapNode).entries].map(([name, { value }]) => [name, value]) : [];

export const textAt = (node: Node | undefined, key: string): string | undefined => {
  const value = entryOf(node, key)?.value;
  return value?.kind === 'scalar' && value.value !== null ? value.text : undefined;
};
