import { padEnd, widthOf } from './text.ts';

export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Lines with aligned columns. Colour is put on after padding, so it does not count as width. */
export function table(rows: readonly (readonly Cell[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    // What stands last in its row has room to the right, and must not push other rows' cells there.
    for (const [i, cell] of row.slice(0, -1).entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(cell.text));
  }
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const last = i === row.length - 1;
        const painted = cell.paint && cell.text !== '' ? cell.paint(cell.text) : cell.text;
        return last ? painted : painted + padEnd('', widths[i]! - widthOf(cell.text));
      })
      .join('  ')
      .trimEnd(),
  );
}
