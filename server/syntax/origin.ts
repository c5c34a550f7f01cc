/** Where people find a span of a text that is itself a value in another file, such as `dockerfile_inline`. */
import { linesOf, positionAt, type Source, type Span } from './source.ts';

/** Exact where the lines stand in the other file as they are; else the place of the whole value. */
export function shownAt(span: Span): Span {
  const { origin } = span.source;
  if (!origin) return span;
  const start = offsetIn(origin, span.source, span.start);
  const end = offsetIn(origin, span.source, span.end);
  const place = start !== null && end !== null && start <= end ? { source: origin.source, start, end } : origin;
  return shownAt(place);
}

/** The offset in the outer file of an offset in the inner text. */
function offsetIn(origin: Span, inner: Source, at: number): number | null {
  const { line, character } = positionAt(inner, at);
  const outer = linesOf(origin.source);
  // A block begins below its `|`; the text of another value begins where the value does, in its first line.
  const below = /^[|>]/.test(origin.source.text.slice(origin.start, origin.start + 1)) ? 1 : 0;
  if (below === 0) return null;
  const first = positionAt(origin.source, origin.start).line + below;
  const written = lineOf(origin.source, first + line);
  const meant = lineOf(inner, line);
  const indent = written.length - meant.length;
  const begins = outer[first + line];
  if (begins === undefined || indent < 0 || written.slice(indent) !== meant || written.slice(0, indent).trim() !== '')
    return null;
  return begins + indent + character;
}

function lineOf(source: Source, line: number): string {
  const starts = linesOf(source);
  return source.text
    .slice(starts[line] ?? source.text.length, starts[line + 1] ?? source.text.length)
    .replace(/[\r\n]+$/, '');
}
