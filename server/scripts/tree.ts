/** The syntax tree of a shell text, as plain objects: with the operators and the comments that decide what runs when. */
import type { Parser } from 'web-tree-sitter';

export interface ShellNode {
  readonly type: string;
  readonly named: boolean;
  readonly start: number;
  readonly end: number;
  readonly children: readonly ShellNode[];
}

/** Deeper, whatever walks the tree would run out of stack. */
const MAX_DEPTH = 200;

/** Null where the parser gives up. */
export function parseShell(parser: Parser, text: string): ShellNode | null {
  const tree = parser.parse(text);
  if (!tree) return null;
  const cursor = tree.walk();
  const copy = (depth: number): ShellNode => {
    const children: ShellNode[] = [];
    const { nodeType: type, nodeIsNamed: named, startIndex: start, endIndex: end } = cursor;
    if (depth < MAX_DEPTH && cursor.gotoFirstChild()) {
      do children.push(copy(depth + 1));
      while (cursor.gotoNextSibling());
      cursor.gotoParent();
    }
    return { type, named, start, end, children };
  };
  try {
    return copy(0);
  } finally {
    cursor.delete();
    tree.delete();
  }
}
