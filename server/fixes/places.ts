/** Where a new entry of a map goes, and the text around it. */
import type { Edit } from '../rules/rule.ts';
import type { Source } from '../syntax/source.ts';
import type { Entry, MapNode } from '../syntax/tree.ts';
import { insertAt, removeRange } from './edits.ts';
import { appendToFlow } from './flow.ts';
import { indentation } from './indentation.ts';
import { inFlow, isBroken, isRoot, isShared, type Tail, tailOf } from './layout.ts';
import { behindComments, eolNear, lineEnd, lineStart, nextLine, trimLineEnd } from './lines.ts';
import { type Quote, scalarText, sharedQuote } from './quoting.ts';

/** Text that can stand in both styles: `flow` is what follows `key: ` in `{...}`. */
export interface NewValue {
  /** What follows `key:` on its line, with the space; then lines relative to the key. */
  readonly head: string;
  readonly lines: readonly string[];
  readonly flow: string;
}

/** Whether `map` may be edited: it is no `!reset`, no alias repeats it, and its text is sound (of a root: where it is edited). */
export function isEditable(source: Source, map: MapNode): boolean {
  if (!isOf(source, map.span.source) || map.tag === '!reset' || isShared(source, map.span.start)) return false;
  return isRoot(source, map) || !isBroken(source, map.span.start, tailOf(source, map)?.offset ?? map.span.end);
}

/** Two readings of one file count as one source. */
const isOf = (source: Source, other: Source): boolean =>
  source === other || (source.path === other.path && source.text === other.text);

export const keyText = (map: MapNode, key: string): string => scalarText(key, map.flow, keyQuote(map));

export const keyQuote = (map: MapNode): Quote =>
  sharedQuote([...map.entries.values()].filter((entry) => !entry.inherited).map((entry) => entry.key));

/** `key` behind the last entry of `map`. Null where the text around is broken. */
export function appendEntry(source: Source, map: MapNode, key: string, value: NewValue): Edit[] | null {
  const { column, step } = indentation(source, map);
  if (map.flow) {
    if (isBroken(source, map.span.start, map.span.end)) return null;
    return appendToFlow(map.span, [`${keyText(map, key)}: ${value.flow}`], step);
  }
  const tail = tailOf(source, map);
  if (!tail || isBroken(source, tail.offset, tail.offset)) return null;
  const pad = ' '.repeat(column);
  const lines = [`${pad}${keyText(map, key)}:${value.head}`, ...value.lines.map((line) => pad + line)];
  if (isRoot(source, map)) return appendToDocument(source, tail, lines);
  const edit = insertLines(source, tail, column, lines);
  return edit && [edit];
}

/** Whole lines below `tail` and below the comments that follow it at `column` or deeper. */
export function insertLines(source: Source, tail: Tail, column: number, lines: readonly string[]): Edit | null {
  const { text } = source;
  if (tail.keep && tail.offset === text.length) return null;
  const eol = eolNear(source, tail.offset);
  return insertAt(source, behindComments(text, tail.offset, column), lines.map((line) => eol + line).join(''));
}

/** Lines at the end of the first document, behind its comments, with a blank line before them. */
export function appendToDocument(source: Source, tail: Tail | null, lines: readonly string[]): Edit[] | null {
  const { text } = source;
  const at = documentEnd(text, tail);
  const eol = eolNear(source, Math.max(at - 1, 0));
  const block = lines.join(eol);
  if (!tail && text.trim() === '') return [insertAt(source, at, block + eol)];
  // a blank line would become part of the value
  const keeps = tail?.keep === true && text.slice(tail.offset, at).trim() === '';
  const ended = text[at - 1] === '\n';
  if (keeps && !ended) return null;
  const end = trimLineEnd(text, at);
  const blank = keeps || /^(?:---)?\s*$/.test(text.slice(lineStart(text, end), end));
  if (!ended) return [insertAt(source, at, `${eol}${blank ? '' : eol}${block}`)];
  return [insertAt(source, at, `${blank ? '' : eol}${block}${eol}`)];
}

/** The start of the line with `...` or of the next `---`; the end of the text where there is none. */
function documentEnd(text: string, tail: Tail | null): number {
  let at = tail ? nextLine(text, tail.offset) : 0;
  let begun = tail !== null;
  while (at < text.length) {
    const marker = /^(?:---|\.\.\.)(?=\s|$)/.exec(text.slice(at, at + 4))?.[0];
    if (marker === '...' || (marker && begun)) return at;
    begun ||= marker === '---';
    at = nextLine(text, at);
  }
  return at;
}

/** Offset behind the colon of `entry`; undefined where there is none (`{key}`, `? key`). */
export function behindColon(source: Source, entry: Entry): number | undefined {
  const colon = /^[ \t]*:/.exec(lineRest(source.text, entry.key.span.end));
  return colon ? entry.key.span.end + colon[0].length : undefined;
}

const lineRest = (text: string, offset: number): string => text.slice(offset, lineEnd(text, offset));

/** Gives an entry without a value (nothing, `~` or `null`) one. Null where an anchor or a tag stands in between. */
export function fillNull(source: Source, owner: MapNode, entry: Entry, value: NewValue): Edit[] | null {
  const { start, end } = entry.value.span;
  const colon = behindColon(source, entry);
  const flow = owner.flow || inFlow(source, entry.key.span.start);
  if (colon === undefined) return flow ? [insertAt(source, entry.key.span.end, `: ${value.flow}`)] : null;
  const between = source.text.slice(colon, Math.max(start, colon));
  if (between.trim() !== '') return null;
  if (flow || value.lines.length === 0) {
    const newText = flow ? ` ${value.flow}` : value.head;
    return [{ source, start: colon, end: start === end ? colon : end, newText }];
  }
  const { column } = indentation(source, owner);
  const tail = { offset: Math.max(end, colon), block: false, keep: false };
  const pad = ' '.repeat(column);
  const below = insertLines(
    source,
    tail,
    column + 1,
    value.lines.map((line) => pad + line),
  );
  if (!below) return null;
  return start === end ? [below] : [removeRange(source, colon, end), below];
}
