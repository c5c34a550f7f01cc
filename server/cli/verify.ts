import type { Files } from '../files.ts';
import { unitsIn } from '../lint/kinds/units.ts';
import type { Check } from '../lint/settings-checks.ts';
import { ephemeralServices } from '../lint/suppressions.ts';
import { DRILL_EVENTS, type DrillEvent } from '../live/drill/model.ts';
import { EngineFault } from '../live/fault.ts';
import { thisMachine } from '../live/machine.ts';
import { LEVELS, type Report } from '../live/model.ts';
import { refusalJson } from '../live/report-json.ts';
import { type LiveRequest, run } from '../live/run.ts';
import { fails } from '../live/verify.ts';
import type { VerifyReport } from '../protocol.ts';
import type { AnalysedProject } from '../stores/model.ts';
import { parse, UsageError } from './args.ts';
import { colorsFor } from './colors.ts';
import { defaultFiles } from './default-files.ts';
import { INPUT_OPTIONS, openInputs } from './inputs.ts';
import { type Io, write } from './io.ts';
import { openFiles } from './open-files.ts';
import { absolute, type Place, STDIN } from './place.ts';
import type { Fault } from './result.ts';
import { didYouMean } from './suggest.ts';
import { liveLine } from './verify-progress.ts';

const OPTIONS = {
  file: INPUT_OPTIONS.file,
  config: INPUT_OPTIONS.config,
  'project-name': INPUT_OPTIONS['project-name'],
  profile: INPUT_OPTIONS.profile,
  level: { type: 'string', choices: LEVELS, default: 'inspect' },
  format: { type: 'string', choices: ['pretty', 'json', 'junit', 'markdown'], default: 'pretty' },
  event: { type: 'string', multiple: true },
  'allow-build': { type: 'boolean' },
  live: { type: 'boolean' },
  confirm: { type: 'string' },
  backup: { type: 'string' },
  host: { type: 'string' },
  context: { type: 'string' },
} as const;

const STOPS = ['SIGINT', 'SIGTERM'] as const;

/** What the formatters print. */
export interface Verified {
  /** Null: nothing could be verified, and `json.errors` says why. */
  readonly report: Report | null;
  readonly json: VerifyReport;
  readonly place: Place;
}

export async function verify(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parse(argv, OPTIONS);
  const { level } = values;
  checkDrillOptions(values, positionals);
  const { analysed, errors, place, checks } = await projectOf(io, values);
  const { name = '', files = [] } = analysed?.project ?? {};
  const project = { name, files: files.map((file) => place(file.path)) };
  const refuse = async (code: number, faults: VerifyReport['errors']): Promise<number> => {
    await print({ report: null, json: refusalJson(level, project, faults), place }, values.format, io);
    return code;
  };
  if (!analysed) return refuse(2, errors);
  checkServices(positionals, analysed);
  if (level === 'drill' && analysed.project.runtime === 'quadlet')
    throw new UsageError('a drill starts a copy of the project with Compose, which cannot be done with units');

  const line = liveLine(io.stderr);
  const machine = thisMachine(io.env);
  const cancel = new AbortController();
  // What was planted or started is taken away first; who asks a second time is obeyed at once.
  const stop = (): void => cancel.abort();
  for (const name of STOPS) process.once(name, stop);
  try {
    const report = await run({
      signal: cancel.signal,
      level,
      host: values.host,
      context: values.context,
      project: analysed,
      runtime: analysed.project.runtime,
      machine,
      services: positionals,
      ephemeral: ephemeralServices(analysed),
      checks,
      events: eventsIn(values.event),
      allowBuild: values['allow-build'],
      live: values.live ? liveOf(values, positionals[0]!, analysed, io) : undefined,
      onProgress: line.show,
    });
    line.clear();
    const { reportJson } = await import('../live/report-json.ts');
    const json = reportJson(report, place);
    await print({ report, json: { ...json, errors: [...errors, ...json.errors] }, place }, values.format, io);
    return fails(report) ? 1 : 0;
  } catch (error) {
    line.clear();
    if (!(error instanceof EngineFault)) throw error;
    return refuse(3, [...errors, { code: error.code, message: error.message }]);
  } finally {
    for (const name of STOPS) process.off(name, stop);
  }
}

type Values = ReturnType<typeof parse<typeof OPTIONS>>['values'];

interface Chosen {
  /** Null when it could not be read: `errors` says why. */
  readonly analysed: AnalysedProject | null;
  readonly errors: readonly Fault[];
  readonly place: Place;
  readonly checks: readonly Check[];
}

/** The one project that Compose would run here. */
async function projectOf(io: Io, values: Values): Promise<Chosen> {
  const cwd = absolute(io.cwd, '.');
  const found = values.file.length > 0 ? values.file : filesHere(await openFiles(io, cwd, false), cwd, io.env);
  const paths = found.map((file) => (file === STDIN ? file : absolute(cwd, file)));
  const inputs = await openInputs(io, [], { ...values, file: paths, 'include-tests': false });
  const {
    place,
    settings: { checks = [] },
  } = inputs;
  if (paths.length === 0) {
    const message = 'There is no Compose file here or in a folder above, and no Quadlet unit here; name one with -f';
    return { analysed: null, errors: [{ message }], place, checks };
  }
  if (inputs.faults.length > 0) return { analysed: null, errors: inputs.faults, place, checks };
  const { outcomes, errors, unreadable } = await inputs.run();
  return { analysed: unreadable ? null : (outcomes[0]?.analysed ?? null), errors, place, checks };
}

/** What Compose would take, or else the units of the folder. */
function filesHere(files: Files, cwd: string, env: Io['env']): readonly string[] {
  const compose = defaultFiles(files, cwd, env);
  return compose.length > 0 ? compose : unitsIn(files, cwd);
}

/** @throws UsageError */
function checkDrillOptions(values: Values, services: readonly string[]): void {
  const { level, live, event, confirm, backup } = values;
  if (level !== 'drill' && (live || event.length > 0)) throw new UsageError('--live and --event need --level drill');
  if (!live && (confirm !== undefined || backup !== undefined))
    throw new UsageError('--confirm and --backup need --live');
  if (live && event.length > 0) throw new UsageError('--live makes the service anew and carries out no other event');
  if (values['allow-build'] && !event.includes('rebuild')) throw new UsageError('--allow-build needs --event rebuild');
  if (live && services.length !== 1) throw new UsageError('--live takes one service');
}

/** @throws UsageError */
function eventsIn(names: readonly string[]): DrillEvent[] | undefined {
  const known: readonly string[] = DRILL_EVENTS;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`there is no event ${unknown}${didYouMean(unknown, known)}; there are ${known.join(', ')}`);
  return names.length === 0 ? undefined : (names as DrillEvent[]);
}

/** Compose must read what was analysed, whatever the folder it would start from. */
function liveOf(values: Values, service: string, { project }: AnalysedProject, io: Io): LiveRequest {
  const cwd = absolute(io.cwd, '.');
  const named = values.file.filter((file) => file !== STDIN).map((file) => absolute(cwd, file));
  return {
    service,
    folder: cwd,
    composeArgs: [
      ...named.flatMap((file) => ['-f', file]),
      ...['-p', project.name],
      ...values.profile.flatMap((profile) => ['--profile', profile]),
    ],
    confirm: values.confirm ?? null,
    backup: values.backup === undefined ? undefined : absolute(cwd, values.backup),
  };
}

function checkServices(names: readonly string[], { services, project }: AnalysedProject): void {
  const known = services.map(({ service }) => service.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const hint = didYouMean(unknown, known);
  throw new UsageError(`the project ${project.name} has no service ${unknown}${hint}; it has ${known.join(', ')}`);
}

async function print(verified: Verified, format: Values['format'], io: Io): Promise<void> {
  await write(io.stdout, await formatted(verified, format, io));
  if (format !== 'pretty') return;
  const { faultText } = await import('./formatters/verify-pretty.ts');
  await write(io.stderr, faultText(verified));
}

async function formatted(verified: Verified, format: Values['format'], io: Io): Promise<string> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(verified.json)}\n`;
    case 'junit':
      return (await import('./formatters/verify-junit.ts')).verifyJunit(verified);
    case 'markdown':
      return (await import('../live/report-markdown.ts')).verifyMarkdown(verified.json);
    case 'pretty':
      return (await import('./formatters/verify-pretty.ts')).verifyPretty(verified, colorsFor(io), io.columns ?? 120);
  }
}
