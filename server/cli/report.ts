import { isProject } from '../lint/lint-all.ts';
import { parse } from './args.ts';
import { colorsFor } from './colors.ts';
import type { ReportInput } from './formatters/report-model.ts';
import { INPUT_OPTIONS, openInputs } from './inputs.ts';
import { type Io, write } from './io.ts';
import { faultLines } from './lint.ts';

const OPTIONS = {
  ...INPUT_OPTIONS,
  format: { type: 'string', choices: ['table', 'json', 'markdown', 'html'], default: 'table' },
} as const;

export async function report(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parse(argv, OPTIONS);
  const { faults, place, run } = await openInputs(io, positionals, values);
  const broken = { outcomes: [], judged: [], errors: faults, unreadable: true };
  const { judged, errors, unreadable } = faults.length > 0 ? broken : await run();
  const projects = judged
    .filter(({ selection, outcome }) => isProject(selection) && outcome.analysed.project.files.length > 0)
    .map(({ outcome }) => outcome.analysed);
  if (values.format !== 'json') await write(io.stderr, faultLines(errors));
  await write(io.stdout, await formatted(values.format, { projects, errors, place }, io));
  return unreadable ? 2 : 0;
}

async function formatted(format: string, input: ReportInput, io: Io): Promise<string> {
  if (format === 'json') return (await import('./formatters/report-json.ts')).reportJson(input);
  if (format === 'markdown') return (await import('./formatters/report-markdown.ts')).reportMarkdown(input);
  if (format === 'html') return (await import('./formatters/report-html.ts')).reportHtml(input);
  return (await import('./formatters/report-table.ts')).reportTable(input, colorsFor(io));
}
