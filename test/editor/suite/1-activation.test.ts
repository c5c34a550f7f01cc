import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { EXTENSION, found, open, pause, rulesFound, serverProcesses, until } from './editor.ts';

describe('activation', () => {
  const extension = vscode.extensions.getExtension(EXTENSION)!;

  it('does nothing before a document that may concern it is open', async () => {
    await open('notes.txt');
    await pause(500);
    assert.equal(extension.isActive, false);
  });

  it('starts no server for YAML that is no Compose file by its name', async () => {
    const values = await open('values.yaml');
    await until('it is active', () => extension.isActive);
    await pause(1000);
    assert.deepEqual(serverProcesses(), []);
    assert.deepEqual(rulesFound(values), []);
  });

  it('starts one server for a Compose file, and keeps quiet in other YAML', async () => {
    await found(await open('compose.yaml'), 'missing-volume');
    assert.equal(serverProcesses().length, 1);
    assert.deepEqual(rulesFound(await open('values.yaml')), []);
  });

  it('registers every command that the palette shows', async () => {
    const ours = (await vscode.commands.getCommands(true)).filter((name) => name.startsWith('composePersistence.'));
    const contributed = extension.packageJSON.contributes.commands.map(({ command }: { command: string }) => command);
    assert.deepEqual(
      contributed.filter((name: string) => !ours.includes(name)),
      [],
    );
  });
});
