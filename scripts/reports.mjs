// Writes docs/losses.md from the reports that the tests replay.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { importBundled } from './bundled.mjs';

const SOURCE = 'test/reports/reading.ts';

const row = ({ id, title, rules, because }) => {
  const shown = because ?? rules.map((rule) => `[${rule}](rules/${rule}.md)`).join(', ');
  return `| ${id} | ${title.replaceAll('|', '\\|')} | ${shown.replaceAll('|', '\\|')} |`;
};

async function lossesPage() {
  const folder = JSON.stringify(path.resolve(path.dirname(SOURCE)));
  const { readReports } = await importBundled(SOURCE, { define: { 'import.meta.dirname': folder } });
  const reports = readReports();
  const found = reports.filter(({ because }) => because === undefined);
  return `${[
    '# Reported losses, and what finds them',
    `<!-- Written by scripts/reports.mjs from test/reports -->`,
    `What people reported to have lost, replayed: of ${reports.length} reports ${found.length} are found in the files alone. Each of these is a broken and a repaired project in \`test/reports\`; the test holds the findings of the first against their exact words and places, and wants none in the second.`,
    ['| report | lost | found by, or why not |', '| --- | --- | --- |', ...reports.map(row)].join('\n'),
  ].join('\n\n')}\n`;
}

export async function generateLosses() {
  const text = await lossesPage();
  const file = 'docs/losses.md';
  if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) fs.writeFileSync(file, text);
}
