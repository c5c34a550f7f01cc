import { afterEach, describe, expect, test } from 'vitest';
import { BARE, brief, PUSH, start, stopAll } from './client.ts';
import { DECLARED, QDRANT, span, UNDECLARED, UNDECLARED_BRIEF, UNDECLARED_MESSAGE } from './examples.ts';

afterEach(stopAll);

describe('push diagnostics', () => {
  test('a finding as a diagnostic, with everything that the editor can show', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED } });
    await client.open('compose.yaml');
    expect(await client.diagnostics('compose.yaml')).toEqual([
      {
        range: span(4, 8, 16),
        severity: 1,
        code: 'undeclared-volume',
        codeDescription: {
          href: 'https://github.com/compose-persistence/compose-persistence/blob/main/docs/rules/undeclared-volume.md',
        },
        source: 'persistence',
        message: UNDECLARED_MESSAGE,
        data: { fingerprint: 'undeclared-volume 65-73 app' },
      },
    ]);
  });

  test('only what an editor declares is sent to it', async () => {
    const client = await start({ capabilities: BARE, files: { 'compose.yaml': UNDECLARED } });
    await client.open('compose.yaml');
    await client.diagnostics('compose.yaml');
    expect(client.published).toEqual([
      {
        uri: client.uri('compose.yaml'),
        diagnostics: [
          {
            range: span(4, 8, 16),
            severity: 1,
            code: 'undeclared-volume',
            source: 'persistence',
            message: UNDECLARED_MESSAGE,
          },
        ],
      },
    ]);
  });

  test('the evidence becomes related information, with its place', async () => {
    const text = `services:
  app:
    image: example/app:1.2
    volumes:
      - old:/data
      - new:/data
volumes:
  old:
  new:
`;
    const client = await start({ files: { 'compose.yaml': text } });
    await client.open('compose.yaml');
    const [diagnostic, ...others] = await client.diagnostics('compose.yaml');
    expect(others).toEqual([]);
    expect(diagnostic && brief(diagnostic)).toBe(
      'duplicate-mount-target 2 4:12-4:17 /data is mounted twice: Compose uses new, and old is not mounted at all',
    );
    expect(diagnostic?.relatedInformation).toEqual([
      {
        location: { uri: client.uri('compose.yaml'), range: span(5, 12, 17) },
        message: 'new is mounted at the same place',
      },
    ]);
  });

  test('a fact about an image is shown where the image is named, with its source', async () => {
    const client = await start({ files: { 'compose.yaml': QDRANT } });
    await client.open('compose.yaml');
    const diagnostics = await client.diagnostics('compose.yaml');
    expect(diagnostics.map(brief)).toEqual([
      'missing-volume 1 1:2-1:9 no volume for /qdrant/storage: Qdrant data is deleted when the container is recreated ' +
        '(up --build, pull, down)',
    ]);
    expect(diagnostics[0]?.relatedInformation).toEqual([
      {
        location: { uri: client.uri('compose.yaml'), range: span(2, 11, 32) },
        message:
          'the image is Qdrant, which keeps collections, write-ahead log, aliases in /qdrant/storage ' +
          '(qdrant/qdrant Dockerfile)',
      },
    ]);
  });

  test('where there is no related information, the evidence follows the message', async () => {
    const text = 'services:\n  app:\n    image: a/b:1\n    volumes: [old:/data, new:/data]\nvolumes: {old: , new: }\n';
    const client = await start({ capabilities: BARE, files: { 'compose.yaml': text } });
    await client.open('compose.yaml');
    const [diagnostic] = await client.diagnostics('compose.yaml');
    expect(diagnostic?.message).toBe(
      '/data is mounted twice: Compose uses new, and old is not mounted at all\n' +
        'new is mounted at the same place (compose.yaml:4)',
    );
  });

  test('each version is answered with its number, and the last one counts', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED } });
    await client.open('compose.yaml');
    expect(await client.diagnostics('compose.yaml')).toHaveLength(1);
    await client.change('compose.yaml', DECLARED);
    expect(await client.diagnostics('compose.yaml')).toEqual([]);
    await client.change('compose.yaml', `# moved\n${UNDECLARED}`);
    await client.change('compose.yaml', `# moved\n# twice\n${UNDECLARED}`);
    expect((await client.diagnostics('compose.yaml')).map(brief)).toEqual([
      `undeclared-volume 1 6:8-6:16 ${UNDECLARED_MESSAGE}`,
    ]);
    expect(client.published.at(-1)?.version).toBe(4);
  });

  test('a burst of changes is linted once, after the pause', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED }, server: { debounce: 60 } });
    await client.open('compose.yaml');
    await client.diagnostics('compose.yaml');
    for (let i = 1; i <= 20; i++) await client.change('compose.yaml', `${'\n'.repeat(i)}${UNDECLARED}`);
    expect((await client.diagnostics('compose.yaml')).map(brief)).toEqual([
      `undeclared-volume 1 24:8-24:16 ${UNDECLARED_MESSAGE}`,
    ]);
    expect(client.published.map(({ version }) => version)).toEqual([1, 21]);
  });

  test('an editor that was started on a single file is served as well', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED }, folder: false, capabilities: PUSH });
    await client.open('compose.yaml');
    expect((await client.diagnostics('compose.yaml')).map(brief)).toEqual([UNDECLARED_BRIEF]);
  });

  test('closing clears, opening again shows again', async () => {
    const client = await start({ files: { 'compose.yaml': UNDECLARED } });
    await client.open('compose.yaml');
    await client.diagnostics('compose.yaml');
    await client.close('compose.yaml');
    await client.until(() => client.latest('compose.yaml')?.length === 0);
    await client.open('compose.yaml');
    expect((await client.diagnostics('compose.yaml')).map(brief)).toEqual([UNDECLARED_BRIEF]);
  });
});
