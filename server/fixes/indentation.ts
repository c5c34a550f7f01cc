/** The indentation a file is written in. */
import type { Source } from '../syntax/source.ts';
import type { MapNode } from '../syntax/tree.ts';
import { columnOf, usualListOffset } from './layout.ts';
import { lineEnd, lineStart } from './lines.ts';

export interface Indentation {
  /** The column of the map's keys; for flow maps that of the line they start on. */
  readonly column: number;
  /** How much deeper the children of one of its keys stand. */
  readonly step: number;
}

export function indentation(source: Source, map: MapNode): Indentation {
  const column = map.flow
    ? /^ */.exec(source.text.slice(lineStart(source.text, map.span.start)))![0].length
    : columnOf(source, map.span.start);
  return { column, step: stepBelow(source, map, column) ?? stepAbove(source, map, column) ?? 2 };
}

function stepBelow(source: Source, map: MapNode, column: number): number | undefined {
  for (const { value, inherited, alias } of map.entries.values()) {
    if (inherited || alias || value.kind !== 'map' || value.flow || value.tag) continue;
    const step = columnOf(source, value.span.start) - column;
    if (step > 0) return step;
  }
  return undefined;
}

/** From the key that the map stands under. */
function stepAbove(source: Source, map: MapNode, column: number): number | undefined {
  const { text } = source;
  let at = lineStart(text, map.span.start);
  while (at > 0) {
    at = lineStart(text, at - 1);
    const before = /^ *(?:- +)*(?=[^\s#])/.exec(text.slice(at, lineEnd(text, at)))?.[0].length ?? column;
    if (before < column) return column - before;
  }
  return undefined;
}

/** How far the items of a new list stand to the right of their key: as in the same map, else as mostly in the file. */
export function listOffset(source: Source, owner: MapNode): number {
  const { column, step } = indentation(source, owner);
  for (const { value, inherited, alias } of owner.entries.values()) {
    if (inherited || alias || value.kind !== 'seq' || value.flow || owner.flow) continue;
    return columnOf(source, value.span.start) - column;
  }
  return usualListOffset(source) ?? step;
}
