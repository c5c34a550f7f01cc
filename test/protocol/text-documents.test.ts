import { afterEach, describe, expect, test } from 'vitest';
import type { TextEdit } from 'vscode-languageserver/node';
import { brief, PULL, start, stopAll } from './client.ts';
import { at, DECLARED, UNDECLARED, UNDECLARED_BRIEF, UNDECLARED_MESSAGE } from './examples.ts';

afterEach(stopAll);

const insert = (line: number, character: number, newText: string): TextEdit => ({
  range: at(line, character),
  newText,
});

describe('incremental changes', () => {
  test.each(['\n', '\r\n'])('say the same as the full text, with line ends %j', async (eol) => {
    const lines = (text: string): string => text.replaceAll('\n', eol);
    const edits: TextEdit[][] = [
      [insert(5, 0, lines('\nvolumes:\n  app_data:\n'))],
      [{ range: { start: { line: 6, character: 0 }, end: { line: 7, character: 11 } }, newText: '# gone' }],
      [insert(0, 0, `# \u{1f40b} moby${eol}`), insert(3, 4, 'x-note: "\u{1f40b}"\n    ')],
      [{ range: { start: { line: 0, character: 2 }, end: { line: 0, character: 4 } }, newText: '' }],
      // Behind the end of a line and of the text: pulled back to it.
      [insert(0, 9999, ' end'), insert(9999, 0, `${eol}# last`)],
    ];
    const client = await start({ files: { 'compose.yaml': '' } });
    await client.open('compose.yaml', lines(UNDECLARED));
    for (const edit of edits) {
      await client.change('compose.yaml', edit);
      const incremental = (await client.diagnostics('compose.yaml')).map(brief);
      await client.change('compose.yaml', client.text('compose.yaml'));
      expect((await client.diagnostics('compose.yaml')).map(brief)).toEqual(incremental);
    }
    expect(client.text('compose.yaml').split(/\r?\n/)[0]).toBe('#  moby end');
    expect((await client.diagnostics('compose.yaml')).map(brief)).toEqual([
      `undeclared-volume 1 6:8-6:16 ${UNDECLARED_MESSAGE}`,
    ]);
  });

  test('of a document that is not open are ignored', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED } });
    await client.notify('textDocument/didChange', {
      textDocument: { uri: client.uri('compose.yaml'), version: 2 },
      contentChanges: [{ text: '' }],
    });
    await client.notify('textDocument/didClose', { textDocument: { uri: client.uri('compose.yaml') } });
    await client.open('compose.yaml');
    expect((await client.diagnostics('compose.yaml')).map(brief)).toEqual([UNDECLARED_BRIEF]);
  });
});

describe('documents', () => {
  test('are Compose files by name and content, whatever their language is called', async () => {
    const files = {
      'compose.yaml': UNDECLARED,
      'docker-compose.prod.yml': UNDECLARED,
      'local.yml': UNDECLARED,
      'services.yaml': 'services:\n  App\\Kernel:\n    volumes: [app_data:/data]\n',
      'k8s.yaml': 'apiVersion: v1\nkind: Pod\nspec:\n  volumes: [app_data:/data]\n',
      'notes.md': UNDECLARED,
    };
    const client = await start({ files });
    const counts: Record<string, number> = {};
    for (const name of Object.keys(files)) {
      await client.open(name, undefined, 'plaintext');
      counts[name] = (await client.diagnostics(name)).length;
    }
    expect(counts).toEqual({
      'compose.yaml': 1,
      'docker-compose.prod.yml': 1,
      'local.yml': 1,
      'services.yaml': 0,
      'k8s.yaml': 0,
      'notes.md': 0,
    });
  });

  test.each(['my app/compose.yaml', 'a%20b/compose.yaml', 'größe+[x]/compose.yaml', 'a#b?c/compose.yaml'])(
    'may lie anywhere: %s',
    async (name) => {
      const client = await start({ files: { [name]: UNDECLARED } });
      await client.open(name);
      expect((await client.diagnostics(name)).map(brief)).toEqual([UNDECLARED_BRIEF]);
      expect(client.published.map(({ uri }) => uri)).toEqual([client.uri(name)]);
    },
  );

  test('are answered under the very address that the editor gave them', async () => {
    const client = await start({ files: { 'my app/compose.yaml': UNDECLARED } });
    const uri = client.uri('my app/compose.yaml').replace('my%20app', 'm%79%20app');
    await client.notify('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text: UNDECLARED },
    });
    await client.until(() => client.published.find((params) => params.uri === uri)?.diagnostics.length === 1);
  });

  test.each([
    'untitled:Untitled-1',
    'git:/repo/compose.yaml?%7B%22ref%22%3A%22~%22%7D',
    'vscode-notebook-cell:/x/compose.yaml#1',
    'file:',
    'file:///',
    'file:///C%3A/x/compose.yaml',
    'file://server/share/compose.yaml',
    'https://example.org/compose.yaml',
    'not a uri',
    '%%%:%%%',
    '',
  ])('that are no files here harm nobody: %j', async (uri) => {
    const client = await start({ capabilities: PULL, files: { 'compose.yaml': UNDECLARED } });
    await client.notify('textDocument/didOpen', {
      textDocument: { uri, languageId: 'dockercompose', version: 1, text: UNDECLARED },
    });
    const textDocument = { uri };
    await client.request('textDocument/diagnostic', { textDocument });
    await client.request('textDocument/codeAction', { textDocument, range: at(4, 9), context: { diagnostics: [] } });
    await client.notify('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [{ text: DECLARED }],
    });
    await client.notify('textDocument/didClose', { textDocument });
    await client.open('compose.yaml');
    expect((await client.pullItems('compose.yaml')).map(brief)).toEqual([UNDECLARED_BRIEF]);
  });

  test('closed unchanged to the server, they are read from disk again', async () => {
    const client = await start({
      files: { 'compose.yaml': UNDECLARED, 'compose.override.yaml': 'services: {}\n' },
    });
    await client.open('compose.override.yaml', 'services: {}\nvolumes:\n  app_data:\n');
    await client.open('compose.yaml');
    expect(await client.diagnostics('compose.yaml')).toEqual([]);
    await client.close('compose.override.yaml');
    await client.until(() => client.latest('compose.yaml')?.length === 1);
  });
});
