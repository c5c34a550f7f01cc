/** What a fix changes, line by line. */
import type { Edit, Fix } from '../../rules/rule.ts';
import { linesOf, positionAt, type Source } from '../../syntax/source.ts';

export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  /** One-based; of removed lines in the old text, of others in the new one. */
  readonly number: number;
  readonly text: string;
}

export interface FileDiff {
  readonly path: string;
  readonly hunks: readonly (readonly DiffLine[])[];
}

export function diffOf(fix: Fix): FileDiff[] {
  const byFile = new Map<string, Edit[]>();
  for (const edit of fix.edits) byFile.set(edit.source.path, [...(byFile.get(edit.source.path) ?? []), edit]);
  return [...byFile].map(([path, edits]) => ({ path, hunks: hunksOf(edits) }));
}

interface Block {
  readonly from: number;
  to: number;
  readonly edits: Edit[];
}

function hunksOf(edits: readonly Edit[]): DiffLine[][] {
  const { source } = edits[0]!;
  const blocks: Block[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    const from = positionAt(source, edit.start).line;
    const to = positionAt(source, edit.end).line;
    const last = blocks.at(-1);
    if (last && from <= last.to + 1) {
      last.to = Math.max(last.to, to);
      last.edits.push(edit);
    } else blocks.push({ from, to, edits: [edit] });
  }
  let shift = 0;
  return blocks.map((block) => {
    const { lines, grown } = hunk(source, block, shift);
    shift += grown;
    return lines;
  });
}

function hunk(source: Source, block: Block, shift: number): { lines: DiffLine[]; grown: number } {
  const starts = linesOf(source);
  const start = starts[block.from]!;
  const end = starts[block.to + 1] ?? source.text.length;
  const before = split(source.text.slice(start, end));
  const after = split(edited(source, block.edits, start, end));
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail++;
  }
  const first = block.from + head;
  const previous = first > 0 ? source.text.slice(starts[first - 1], starts[first]) : undefined;
  const context = previous?.replace(/[\r\n]+$/, '');
  const lines: DiffLine[] = [
    ...(context === undefined ? [] : [{ kind: 'same' as const, number: first + shift, text: context }]),
    ...before
      .slice(head, before.length - tail)
      .map((text, i) => ({ kind: 'removed' as const, number: first + i + 1, text })),
    ...after
      .slice(head, after.length - tail)
      .map((text, i) => ({ kind: 'added' as const, number: first + shift + i + 1, text })),
  ];
  return { lines, grown: after.length - before.length };
}

function edited(source: Source, edits: readonly Edit[], start: number, end: number): string {
  let text = '';
  let at = start;
  for (const edit of edits) {
    text += source.text.slice(at, edit.start) + edit.newText;
    at = edit.end;
  }
  return text + source.text.slice(at, end);
}

function split(text: string): string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
