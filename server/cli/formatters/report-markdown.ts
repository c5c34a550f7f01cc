import { code, plain, table } from '../../markdown.ts';
import type { AnalysedProject } from '../../stores/model.ts';
import { backingText, filesOf, HEADINGS, kindText, pathText, REPORTED, type ReportInput } from './report-model.ts';

export function reportMarkdown(input: ReportInput): string {
  const projects = input.projects.map((analysed) => project(analysed, input));
  return `${['# What becomes of the data', ...projects, ...faults(input)].join('\n\n')}\n`;
}

function project(analysed: AnalysedProject, { place }: ReportInput): string {
  const heading = ['service', 'data', 'path', 'kind', 'held by', ...REPORTED.map((event) => HEADINGS[event])];
  const rows = analysed.services.flatMap(({ service, stores }) =>
    stores.map((store) => [
      plain(service.name),
      plain(store.store.title),
      store.store.path === null ? plain(pathText(store)) : code(store.store.path),
      kindText(store),
      plain(backingText(store, place)),
      ...REPORTED.map((event) => (store.fate[event] === 'lost' ? '**lost**' : store.fate[event])),
    ]),
  );
  const without = analysed.services
    .filter(({ stores }) => stores.length === 0)
    .map(({ service }) => plain(service.name));
  return [
    `## ${plain(analysed.project.name)}`,
    '',
    filesOf(analysed, place).map(code).join(', '),
    ...(rows.length > 0 ? ['', table(heading, rows)] : []),
    ...(without.length > 0 ? ['', `No data found: ${without.join(', ')}`] : []),
  ].join('\n');
}

function faults({ errors }: ReportInput): string[] {
  if (errors.length === 0) return [];
  const items = errors.map(({ file, message }) => `- ${file === undefined ? '' : `${code(file)}: `}${plain(message)}`);
  return [`## Not read\n\n${items.join('\n')}`];
}
