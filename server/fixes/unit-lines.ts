/** Lines of a Quadlet unit: added, changed and taken out. */
import { ownEntries, ownSection, type QuadletUnit } from '../project/quadlet/model.ts';
import type { Edit } from '../rules/rule.ts';
import { type Span, textOf } from '../syntax/source.ts';
import { place } from '../syntax/unit/chars.ts';
import { endOf, type UnitEntry, type UnitSection } from '../syntax/unit.ts';
import { insertAt, removeRange, replaceSpan } from './edits.ts';
import { eolNear, lineEnd, lineStart, nextLine, trimLineEnd } from './lines.ts';

/** The unit's own section in the file of the unit itself: drop-ins are often made by others. Null where it has none. */
function sectionOf(unit: QuadletUnit): UnitSection | null {
  const name = ownSection(unit.kind);
  return unit.sections.findLast((one) => one.name === name && one.header.source === unit.sources[0]) ?? null;
}

/**
 * Of a container: `key=value` behind the last line of that key, else at the end of the section. Null where a drop-in takes back what
 * stands above it, and where nothing can be added.
 */
export function addUnitLine(unit: QuadletUnit, key: string, value: string): Edit[] | null {
  const section = unit.broken || unit.kind !== 'container' ? null : sectionOf(unit);
  if (!section) return null;
  const { source } = section.header;
  const emptied = ownEntries(unit).findLast((entry) => entry.key === key && entry.value.text === '');
  if (emptied && emptied.span.source !== source) return null;
  const at = endOf(section, key);
  return [insertAt(source, at, `${eolNear(source, at)}${key}=${value}`)];
}

/** Sets a key that has one value: it is changed where it is written last, else added. */
export function setUnitKey(unit: QuadletUnit, key: string, value: string): Edit[] | null {
  const entry = unit.broken ? undefined : ownEntries(unit).findLast((one) => one.key === key);
  if (!entry) return addUnitLine(unit, key, value);
  const span = place(entry.value);
  return textOf(span) === entry.value.text ? [replaceSpan(span, value)] : null;
}

/** The line whose value begins at `value`, or is it. */
export const entryAt = (unit: QuadletUnit, value: Span, keys: readonly string[]): UnitEntry | undefined =>
  unit.broken
    ? undefined
    : ownEntries(unit).find(
        (entry) =>
          keys.includes(entry.key) &&
          entry.span.source === value.source &&
          place(entry.value).start === value.start &&
          place(entry.value).end === value.end,
      );

/** The whole line, and those that continue it. */
export function removeUnitLine(entry: UnitEntry): Edit[] {
  const { source } = entry.span;
  const { text } = source;
  const from = lineStart(text, entry.span.start);
  const to = nextLine(text, entry.end);
  // A last line without a line end takes the one of the line above.
  const isLast = lineEnd(text, entry.end) === text.length;
  return [isLast ? removeRange(source, trimLineEnd(text, from), to) : removeRange(source, from, to)];
}
