/** Lines of a unit file, with those joined that a backslash continues. */
import type { Problem, Source } from '../source.ts';
import { spanOf } from '../source.ts';
import { type Chars, charsAt, isSpace, Writer } from './chars.ts';

export interface UnitLine {
  /** Without white space around each of its parts; comments between them are not in it. */
  readonly chars: Chars;
  /** Behind the last character of its last line, white space included, in front of the line end. */
  readonly end: number;
}

export interface UnitLines {
  readonly lines: readonly UnitLine[];
  readonly problems: readonly Problem[];
}

/** Podman's reading: leading white space of a continuation goes as well, and nothing is put between the parts. */
export function unitLines(source: Source): UnitLines {
  const { text } = source;
  const last = text.endsWith('\n') ? text.length - 1 : text.length;
  const lines: UnitLine[] = [];
  let open: Writer | undefined;
  let opened = 0;
  for (let start = 0; start <= last; ) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 || newline > last ? last : newline;
    let [from, to] = [start, end];
    while (from < to && isSpace(text[from])) from++;
    while (to > from && isSpace(text[to - 1])) to--;
    const inside = open !== undefined && open.length > 0;
    start = end + 1;
    const isComment = from === to || text[from] === '#' || text[from] === ';';
    if (isComment) continue;
    if (!inside) {
      open = new Writer(source, from);
      opened = from;
    }
    const continued = text[to - 1] === '\\';
    const chars = charsAt(source, from, continued ? to - 1 : to);
    open!.add(chars, 0, chars.text.length);
    if (continued && end < last) continue;
    const behind = text[end - 1] === '\r' && end > to ? end - 1 : end;
    if (open!.length > 0) lines.push({ chars: open!.done(), end: behind });
    open = undefined;
  }
  const lost = open && open.length > 0;
  const message = 'the backslash continues this line, but nothing follows: Quadlet drops it';
  return { lines, problems: lost ? [{ span: spanOf(source, opened, opened + firstLine(text, opened)), message }] : [] };
}

const firstLine = (text: string, from: number): number => text.slice(from).split('\n', 1)[0]!.trimEnd().length;
