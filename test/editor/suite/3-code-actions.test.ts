import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { apply, found, open, revert, tabLabels, until } from './editor.ts';

const TITLE = 'Add the named volume chroma_data for /data';
const STEPS = vscode.Uri.parse('compose-persistence-steps:/Migration steps.md');

describe('code actions', () => {
  it('repair the file, and show how to carry the data over', async () => {
    const document = await open('compose.yaml');
    await found(document, 'missing-volume');
    const before = document.getText();
    await apply(document, TITLE);
    await found(document);
    assert.equal(document.getText(), `${before}    volumes:\n      - chroma_data:/data\n\nvolumes:\n  chroma_data:\n`);
    await until('the steps are shown', tabLabels, (labels) =>
      labels.some((label) => label.includes('Migration steps')),
    );
    await revert(document);
    await found(document, 'missing-volume');
  });

  it('open the page of the rule', async () => {
    const document = await open('compose.yaml');
    await apply(document, 'Show documentation for missing-volume');
    await until('the page is open', tabLabels, (labels) => labels.includes('Preview missing-volume.md'));
  });
});
