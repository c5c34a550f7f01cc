/** Workflow commands that GitHub shows as annotations of the lines they name. */
import type { Severity } from '../../rules/rule.ts';
import type { Formatter, Located } from '../result.ts';

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
  hint: 'notice',
};

export const github: Formatter = ({ findings, errors }) =>
  [
    ...errors.map(({ file, message }) => command('error', file === undefined ? {} : { file }, message)),
    ...findings.map(annotation),
  ].join('');

function annotation({ finding, file, range }: Located): string {
  const { start, end } = range;
  return command(
    COMMANDS[finding.severity],
    {
      file,
      line: String(start.line + 1),
      endLine: String(end.line + 1),
      // Columns are refused for annotations of more than one line.
      ...(start.line === end.line
        ? { col: String(start.character + 1), endColumn: String(Math.max(end.character, start.character + 1)) }
        : {}),
      title: finding.rule,
    },
    finding.message,
  );
}

function command(name: string, properties: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${property(value)}`);
  return `::${name}${list.length > 0 ? ` ${list.join(',')}` : ''}::${data(message)}\n`;
}

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
