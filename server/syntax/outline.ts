/** The lines of a text that does not parse, divided by their indentation alone. */

export interface Line {
  /** Offset of the line, of its first character that is no space, and of its end without the line end. */
  readonly start: number;
  readonly first: number;
  readonly end: number;
}

/** A line and the deeper ones below it. */
export interface Chunk {
  readonly lines: readonly Line[];
  /** Not indented like its neighbours. */
  readonly astray: boolean;
}

/** Lines of the first document of `text`, without empty ones, comments and what stands before `---`. */
export function linesOfDocument(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const next = newline < 0 ? text.length : newline + 1;
    let end = newline < 0 ? text.length : newline;
    if (text[end - 1] === '\r' && end > start) end--;
    let first = start;
    while (first < end && text[first] === ' ') first++;
    const marker = first === start && /^(---|\.\.\.)(?=\s|$)/.test(text.slice(start, Math.min(end, start + 4)));
    if (marker && lines.length > 0) break;
    const tabs = text[first] === '\t' && text.slice(first, end).trim() === '';
    if (!marker && first < end && !tabs && text[first] !== '#' && text[start] !== '%')
      lines.push({ start, first, end });
    start = next;
  }
  return lines;
}

const indentOf = (line: Line): number => line.first - line.start;

/** `lines`, all deeper than the line above them, as chunks of one depth; `outermost`: those of the document. */
export function chunksOf(text: string, lines: readonly Line[], outermost: boolean): Chunk[] {
  const column = outermost ? leastIndent(lines) : usualIndent(text, lines);
  const chunks: { lines: Line[]; astray: boolean }[] = [];
  let inner = -1;
  lines.forEach((line, index) => {
    const current = chunks.at(-1);
    const indent = indentOf(line);
    if (
      current &&
      (continues(text, line) ||
        (indent > column &&
          !isUncle(text, line, lines[index + 1], column, inner) &&
          !isNeighbour(text, current.lines, line)))
    ) {
      if (inner < 0 && indent > column) inner = indent;
      current.lines.push(line);
      return;
    }
    chunks.push({ lines: [line], astray: indent !== column });
    inner = -1;
  });
  return chunks;
}

const leastIndent = (lines: readonly Line[]): number =>
  lines.reduce((least, line) => Math.min(least, indentOf(line)), Number.POSITIVE_INFINITY);

/** Closing brackets end what was opened above. YAML knows no tabs as indentation, so a tab begins nothing. */
const continues = (text: string, line: Line): boolean => ']}\t'.includes(text[line.first]!);

/** One space too far in, with the inner depth below it: a key of the outer depth. */
const isUncle = (text: string, line: Line, next: Line | undefined, column: number, inner: number): boolean =>
  indentOf(line) === column + 1 && indentOf(line) < inner && isParent(text, line, next, inner);

const isParent = (text: string, line: Line, next: Line | undefined, column: number): boolean =>
  next !== undefined && indentOf(next) === column && !isItem(text, next) && opensBlock(text, line);

/** A key below a key whose value stands on its own line: nothing can be deeper than that one. */
function isNeighbour(text: string, above: readonly Line[], line: Line): boolean {
  const [head] = above;
  if (above.length > 1 || keyEnd(text, line) === null) return false;
  const colon = keyEnd(text, head!);
  const value =
    colon === null
      ? ''
      : text
          .slice(colon + 1, head!.end)
          .replace(/\s#.*$/, '')
          .trim();
  return /^(\w.*|".*"|'.*'|\[.*\]|\{.*\})$/.test(value);
}

/** A key with nothing behind it. */
function opensBlock(text: string, line: Line): boolean {
  const colon = keyEnd(text, line);
  return colon !== null && /^\s*(#.*)?$/.test(text.slice(colon + 1, line.end));
}

/** One line may be astray, two agree: the indentation of lines that are as far out as those before them, or break out between two depths. */
function usualIndent(text: string, lines: readonly Line[]): number {
  const counts = new Map<number, number>();
  const open: number[] = [];
  for (const line of lines) {
    if (continues(text, line)) continue;
    const indent = indentOf(line);
    let left = false;
    while (open.length > 0 && open.at(-1)! > indent) {
      open.pop();
      left = true;
    }
    if (open.at(-1) !== indent) {
      if (open.length === 0 || (open.length === 1 && left)) counts.set(indent, counts.get(indent) ?? 0);
      open.push(indent);
    }
    const count = counts.get(indent);
    if (count !== undefined) counts.set(indent, count + 1);
  }
  const column = [...counts].reduce((best, one) => (best[1] < 2 && one[1] > best[1] ? one : best), [0, 0])[0];
  const outer = lines.find((line, at) => indentOf(line) < column && isParent(text, line, lines[at + 1], column));
  return outer ? indentOf(outer) : column;
}

export const isItem = (text: string, line: Line): boolean =>
  text[line.first] === '-' && (line.first + 1 === line.end || ' \t'.includes(text[line.first + 1]!));

/** Where the colon behind the key of a line is; null where the line begins with no key. */
export function keyEnd(text: string, line: Line): number | null {
  const quote = text[line.first]!;
  if (quote === '"' || quote === "'") {
    const closing = text.indexOf(quote, line.first + 1);
    const behind =
      closing < 0 || closing >= line.end ? null : text.slice(closing + 1, line.end).match(/^[ \t]*:(?=\s|$)/);
    return behind ? closing + behind[0].length : null;
  }
  if ('[]{},#|>%@`&!?'.includes(quote) || isItem(text, line)) return null;
  for (let at = line.first; at < line.end; at++) {
    const character = text[at];
    if (character === '#' && ' \t'.includes(text[at - 1]!)) return null;
    if (character === ':' && (at + 1 === line.end || ' \t'.includes(text[at + 1]!))) return at > line.first ? at : null;
  }
  return null;
}

/** Where values are nested deeper than `levels`, as far as indentation, brackets and dashes tell; 0 where they do not. */
export function deepPlace(text: string, levels: number): number {
  const open: number[] = [];
  let brackets = 0;
  for (const { start, first, end } of linesOfDocument(text)) {
    while (open.length > 0 && open.at(-1)! >= first - start) open.pop();
    open.push(first - start);
    let inline = 0;
    for (let at = first; at < end; at++) {
      const character = text[at]!;
      if ('[{'.includes(character)) brackets++;
      else if (']}'.includes(character)) brackets--;
      else if ('-?'.includes(character) && text[at + 1] === ' ') inline++;
      if (open.length + inline + brackets > levels) return at;
    }
  }
  return 0;
}
