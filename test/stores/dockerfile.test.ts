/** What a build makes of the images it starts from: from the Compose file and its Dockerfiles to the stores. */
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { located } from './analysing.ts';
import { caseFiles, readStoreCases } from './cases.ts';

for (const [topic, file] of caseFiles(path.join(import.meta.dirname, 'dockerfile'))) {
  describe(topic, () => {
    for (const { name, files, expected } of readStoreCases(file)) {
      test(name, async () => {
        expect(await located(files)).toEqual(expected);
      });
    }
  });
}
