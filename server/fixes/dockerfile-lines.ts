/** Instructions of a Dockerfile moved, added and taken out, as whole lines. */
import type { Edit } from '../rules/rule.ts';
import type { Source, Span } from '../syntax/source.ts';
import { insertAt, removeRange } from './edits.ts';
import { commentColumn, endAbove, eolNear, lineEnd, lineStart, nextLine } from './lines.ts';

/** Null for a text inside another file, whose lines are not its own. */
const isOwnFile = ({ origin }: Source): boolean => origin === undefined;

/** From the first comment line that belongs to the instruction, to the start of the line behind it. */
function linesWithComments({ source: { text }, start, end }: Span): { readonly from: number; readonly to: number } {
  let from = lineStart(text, start);
  for (let above = from; above > 0; ) {
    above = lineStart(text, above - 1);
    if (commentColumn(text, above) < 0) break;
    from = above;
  }
  return { from, to: nextLine(text, end) };
}

/** Moves an instruction, with the comments right above it, behind another one. */
export function moveInstruction(instruction: Span, behind: Span): Edit[] | null {
  const { source } = instruction;
  if (!isOwnFile(source) || behind.source !== source) return null;
  const { text } = source;
  const { from, to } = linesWithComments(instruction);
  const at = nextLine(text, behind.end);
  const eol = eolNear(source, instruction.start);
  const lines = text.slice(from, to).replace(/\r?\n$/, '');
  if (at <= to) return null;
  const last = text[at - 1] !== '\n';
  return [removeRange(source, from, to), insertAt(source, at, last ? eol + lines : lines + eol)];
}

/** Puts a line in front of an instruction and the comments that belong to it. */
export function addInstructionBefore(instruction: Span, line: string): Edit[] | null {
  const { source } = instruction;
  if (!isOwnFile(source)) return null;
  const { from } = linesWithComments(instruction);
  return [insertAt(source, from, line + eolNear(source, instruction.start))];
}

/** Takes an instruction out, with the comments right above it. */
export function removeInstruction(instruction: Span): Edit[] | null {
  const { source } = instruction;
  if (!isOwnFile(source)) return null;
  const { text } = source;
  const { from, to } = linesWithComments(instruction);
  const end = lineEnd(text, instruction.end);
  return [end === text.length ? removeRange(source, endAbove(text, from), end) : removeRange(source, from, to)];
}
