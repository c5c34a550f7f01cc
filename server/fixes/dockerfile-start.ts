/** A build step that the container carries out instead, before its program. */
import type { Edit } from '../rules/rule.ts';
import type { RunStep, StageResult } from '../syntax/dockerfile.ts';
import { textOf } from '../syntax/source.ts';
import { removeInstruction } from './dockerfile-lines.ts';
import { replaceSpan } from './edits.ts';

/** What a shell reads as it is written, in JSON too. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/**
 * Takes the step out and puts `command` in front of the CMD. Null where an entrypoint gets the words of the CMD, where
 * user or working directory have changed since the step, and where a word of the CMD means something to a shell.
 */
export function runAtStart(stage: StageResult, run: RunStep, command: string): Edit[] | null {
  const cmd = stage.command;
  const { entrypoint, workdir, user, source } = stage;
  if (!cmd || entrypoint || cmd.span.source !== source || source.origin) return null;
  if ((workdir?.value ?? '/') !== run.workdir || (user?.value ?? null) !== run.user) return null;
  if (/[\r\n"\\]/.test(command)) return null;
  const written = cmd.shell ? textOf(cmd.span) : cmd.words.join(' ');
  if (cmd.shell ? !/^(?!exec\b)[\w@%+=:,./ -]+$/.test(written) : !cmd.words.every((word) => PLAIN.test(word)))
    return null;
  const removed = removeInstruction(run.span);
  const words = JSON.stringify(['sh', '-c', `${command} && exec ${written}`]).replaceAll('","', '", "');
  return removed && [...removed, replaceSpan(cmd.span, words)];
}
