/** Edits to the entries of a map. */
import type { Edit } from '../rules/rule.ts';
import type { Source } from '../syntax/source.ts';
import { isNull, type MapNode } from '../syntax/tree.ts';
import { insertAt, joinRemovals, removeRange } from './edits.ts';
import { flowOf, removeFromFlow } from './flow.ts';
import { type BlockItem, blockItems, columnOf, inheritsToo, isBroken, isEmptyDocument, isShared } from './layout.ts';
import { eolNear, lineStart } from './lines.ts';
import { removeLines } from './lines-removed.ts';
import { appendEntry, appendToDocument, fillNull, isEditable, keyQuote, keyText, type NewValue } from './places.ts';
import { scalarText } from './quoting.ts';

/** Strings are quoted where they would read as something else; numbers and booleans are written as they are. */
export type Value = string | number | boolean | null;

/**
 * Adds `key: value` at the end of `owner`, or before its first key with `where: 'start'`; a null value leaves nothing
 * behind the colon. An existing key without a value gets it. `owner` is null for a file that holds only comments. Null
 * where the key has a value already or inherits one, where an alias repeats `owner`, and where the text is broken.
 */
export function addMapEntry(
  owner: MapNode | null,
  key: string,
  value: Value,
  source: Source,
  where: 'start' | 'end' = 'end',
): Edit[] | null {
  if (!owner) {
    if (!isEmptyDocument(source)) return null;
    return appendToDocument(source, null, [`${scalarText(key, false)}:${newValue(value, null).head}`]);
  }
  if (!isEditable(source, owner)) return null;
  const entry = owner.entries.get(key);
  const text = newValue(value, owner);
  if (entry) {
    if (entry.inherited || entry.alias || value === null || !isNull(entry.value) || entry.value.tag) return null;
    if (isShared(source, entry.value.span.start) || isBroken(source, entry.key.span.start, entry.value.span.end))
      return null;
    return fillNull(source, owner, entry, text);
  }
  return where === 'start' && !owner.flow
    ? prependEntry(source, owner, key, text)
    : appendEntry(source, owner, key, text);
}

function newValue(value: Value, owner: MapNode | null): NewValue {
  const quote = owner?.flow && keyQuote(owner) === '"' ? '"' : '';
  const text = (flow: boolean): string => (typeof value === 'string' ? scalarText(value, flow, quote) : String(value));
  return { head: value === null ? '' : ` ${text(false)}`, lines: [], flow: text(true) };
}

function prependEntry(source: Source, owner: MapNode, key: string, { head }: NewValue): Edit[] | null {
  const { start } = owner.span;
  if (isBroken(source, start, start)) return null;
  const pad = ' '.repeat(columnOf(source, start));
  return [insertAt(source, start, `${keyText(owner, key)}:${head}${eolNear(source, start)}${pad}`)];
}

/** The key to remove where its list or map would be left empty. */
export interface Under {
  readonly owner: MapNode;
  readonly key: string;
  /** The same again, where `owner` itself would be left empty. */
  readonly under?: Under;
}

/**
 * Removes an entry, in block style with its lines and the comment behind it; comments above it stay. The last one left
 * goes only together with the key that holds the map, `under`. Null where that is not given, where the entry is
 * inherited (or would be without this one) or not there, where an anchor or a comment would go with it, and where the text around is broken.
 */
export const removeMapEntry = (map: MapNode, key: string, under?: Under): Edit[] | null =>
  removeMapEntries(map, [key], under);

/** The same for several entries, in edits that do not overlap; null where one of them cannot go. */
export function removeMapEntries(map: MapNode, keys: readonly string[], under?: Under): Edit[] | null {
  const { source } = map.span;
  if (keys.length === 0 || isShared(source, map.span.start)) return null;
  for (const key of keys) {
    const entry = map.entries.get(key);
    if (!entry || entry.inherited || inheritsToo(source, map, key)) return null;
    const end = Math.max((entry.alias ?? entry.value.span).end, entry.key.span.end);
    if (isBroken(source, entry.key.span.start, end)) return null;
  }
  const starts = keys.map((key) => map.entries.get(key)!.key.span.start);
  return map.flow ? removeFlowEntries(map, starts, under) : removeBlockEntries(map, starts, under);
}

const removeOwner = (under: Under | undefined): Edit[] | null =>
  under ? removeMapEntry(under.owner, under.key, under.under) : null;

function removeFlowEntries(map: MapNode, starts: readonly number[], under: Under | undefined): Edit[] | null {
  const { source } = map.span;
  const items = flowOf(map.span)?.items ?? [];
  const indexes = starts.map((start) => items.findIndex((item) => item.start <= start && start < item.end));
  if (indexes.some((index) => index < 0 || isShared(source, items[index]!.start, items[index]!.end))) return null;
  return new Set(indexes).size === items.length ? removeOwner(under) : removeFromFlow(map.span, indexes);
}

function removeBlockEntries(map: MapNode, starts: readonly number[], under: Under | undefined): Edit[] | null {
  const { source } = map.span;
  const items = blockItems(source, map) ?? [];
  const indexes = starts.map((start) => items.findIndex((item) => item.start === start)).sort((a, b) => a - b);
  if (indexes.length === 0 || indexes[0]! < 0) return null;
  if (new Set(indexes).size === items.length) return removeOwner(under);
  const removed = indexes.map((index) => {
    const previous = items.slice(0, index).findLast((_item, i) => !indexes.includes(i));
    return removeLines(source, items[index]!.start, items[index]!.tail, previous?.tail);
  });
  if (indexes.length === 1 && removed[0] === null) return removeBehindDash(source, items, indexes[0]!);
  return removed.includes(null) ? null : joinRemovals((removed as Edit[][]).flat());
}

/** The first entry of a map that starts on its list item's line: the next one takes its place behind the dash. */
function removeBehindDash(source: Source, items: readonly BlockItem[], index: number): Edit[] | null {
  const { text } = source;
  const [first, second] = items;
  if (index !== 0 || !first || !second) return null;
  if (!/^ *(?:- +)+$/.test(text.slice(lineStart(text, first.start), first.start))) return null;
  if (text.slice(first.tail.offset, second.start).trim() !== '' || isShared(source, first.start, first.tail.offset))
    return null;
  return [removeRange(source, first.start, second.start)];
}
