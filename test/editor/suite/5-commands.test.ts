import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { found, open, serverProcesses, tabLabels, until } from './editor.ts';

describe('commands', () => {
  it('restart the server, which then finds what it found before', async () => {
    const document = await open('compose.yaml');
    await found(document, 'missing-volume');
    const [before] = serverProcesses();
    await vscode.commands.executeCommand('composePersistence.restartServer');
    await until('another server runs', serverProcesses, (ids) => ids.length === 1 && ids[0] !== before);
    await found(document, 'missing-volume');
  });

  it('survive a server that is killed', async () => {
    const document = await open('compose.yaml');
    await found(document, 'missing-volume');
    const [before] = serverProcesses();
    process.kill(before!, 'SIGKILL');
    await until('another server runs', serverProcesses, (ids) => ids.length === 1 && ids[0] !== before);
    await found(document, 'missing-volume');
  });

  it('refuse to open pages that do not exist', async () => {
    await vscode.commands.executeCommand('composePersistence.openDocumentation', '../../README');
    await vscode.commands.executeCommand('composePersistence.openDocumentation', 'no-such-rule');
    assert.ok(!tabLabels().some((label) => label.includes('README') || label.includes('no-such-rule')));
  });
});
