/** Directories made for the tests of build contexts. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll } from 'vitest';
import { diskFiles, slashed } from '../../server/files.ts';
import type { BuildContext } from '../../server/syntax/build-context.ts';
import { readBuildContext } from '../../server/syntax/build-context.ts';

const made: string[] = [];

afterAll(() => {
  for (const directory of made) fs.rmSync(directory, { recursive: true, force: true });
});

/** Files with their texts; `-> target` makes a link, a path that ends with a slash a directory. */
export function treeOf(entries: Readonly<Record<string, string>>): string {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'context-'));
  made.push(directory);
  for (const [name, text] of Object.entries(entries)) {
    const file = path.join(directory, name);
    fs.mkdirSync(name.endsWith('/') ? file : path.dirname(file), { recursive: true });
    if (text.startsWith('-> ')) fs.symlinkSync(text.slice(3), file);
    else if (!name.endsWith('/')) fs.writeFileSync(file, text);
  }
  return slashed(directory);
}

/** The context of these files, all empty, under these ignore lines. */
export function contextOf(files: readonly string[], ignore?: readonly string[]): BuildContext {
  const entries: Record<string, string> = Object.fromEntries(files.map((file) => [file, '']));
  if (ignore) entries['.dockerignore'] = ignore.join('\n');
  return readBuildContext(diskFiles(), treeOf(entries), undefined);
}
