/** Whether a command of a shell text runs every time. */
import type { Command } from '../../syntax/shell.ts';

/** What decides something and does nothing else. */
const TESTS = new Set(['[', '[[', 'test', 'grep', 'false', 'true', 'command', 'which', 'pgrep', 'nc']);
/** What ends a script, or makes another program of it. */
const LEAVES = new Set(['exit', 'exec', 'return']);

const nameOf = ({ words }: Command): string => words[0]?.text ?? '';

/** It decides whether what stands behind it in one line is run. */
export const decides = (command: Command): boolean => TESTS.has(nameOf(command));

const leaves = (command: Command): boolean =>
  LEAVES.has(nameOf(command)) && (nameOf(command) !== 'exec' || command.words.length > 1);

const isPlain = (command: Command): boolean => command.within.every((block) => block === 'group');

/** The command that `a && b || c` begins with. */
export function startOfList(commands: readonly Command[], at: number): number {
  let first = at;
  while (first > 0 && /^(?:&&|\|\|)$/.test(commands[first]!.before)) first--;
  return first;
}

/** No condition stands around or before it, and nothing may have left the script by then. */
export function runsAlways(commands: readonly Command[], at: number): boolean {
  const command = commands[at]!;
  if (!isPlain(command)) return false;
  const list = commands.slice(startOfList(commands, at), at);
  if (command.before === '||' || list.some((one) => one.after === '||' || decides(one))) return false;
  return !mayHaveLeft(commands, at);
}

/** Something before it may have ended the script, or made another program of it. */
export const mayHaveLeft = (commands: readonly Command[], at: number): boolean =>
  commands.slice(0, at).some((one) => leaves(one) && !one.within.includes('function') && mayLeave(commands, one));

/** `cd /app || exit 1` leaves where nothing works anyway. */
function mayLeave(commands: readonly Command[], one: Command): boolean {
  const failed = one.before === '||' && isPlain(one) && nameOf(one) === 'exit' && one.words[1]?.text !== '0';
  const before = commands[commands.indexOf(one) - 1];
  return !(failed && before && !TESTS.has(nameOf(before)));
}
