import * as vscode from 'vscode';
import { found, open, uriOf } from './editor.ts';

const set = (name: string, value: unknown) =>
  vscode.workspace.getConfiguration('composePersistence').update(name, value, vscode.ConfigurationTarget.Workspace);

describe('settings', () => {
  it('switch a rule off and on', async () => {
    const document = await open('compose.yaml');
    await found(document, 'missing-volume');
    await set('rules', { 'missing-volume': 'off' });
    await found(document);
    await set('rules', undefined);
    await found(document, 'missing-volume');
  });

  it('come from the configuration file in the workspace, too', async () => {
    const document = await open('compose.yaml');
    await found(document, 'missing-volume');
    const file = uriOf('.compose-persistence.yaml');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode('rules:\n  missing-volume: off\n'));
    await found(document);
    await vscode.workspace.fs.delete(file);
    await found(document, 'missing-volume');
  });
});
