import { ephemeralServices } from '../lint/suppressions.ts';
import { EngineFault } from '../live/fault.ts';
import { thisMachine } from '../live/machine.ts';
import { LEVELS, type Report } from '../live/model.ts';
import { refusalJson } from '../live/report-json.ts';
import { run } from '../live/run.ts';
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
  host: { type: 'string' },
  context: { type: 'string' },
} as const;

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
  if (level === 'drill')
    throw new UsageError('--level drill is not built yet; --level probe plants and removes a record');
  const { analysed, errors, place } = await projectOf(io, values);
  const { name = '', files = [] } = analysed?.project ?? {};
  const project = { name, files: files.map((file) => place(file.path)) };
  const refuse = async (code: number, faults: VerifyReport['errors']): Promise<number> => {
    await print({ report: null, json: refusalJson(level, project, faults), place }, values.format, io);
    return code;
  };
  if (!analysed) return refuse(2, errors);
  checkServices(positionals, analysed);

  const line = liveLine(io.stderr);
  const machine = thisMachine(io.env);
  try {
    const report = await run({
      level,
      host: values.host,
      context: values.context,
      project: analysed,
      runtime: 'compose',
      machine,
      services: positionals,
      ephemeral: ephemeralServices(analysed),
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
  }
}

type Values = ReturnType<typeof parse<typeof OPTIONS>>['values'];

interface Chosen {
  /** Null when it could not be read: `errors` says why. */
  readonly analysed: AnalysedProject | null;
  readonly errors: readonly Fault[];
  readonly place: Place;
}

/** The one project that Compose would run here. */
async function projectOf(io: Io, values: Values): Promise<Chosen> {
  const cwd = absolute(io.cwd, '.');
  const found = values.file.length > 0 ? values.file : defaultFiles(await openFiles(io, cwd, false), cwd, io.env);
  const paths = found.map((file) => (file === STDIN ? file : absolute(cwd, file)));
  const inputs = await openInputs(io, [], { ...values, file: paths, 'include-tests': false });
  const { place } = inputs;
  if (paths.length === 0) {
    const message = 'There is no Compose file here or in a folder above; name one with -f';
    return { analysed: null, errors: [{ message }], place };
  }
  if (inputs.faults.length > 0) return { analysed: null, errors: inputs.faults, place };
  const { outcomes, errors, unreadable } = await inputs.run();
  return { analysed: unreadable ? null : (outcomes[0]?.analysed ?? null), errors, place };
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
