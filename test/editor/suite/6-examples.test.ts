import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import type * as vscode from 'vscode';
import { open, pause, rulesFound, until, uriOf } from './editor.ts';

const filesOf = (folder: string): string[] =>
  ['compose.yaml', 'Dockerfile'].map((name) => `${folder}/${name}`).filter((name) => fs.existsSync(uriOf(name).fsPath));

/** Opens every file of the folder. Returns what reads their findings. */
async function openAll(folder: string): Promise<() => unknown[]> {
  const documents: vscode.TextDocument[] = [];
  for (const name of filesOf(folder)) documents.push(await open(name));
  return () => documents.flatMap(rulesFound);
}

describe('examples', () => {
  for (const example of fs.readdirSync(uriOf('examples').fsPath)) {
    it(`${example}: problems in the broken one, none in the repaired one`, async () => {
      const repaired = await openAll(`examples/${example}/repaired`);
      await until('something is found', await openAll(`examples/${example}/broken`), (found) => found.length > 0);
      // The answers to what was opened first are there now, or after a moment.
      await pause(500);
      assert.deepEqual(repaired(), []);
    });
  }
});
