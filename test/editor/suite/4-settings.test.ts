import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { findings, found, open, until, uriOf } from './editor.ts';

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

  it('leave files alone', async () => {
    const document = await open('compose.yaml');
    await found(document, 'missing-volume');
    await set('exclude', ['compose.yaml']);
    await found(document);
    await set('exclude', undefined);
    await found(document, 'missing-volume');
  });

  it('come from the configuration file in the workspace, too', async () => {
    const document = await open('compose.yaml');
    const test = await open('test/compose.yaml');
    await found(document, 'missing-volume');
    await found(test);
    const file = uriOf('.compose-persistence.yaml');
    const content = 'rules:\n  missing-volume: info\nincludeTests: true\n';
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(content));
    await found(test, 'missing-volume');
    await until(
      'the severity is changed',
      () => findings(document)[0]?.severity,
      (now) => now === 'Information',
    );
    await vscode.workspace.fs.delete(file);
    await found(test);
    await until(
      'the severity is back',
      () => findings(document)[0]?.severity,
      (now) => now === 'Error',
    );
  });

  it('that make no sense are reported in the configuration file', async () => {
    const file = uriOf('.compose-persistence.yaml');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode('rules:\n  no-such-rule: off\n'));
    const document = await open('.compose-persistence.yaml');
    const [problem] = await until(
      'a problem is shown',
      () => findings(document),
      (now) => now.length > 0,
    );
    assert.equal(problem!.text, 'no-such-rule');
    await vscode.workspace.fs.delete(file);
  });
});
