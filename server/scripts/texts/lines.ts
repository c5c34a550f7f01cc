import type { Source } from '../../syntax/source.ts';

export interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Logical lines: one that ends with a backslash goes on in the next. */
export function linesIn(source: Source): Line[] {
  const joined: Line[] = [];
  let open: number | null = null;
  for (const { text, start, end } of plainLines(source)) {
    const from: number = open ?? start;
    if (text.endsWith('\\')) open = from;
    else {
      joined.push({ text: source.text.slice(from, end), start: from, end });
      open = null;
    }
  }
  if (open !== null) joined.push({ text: source.text.slice(open), start: open, end: source.text.length });
  return joined;
}

export function* plainLines({ text }: Source): Generator<Line> {
  const ends = /\r\n|\n|\r|$/g;
  let start = 0;
  while (start <= text.length) {
    ends.lastIndex = start;
    const match = ends.exec(text);
    const end = match?.index ?? text.length;
    yield { text: text.slice(start, end), start, end };
    if (end >= text.length) return;
    start = end + (match?.[0].length ?? 1);
  }
}
