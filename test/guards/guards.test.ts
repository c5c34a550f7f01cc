/** Each guard: what it holds for, and what it must not be taken for. In `cases.txt` "catches" means that the guard holds. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { RULES } from '../../server/generated/rules.ts';
import { uniqueFindings } from '../../server/lint/lint.ts';
import { ephemeralServices } from '../../server/lint/suppressions.ts';
import { GUARDS, type GuardName, guarded } from '../../server/rules/guards.ts';
import type { Finding } from '../../server/rules/rule.ts';
import { type Case, layOut, readCases } from '../rules/cases.ts';
import { lintFolder, placeIn } from '../rules/linting.ts';

/** Rules that tell of a loss: what the others find in the same files is no matter here. */
const WATCHED = new Set([
  'missing-volume',
  'mount-path-mismatch',
  'data-outside-mount',
  'sqlite-in-writable-layer',
  'embedded-database-not-mounted',
  'embedded-vector-store-not-mounted',
  'tmpfs-for-data',
  'undeclared-volume',
  'external-volume-with-options',
]);

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(path.dirname(folder), { recursive: true, force: true });
});

const prepare = (one: Case): string => {
  const folder = layOut(one);
  folders.push(folder);
  return folder;
};

const shown = (finding: Finding, folder: string): string =>
  `${finding.severity} ${finding.rule} ${placeIn(folder, finding)}`;

/** The same findings with one guard switched off. */
async function without(guard: GuardName, folder: string): Promise<string[]> {
  const { files, outcomes } = await lintFolder(folder);
  const all = outcomes.flatMap(({ analysed: project }) => {
    const found = RULES.filter(({ name }) => WATCHED.has(name)).flatMap((rule) =>
      [...rule.check({ analysed: project, files })].map((finding) => ({ rule: rule.name, ...finding })),
    );
    const rules = new Map(RULES.map((rule) => [rule.name, { ...rule, guards: { ...rule.guards, [guard]: 'none' } }]));
    const ephemeral = ephemeralServices(project);
    return guarded(found, rules, { project, files, ephemeral, root: folder, includeTests: false });
  });
  return uniqueFindings(all).map((finding) => shown(finding, folder));
}

const EXPECTED: Record<'silence' | 'lower' | 'info', (bare: readonly string[]) => string[]> = {
  silence: () => [],
  lower: (bare) =>
    bare.map((line) => line.replace(/^\w+/, (word) => ({ error: 'warning', warning: 'info' })[word] ?? 'hint')),
  info: (bare) => bare.map((line) => line.replace(/^(error|warning)/, 'info')),
};

for (const { name, effect } of GUARDS) {
  describe(name, () => {
    const cases = readCases(`../guards/${name}`);

    test('has cases that it holds for, and near misses', () => {
      expect(cases.filter((one) => one.catches).length).toBeGreaterThan(0);
      expect(cases.filter((one) => !one.catches).length).toBeGreaterThan(0);
    });

    for (const one of cases) {
      test(`${one.catches ? 'holds' : 'holds not'}: ${one.name}`, async () => {
        const folder = prepare(one);
        const found = uniqueFindings((await lintFolder(folder)).findings)
          .filter(({ rule }) => WATCHED.has(rule))
          .map((finding) => shown(finding, folder));
        expect(found).toEqual(one.expected);
        const bare = await without(name, folder);
        expect(bare.length, 'there is something to guard').toBeGreaterThan(0);
        // Of several services in one case only those that the guard holds for are touched.
        if (one.catches) expect(found).not.toEqual(bare);
        else expect(found).toEqual(bare);
        const touched = EXPECTED[effect](bare);
        for (const line of found) expect([...bare, ...touched]).toContain(line);
      });
    }
  });
}
