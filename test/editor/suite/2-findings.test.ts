import * as assert from 'node:assert/strict';
import { findings, found, open, revert, rulesFound, type } from './editor.ts';

describe('findings', () => {
  it('are shown with their rule, severity, message and range', async () => {
    const document = await open('compose.yaml');
    await found(document, 'missing-volume');
    const [finding] = findings(document);
    assert.deepEqual(
      { ...finding, related: undefined },
      {
        rule: 'missing-volume',
        severity: 'Error',
        message: 'no volume for /data: Chroma data is deleted when the container is recreated (up --build, pull, down)',
        range: [9, 2, 9, 8],
        text: 'chroma',
        related: undefined,
      },
    );
  });

  it('follow what is typed, without a save', async () => {
    const document = await open('compose.yaml');
    await found(document, 'missing-volume');
    await type(document, '    volumes:\n      - chroma_data:/data\n\nvolumes:\n  chroma_data:\n');
    await found(document);
    await revert(document);
    await found(document, 'missing-volume');
  });

  it('are each shown once', async () => {
    const document = await open('compose.yaml');
    await found(document, 'missing-volume');
    assert.equal(rulesFound(document).length, 1);
  });

  it('are shown in Dockerfiles', async () => {
    await found(await open('examples/3-database-in-the-image/broken/Dockerfile'), 'database-copied-into-image');
  });

  it('are shown in the scripts beside a project, also without a suffix', async () => {
    for (const [name, line] of [
      ['shop/restart.sh', 2],
      ['shop/restart', 2],
      ['shop/Makefile', 1],
    ] as const) {
      const document = await open(name);
      await found(document, 'destructive-volume-command');
      const [finding] = findings(document);
      assert.equal(finding?.text, '-v');
      assert.equal(finding.range[0], line);
    }
  });

  it('are shown in Compose files of any name', async () => {
    await found(await open('shop/compose.yaml'), 'short-stop-grace-period');
    await found(await open('my-compose-stack.yml'), 'missing-volume');
  });
});
