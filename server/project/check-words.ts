/** What the checks of a project have in common. */
import type { Span } from '../syntax/source.ts';
import { valueAt as child, type Node } from '../syntax/tree.ts';
import { textOf } from './located.ts';
import { entriesOf } from './reader.ts';

export type Refuse = (span: Span, message: string) => void;

export const textAt = (node: Node | undefined): string | undefined =>
  node?.kind === 'scalar' && node.value !== null ? textOf(node).value : undefined;

/** Keys of a mapping, or the names in a list, whose items may be in long form with a `source`. */
export function namesOf(node: Node | undefined): { text: string; span: Span }[] {
  if (node?.kind === 'map') return entriesOf(node).map(([text, { key }]) => ({ text, span: key.span }));
  if (node?.kind !== 'seq') return [];
  return node.items.flatMap(({ value }) => {
    const text =
      textAt(value.kind === 'map' ? child(value, 'source') : value) ?? (value.kind === 'map' ? '' : undefined);
    return text === undefined ? [] : [{ text, span: value.span }];
  });
}
