import { afterEach, describe, expect, test } from 'vitest';
import { engine } from '../../server/lsp/load-engine.ts';
import { brief, PULL, rulesOf, start, stopAll } from './client.ts';
import { at, UNDECLARED, UNDECLARED_BRIEF } from './examples.ts';

afterEach(stopAll);

const deep = (levels: number): string =>
  Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}a:\n`).join('');

describe('bad input', () => {
  test.each<[string, string]>([
    ['nothing', ''],
    ['white space', ' \n\t\n'],
    ['no YAML', 'services: {{{{ \n  - ]: "'],
    ['a tab', 'services:\n\tdb:\n\t\timage: postgres:16\n'],
    ['no mapping', '- services\n- 3\n'],
    ['services that are none', 'services: 7\nvolumes: [1, 2]\n'],
    ['services that are empty', 'services:\n  db:\n  web: []\n  x: 3\n'],
    [
      'values of the wrong type',
      'services:\n  db:\n    image: [a]\n    volumes: {a: 1}\n    build: [x]\n    command: {a: b}\n',
    ],
    ['a duplicate key', 'services:\n  db: {image: a}\n  db: {image: b}\n'],
    ['an alias to nothing', 'services:\n  db: *gone\n'],
    ['an alias to itself', 'services: &a\n  db: *a\n'],
    [
      'aliases of aliases',
      `a: &a [1]\n${'bcdefghijklm'
        .split('')
        .map((name, i, all) => `${name}: &${name} [*${all[i - 1] ?? 'a'}, *${all[i - 1] ?? 'a'}]`)
        .join('\n')}\nservices: {x: {image: a/b:1, labels: *m}}\n`,
    ],
    ['deep nesting', `services:\n  db:\n    image: a\n${deep(400)}`],
    ['flow nesting without end', `services: ${'['.repeat(5000)}`],
    ['several documents', 'services: {}\n---\nservices: {}\n---\n- 1\n'],
    ['control characters', 'services:\n  db:\n    image: "a\u0000b\u0007"\n\u0000\u0001'],
    ['half a surrogate pair', 'services:\n  db:\n    image: "\ud83d"\n'],
    ['a byte order mark', `\ufeff${UNDECLARED}`],
    ['lone carriage returns', UNDECLARED.replaceAll('\n', '\r')],
    ['one endless line', `services: {db: {image: "${'x'.repeat(2_000_000)}"}}`],
    ['more than is read', `${UNDECLARED}#${'x'.repeat(11 * 1024 * 1024)}`],
  ])('%s', async (_, text) => {
    const client = await start({
      capabilities: PULL,
      files: { 'bad/compose.yaml': '', 'good/compose.yaml': UNDECLARED },
    });
    await client.open('bad/compose.yaml', text);
    await client.pull('bad/compose.yaml');
    await client.actions('bad/compose.yaml', at(0, 0));
    await client.change('bad/compose.yaml', [{ range: at(0, 0), newText: '#\n' }]);
    await client.pull('bad/compose.yaml');
    await client.open('good/compose.yaml');
    expect((await client.pullItems('good/compose.yaml')).map(brief)).toEqual([UNDECLARED_BRIEF]);
    expect(client.logged.filter((line) => / failed: /.test(line))).toEqual([]);
  });

  test('a file that breaks keeps what is sound in it', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED } });
    await client.open('compose.yaml');
    await client.diagnostics('compose.yaml');
    await client.change('compose.yaml', `${UNDECLARED}  web:\n    image: "nginx\n`);
    await client.diagnostics('compose.yaml');
    await client.change('compose.yaml', UNDECLARED);
    expect((await client.diagnostics('compose.yaml')).map(brief)).toEqual([UNDECLARED_BRIEF]);
  });

  test('a file that is deleted, a directory in its place, and its Dockerfile missing', async () => {
    const files = { 'compose.yaml': 'services:\n  app:\n    build: ./app\n', 'app/Dockerfile': 'FROM scratch\n' };
    const client = await start({ files });
    await client.open('compose.yaml');
    await client.diagnostics('compose.yaml');
    client.remove('app');
    await client.watched('app/Dockerfile', 3);
    client.remove('compose.yaml');
    client.write('compose.yaml/x', '');
    await client.watched('compose.yaml', 3);
    await client.change('compose.yaml', UNDECLARED);
    expect((await client.diagnostics('compose.yaml')).map(brief)).toEqual([UNDECLARED_BRIEF]);
    await client.close('compose.yaml');
    await client.until(() => client.latest('compose.yaml')?.length === 0);
  });

  test('closed while it is linted, it stays cleared', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED } });
    for (let i = 0; i < 5; i++) {
      void client.open('compose.yaml');
      void client.change('compose.yaml', `${UNDECLARED}#${i}`);
      await client.close('compose.yaml');
    }
    await client.quiet();
    expect(client.latest('compose.yaml') ?? []).toEqual([]);
  });

  test.each([
    ['textDocument/didOpen', {}],
    ['textDocument/didOpen', { textDocument: { uri: null } }],
    ['textDocument/didChange', { textDocument: {}, contentChanges: 3 }],
    ['textDocument/didClose', null],
    ['workspace/didChangeWatchedFiles', { changes: [{ uri: 7 }] }],
    ['workspace/didChangeConfiguration', {}],
    ['workspace/didChangeWorkspaceFolders', { event: {} }],
  ])('a malformed %s', async (method, params) => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED } });
    await client.notify(method, params);
    await client.open('compose.yaml');
    expect((await client.diagnostics('compose.yaml')).map(brief)).toEqual([UNDECLARED_BRIEF]);
  });

  test('a malformed request is answered with an error', async () => {
    const client = await start({ capabilities: PULL });
    await expect(client.request('textDocument/diagnostic', {})).rejects.toThrow('textDocument/diagnostic');
    await expect(client.request('textDocument/codeAction', { textDocument: null })).rejects.toThrow();
  });
});

describe('faults of the engine', () => {
  const failing = {
    ...engine,
    createLinter: (...parts: Parameters<typeof engine.createLinter>) => {
      const linter = engine.createLinter(...parts);
      return {
        lint: (...run: Parameters<typeof linter.lint>) => {
          if (run[0].files.some((file) => parts[0].read(file).text.includes('# fail'))) throw new Error('on purpose');
          return linter.lint(...run);
        },
      };
    },
  };

  test('are logged once with their place, and the other documents still work', async () => {
    const client = await start({
      files: { 'a/compose.yaml': UNDECLARED, 'b/compose.yaml': UNDECLARED },
      server: { loadEngine: async () => failing },
    });
    await client.open('a/compose.yaml');
    expect(await client.diagnostics('a/compose.yaml')).toHaveLength(1);
    for (const note of ['one', 'two', 'three']) {
      await client.change('a/compose.yaml', `${UNDECLARED}# fail ${note}\n`);
      expect(await client.diagnostics('a/compose.yaml')).toEqual([]);
    }
    await client.open('b/compose.yaml');
    expect((await client.diagnostics('b/compose.yaml')).map(brief)).toEqual([UNDECLARED_BRIEF]);
    await client.change('a/compose.yaml', UNDECLARED);
    expect(rulesOf(await client.diagnostics('a/compose.yaml'))).toEqual(['undeclared-volume']);
    const faults = client.logged.filter((line) => line.includes('on purpose'));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^Linting .*compose\.yaml failed: Error: on purpose\n +at /);
  });

  test('an engine that does not load is an error of the request, and a line in the log', async () => {
    const client = await start({
      capabilities: PULL,
      files: { 'compose.yaml': UNDECLARED },
      server: { loadEngine: async () => Promise.reject(new Error('not there')) },
    });
    await client.open('compose.yaml');
    await expect(client.pull('compose.yaml')).rejects.toThrow('not there');
    await client.until(() => client.logged.some((line) => line.includes('not there')));
  });

  test('an editor that refuses to tell its settings gets the defaults', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED }, refuses: ['workspace/configuration'] });
    await client.open('compose.yaml');
    expect((await client.diagnostics('compose.yaml')).map(brief)).toEqual([UNDECLARED_BRIEF]);
  });

  test('an editor that refuses to watch files is served all the same', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED }, refuses: ['client/registerCapability'] });
    await client.open('compose.yaml');
    expect((await client.diagnostics('compose.yaml')).map(brief)).toEqual([UNDECLARED_BRIEF]);
  });
});
