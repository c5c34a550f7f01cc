/** Strings of JSON with comments, each character with its place. */
import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser/lib/esm/main.js';
import { type Source, type Span, spanOf } from '../../syntax/source.ts';
import { MapBuilder, type Mapped } from '../mapped.ts';

export const jsonRoot = ({ text }: Source): Node | undefined => parseTree(text, [], { allowTrailingComma: true });

export const at = (node: Node | undefined, ...path: (string | number)[]): Node | undefined =>
  node && findNodeAtLocation(node, path);

export const spanAt = (source: Source, { offset, length }: Node): Span => spanOf(source, offset, offset + length);

export const stringOf = (node: Node | undefined): string | undefined =>
  node?.type === 'string' ? (node.value as string) : undefined;

/** The properties of an object, in order. */
export const properties = (node: Node | undefined): { readonly key: Node; readonly value: Node }[] =>
  (node?.type === 'object' ? (node.children ?? []) : []).flatMap(({ children }) =>
    children?.[0] && children[1] ? [{ key: children[0], value: children[1] }] : [],
  );

export const elements = (node: Node | undefined): readonly Node[] =>
  node?.type === 'array' ? (node.children ?? []) : node ? [node] : [];

/** A string without its quotes and escapes. */
export function mappedString(source: Source, node: Node): Mapped {
  const end = node.offset + node.length - 1;
  const builder = new MapBuilder(source, node.offset + 1);
  for (let i = node.offset + 1; i < end; i++) {
    if (source.text[i] !== '\\') {
      builder.literal(i, i + 1);
      continue;
    }
    const length = source.text[i + 1] === 'u' ? 6 : 2;
    builder.put(unescaped(source.text.slice(i, i + length)), i, Math.min(i + length, end));
    i += length - 1;
  }
  return builder.build();
}

function unescaped(sequence: string): string {
  try {
    return JSON.parse(`"${sequence}"`) as string;
  } catch {
    return sequence;
  }
}
