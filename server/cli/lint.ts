import { agreed } from '../lint/agree.ts';
import { isProject } from '../lint/lint-all.ts';
import { SEVERITIES, type Severity } from '../rules/rule.ts';
import { parse, UsageError } from './args.ts';
import { colorsFor } from './colors.ts';
import { type FixOutcome, fixAll } from './fix.ts';
import { INPUT_OPTIONS, type Inputs, openInputs } from './inputs.ts';
import { type Io, write } from './io.ts';
import { STDIN } from './place.ts';
import { atLeast, type Fault, type Formatter, type LintResult, locate } from './result.ts';
import { count, oneLine } from './text.ts';

const OPTIONS = {
  ...INPUT_OPTIONS,
  format: { type: 'string', choices: ['pretty', 'json', 'sarif', 'junit', 'github'], default: 'pretty' },
  fix: { type: 'boolean' },
  'fail-on': { type: 'string', choices: [...SEVERITIES, 'never'], default: 'error' },
} as const;

type Format = (typeof OPTIONS)['format']['choices'][number];
type FailOn = Severity | 'never';

interface Linted {
  readonly result: LintResult;
  readonly unreadable: boolean;
}

export async function lint(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parse(argv, OPTIONS);
  if (values.fix && [...positionals, ...values.file].includes(STDIN)) {
    throw new UsageError('--fix cannot be used with -: standard input has no file to fix');
  }
  const failOn = values['fail-on'];
  const format = await formatter(values.format, failOn, io);
  const inputs = await openInputs(io, positionals, values);
  if (inputs.faults.length > 0) {
    const result = { findings: [], errors: inputs.faults, files: [], projects: [], place: inputs.place };
    await print(result, values.format, format, io);
    return 2;
  }
  let linted = await lintOnce(inputs);
  let unfixed = false;
  if (values.fix) {
    const fixed = await fixAll(inputs.files, linted, () => lintOnce(inputs), inputs.place);
    await write(io.stderr, told(fixed));
    linted = fixed.last;
    if (fixed.faults.length > 0) {
      unfixed = true;
      linted = { ...linted, result: { ...linted.result, errors: [...linted.result.errors, ...fixed.faults] } };
    }
  }
  await print(linted.result, values.format, format, io);
  return linted.unreadable || unfixed ? 2 : fails(linted.result, failOn) ? 1 : 0;
}

const fails = ({ findings }: LintResult, failOn: FailOn): boolean =>
  failOn !== 'never' && findings.some(({ finding }) => atLeast(finding.severity, failOn));

async function lintOnce({ run, place }: Inputs): Promise<Linted> {
  const { outcomes, judged, errors, unreadable } = await run();
  const files = outcomes.flatMap(({ analysed }) => analysed.project.files.map(({ path }) => place(path)));
  return {
    unreadable,
    result: {
      findings: locate(agreed(judged), place),
      errors,
      files: [...new Set(files)].sort(),
      projects: judged
        .filter(({ selection }) => isProject(selection))
        .map(({ selection }) => selection.files.map(place)),
      place,
    },
  };
}

async function formatter(format: Format, failOn: FailOn, io: Io): Promise<Formatter> {
  switch (format) {
    case 'json':
      return (await import('./formatters/lint-json.ts')).json;
    case 'sarif': {
      const [{ sarif }, { RULES }] = await Promise.all([
        import('./formatters/sarif.ts'),
        import('../generated/rules.ts'),
      ]);
      return sarif(RULES);
    }
    case 'junit':
      return (await import('./formatters/junit.ts')).junit(failOn);
    case 'github':
      return (await import('./formatters/github.ts')).github;
    case 'pretty':
      return (await import('./formatters/pretty.ts')).pretty(colorsFor(io), io.columns ?? 120);
  }
}

/** The other formats carry the errors themselves. */
async function print(result: LintResult, format: Format, formatted: Formatter, io: Io): Promise<void> {
  if (format === 'pretty') await write(io.stderr, faultLines(result.errors));
  await write(io.stdout, formatted(result));
}

export const faultLines = (faults: readonly Fault[]): string =>
  faults.map(({ file, message }) => `${file === undefined ? '' : `${oneLine(file)}: `}${oneLine(message)}\n`).join('');

function told({ fixed }: FixOutcome<Linted>): string {
  if (fixed.length === 0) return '';
  const lines = fixed.map(({ file, rule, title }) => `fixed ${oneLine(file)}: ${rule}: ${oneLine(title)}`);
  return `${[...lines, `${count(fixed.length, 'finding')} fixed`].join('\n')}\n`;
}
