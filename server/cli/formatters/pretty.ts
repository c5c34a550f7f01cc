/** For people: the source with the range marked, why we think so, and what would mend it. */
import { type Fix, SEVERITIES } from '../../rules/rule.ts';
import type { Evidence } from '../../survival/words.ts';
import { type Colors, severityPaint } from '../colors.ts';
import { type Place, pointOf } from '../place.ts';
import type { Formatter, LintResult, Located } from '../result.ts';
import { count, oneLine, visible } from '../text.ts';
import { type DiffLine, diffOf } from './diff.ts';
import { snippet } from './snippet.ts';

interface Style {
  readonly colors: Colors;
  readonly place: Place;
  readonly width: number;
}

export const pretty =
  (colors: Colors, width: number): Formatter =>
  (result) => {
    const style = { colors, place: result.place, width };
    const blocks = result.findings.map((located) => block(located, style));
    return `${[...blocks, `${lintedAs(result, colors)}${summary(result, colors)}`].join('\n')}`;
  };

/** What belongs together is found, so it is shown wherever it is more than one file. */
function lintedAs({ projects }: LintResult, colors: Colors): string {
  const together = projects.filter((files) => files.length > 1);
  return together.map((files) => `${colors.dim(`linted as: ${files.map(oneLine).join(' + ')}`)}\n`).join('');
}

function block(located: Located, style: Style): string {
  const { finding, file, range } = located;
  const { colors } = style;
  const paint = severityPaint(colors, finding.severity);
  const at = `${file}:${range.start.line + 1}:${range.start.character + 1}`;
  const lines = snippet(finding.span.source, range, Math.max(40, style.width - 8));
  const fixes = located.fixes();
  const diffs = fixes.map((fix) => diffOf(fix));
  const numbers = [
    ...lines.map(({ number }) => number ?? 0),
    ...diffs.flat().flatMap(({ hunks }) => hunks.flat().map(({ number }) => number)),
  ];
  const gutter = String(Math.max(1, ...numbers)).length;
  const margin = ' '.repeat(gutter + 1);
  const bar = colors.dim('|');
  return [
    `${colors.bold(at)} ${paint(finding.severity)} ${colors.dim(finding.rule)}`,
    `  ${colors.bold(oneLine(finding.message))}`,
    `${margin} ${bar}`,
    ...lines.flatMap(({ number, text, mark }) => [
      `${colors.dim(` ${String(number ?? '').padStart(gutter)} |`)} ${text}`.trimEnd(),
      ...(mark ? [`${margin} ${bar} ${' '.repeat(mark.column)}${paint('^'.repeat(mark.width))}`] : []),
    ]),
    `${margin} ${bar}`,
    ...finding.related.map((evidence) => `${margin} ${colors.dim('=')} ${because(evidence, style)}`),
    ...fixes.flatMap((fix, i) => fixLines(fix, diffs[i]!, gutter, located.file, style)),
    '',
  ].join('\n');
}

const SOURCES: Readonly<Record<Evidence['from'], string>> = {
  image: 'image catalogue',
  environment: 'environment',
  command: 'command',
  dockerfile: 'Dockerfile',
  source: 'source code',
  mount: 'mount',
  configuration: 'configuration',
};

function because({ from, note, span, citation }: Evidence, { colors, place }: Style): string {
  const where = span && pointOf(span, place);
  const source = citation ? `${SOURCES[from]}: ${citation}` : where === undefined ? SOURCES[from] : undefined;
  const origin = [where, source].filter((part) => part !== undefined).join('; ');
  return `${colors.cyan('because:')} ${oneLine(note)} ${colors.dim(`(${oneLine(origin)})`)}`;
}

function fixLines(
  fix: Fix,
  diff: ReturnType<typeof diffOf>,
  gutter: number,
  file: string,
  { colors, place }: Style,
): string[] {
  const margin = ' '.repeat(gutter + 1);
  const how = fix.safety === 'safe' ? 'fix, applied by --fix' : 'fix, to be made by hand';
  const lines = [`${margin} ${colors.dim('=')} ${colors.green(`${how}:`)} ${oneLine(fix.title)}`];
  for (const { path, hunks } of diff) {
    if (diff.length > 1 || place(path) !== file) lines.push(`${margin}   ${colors.bold(place(path))}`);
    hunks.forEach((hunk, i) => {
      if (i > 0) lines.push(colors.dim(`${margin} ...`));
      lines.push(...hunk.map((line) => diffLine(line, gutter, colors)));
    });
  }
  if (fix.safety === 'migration') lines.push(...steps(fix, margin, colors));
  return lines;
}

function diffLine({ kind, number, text }: DiffLine, gutter: number, colors: Colors): string {
  const label = ` ${String(number).padStart(gutter)} `;
  const shown = visible(text.replaceAll('\t', '    '));
  if (kind === 'added') return colors.green(`${label}+ ${shown}`);
  if (kind === 'removed') return colors.red(`${label}- ${shown}`);
  return colors.dim(`${label}| ${shown}`);
}

function steps({ steps = [] }: Fix, margin: string, colors: Colors): string[] {
  if (steps.length === 0) return [];
  return [
    `${margin}   ${colors.yellow('data that exists already is not carried over by itself:')}`,
    ...steps.map((step, i) => `${margin}   ${i + 1}. ${oneLine(step)}`),
  ];
}

function summary({ findings, files, errors }: LintResult, colors: Colors): string {
  if (findings.length === 0) {
    if (files.length === 0) return errors.length > 0 ? '' : `${colors.yellow('no Compose files found')}\n`;
    return `${colors.green('no findings')} in ${count(files.length, 'file')}\n`;
  }
  const bySeverity = SEVERITIES.flatMap((severity) => {
    const number = findings.filter(({ finding }) => finding.severity === severity).length;
    if (number === 0) return [];
    const noun = severity === 'info' ? `${number} info` : count(number, severity);
    return [severityPaint(colors, severity)(noun)];
  });
  const inFiles = count(new Set(findings.map(({ file }) => file)).size, 'file');
  const fixable = findings.map((located) => located.fixes()).filter((fixes) => fixes.length > 0);
  const safe = fixable.filter((fixes) => fixes.some((fix) => fix.safety === 'safe')).length;
  const by = safe === fixable.length ? ' with --fix' : safe === 0 ? ' by hand' : ` (${safe} with --fix)`;
  const fixes = fixable.length === 0 ? '' : `; ${fixable.length} can be fixed${by}`;
  return `${bySeverity.join(', ')} in ${inFiles}${fixes}\n`;
}
