/** For people: the engine, a block for each store with prediction and observation, then what else was found. */
import type { CheckResult } from '../../live/checks.ts';
import type { DrilledEvent, LiveFinding, LiveStore, Verdict } from '../../live/model.ts';
import { fateIn, VERDICTS } from '../../live/model.ts';
import { backingWords } from '../../live/observe.ts';
import { sizeText } from '../../live/sizes.ts';
import type { Fate } from '../../survival/words.ts';
import { type Colors, severityPaint } from '../colors.ts';
import { count, oneLine, wrap } from '../text.ts';
import type { Verified } from '../verify.ts';

export function verifyPretty({ report, place }: Verified, colors: Colors, width: number): string {
  if (!report) return '';
  const { engine, disk, results, findings, checks } = report;
  const room = disk ? `, ${sizeText(disk.free)} free` : '';
  const system = engine.operatingSystem ? ` on ${engine.operatingSystem}` : '';
  const head = [
    `${colors.bold(oneLine(report.project))} ${colors.dim(`(${[...new Set(report.files.map(place))].join(', ')})`)}`,
    colors.dim(
      oneLine(`${engine.name} ${engine.version}${system} at ${engine.endpoint}, chosen by ${engine.reason}${room}`),
    ),
    '',
  ];
  const spoken = new Set(results.map(({ service, reason }) => `${service}\0${reason}`));
  const beyond = findings.filter(
    ({ rule, service, message }) =>
      rule !== 'check-failed' &&
      ![...spoken].some((key) => key.startsWith(`${service}\0`) && message.endsWith(key.split('\0')[1]!)),
  );
  return `${[
    ...head,
    ...results.flatMap((result) => block(result, colors, width)),
    ...checks.map((check) => checkLine(check, colors)),
    ...(checks.length > 0 ? [''] : []),
    ...beyond.flatMap((finding) => findingLines(finding, colors, width)),
    ...(beyond.length > 0 ? [''] : []),
    ...report.notes.map((note) => colors.dim(oneLine(note))),
    ...(report.notes.length > 0 ? [''] : []),
    summary(results, colors),
  ].join('\n')}\n`;
}

const paintOf = (colors: Colors, verdict: Verdict): ((text: string) => string) =>
  ({
    SAFE: colors.green,
    'AT RISK': colors.yellow,
    EMPTY: colors.yellow,
    'NOT PERSISTED': colors.red,
    UNKNOWN: colors.dim,
  })[verdict];

function block(result: LiveStore, colors: Colors, width: number): string[] {
  const { service, container, title, path, verdict, predicted, observed, agrees, events } = result;
  const paint = paintOf(colors, verdict);
  const where = container === null ? service : `${service} ${colors.dim(`(${oneLine(container)})`)}`;
  const label = (name: string): string => colors.dim(name.padEnd(11));
  const seen = observed ? backingWords(observed.backing) : 'nothing';
  return [
    `${paint(colors.bold(verdict))}  ${where}  ${oneLine(title)}${path === null ? '' : ` ${oneLine(path)}`}`,
    ...paragraph(result.reason, width).map((line) => `  ${line}`),
    `  ${label('predicted')}${oneLine(backingWords(predicted.backing))}`,
    ...(events.length > 0
      ? events.map((event) => eventLine(event, fateIn(predicted.fate, event.event), colors))
      : [`  ${label('observed')}${oneLine(seen)}${agrees === false ? colors.yellow(' (differs)') : ''}`]),
    ...result.evidence.map((line) => `  ${colors.dim(`- ${oneLine(line)}`)}`),
    '',
  ];
}

/** `down     lost, as predicted (docker compose down, up)`. */
function eventLine({ event, how, fate, reason }: DrilledEvent, predicted: Fate, colors: Colors): string {
  const paint = fate === 'lost' ? colors.red : fate === 'kept' ? colors.green : colors.yellow;
  const compared =
    fate === 'unknown' || predicted === 'unknown'
      ? ''
      : fate === predicted
        ? ', as predicted'
        : `, ${colors.yellow(`predicted ${predicted}`)}`;
  const why = reason === undefined ? '' : `: ${oneLine(reason)}`;
  return `  ${colors.dim(event.padEnd(13))}${paint(fate)}${compared} ${colors.dim(`(${oneLine(how)})`)}${why}`;
}

function checkLine({ name, service, passed, reason }: CheckResult, colors: Colors): string {
  const word = passed === null ? colors.dim('not run') : passed ? colors.green('passed') : colors.red('FAILED');
  return `${word}  ${oneLine(name)} ${colors.dim(`(${oneLine(service)})`)}: ${oneLine(reason)}`;
}

function findingLines({ rule, severity, message, service }: LiveFinding, colors: Colors, width: number): string[] {
  const paint = severityPaint(colors, severity);
  return [
    `${paint(severity)} ${colors.dim(rule)}${service === undefined ? '' : ` ${service}`}`,
    ...paragraph(message, width).map((line) => `  ${line}`),
  ];
}

const paragraph = (text: string, width: number): string[] =>
  wrap(oneLine(text), Math.max(40, Math.min(width, 120) - 4));

function summary(results: readonly LiveStore[], colors: Colors): string {
  if (results.length === 0) return colors.yellow('no service keeps data that we know of');
  const parts = VERDICTS.flatMap((verdict) => {
    const number = results.filter((one) => one.verdict === verdict).length;
    return number === 0 ? [] : [paintOf(colors, verdict)(`${number} ${verdict}`)];
  });
  return `${parts.join(', ')} of ${count(results.length, 'store')}`;
}

export const faultText = ({ json }: Verified): string =>
  json.errors.map(({ file, message }) => `${file ? `${oneLine(file)}: ` : ''}${oneLine(message)}\n`).join('');
