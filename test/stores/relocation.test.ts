/** Where settings put the data of known images: one table for each technology. */
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../server/catalogue/load.ts';
import { readsKnownFiles } from '../../server/stores/relocation/configuration.ts';
import { located } from './analysing.ts';
import { caseFiles, readStoreCases } from './cases.ts';

for (const [technology, file] of caseFiles(path.join(import.meta.dirname, 'relocation'))) {
  describe(technology, () => {
    for (const { name, files, expected } of readStoreCases(file)) {
      test(name, async () => {
        expect(await located(files)).toEqual(expected);
      });
    }
  });
}

test('for each family that a configuration file can move it is known which files it reads', () => {
  const movable = catalogue().families.filter(({ relocations }) => relocations.some(({ by }) => by === 'config'));
  expect(movable.filter((family) => !readsKnownFiles(family)).map(({ id }) => id)).toEqual([]);
});
