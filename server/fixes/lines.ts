/** Lines of a text by offset. */
import { eolOf, type Source } from '../syntax/source.ts';

export const lineStart = (text: string, offset: number): number =>
  offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;

/** The end of the line of `offset`, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at > offset && text[at - 1] === '\r' ? at - 1 : at;
}

/** Where the next line starts; the text's length on the last line. */
export function nextLine(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at + 1;
}

/** `end`, or before the one line end that stands directly before it. */
export function trimLineEnd(text: string, end: number): number {
  if (text[end - 1] !== '\n') return end;
  return text[end - 2] === '\r' ? end - 2 : end - 1;
}

/** The line end used around `offset`: files edited on two systems mix them. */
export function eolNear(source: Source, offset: number): string {
  const { text } = source;
  const at = text.indexOf('\n', offset);
  const near = at >= 0 ? at : text.lastIndexOf('\n', offset);
  if (near < 0) return eolOf(source);
  return text[near - 1] === '\r' ? '\r\n' : '\n';
}

/** The column of a line that holds nothing but a comment; -1 for all others. */
export function commentColumn(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return text[at] === '#' ? at - start : -1;
}

/** From the line below `offset` on: the end of the last comment line that stands at `column` or deeper, without a gap. */
export function behindComments(text: string, offset: number, column: number): number {
  let end = lineEnd(text, offset);
  for (;;) {
    const next = nextLine(text, end);
    if (next >= text.length || commentColumn(text, next) < column) return end;
    end = lineEnd(text, next);
  }
}

/** From the start of a line: the end of the last line above that is not blank. */
export function endAbove(text: string, start: number): number {
  let end = trimLineEnd(text, start);
  while (end > 0 && text.slice(lineStart(text, end), end).trim() === '') end = trimLineEnd(text, lineStart(text, end));
  return end;
}
