/** Physical lines into logical ones: continuations joined, comments left out, every character keeping its place. */
import type { Problem, Source, Span } from '../source.ts';

export type EscapeChar = '\\' | '`';

export interface LogicalLine {
  readonly source: Source;
  /** Without continuation characters and comment lines; leading blanks removed. */
  readonly text: string;
  /** Runs of `text` that stand together in the source: from index `at` on, at offset `from` on. */
  readonly pieces: readonly { readonly at: number; readonly from: number }[];
}

interface PhysicalLine {
  readonly start: number;
  /** Before the line end. */
  readonly end: number;
  /** Where the following line starts. */
  readonly next: number;
}

/** The builder's lines end with `\n`; a lone `\r` is a blank inside one. */
export function physicalLine(text: string, start: number): PhysicalLine {
  const feed = text.indexOf('\n', start);
  const next = feed < 0 ? text.length : feed + 1;
  let end = next;
  while (end > start && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--;
  return { start, end, next };
}

function offsetOf(line: LogicalLine, index: number): number {
  let low = 0;
  let high = line.pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (line.pieces[middle]!.at <= index) low = middle;
    else high = middle - 1;
  }
  const piece = line.pieces[low]!;
  return piece.from + (index - piece.at);
}

/** The place of `line.text.slice(start, end)`; a continuation inside it is covered too. */
export function spanIn(line: LogicalLine, start: number, end: number): Span {
  const from = offsetOf(line, start);
  return { source: line.source, start: from, end: end > start ? offsetOf(line, end - 1) + 1 : from };
}

/** Reads the logical line at or after `from`; null when only blanks and comments are left. */
export function readLogicalLine(
  source: Source,
  from: number,
  escapeChar: EscapeChar,
): { readonly line: LogicalLine; readonly next: number } | null {
  const { text } = source;
  let position = from;
  while (position < text.length) {
    const first = physicalLine(text, position);
    position = first.next;
    const start = skipBlanks(text, first.start, first.end);
    if (start === first.end || text[start] === '#') continue;
    const pieces = [{ at: 0, from: start }];
    let continued = continuationAt(text, start, first.end, escapeChar);
    let joined = text.slice(start, continued < 0 ? first.end : continued);
    while (continued >= 0 && position < text.length) {
      const line = physicalLine(text, position);
      position = line.next;
      const content = skipBlanks(text, line.start, line.end);
      if (content === line.end || text[content] === '#') continue;
      continued = continuationAt(text, line.start, line.end, escapeChar);
      pieces.push({ at: joined.length, from: line.start });
      joined += text.slice(line.start, continued < 0 ? line.end : continued);
    }
    if (joined.trim() !== '') return { line: { source, text: joined, pieces }, next: position };
  }
  return null;
}

function skipBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && /\s/.test(text[at]!)) at++;
  return at;
}

/** Where the continuation character of a line stands; -1 without one. A doubled one is no continuation. */
function continuationAt(text: string, start: number, end: number, escapeChar: EscapeChar): number {
  let last = end - 1;
  while (last >= start && (text[last] === ' ' || text[last] === '\t')) last--;
  if (last < start || text[last] !== escapeChar) return -1;
  return last > start && text[last - 1] === escapeChar ? -1 : last;
}

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;
const DIRECTIVES = new Set(['escape', 'syntax', 'check']);

/** The comments at the top that steer the builder; anything else, an empty line too, ends them. */
export function readDirectives(source: Source): {
  readonly escapeChar: EscapeChar;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  let escapeChar: EscapeChar = '\\';
  for (let position = 0; position < source.text.length; ) {
    const line = physicalLine(source.text, position);
    const content = source.text.slice(line.start, line.end).trimStart();
    const [, key = '', value] = DIRECTIVE.exec(content) ?? [];
    const name = key.toLowerCase();
    if (!DIRECTIVES.has(name)) break;
    const span = { source, start: line.end - content.length, end: line.end };
    if (seen.has(name)) {
      problems.push({ span, message: `The parser directive '${name}' may stand only once.` });
      break;
    }
    seen.add(name);
    if (name === 'escape') {
      if (value === '\\' || value === '`') escapeChar = value;
      else problems.push({ span, message: `The escape character must be \\ or \`, not '${value}'.` });
    }
    position = line.next;
  }
  return { escapeChar, problems };
}
