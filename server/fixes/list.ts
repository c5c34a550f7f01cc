/** Edits to the lists under a key: volumes, tmpfs, command. */
import type { Edit } from '../rules/rule.ts';
import type { Source } from '../syntax/source.ts';
import { isNull, type MapNode, type SeqNode } from '../syntax/tree.ts';
import { appendToFlow, removeFromFlow } from './flow.ts';
import { indentation, listOffset } from './indentation.ts';
import { blockItems, columnOf, isBroken, isShared, tailOf } from './layout.ts';
import { lineEnd } from './lines.ts';
import { removeLines } from './lines-removed.ts';
import { removeMapEntry, type Under } from './map.ts';
import { appendEntry, fillNull, insertLines, isEditable, keyQuote, type NewValue } from './places.ts';
import { scalarText, sharedQuote } from './quoting.ts';

/**
 * Appends a string to the list under `key`; creates the key at the end of `owner` where it is absent. Null where the
 * list is an alias, inherited, shared by an anchor, `!reset` or no list, and where the text around is broken.
 */
export const addListItem = (owner: MapNode, key: string, item: string, source: Source): Edit[] | null =>
  addListItems(owner, key, [item], source);

/** The same for several items at once. */
export function addListItems(owner: MapNode, key: string, items: readonly string[], source: Source): Edit[] | null {
  if (items.length === 0 || !isEditable(source, owner)) return null;
  const entry = owner.entries.get(key);
  if (!entry) return appendEntry(source, owner, key, newList(source, owner, items));
  if (entry.inherited || entry.alias || entry.value.tag === '!reset' || isShared(source, entry.value.span.start))
    return null;
  if (isBroken(source, entry.key.span.start, entry.value.span.end)) return null;
  if (isNull(entry.value)) return fillNull(source, owner, entry, newList(source, owner, items));
  return entry.value.kind === 'seq' ? appendToList(source, owner, entry.value, items) : null;
}

function newList(source: Source, owner: MapNode, items: readonly string[]): NewValue {
  const pad = ' '.repeat(listOffset(source, owner));
  const quote = owner.flow && keyQuote(owner) === '"' ? '"' : '';
  return {
    head: '',
    lines: items.map((item) => `${pad}- ${scalarText(item, false)}`),
    flow: `[${items.map((item) => scalarText(item, true, quote)).join(', ')}]`,
  };
}

function appendToList(source: Source, owner: MapNode, list: SeqNode, items: readonly string[]): Edit[] | null {
  const { column, step } = indentation(source, owner);
  const own = list.items.filter((item) => !item.alias).map((item) => item.value);
  const quote = own.length > 0 ? sharedQuote(own) : owner.flow && keyQuote(owner) === '"' ? '"' : '';
  const texts = items.map((item) => scalarText(item, list.flow, quote));
  if (list.flow) return appendToFlow(list.span, texts, step);
  const tail = tailOf(source, list);
  if (!tail) return null;
  const dash = columnOf(source, list.span.start);
  const gap =
    /^- +(?=[^\s#])/.exec(source.text.slice(list.span.start, lineEnd(source.text, list.span.start)))?.[0] ?? '- ';
  const edit = insertLines(
    source,
    tail,
    Math.max(dash, column + 1),
    texts.map((text) => ' '.repeat(dash) + gap + text),
  );
  return edit && [edit];
}

/**
 * Removes one item, in block style with its lines and the comment behind it; comments above it stay. The last one left
 * goes only together with its key, `under`. Null where that is not given, where an anchor or a comment would go with it,
 * and where the text around is broken.
 */
export function removeListItem(list: SeqNode, index: number, under?: Under): Edit[] | null {
  const { source } = list.span;
  const item = list.items[index];
  if (!item || isShared(source, list.span.start)) return null;
  if (list.items.length === 1) return under ? removeMapEntry(under.owner, under.key, under.under) : null;
  const span = item.alias ?? item.value.span;
  if (isBroken(source, span.start, span.end) || isShared(source, span.start, span.end)) return null;
  if (list.flow) return removeFromFlow(list.span, [index]);
  const items = blockItems(source, list);
  if (!items) return null;
  const dash = dashBefore(source, list, index === 0 ? list.span.start : items[index - 1]!.tail.offset, index);
  return dash === null ? null : removeLines(source, dash, items[index]!.tail, items[index - 1]?.tail);
}

/** The dash of an item: the first one in the list's column below the item before it. */
function dashBefore(source: Source, list: SeqNode, from: number, index: number): number | null {
  if (index === 0) return list.span.start;
  const column = columnOf(source, list.span.start);
  let at = lineEnd(source.text, from);
  for (;;) {
    at = source.text.indexOf('\n', at) + 1;
    if (at === 0) return null;
    const line = source.text.slice(at, lineEnd(source.text, at));
    if (/^ *-(?:\s|$)/.test(line) && line.indexOf('-') === column) return at + column;
  }
}
