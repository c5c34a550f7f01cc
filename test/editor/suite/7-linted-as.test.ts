import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../../client/extension.ts';
import { EXTENSION, found, open, until, uriOf } from './editor.ts';

const BASE = 'services:\n  db:\n    image: redis:7\n    command: redis-server --appendonly yes\n';
const OVERRIDE = 'services:\n  db:\n    volumes:\n      - data:/data\nvolumes:\n  data:\n';
const TOGETHER = 'linted as: compose.yaml + compose.override.yaml';

describe('the status item', () => {
  const shown = () => (vscode.extensions.getExtension(EXTENSION)!.exports as Api).shown();
  const write = (name: string, text: string) => vscode.workspace.fs.writeFile(uriOf(name), Buffer.from(text));

  before(async () => {
    await write('layers/compose.yaml', BASE);
    await write('layers/compose.override.yaml', OVERRIDE);
  });
  after(() => vscode.workspace.fs.delete(uriOf('layers'), { recursive: true }));

  const says = (detail: string) =>
    until(
      `the status item says "${detail}"`,
      () => shown().detail,
      (now) => now === detail,
    );

  it('says with which files the one in front is linted, and what was found', async () => {
    await found(await open('layers/compose.yaml'));
    await says(TOGETHER);
    assert.equal(shown().text, 'No findings');
    await open('layers/compose.override.yaml');
    await says(TOGETHER);
    await found(await open('compose.yaml'), 'missing-volume');
    await says('linted as: compose.yaml');
    await until('the finding is counted', () => shown().text === '1 finding');
  });

  it('follows the files that decide it', async () => {
    const base = await open('layers/compose.yaml');
    await says(TOGETHER);
    await write('layers/.env', 'COMPOSE_FILE=compose.yaml\n');
    await says('linted as: compose.yaml');
    await found(base, 'missing-volume');
  });
});
