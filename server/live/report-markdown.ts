/** The report as a document, from what other programs read: nothing is in it that is not in a {@link VerifyReport}. */
import { code, plain, table } from '../markdown.ts';
import type { BackingReport, FateReport, StoreReport, VerifyLevel, VerifyReport } from '../protocol.ts';
import type { BackingType } from '../survival/words.ts';
import { VERDICTS } from './model.ts';
import { backingWords } from './observe.ts';
import { dayText, sizeText } from './sizes.ts';
import { toldLines } from './told-lines.ts';

const LEVELS: Readonly<Record<VerifyLevel, string>> = {
  inspect: 'a look from outside; nothing is run in a container',
  read: 'running servers are asked as well; nothing is written',
  probe: 'a marked record is planted in running servers, read back and removed',
  drill: 'a scratch copy of the project goes through the events and is removed',
};

/** What a crash costs depends on the server, not on what holds its files. */
const HEADINGS: Readonly<Record<string, string>> = {
  restart: 'restart',
  recreate: 'recreate',
  down: 'down',
  'down-volumes': 'down -v',
  reboot: 'reboot',
};

/** `3 SAFE, 1 NOT PERSISTED of 4 stores`. */
export function verifySummary({ engine, results }: VerifyReport): string {
  if (!engine) return 'Nothing could be verified';
  if (results.length === 0) return 'No service keeps data that we know of';
  const parts = VERDICTS.map((verdict) => ({
    verdict,
    number: results.filter((one) => one.verdict === verdict).length,
  }))
    .filter(({ number }) => number > 0)
    .map(({ verdict, number }) => `${number} ${verdict}`);
  return `${parts.join(', ')} of ${results.length} store${results.length === 1 ? '' : 's'}`;
}

export function verifyMarkdown(report: VerifyReport): string {
  const { project, results } = report;
  const stores = [...results].sort((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict));
  const parts = [
    project.name === '' ? '# Persistence' : `# Persistence of ${plain(project.name)}`,
    `**${plain(verifySummary(report))}**`,
    circumstances(report),
    results.length > 1 ? overview(stores) : '',
    ...stores.map(section),
    ownChecks(report),
    beyond(report),
    report.notes.length > 0 ? `## Notes\n\n${list(report.notes.map((note) => plain(note)))}` : '',
    faults(report),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function circumstances({ project, engine, level }: VerifyReport): string {
  const files = [...new Set(project.files)].map(code).join(', ');
  return list([
    ...(files === '' ? [] : [`Files: ${files}`]),
    ...(engine ? [`Engine: ${engineText(engine)}`, `Level ${code(level)}: ${LEVELS[level]}`] : []),
  ]);
}

function engineText(engine: NonNullable<VerifyReport['engine']>): string {
  const system = engine.operatingSystem === '' ? '' : ` on ${plain(engine.operatingSystem)}`;
  const room = engine.disk ? `; ${sizeText(engine.disk.free)} free` : '';
  const name = plain(`${engine.name} ${engine.version}`);
  return `${name}${system} at ${code(engine.endpoint)}, chosen by ${plain(engine.reason)}${room}`;
}

const overview = (stores: readonly StoreReport[]): string =>
  table(
    ['verdict', 'service', 'data', 'path', 'held by'],
    stores.map(({ verdict, service, store, predicted, observed }) => [
      verdict,
      plain(service),
      plain(store.title),
      store.path === null ? 'unknown' : code(store.path),
      plain(words((observed ?? predicted).backing)),
    ]),
  );

function section(result: StoreReport): string {
  const { service, verdict, store, container, state, reason, evidence, told } = result;
  const where = container === null ? '' : `container ${code(container)}${state === null ? '' : `, ${plain(state)}`}`;
  const said = told ? toldLines(told) : [];
  const what = store.path === null ? '' : `${code(store.path)}${where === '' ? '' : ', '}`;
  return [
    `## ${verdict}: ${plain(service)}, ${plain(store.title)}`,
    `${what}${where}`,
    `${plain(reason)}.`,
    fates(result),
    listed(
      'In the drill:',
      result.events.flatMap(({ how, fate, reason }) => (reason === undefined ? [] : [`${how}: ${fate} (${reason})`])),
    ),
    listed('What the server said:', said),
    listed(
      'What was looked at:',
      evidence.filter((line) => !said.includes(line)),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function fates({ predicted, observed, agrees, events }: StoreReport): string {
  const drilled = Object.fromEntries(events.map(({ event, fate }) => [event, fate]));
  // Of the events that are told beforehand it is a new container.
  const headings = 'rebuild' in drilled ? { ...HEADINGS, rebuild: 'rebuild' } : HEADINGS;
  const said: FateReport = { ...predicted.fate, rebuild: predicted.fate.recreate! };
  const cells = (name: string, backing: string, fate: FateReport | null): string[] => [
    name,
    backing,
    ...Object.keys(headings).map((event) => fateText(fate?.[event])),
  ];
  return table(
    ['', 'held by', ...Object.values(headings)],
    [
      cells('predicted', plain(words(predicted.backing)), said),
      observed
        ? cells(agrees === false ? 'observed, **differs**' : 'observed', held(observed.backing), observed.fate)
        : events.length > 0
          ? cells(agrees === false ? 'in the drill, **differs**' : 'in the drill', '', drilled)
          : cells('observed', 'nothing', null),
    ],
  );
}

const fateText = (fate: FateReport[string] | undefined): string => (fate === 'lost' ? '**lost**' : (fate ?? ''));

function held(backing: NonNullable<StoreReport['observed']>['backing']): string {
  const made = dayText(backing.created);
  const size = backing.size === null ? [] : [sizeText(backing.size)];
  const more = [...size, ...(made === null ? [] : [`made ${made}`])];
  return `${plain(words(backing))}${more.length > 0 ? `, ${more.join(', ')}` : ''}`;
}

const words = ({ type, source, reason }: BackingReport): string =>
  backingWords({
    type: type as BackingType,
    ...(source === undefined ? {} : { source }),
    ...(reason === undefined ? {} : { reason }),
  });

function ownChecks({ checks }: VerifyReport): string {
  const items = checks.map(({ name, service, passed, reason }) => {
    const outcome = passed === null ? 'not asked' : passed ? 'passed' : '**failed**';
    return `${outcome}: ${plain(name)} (${plain(service)}). ${plain(reason)}`;
  });
  return items.length === 0 ? '' : `## Your own checks\n\n${list(items)}`;
}

/** Verdicts are findings too: those that a section has said already are left out. */
function beyond({ findings, results }: VerifyReport): string {
  const items = findings
    .filter(({ service, message }) => !results.some((one) => one.service === service && message.endsWith(one.reason)))
    .map(({ rule, severity, message, service }) => {
      const where = service === undefined ? '' : `${plain(service)}: `;
      return `**${severity}** ${code(rule)} ${where}${plain(message)}`;
    });
  return items.length === 0 ? '' : `## Also found\n\n${list(items)}`;
}

function faults({ engine, errors }: VerifyReport): string {
  const items = errors.map(({ file, service, message }) => {
    const where = file ?? service;
    return `${where === undefined ? '' : `${code(where)}: `}${plain(message)}`;
  });
  return items.length === 0 ? '' : `## ${engine ? 'Could not be looked at' : 'Why'}\n\n${list(items)}`;
}

const listed = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `${title}\n\n${list(lines.map(plain))}`;

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
