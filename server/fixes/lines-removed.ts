/** Removing whole lines without changing what stands around them. */
import type { Edit } from '../rules/rule.ts';
import type { Source } from '../syntax/source.ts';
import { removeRange } from './edits.ts';
import { isShared, type Tail } from './layout.ts';
import { endAbove, lineEnd, lineStart, nextLine } from './lines.ts';

/**
 * The lines from `start` to `tail`, with the comment behind it. Null where something else stands before it on its line,
 * where an anchor would go that an alias needs, and where the lines below would become part of a block scalar above.
 */
export function removeLines(source: Source, start: number, tail: Tail, previous: Tail | undefined): Edit[] | null {
  const { text } = source;
  const from = lineStart(text, start);
  const end = lineEnd(text, tail.offset);
  if (text.slice(from, start).trim() !== '' || isShared(source, from, end)) return null;
  if (previous?.block && joinsScalar(text.slice(nextLine(text, end)), previous, start - from)) return null;
  // the file keeps its last line's end, or its lack of one
  if (end === text.length) return [removeRange(source, endAbove(text, from), end)];
  return [removeRange(source, from, nextLine(text, end))];
}

/** A comment deeper than the removed lines may reach the scalar's text, which stands deeper than they do. */
function joinsScalar(below: string, scalar: Tail, column: number): boolean {
  const first = /^(?:[ \t]*\r?\n)*( *)#/.exec(below);
  if (first && first[1]!.length > column) return true;
  return scalar.keep && /^[ \t]*(?:\r?\n|$)/.test(below);
}
