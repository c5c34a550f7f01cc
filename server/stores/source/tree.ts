/** A syntax tree as plain objects, copied out of the parser's memory. */
import type { Parser } from 'web-tree-sitter';

export interface SyntaxNode {
  readonly type: string;
  readonly field: string | null;
  readonly start: number;
  readonly end: number;
  /** Named nodes, and tokens that a field points at (operators). */
  readonly children: readonly SyntaxNode[];
}

const EXTRAS: ReadonlySet<string> = new Set(['comment', 'html_comment', 'line_continuation', 'hash_bang_line']);

/** Parses, recovering from syntax errors. @throws when the parser itself breaks down */
export function parseTree(parser: Parser, text: string): SyntaxNode {
  const tree = parser.parse(text);
  if (!tree) throw new Error('the parser gave up');
  const cursor = tree.walk();
  try {
    const stack: { children: SyntaxNode[] }[] = [{ children: [] }];
    for (;;) {
      const field = cursor.currentFieldName;
      const named = cursor.nodeIsNamed;
      if ((named && !EXTRAS.has(cursor.nodeType)) || (field && !named)) {
        const node = {
          type: cursor.nodeType,
          field,
          start: cursor.startIndex,
          end: cursor.endIndex,
          children: [] as SyntaxNode[],
        };
        stack.at(-1)!.children.push(node);
        if (named && cursor.gotoFirstChild()) {
          stack.push(node);
          continue;
        }
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return stack[0]!.children[0]!;
        stack.pop();
      }
    }
  } finally {
    cursor.delete();
    tree.delete();
  }
}

export const child = (node: SyntaxNode, field: string): SyntaxNode | undefined =>
  node.children.find((inner) => inner.field === field);

export const childrenOf = (node: SyntaxNode, field: string): SyntaxNode[] =>
  node.children.filter((inner) => inner.field === field);

export const ofType = (node: SyntaxNode, ...types: readonly string[]): SyntaxNode | undefined =>
  node.children.find((inner) => types.includes(inner.type));
