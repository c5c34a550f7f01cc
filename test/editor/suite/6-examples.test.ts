import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import type * as vscode from 'vscode';
import { open, pause, rulesFound, until, uriOf } from './editor.ts';

const filesOf = (folder: string): string[] =>
  ['compose.yaml', 'Dockerfile'].map((name) => `${folder}/${name}`).filter((name) => fs.existsSync(uriOf(name).fsPath));

async function findingsIn(folder: string): Promise<unknown[]> {
  const documents: vscode.TextDocument[] = [];
  for (const name of filesOf(folder)) documents.push(await open(name));
  return documents.flatMap(rulesFound);
}

describe('examples', () => {
  for (const example of fs.readdirSync(uriOf('examples').fsPath)) {
    it(`${example}: problems in the broken one, none in the repaired one`, async () => {
      await until(
        'something is found',
        () => findingsIn(`examples/${example}/broken`),
        (found) => found.length > 0,
      );
      // Opened once the server is at rest, so that an answer is there after a moment.
      await findingsIn(`examples/${example}/repaired`);
      await pause(1000);
      assert.deepEqual(await findingsIn(`examples/${example}/repaired`), []);
    });
  }
});
