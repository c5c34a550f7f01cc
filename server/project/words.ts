/** Commands as the words that Compose passes on. */
import { shellWords } from '../syntax/shell-words.ts';
import { isNull, type Node } from '../syntax/tree.ts';
import { placeOf } from './located.ts';
import type { Words } from './model.ts';
import type { Reader } from './reader.ts';
import { scalarOf } from './scalars.ts';

/** undefined: not set. null: set to nothing, so the image's own is used. */
export function readWords(reader: Reader, node: Node | undefined): Words | null | undefined {
  if (node === undefined) return undefined;
  if (isNull(node)) return null;
  if (node.kind === 'seq') {
    const texts = reader.list(node);
    return {
      words: texts.map((text) => text.value),
      spans: texts.map((text) => text.span),
      span: node.span,
      unresolved: texts.flatMap((text) => text.unresolved),
      shell: false,
    };
  }
  const text = reader.text(node);
  if (!text) return undefined;
  if (scalarOf(text.scalar).kind === 'date') return null;
  const { words, error } = shellWords(text.value);
  if (error && text.unresolved.length === 0)
    reader.refuse(text.span, `the command cannot be split into words: ${error}`);
  return {
    words: words.map((word) => word.value),
    spans: words.map((word) => placeOf(text, word.start, word.end)),
    span: text.span,
    unresolved: text.unresolved,
    shell: true,
  };
}
