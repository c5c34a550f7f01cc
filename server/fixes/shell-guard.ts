/** A condition around a command of a shell text. */
import type { Edit } from '../rules/rule.ts';
import { type Span, textOf } from '../syntax/source.ts';
import { insertAt } from './edits.ts';

/** The command then runs only where the variable is set to 1. Null where the command takes several lines. */
export function onlyWhen(variable: string, command: Span): Edit[] | null {
  if (/[\r\n]/.test(textOf(command))) return null;
  const { source, start, end } = command;
  return [insertAt(source, start, `if [ "\${${variable}:-}" = 1 ]; then `), insertAt(source, end, '; fi')];
}
