/** Texts of a tree: scalars after interpolation, each with the place it was written at. */

import type { Span } from '../syntax/source.ts';
import { partOf, type ScalarNode } from '../syntax/tree.ts';
import type { Interpolated } from './interpolate.ts';
import type { Text, Unresolved } from './model.ts';
import { scalarOf } from './scalars.ts';

/** Of scalars that interpolation or splitting made: what they were made from. */
const texts = new WeakMap<ScalarNode, Text>();

export const textOf = (node: ScalarNode): Text =>
  texts.get(node) ?? { value: scalarOf(node).text, scalar: node, span: node.span, unresolved: NONE };

const NONE: readonly Unresolved[] = [];

/** `written` with its variables replaced: a text from now on, whatever it looks like. */
export function interpolated(written: ScalarNode, result: Interpolated): ScalarNode {
  const { textStart, ...rest } = written;
  const node: ScalarNode = { ...rest, value: result.value, text: result.value };
  texts.set(node, {
    value: result.value,
    scalar: written,
    span: written.span,
    ...(result.pieces ? { pieces: result.pieces } : {}),
    unresolved: result.unresolved.map((hole) => ({
      variable: hole.variable,
      span: partOf(written, hole.from, hole.to),
    })),
  });
  return node;
}

/** `text.value[from, to)` as a scalar of its own. */
export function partAsScalar(text: Text, from: number, to: number): ScalarNode {
  const value = text.value.slice(from, to);
  const span = placeOf(text, from, to);
  const literal = span.source.text.startsWith(value, span.start) && span.end - span.start === value.length;
  const node: ScalarNode = { kind: 'scalar', value, text: value, span, ...(literal ? { textStart: span.start } : {}) };
  texts.set(node, { value, scalar: node, span, unresolved: unresolvedIn(text, from, to) });
  return node;
}

/** The place of `text.value[from, to)`; a part made by a variable has the place of the whole `${...}`. */
export function placeOf(text: Text, from: number, to: number): Span {
  if (!text.pieces) return partOf(text.scalar, from, to);
  const touched = text.pieces.filter((piece) =>
    // A variable of which nothing is left belongs to the part that it stands in.
    piece.from === piece.to ? piece.from >= from && piece.to <= to : piece.from < to && piece.to > from,
  );
  const first = touched[0];
  const last = touched.at(-1);
  if (!first || !last) return text.span;
  const start = first.literal ? first.rawFrom + (from - first.from) : first.rawFrom;
  const end = last.literal ? last.rawFrom + (to - last.from) : last.rawTo;
  return partOf(text.scalar, Math.max(start, first.rawFrom), Math.min(end, last.rawTo));
}

/** The variables without a value that `text.value[from, to)` is made of. */
export function unresolvedIn(text: Text, from: number, to: number): readonly Unresolved[] {
  if (!text.pieces || text.unresolved.length === 0) return [];
  const holes = text.pieces.filter((piece) => !piece.literal && piece.from <= to && piece.to >= from);
  const base = text.scalar.textStart ?? 0;
  return text.unresolved.filter((u) => {
    if (text.scalar.textStart === undefined) return true;
    const at = u.span.start - base;
    return holes.some((piece) => at >= piece.rawFrom && at < piece.rawTo);
  });
}
