import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { open, uriOf } from './editor.ts';

/** What is colored how, ../colors.mjs looks at: the extension host does not see it. */
describe('the language of Quadlet units', () => {
  const write = (name: string, text: string) => vscode.workspace.fs.writeFile(uriOf(name), Buffer.from(text));
  const languageOf = async (name: string) => (await open(name)).languageId;

  before(async () => {
    await write('units/shop.container', '# The database\n[Container]\nImage=postgres:16\n');
    await write('units/compose.yaml', 'services:\n');
    await write('units/quadlet/shop.pod', '[Pod]\n');
    await write('units/quadlet/back.network', '[Network]\n');
    await write('units/shop.container.d/limits.conf', '[Container]\n');
    await write('units/lib/Shop.pod', '=head1 Shop\n');
    await write('units/network/eth.network', '[Match]\n');
    await write('units/app.conf', 'a = b\n');
  });
  after(() => vscode.workspace.fs.delete(uriOf('units'), { recursive: true }));

  it('is known by the name of a file and where it is', async () => {
    for (const name of ['shop.container', 'quadlet/shop.pod', 'quadlet/back.network', 'shop.container.d/limits.conf']) {
      assert.equal(await languageOf(`units/${name}`), 'quadlet', name);
    }
  });

  it('leaves other files with such names to others', async () => {
    for (const name of ['lib/Shop.pod', 'network/eth.network', 'app.conf']) {
      assert.notEqual(await languageOf(`units/${name}`), 'quadlet', name);
    }
    assert.equal(await languageOf('units/compose.yaml'), 'dockercompose');
  });

  it('comments a line out', async () => {
    const document = await open('units/shop.container');
    await vscode.commands.executeCommand('editor.action.addCommentLine');
    assert.equal(document.lineAt(0).text, '# # The database');
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});
