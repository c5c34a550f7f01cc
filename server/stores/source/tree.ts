/** A syntax tree as plain objects, copied out of the parser's memory. */
import type { Language, Parser } from 'web-tree-sitter';

export interface SyntaxNode {
  readonly type: string;
  readonly field: string | null;
  readonly start: number;
  readonly end: number;
  /** Named nodes, and tokens that a field points at (operators). */
  readonly children: readonly SyntaxNode[];
}

const EXTRAS: ReadonlySet<string> = new Set(['comment', 'html_comment', 'line_continuation', 'hash_bang_line']);

/** What a language's numbers for node types and fields stand for. */
interface Legend {
  readonly types: readonly string[];
  readonly named: readonly boolean[];
  readonly fields: readonly (string | null)[];
}

const legends = new WeakMap<Language, Legend>();

function legendOf(language: Language): Legend {
  let legend = legends.get(language);
  if (!legend) {
    const { types, fields } = language;
    legend = { types, fields, named: types.map((_, id) => language.nodeTypeIsNamed(id)) };
    legends.set(language, legend);
  }
  return legend;
}

/** Parses, recovering from syntax errors. @throws when the parser itself breaks down */
export function parseTree(parser: Parser, text: string): SyntaxNode {
  const tree = parser.parse(text);
  if (!tree) throw new Error('the parser gave up');
  const legend = legendOf(tree.language);
  const cursor = tree.walk();
  try {
    const stack: { children: SyntaxNode[] }[] = [{ children: [] }];
    // Each question to the cursor crosses into WebAssembly, so as few as possible are asked.
    for (;;) {
      const id = cursor.nodeTypeId;
      const type = legend.types[id] ?? 'ERROR';
      const named = legend.named[id] ?? true;
      const field = legend.fields[cursor.currentFieldId] ?? null;
      if (named ? !EXTRAS.has(type) : field) {
        const children: SyntaxNode[] = [];
        const node = { type, field, start: cursor.startIndex, end: cursor.endIndex, children };
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
