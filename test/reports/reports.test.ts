/** Each reported loss is found in the files that lost the data, and not in the repaired ones. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { uniqueFindings } from '../../server/lint/lint.ts';
import type { Finding } from '../../server/rules/rule.ts';
import { layOut } from '../rules/cases.ts';
import { lintFolder, placeIn } from '../rules/linting.ts';
import { readReports, type Stage } from './reading.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(path.dirname(folder), { recursive: true, force: true });
});

const shown = (finding: Finding, folder: string): string =>
  `${finding.severity} ${finding.rule} ${placeIn(folder, finding)} ${finding.message}`;

/** Errors and warnings, and of the rest what is listed. */
async function found(stage: Stage): Promise<string[]> {
  const folder = layOut(stage);
  folders.push(folder);
  const { findings, errors } = await lintFolder(folder);
  expect(errors).toEqual([]);
  return uniqueFindings(findings)
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
