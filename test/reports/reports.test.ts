/** Each reported loss is found in the files that lost the data, and not in the repaired ones. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { diskFiles, slashed } from '../../server/files.ts';
import { discover } from '../../server/lint/discover.ts';
import { createLinter, uniqueFindings } from '../../server/lint/lint.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import type { Finding } from '../../server/rules/rule.ts';
import { rangeOf } from '../../server/syntax/source.ts';
import { readReports, type Stage } from './reading.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

function layOut({ files }: Stage): string {
  const folder = slashed(fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'persistence-report-'))));
  folders.push(folder);
  const project = path.posix.join(folder, 'shop');
  for (const [name, text] of files) {
    const file = path.join(project, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  return project;
}

function shown({ span, severity, rule, message }: Finding, folder: string): string {
  const { start, end } = rangeOf(span);
  const file = path.posix.relative(folder, span.source.path);
  return `${severity} ${rule} ${file} ${start.line}:${start.character}-${end.line}:${end.character} ${message}`;
}

/** Errors and warnings, and of the rest what is listed. */
async function found(stage: Stage): Promise<string[]> {
  const folder = layOut(stage);
  const files = diskFiles();
  const { selections, errors } = discover(files, [folder], DEFAULT_SETTINGS);
  expect(errors).toEqual([]);
  const linter = createLinter(files);
  const outcomes = await Promise.all(selections.map((selection) => linter.lint(selection, DEFAULT_SETTINGS)));
  expect(outcomes.flatMap((outcome) => outcome.errors)).toEqual([]);
  return uniqueFindings(outcomes.flatMap((outcome) => outcome.findings))
    .map((finding) => ({ finding, line: shown(finding, folder) }))
    .filter(({ finding: { severity }, line }) => /error|warning/.test(severity) || stage.finds.includes(line))
    .map(({ line }) => line);
}

const reports = readReports();

for (const { id, title, broken, repaired } of reports) {
  if (!broken || !repaired) continue;
  describe(`${id} ${title}`, () => {
    test('is found', async () => {
      expect(broken.finds).not.toEqual([]);
      expect(await found(broken)).toEqual(broken.finds);
    });
    test('is not found once it is repaired', async () => {
      const rules = new Set(broken.finds.map((line) => line.split(' ')[1]));
      expect(repaired.finds.filter((line) => rules.has(line.split(' ')[1]))).toEqual([]);
      expect(await found(repaired)).toEqual(repaired.finds);
    });
  });
}

test('no report is left out', () => {
  const numbers = reports.map(({ id }) => Number(id.slice(1)));
  expect(numbers).toEqual(Array.from({ length: Math.max(...numbers) }, (_, index) => index + 1));
});
