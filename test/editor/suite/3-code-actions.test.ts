import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { apply, found, open, revert, tabLabels, type, until } from './editor.ts';

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
    const steps = await vscode.workspace.openTextDocument(STEPS);
    assert.match(steps.getText(), /^ {4}docker compose stop chroma$/m);
    await revert(document);
    await found(document, 'missing-volume');
  });

  it('open the page of the rule', async () => {
    const document = await open('compose.yaml');
    await apply(document, 'Show documentation for missing-volume');
    await until('the page is open', tabLabels, (labels) => labels.includes('Preview missing-volume.md'));
  });

  it('switch a rule off for a line', async () => {
    const document = await open('compose.yaml');
    await found(document, 'missing-volume');
    await apply(document, 'Disable missing-volume for this line');
    await found(document);
    assert.equal(document.lineAt(9).text, '  # persistence-ignore missing-volume');
    await revert(document);
    await found(document, 'missing-volume');
  });

  it('do all that is safe when the file is saved, and nothing else', async () => {
    const onSave = { 'source.fixAll.composePersistence': 'explicit' };
    const editor = vscode.workspace.getConfiguration('editor');
    await editor.update('codeActionsOnSave', onSave, vscode.ConfigurationTarget.Workspace);
    const shop = await open('shop/compose.yaml');
    await found(shop, 'short-stop-grace-period');
    await type(shop, '\n');
    await shop.save();
    assert.match(shop.getText(), /^ {4}stop_grace_period: 1m30s$/m);
    await found(shop);

    const migration = await open('compose.yaml');
    const before = migration.getText();
    await found(migration, 'missing-volume');
    await type(migration, '\n');
    await migration.save();
    assert.equal(migration.getText(), `${before}\n`);
    await editor.update('codeActionsOnSave', undefined, vscode.ConfigurationTarget.Workspace);
  });
});
