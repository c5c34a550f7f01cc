/**
 * The stories that this product began with, each as a project of its own: what is found in it as people wrote it, and
 * that nothing is found any more when the quick fixes have been carried out one after the other.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { applyEdits } from '../../server/fixes/edits.ts';
import { gitHistory } from '../../server/history/git.ts';
import { uniqueFindings } from '../../server/lint/lint.ts';
import type { Edit, Finding } from '../../server/rules/rule.ts';
import { layOut } from '../rules/cases.ts';
import { lintFolder, placeIn } from '../rules/linting.ts';
import { readSections } from '../rules/sections.ts';

const FOLDER = import.meta.dirname;
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(path.dirname(folder), { recursive: true, force: true });
});

async function lint(folder: string): Promise<Finding[]> {
  const { findings, errors } = await lintFolder(folder, gitHistory());
  expect(errors).toEqual([]);
  return uniqueFindings(findings);
}

function write(edits: readonly Edit[]): void {
  for (const file of new Set(edits.map((edit) => edit.source.path))) {
    const own = edits.filter((edit) => edit.source.path === file);
    fs.writeFileSync(file, applyEdits(own[0]!.source.text, own));
  }
}

const shown = (finding: Finding, folder: string): string =>
  `${finding.severity} ${placeIn(folder, finding)} ${finding.rule}: ${finding.message}`;

/** More than any of these projects has findings. */
const MANY = 30;

/** As a reader does it who takes the first fix of the first finding that has one. */
async function repair(folder: string): Promise<Finding[]> {
  for (let i = 0; i < MANY; i++) {
    const found = await lint(folder);
    const fix = found.map((finding) => finding.fixes()[0]).find((first) => first !== undefined);
    if (!fix) return found;
    write(fix.edits);
  }
  throw new Error(`findings come back: ${(await lint(folder)).map((finding) => shown(finding, folder)).join('\n')}`);
}

for (const name of fs.readdirSync(FOLDER).filter((file) => file.endsWith('.txt'))) {
  describe(path.basename(name, '.txt'), () => {
    const text = fs.readFileSync(path.join(FOLDER, name), 'utf8');
    const { files, head, finds } = readSections(text.split(/^--- /m).slice(1));
    const prepare = (): string => {
      const folder = layOut({ files, head });
      folders.push(folder);
      return folder;
    };

    test('what is found', async () => {
      const folder = prepare();
      expect((await lint(folder)).map((finding) => shown(finding, folder))).toEqual(finds);
    });

    test('nothing is left after the quick fixes', async () => {
      const folder = prepare();
      expect((await repair(folder)).map((finding) => shown(finding, folder))).toEqual([]);
    });
  });
}
