import type { AnalysedProject, AnalysedStore } from '../../stores/model.ts';
import type { Fate } from '../../survival/words.ts';
import { type Colors, fatePaint } from '../colors.ts';
import { type Cell, table } from '../table.ts';
import { oneLine } from '../text.ts';
import { backingText, filesOf, HEADINGS, kindText, pathText, REPORTED, type ReportInput } from './report-model.ts';

export const reportTable = ({ projects, place }: ReportInput, colors: Colors): string =>
  projects
    .map((analysed) => {
      const title = `${colors.bold(oneLine(analysed.project.name))} ${colors.dim(`(${filesOf(analysed, place).join(', ')})`)}`;
      return `${[title, '', ...table(rows(analysed, { projects, place, errors: [] }, colors))].join('\n')}\n`;
    })
    .join('\n');

function rows(analysed: AnalysedProject, { place }: ReportInput, colors: Colors): Cell[][] {
  const heading = ['service', 'data', 'path', 'kind', 'held by', ...REPORTED.map((event) => HEADINGS[event])];
  return [
    heading.map((text) => ({ text, paint: colors.dim })),
    ...analysed.services.flatMap(({ service, stores }): Cell[][] => {
      if (stores.length === 0) return [[{ text: oneLine(service.name) }, { text: 'no data known', paint: colors.dim }]];
      return stores.map((store, i) => [
        { text: i === 0 ? oneLine(service.name) : '' },
        { text: oneLine(store.store.title) },
        { text: oneLine(pathText(store)) },
        { text: kindText(store) },
        { text: oneLine(backingText(store, place)) },
        ...REPORTED.map((event) => ({ text: store.fate[event], paint: paintOf(store, store.fate[event], colors) })),
      ]);
    }),
  ];
}

/** What can be made again is nothing to be alarmed about. */
const paintOf = ({ store }: AnalysedStore, fate: Fate, colors: Colors) =>
  store.kind === 'cache' ? colors.dim : fatePaint(colors, fate);
