/** One page that needs nothing else. */
import type { AnalysedProject, AnalysedStore } from '../../stores/model.ts';
import { escapeXml } from '../escape.ts';
import { type Place, pointOf } from '../place.ts';
import { backingText, filesOf, HEADINGS, kindText, pathText, REPORTED, type ReportInput } from './report-model.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #d0d7de; --dim: #59636e; --kept: #116329; --orphaned: #7d4e00; --lost: #b3261e; --unknown: #59636e; }
@media (prefers-color-scheme: dark) { :root { --line: #3d444d; --dim: #9198a1; --kept: #57ab5a; --orphaned: #d4a72c; --lost: #ff7b72; --unknown: #9198a1; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2rem 0 0; } .files, .none { color: var(--dim); margin: 0 0 .75rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
thead th { color: var(--dim); font-weight: 600; white-space: nowrap; } code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
.kept { color: var(--kept); } .orphaned { color: var(--orphaned); } .lost { color: var(--lost); font-weight: 700; } .unknown { color: var(--unknown); font-style: italic; }
.cache .lost, .cache .orphaned { color: var(--dim); font-weight: 400; }
details { color: var(--dim); } `.trim();

export const reportHtml = (input: ReportInput): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What becomes of the data</title>
<style>${STYLE}</style>
</head>
<body>
<h1>What becomes of the data</h1>
${input.projects.map((analysed) => project(analysed, input.place)).join('\n')}
${faults(input)}</body>
</html>
`;

function project(analysed: AnalysedProject, place: Place): string {
  const without = analysed.services
    .filter(({ stores }) => stores.length === 0)
    .map(({ service }) => escapeXml(service.name));
  const rows = analysed.services.flatMap(({ service, stores }) =>
    stores.map((store, i) =>
      row(i === 0 ? `<th scope="row" rowspan="${stores.length}">${escapeXml(service.name)}</th>` : '', store, place),
    ),
  );
  const heading = ['service', 'data', 'path', 'kind', 'held by', ...REPORTED.map((event) => HEADINGS[event])];
  return `<section>
<h2>${escapeXml(analysed.project.name)}</h2>
<p class="files">${filesOf(analysed, place).map(code).join(', ')}</p>
${
  rows.length === 0
    ? ''
    : `<div class="scroll"><table>
<thead><tr>${heading.map((text) => `<th scope="col">${text}</th>`).join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>
`
}${without.length === 0 ? '' : `<p class="none">No data found: ${without.join(', ')}</p>\n`}</section>`;
}

function row(service: string, analysed: AnalysedStore, place: Place): string {
  const { store, fate } = analysed;
  const notes = store.evidence.map(
    ({ note, span }) => `<li>${escapeXml(note)}${span ? ` (${code(pointOf(span, place))})` : ''}</li>`,
  );
  const path = store.path === null ? escapeXml(pathText(analysed)) : code(store.path);
  return `<tr class="${store.kind}">${service}<td>${escapeXml(store.title)}<details><summary>why</summary><ul>${notes.join('')}</ul></details></td><td>${path}</td><td>${kindText(analysed)}</td><td>${escapeXml(backingText(analysed, place))}</td>${REPORTED.map((event) => `<td class="${fate[event]}">${fate[event]}</td>`).join('')}</tr>`;
}

function faults({ errors }: ReportInput): string {
  if (errors.length === 0) return '';
  const items = errors.map(
    ({ file, message }) => `<li>${file === undefined ? '' : `${code(file)}: `}${escapeXml(message)}</li>`,
  );
  return `<section>\n<h2>Not read</h2>\n<ul>${items.join('')}</ul>\n</section>\n`;
}

const code = (text: string): string => `<code>${escapeXml(text)}</code>`;
