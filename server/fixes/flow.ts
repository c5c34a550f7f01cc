/** Edits inside `[...]` and `{...}`. */
import { type CST, Parser } from 'yaml';
import type { Edit } from '../rules/rule.ts';
import { type Source, type Span, textOf } from '../syntax/source.ts';
import { insertAt, removeRange } from './edits.ts';
import { eolNear, lineEnd, lineStart, nextLine } from './lines.ts';

/** Offsets in the source. */
interface FlowItem {
  /** With its anchor and tag. */
  readonly start: number;
  readonly end: number;
  /** Of the comma before it and of the one behind it. */
  readonly before?: number;
  readonly after?: number;
}

interface Flow {
  readonly source: Source;
  /** Offset of the opening bracket. */
  readonly open: number;
  /** Offset of the closing bracket. */
  readonly close: number;
  readonly items: readonly FlowItem[];
}

/** Null where the brackets are not closed. */
export function flowOf(span: Span): Flow | null {
  const text = textOf(span);
  for (const token of new Parser().parse(text)) {
    if (token.type !== 'document' || token.value?.type !== 'flow-collection') continue;
    const close = token.value.end.find((end) => end.type === 'flow-map-end' || end.type === 'flow-seq-end');
    if (!close || close.offset !== text.length - 1) return null;
    return {
      source: span.source,
      open: span.start,
      close: span.start + close.offset,
      items: itemsOf(token.value, span.start),
    };
  }
  return null;
}

function itemsOf(collection: CST.FlowCollection, base: number): FlowItem[] {
  const items: { start: number; end: number; before?: number; after?: number }[] = [];
  for (const { start, key, sep, value } of collection.items) {
    const comma = start.find((token) => token.type === 'comma');
    const last = items[items.length - 1];
    if (comma && last && last.after === undefined) last.after = base + comma.offset;
    const parts = [...start, key, ...(sep ?? []), value].filter(
      (token) => token != null && !isTrivia(token),
    ) as CST.Token[];
    if (parts.length === 0) continue;
    const item = { start: base + parts[0]!.offset, end: base + endOf(parts[parts.length - 1]!) };
    items.push(comma ? { ...item, before: base + comma.offset } : item);
  }
  return items;
}

const TRIVIA: ReadonlySet<string> = new Set(['space', 'newline', 'comment', 'comma']);
const isTrivia = (token: CST.Token): boolean => TRIVIA.has(token.type);

function endOf(token: CST.Token): number {
  if (token.type === 'flow-collection') return token.end.length > 0 ? token.end[0]!.offset + 1 : token.offset;
  return token.offset + ('source' in token ? token.source.length : 0);
}

/**
 * Appends `items` in the style of the last one: on its line or on lines of their own, with or without a trailing comma.
 * `step` is the indentation inside empty brackets that span lines. Null for empty brackets with comments.
 */
export function appendToFlow(span: Span, items: readonly string[], step: number): Edit[] | null {
  const flow = flowOf(span);
  if (!flow) return null;
  const { source, close } = flow;
  const { text } = source;
  const last = flow.items[flow.items.length - 1];
  if (!last) return fillEmpty(flow, items, step);
  const eol = eolNear(source, last.start);
  const ownLine = text.slice(lineStart(text, last.start), last.start).trim() === '' && lineEnd(text, last.end) < close;
  if (!ownLine) {
    const tight = flow.items.length > 1 && /\S/.test(text[last.before! + 1]!);
    const gap = tight ? '' : ' ';
    if (last.after !== undefined)
      return [insertAt(source, last.after + 1, items.map((item) => `${gap}${item},`).join(''))];
    // `{a:, b: 1}` is read in different ways
    const bare = text[last.end - 1] === ':';
    const space = bare && text[last.end] === ' ' ? 1 : 0;
    const newText = items.map((item) => `,${gap}${item}`).join('');
    return [insertAt(source, last.end + space, bare && space === 0 ? ` ${newText}` : newText)];
  }
  const pad = eol + text.slice(lineStart(text, last.start), last.start);
  const end = lineEnd(text, last.after ?? last.end);
  if (last.after !== undefined) return [insertAt(source, end, items.map((item) => `${pad}${item},`).join(''))];
  const lines = items.map((item) => pad + item).join(',');
  return end === last.end
    ? [insertAt(source, end, `,${lines}`)]
    : [insertAt(source, last.end, ','), insertAt(source, end, lines)];
}

function fillEmpty({ source, open, close }: Flow, items: readonly string[], step: number): Edit[] | null {
  const { text } = source;
  const inner = text.slice(open + 1, close);
  if (inner.includes('#')) return null;
  if (inner.includes('\n')) {
    const pad = /^[ ]*/.exec(text.slice(lineStart(text, close)))![0] + ' '.repeat(step);
    const eol = eolNear(source, open);
    return [insertAt(source, open + 1, items.map((item) => eol + pad + item).join(','))];
  }
  const side = inner === '' ? '' : ' ';
  return [{ source, start: open + 1, end: close, newText: side + items.join(', ') + side }];
}

/** Takes out some of the items, each with one of its commas. Null for all of them, and where a comment would go too. */
export function removeFromFlow(span: Span, indexes: readonly number[]): Edit[] | null {
  const flow = flowOf(span);
  const runs = runsOf(indexes);
  if (!flow || runs.length === 0 || new Set(indexes).size >= flow.items.length) return null;
  const edits = runs.map(([first, last]) => removeRun(flow, first, last));
  return edits.includes(null) ? null : (edits as Edit[][]).flat();
}

/** Neighbouring indexes as `[first, last]`. */
function runsOf(indexes: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const index of [...new Set(indexes)].sort((a, b) => a - b)) {
    const run = runs[runs.length - 1];
    if (run?.[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  return runs;
}

function removeRun(flow: Flow, first: number, last: number): Edit[] | null {
  const { source, items } = flow;
  const { text } = source;
  const run = items.slice(first, last + 1);
  const previous = items[first - 1];
  const next = items[last + 1];
  if (run.length === 0) return null;
  if (run.every((item) => isAlone(flow, item))) {
    const lines = run.map((item) => removeRange(source, lineStart(text, item.start), nextLine(text, item.end)));
    const comma = run[run.length - 1]!.after === undefined ? previous?.after : undefined;
    return comma === undefined ? lines : [removeRange(source, comma, comma + 1), ...lines];
  }
  const [start, end] = next ? [run[0]!.start, next.start] : [previous!.end, run[run.length - 1]!.end];
  return text.slice(start, end).includes('#') ? null : [removeRange(source, start, end)];
}

/** Nothing else stands on the item's lines but its commas and a comment behind it. */
function isAlone({ source: { text }, open, close }: Flow, item: FlowItem): boolean {
  const from = lineStart(text, item.start);
  const end = lineEnd(text, item.end);
  if (from <= open || end > close || text.slice(from, item.start).trim() !== '') return false;
  return /^\s*,?\s*(?:#.*)?$/.test(text.slice(item.end, end)) && (item.after === undefined || item.after < end);
}
