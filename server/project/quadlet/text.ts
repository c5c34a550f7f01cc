/** Values of units as the texts that the rest of the product reads. */

import type { ScalarNode } from '../../syntax/tree.ts';
import { isLiteral, place } from '../../syntax/unit/chars.ts';
import type { Piece, Text, Unresolved } from '../model.ts';
import type { Hole, Value } from './model.ts';

/** A unit has no tree: the scalar stands for the value as it is written. */
export function textOf(value: Value): Text {
  const { chars, written } = value;
  const span = place(written);
  const scalar: ScalarNode = {
    kind: 'scalar',
    value: written.text,
    text: written.text,
    span,
    ...(isLiteral(written) ? { textStart: span.start } : {}),
  };
  const pieces = chars === written ? undefined : piecesOf(value);
  return { value: chars.text, scalar, span, unresolved: unresolvedOf(value), ...(pieces ? { pieces } : {}) };
}

export const unresolvedOf = ({ holes }: Value): Unresolved[] => holes.map(unresolved);

const unresolved = ({ variable, span, hidden }: Hole): Unresolved => ({
  variable,
  span,
  ...(hidden ? { hidden } : {}),
});

/** The holes that `chars.text[from, to)` is made of. */
export const unresolvedIn = ({ holes }: Value, from: number, to: number): Unresolved[] =>
  holes
    .filter((hole) => (hole.from === hole.to ? hole.from >= from && hole.to <= to : hole.from < to && hole.to > from))
    .map(unresolved);

/** Runs of characters that stand beside each other in both, and what stands for a placeholder. */
function piecesOf({ chars, written }: Value): Piece[] {
  const rawAt = new Map(written.starts.map((start, index) => [start, index]));
  const rawEnd = new Map(written.ends.map((end, index) => [end, index + 1]));
  const pieces: Piece[] = [];
  for (let i = 0; i < chars.text.length; i++) {
    const rawFrom = rawAt.get(chars.starts[i]!) ?? 0;
    const rawTo = rawEnd.get(chars.ends[i]!) ?? written.text.length;
    const literal = rawTo - rawFrom === 1;
    const before = pieces.at(-1);
    const continues =
      before && (literal ? before.literal && before.rawTo === rawFrom : !before.literal && before.rawFrom === rawFrom);
    if (continues) pieces[pieces.length - 1] = { ...before, to: i + 1, rawTo };
    else pieces.push({ from: i, to: i + 1, rawFrom, rawTo, literal });
  }
  return pieces;
}
