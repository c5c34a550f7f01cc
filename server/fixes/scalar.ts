/** Edits to a single value. */
import type { Edit } from '../rules/rule.ts';
import type { ScalarNode } from '../syntax/tree.ts';
import { replaceSpan } from './edits.ts';
import { inFlow, isBroken, isShared } from './layout.ts';
import { quoteOf, readsAsString, scalarText, staysPlain } from './quoting.ts';

/**
 * Replaces a value and keeps its quotes; a plain one gets quotes where the new text needs them. Null for block scalars,
 * for values left empty, where an alias repeats the value, and where the text around is broken.
 */
export function replaceScalar(scalar: ScalarNode, newText: string): Edit[] | null {
  const { source, start, end } = scalar.span;
  if (start === end || /[|>]/.test(source.text[start]!)) return null;
  if (isShared(source, start, end) || isBroken(source, start, end)) return null;
  const flow = inFlow(source, start);
  const untyped = typeof scalar.value !== 'string';
  const plain = quoteOf(scalar) === '' && staysPlain(newText, flow) && (untyped || readsAsString(newText));
  return [replaceSpan(scalar.span, plain ? newText : scalarText(newText, flow, quoteOf(scalar)))];
}
