/** Text edits as values: made, joined, applied, compared. */
import type { Edit } from '../rules/rule.ts';
import type { Source, Span } from '../syntax/source.ts';
import { endAbove, lineStart } from './lines.ts';

export const replaceSpan = (span: Span, newText: string): Edit => ({
  source: span.source,
  start: span.start,
  end: span.end,
  newText,
});

export const insertAt = (source: Source, offset: number, newText: string): Edit => ({
  source,
  start: offset,
  end: offset,
  newText,
});

export const removeRange = (source: Source, start: number, end: number): Edit => ({ source, start, end, newText: '' });

/** Inserts at one place become one edit: not every editor keeps the order of several. */
export function joinInserts(edits: readonly Edit[]): Edit[] {
  const joined: Edit[] = [];
  for (const edit of edits) {
    const same = joined.findIndex((other) => isInsert(other) && isInsert(edit) && samePlace(other, edit));
    if (same < 0) joined.push(edit);
    else joined[same] = { ...joined[same]!, newText: joined[same]!.newText + edit.newText };
  }
  return joined;
}

/** Removals of whole lines, in order, as ranges apart; a text that lacked its last line end still does. */
export function joinRemovals(edits: readonly Edit[]): Edit[] {
  const joined: Edit[] = [];
  for (const edit of edits) {
    const last = joined[joined.length - 1];
    if (!last || last.end < edit.start) joined.push(edit);
    // only the last line of a text without a final line end starts its range in the line before
    else if (last.end > edit.start) {
      const start = endAbove(edit.source.text, last.start);
      joined[joined.length - 1] = { ...edit, start };
    } else joined[joined.length - 1] = { ...edit, start: last.start };
  }
  return joined;
}

/**
 * The edits of two changes to one text as those of one. Lines that `second` adds among lines that `first` removes take
 * their place. Null where the two overlap in another way.
 */
export function combine(first: readonly Edit[], second: readonly Edit[]): Edit[] | null {
  let edits = [...first];
  for (const edit of second) {
    const around = edits.findIndex((other) => other.source.path === edit.source.path && overlaps(other, edit));
    if (around < 0) {
      edits = joinInserts([...edits, edit]);
      continue;
    }
    const merged = takePlace(edits[around]!, edit);
    if (!merged) return null;
    edits[around] = merged;
  }
  return edits;
}

const overlaps = (a: Edit, b: Edit): boolean => a.start < b.end && b.start < a.end;

function takePlace(removal: Edit, insert: Edit): Edit | null {
  const eol = /^\r?\n/.exec(insert.newText)?.[0];
  if (removal.newText !== '' || !isInsert(insert) || eol === undefined) return null;
  const { text } = removal.source;
  // a removal up to the end of the text ends where the insert stands: the two do not overlap
  if (removal.start !== lineStart(text, removal.start) || text[removal.end - 1] !== '\n') return null;
  return { ...removal, newText: insert.newText.slice(eol.length) + eol };
}

/**
 * `text` with `edits` carried out, in whatever order they come; inserts at one place keep their order. All edits are
 * taken to be of this text, whatever their source. Throws where two overlap or one lies outside the text.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, newText } of ordered) {
    if (start > end || end > text.length) throw new RangeError(`the edit [${start}, ${end}) lies outside the text`);
    if (start < at) throw new RangeError(`the edit [${start}, ${end}) overlaps the one before it`);
    parts.push(text.slice(at, start), newText);
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/** Whether two fixes touch each other: one must then be computed anew after the other was applied. */
export const conflict = (a: readonly Edit[], b: readonly Edit[]): boolean =>
  a.some((one) =>
    b.some((other) => one.source.path === other.source.path && one.start <= other.end && other.start <= one.end),
  );

const isInsert = (edit: Edit): boolean => edit.start === edit.end;
const samePlace = (a: Edit, b: Edit): boolean => a.source.path === b.source.path && a.start === b.start;
