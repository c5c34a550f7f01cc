/** A store that does not survive is reported by one rule: over all fixtures no two speak of the same one. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { RULES } from '../../server/generated/rules.ts';
import { uniqueFindings } from '../../server/lint/lint.ts';
import { layOut, readCases } from '../rules/cases.ts';
import { lintFolder } from '../rules/linting.ts';

/** Rules that say why a store is lost. */
const LOSSES = new Set([
  'missing-volume',
  'data-outside-mount',
  'mount-path-mismatch',
  'mount-parent-of-image-volume',
  'mount-below-data-dir',
  'anonymous-volume',
  'tmpfs-for-data',
  'sqlite-in-writable-layer',
  'embedded-database-not-mounted',
  'embedded-vector-store-not-mounted',
  'partial-persistence',
  'embedded-db-fallback',
  'asymmetric-persistence',
  'key-material-not-persisted',
  'relative-sqlite-url',
  'read-only-data-mount',
  'in-memory-mode',
]);

for (const { name } of RULES) {
  if (!LOSSES.has(name)) continue;
  test(`${name}: no other rule reports the same store`, async () => {
    for (const one of readCases(name)) {
      const folder = layOut(one);
      const { findings } = await lintFolder(folder);
      fs.rmSync(path.dirname(folder), { recursive: true });
      const said = uniqueFindings(findings)
        .filter(({ rule, store }) => LOSSES.has(rule) && store)
        .map(({ service, store, span }) => `${span.source.path} ${service} ${store?.technology} ${store?.path}`);
      expect(new Set(said).size, one.name).toBe(said.length);
    }
  });
}
