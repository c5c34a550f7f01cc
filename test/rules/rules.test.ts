import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { applyEdits, conflict } from '../../server/fixes/edits.ts';
import { RULES } from '../../server/generated/rules.ts';
import { gitHistory } from '../../server/history/git.ts';
import { uniqueFindings } from '../../server/lint/lint.ts';
import type { Edit, Finding } from '../../server/rules/rule.ts';
import { type Case, layOut, readCases } from './cases.ts';
import { lintFolder, placeIn } from './linting.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(path.dirname(folder), { recursive: true, force: true });
});

async function lint(folder: string): Promise<Finding[]> {
  const { findings, errors } = await lintFolder(folder, gitHistory());
  expect(errors).toEqual([]);
  return uniqueFindings(findings);
}

const shown = (finding: Finding, folder: string): string =>
  `${finding.severity} ${placeIn(folder, finding)} ${finding.message}`;

function write(edits: readonly Edit[]): void {
  for (const file of new Set(edits.map((edit) => edit.source.path))) {
    const own = edits.filter((edit) => edit.source.path === file);
    fs.writeFileSync(file, applyEdits(own[0]!.source.text, own));
  }
}

const prepare = (one: Case): string => {
  const folder = layOut(one);
  folders.push(folder);
  return folder;
};

const identity = (finding: Finding): string => `${finding.rule} ${finding.service ?? ''} ${finding.store?.path ?? ''}`;

function expectReadable(folder: string, edits: readonly Edit[]): void {
  for (const edit of edits) {
    if (!/\.ya?ml$/.test(edit.source.path)) continue;
    const document = parseDocument(fs.readFileSync(edit.source.path, 'utf8'), { merge: true });
    expect(document.errors, `${path.relative(folder, edit.source.path)} parses`).toEqual([]);
  }
}

/** Each fix on a fresh copy: the file parses, the finding is gone, and nothing new is found. */
async function expectRepairs(one: Case, index: number): Promise<void> {
  const pristine = prepare(one);
  const before = await lint(pristine);
  const count = before.filter((finding) => finding.rule === one.rule)[index]?.fixes().length ?? 0;
  for (let fix = 0; fix < count; fix++) {
    const folder = prepare(one);
    const found = (await lint(folder)).filter((finding) => finding.rule === one.rule)[index]!;
    const { edits, safety, steps, title } = found.fixes()[fix]!;
    expect(edits.length, `${title} changes something`).toBeGreaterThan(0);
    if (safety === 'migration') expect(steps?.length, `${title} says how to carry data over`).toBeGreaterThan(0);
    write(edits);
    expectReadable(folder, edits);
    const after = await lint(folder);
    const counted = (all: readonly Finding[], id: string): number =>
      all.filter((finding) => identity(finding) === id).length;
    expect(counted(after, identity(found)), `"${title}" removes the finding`).toBe(
      counted(before, identity(found)) - 1,
    );
    for (const finding of after) {
      // What a fix leaves over, such as a volume that nothing mounts any more, may earn a hint.
      if (finding.severity === 'hint') continue;
      expect(
        counted(after, identity(finding)),
        `"${title}" brings no ${finding.rule}: ${finding.message}`,
      ).toBeLessThanOrEqual(counted(before, identity(finding)));
    }
  }
}

/** All safe fixes at once, as fix-all does: a second time changes nothing. */
async function applySafeFixes(folder: string): Promise<number> {
  const chosen: Edit[] = [];
  for (const finding of await lint(folder)) {
    const safe = finding.fixes().find((fix) => fix.safety === 'safe');
    if (safe && !conflict(chosen, safe.edits)) chosen.push(...safe.edits);
  }
  write(chosen);
  return chosen.length;
}

for (const { name } of RULES) {
  describe(name, () => {
    const cases = readCases(name);
    test('has at least one case it catches and twice as many near misses', () => {
      const catches = cases.filter((one) => one.catches).length;
      expect(catches).toBeGreaterThan(0);
      expect(cases.length - catches).toBeGreaterThanOrEqual(2 * catches);
    });
    for (const one of cases) {
      test(`${one.catches ? 'catches' : 'catches not'}: ${one.name}`, async () => {
        const folder = prepare(one);
        const found = (await lint(folder)).filter((finding) => finding.rule === name);
        expect(found.map((finding) => shown(finding, folder))).toEqual(one.expected);
        for (let i = 0; i < found.length; i++) await expectRepairs(one, i);
        await applySafeFixes(folder);
        expect(await applySafeFixes(folder), 'safe fixes have nothing left to do').toBe(0);
      });
    }
  });
}
