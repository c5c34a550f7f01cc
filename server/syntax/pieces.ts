/** The entries of a mapping as pieces of text that the library can parse one by one, whatever stands around them. */

export interface Piece {
  /** Where the piece begins in the text: at the start of the line that holds its key. */
  readonly start: number;
  /** Up to the next piece, with the comments and empty lines between. Of a divided piece only what stands above `inner`. */
  readonly text: string;
  /** The entries of its value, where that is a mapping whose entries are pieces themselves. */
  readonly inner: readonly Piece[];
}

/**
 * The outermost entries of the only document of `text`, and the entries in each of them. Null where the text shows
 * anything that may tie an entry to what stands above or below it. That a piece is one entry is not known before it has
 * been parsed.
 */
export function piecesOf(text: string): Piece[] | null {
  // Directives and other documents change what the lines below them mean.
  const head = /^(?:[ \t]*(?:#.*)?\r?\n)*(?:---[ \t]*(?:#.*)?(?:\r?\n|$)(?:[ \t]*(?:#.*)?\r?\n)*)?/.exec(text)![0]
    .length;
  if (/^(?:%|---|\.\.\.)/m.test(text.slice(head))) return null;
  const outer = entriesIn(text, head, text.length, 0);
  return outer?.map(({ start, end }) => divided(text, start, end)) ?? null;
}

function divided(text: string, start: number, end: number): Piece {
  const below = OPENS.exec(text.slice(start, end));
  const from = below ? start + below[0].length : end;
  const inner = below?.[1] && !'-?'.includes(below[2]!) ? entriesIn(text, from, end, below[1].length) : null;
  if (!inner || inner.length < 2) return { start, text: text.slice(start, end), inner: [] };
  return {
    start,
    text: text.slice(start, from),
    inner: inner.map((one) => ({ start: one.start, text: text.slice(one.start, one.end), inner: [] })),
  };
}

/** A key with nothing behind it, and the indentation and first character of what stands below it. */
const OPENS = /^[^\s#:'"&*!?[\]{},|>@`%-][^\s:'"]*:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*(?=( +)([^ ]))/;

interface Extent {
  readonly start: number;
  readonly end: number;
}

/** Null where a line stands further out than `indent`, or where an entry is none with a simple key. */
function entriesIn(text: string, from: number, to: number, indent: number): Extent[] | null {
  const starts: number[] = [];
  for (let line = from; line < to; ) {
    let first = line;
    while (text.charCodeAt(first) === SPACE) first++;
    const column = first - line;
    const character = text[first] ?? '\n';
    if (column <= indent && !'#\r\n'.includes(character)) {
      if (column < indent || '?:]},\t'.includes(character)) return null;
      const item = character === '-' && /\s/.test(text[first + 1] ?? '\n');
      if (!item) starts.push(line);
      else if (starts.length === 0) return null;
    }
    const newline = text.indexOf('\n', first);
    line = newline < 0 || newline >= to ? to : newline + 1;
  }
  if (starts[0] !== from) return null;
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? to }));
}

const SPACE = 32;
