/** A script as lines: its parts, and each command with the four numbers of its place. */

import { type Command, type Script, UNKNOWN } from '../../server/scripts/model.ts';
import { readScript } from '../../server/scripts/read.ts';
import { rangeOf, type Span } from '../../server/syntax/source.ts';

export const lines = (...all: string[]): string => `${all.join('\n')}\n`;

export const read = (path: string, text: string): Promise<Script | null> => readScript({ path, text });

export function placeOf(span: Span): string {
  const { start, end } = rangeOf(span);
  return `${start.line}:${start.character}-${end.line}:${end.character}`;
}

export const wordsOf = ({ words }: Command): string =>
  words.map(({ text, told }) => `${told ? '' : '~'}${text.replaceAll(UNKNOWN, '?')}`).join(' ');

function factsOf(command: Command): string {
  const facts = [
    ...command.within.map(({ kind, name }) => `in ${kind} ${name?.text.replaceAll(UNKNOWN, '?') ?? '?'}`),
    ...command.conditions.map(({ kind, text }) => `${kind} ${text}`),
    ...command.redirects.map(({ op, target, fd }) => `${fd ?? ''}${op}${target?.text ?? ''}`),
    ...command.assignments.map(({ name, value }) => `${name}=${value.text}`),
    ...(command.pipedFrom ? [`from ${command.pipedFrom.words[0].text}`] : []),
    ...(command.pipedInto ? [`into ${command.pipedInto.words[0].text}`] : []),
    ...(command.folder === '' ? [] : [`at ${command.folder ?? '?'}`]),
    ...command.comments.map((comment) => `# ${comment}`),
    ...(command.confirmed ? ['confirmed'] : []),
    ...(command.substituted ? ['substituted'] : []),
  ];
  return facts.length > 0 ? ` (${facts.join('; ')})` : '';
}

export async function listed(path: string, text: string): Promise<string[]> {
  const script = await read(path, text);
  if (!script) return ['no script'];
  return script.parts.flatMap(({ name, commands, confirmed, ephemeral, after, prose }) => {
    const facts = [
      ...(confirmed ? ['asks'] : []),
      ...(ephemeral ? ['ephemeral'] : []),
      ...(after.length > 0 ? [`after ${after.join(' ')}`] : []),
      ...(prose === '' ? [] : [`"${prose}"`]),
    ];
    return [
      `[${name ?? ''}]${facts.length > 0 ? ` ${facts.join('; ')}` : ''}`,
      ...commands.map((command) => `${placeOf(command.span)} ${wordsOf(command)}${factsOf(command)}`),
    ];
  });
}
