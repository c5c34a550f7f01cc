/** The lines of a range with the range marked below them, as a terminal shows them. */
import { lineText, type Range, type Source } from '../../syntax/source.ts';
import { charWidth, visible, widthOf } from '../text.ts';

export interface SnippetLine {
  /** One-based; absent for lines left out. */
  readonly number?: number;
  readonly text: string;
  /** Columns before the mark, and the mark's width. */
  readonly mark?: { readonly column: number; readonly width: number };
}

const TAB = 4;
/** A range of more lines is shown by its first and last ones. */
const MAX_LINES = 5;

export function snippet(source: Source, { start, end }: Range, width: number): SnippetLine[] {
  // A range that ends at the start of a line does not reach into it.
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  const lines: SnippetLine[] = [];
  for (let line = start.line; line <= last; line++) {
    if (last - start.line >= MAX_LINES && line === start.line + MAX_LINES - 2) {
      lines.push({ text: '...' });
      line = last - 1;
      continue;
    }
    const text = lineText(source, line);
    const indent = /^\s*/.exec(text)![0].length;
    const from = line === start.line ? start.character : Math.min(indent, text.length);
    const to = line === end.line ? end.character : text.trimEnd().length;
    lines.push({ number: line + 1, ...laidOut(text, from, to, width) });
  }
  return lines;
}

/** Tabs become spaces, control characters signs, and a long line is cut around the mark. */
function laidOut(
  line: string,
  from: number,
  to: number,
  width: number,
): { text: string; mark: { column: number; width: number } } {
  let text = '';
  let columns = 0;
  let start: number | undefined;
  let stop: number | undefined;
  let offset = 0;
  for (const char of line) {
    if (offset >= from) start ??= columns;
    if (offset >= to) stop ??= columns;
    const shown = char === '\t' ? ' '.repeat(TAB - (columns % TAB)) : visible(char);
    text += shown;
    columns += char === '\t' ? shown.length : charWidth(char);
    offset += char.length;
  }
  const column = start ?? columns;
  return cut(text, column, Math.max(1, (stop ?? columns) - column), width);
}

function cut(
  text: string,
  column: number,
  mark: number,
  width: number,
): { text: string; mark: { column: number; width: number } } {
  if (widthOf(text) <= width) return { text, mark: { column, width: mark } };
  const from = column + mark <= width - 3 ? 0 : Math.max(0, column - Math.floor(width / 4));
  let columns = 0;
  let kept = '';
  let keptFrom = -1;
  for (const char of text) {
    const next = columns + charWidth(char);
    if (columns >= from && next <= from + width - 6) {
      if (keptFrom < 0) keptFrom = columns;
      kept += char;
    }
    columns = next;
  }
  const before = from > 0 ? '...' : '';
  const shifted = column - Math.max(keptFrom, 0) + before.length;
  return {
    text: `${before}${kept}...`,
    mark: { column: shifted, width: Math.max(1, Math.min(mark, widthOf(before + kept) - shifted)) },
  };
}
