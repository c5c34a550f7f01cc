/** A file's text and the places in it. Everything the product says points at one of these. */

export interface Source {
  /** Absolute path with forward slashes; `-` for standard input. */
  readonly path: string;
  /** The text as an editor sees it: without a byte order mark, line ends untouched. */
  readonly text: string;
  /** Set when the text is itself a value in another file (`dockerfile_inline`): where people find it. */
  readonly origin?: Span;
}

/** A half-open interval of UTF-16 offsets into one source. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export interface Located<T> {
  readonly value: T;
  readonly span: Span;
}

/** Zero-based line and UTF-16 column, as LSP counts them. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Something that keeps a file, or a part of one, from being understood. */
export interface Problem {
  readonly span: Span;
  readonly message: string;
  /** Another file that is named here cannot be had or not be understood: what it would bring is not known. */
  readonly reference?: true;
  /** Refused as it is written, whatever is set elsewhere. */
  readonly written?: true;
}

const lineStarts = new WeakMap<Source, readonly number[]>();

/** Offsets at which each line begins; `\n`, `\r\n` and a lone `\r` end a line. Computed once a source. */
export function linesOf(source: Source): readonly number[] {
  let starts = lineStarts.get(source);
  if (!starts) {
    starts = findLineStarts(source.text);
    lineStarts.set(source, starts);
  }
  return starts;
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}

export function positionAt(source: Source, offset: number): Position {
  const starts = linesOf(source);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: offset - starts[low]! };
}

export function rangeOf(span: Span): Range {
  return { start: positionAt(span.source, span.start), end: positionAt(span.source, span.end) };
}

/** The offset of a position; a position past the end of its line or file is pulled back to it. */
export function offsetAt(source: Source, position: Position): number {
  const starts = linesOf(source);
  const line = Math.min(Math.max(position.line, 0), starts.length - 1);
  const end = starts[line + 1] ?? source.text.length + 1;
  return Math.min(starts[line]! + Math.max(position.character, 0), Math.max(end - 1, starts[line]!));
}

/** The text of one line, without its line end. */
export function lineText(source: Source, line: number): string {
  const starts = linesOf(source);
  return source.text
    .slice(starts[line] ?? source.text.length, starts[line + 1] ?? source.text.length)
    .replace(/[\r\n]+$/, '');
}

export const textOf = (span: Span): string => span.source.text.slice(span.start, span.end);

export const spanOf = (source: Source, start: number, end: number): Span => ({ source, start, end });

/** The line end this file uses, for edits that add lines. */
export const eolOf = (source: Source): string => /\r\n|\n|\r/.exec(source.text)?.[0] ?? '\n';
