import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Files } from '../../server/files.ts';
import { diskFiles } from '../../server/files.ts';
import { readBuildContext } from '../../server/syntax/build-context.ts';
import { contextOf, treeOf } from './build-context-tree.ts';

describe('a context', () => {
  test('what the lines leave of a directory, sorted', () => {
    const context = contextOf(
      ['b', 'a/2', 'a/1', 'a/x/y', 'data/app.db', 'data/keep.sql', 'é'],
      ['data', '!data/*.sql', 'a/x'],
    );
    expect(context.files).toEqual(['.dockerignore', 'a/1', 'a/2', 'b', 'data/keep.sql', 'é']);
    expect(context.truncated).toBe(false);
  });

  test('without an ignore file', () => {
    const context = contextOf(['a', '.git/config', '.env']);
    expect(context.files).toEqual(['.env', '.git/config', 'a']);
    expect(context).toMatchObject({ ignoreFile: null, ignorePath: `${context.directory}/.dockerignore` });
  });

  test("the Dockerfile's own ignore file wins, also an empty one", () => {
    const directory = treeOf({
      a: '',
      b: '',
      'docker/api.Dockerfile': '',
      'docker/api.Dockerfile.dockerignore': 'a',
      '.dockerignore': 'b',
      'Dockerfile.dockerignore': '',
    });
    const files = diskFiles();
    const api = readBuildContext(files, directory, `${directory}/docker/api.Dockerfile`);
    expect(api.ignorePath).toBe(`${directory}/docker/api.Dockerfile.dockerignore`);
    expect([api.ignores('a'), api.ignores('b')]).toEqual([true, false]);
    expect(readBuildContext(files, directory, 'docker/api.Dockerfile').ignorePath).toBe(api.ignorePath);
    expect(readBuildContext(files, directory, undefined).ignorePath).toBe(`${directory}/Dockerfile.dockerignore`);
    const other = readBuildContext(files, directory, `${directory}/other.Dockerfile`);
    expect(other.ignoreFile?.text).toBe('b');
    expect([other.ignores('a'), other.ignores('b')]).toEqual([false, true]);
  });

  test('the context is the directory given, not the one above (the defect of a linter that takes the workspace)', () => {
    const directory = treeOf({
      '.dockerignore': 'app.db',
      'api/.dockerignore': 'cache',
      'api/app.db': '',
      'api/cache': '',
    });
    expect(readBuildContext(diskFiles(), `${directory}/api/`, undefined)).toMatchObject({
      directory: `${directory}/api`,
      files: ['.dockerignore', 'app.db'],
    });
  });

  test('one `!` line does not end the judging of the others', () => {
    const context = contextOf(['a.db', 'b.db', 'c'], ['*.db', '!b.db']);
    expect(context.files).toEqual(['.dockerignore', 'b.db', 'c']);
  });

  test('links are files, whatever they lead to', () => {
    const directory = treeOf({ 'real/a': '', loop: '-> .', to: '-> real', nowhere: '-> gone', 'real/up': '-> ..' });
    expect(readBuildContext(diskFiles(), directory, undefined).files).toEqual([
      'loop',
      'nowhere',
      'real/a',
      'real/up',
      'to',
    ]);
  });

  test('no directory is no files', () => {
    expect(readBuildContext(diskFiles(), '/nowhere/at/all', undefined)).toMatchObject({
      files: [],
      ignoreFile: null,
      truncated: false,
    });
  });

  test('an ignore file that cannot be read is as good as none', () => {
    const directory = treeOf({ '.dockerignore/x': '', a: '' });
    expect(readBuildContext(diskFiles(), directory, undefined).files).toEqual(['.dockerignore/x', 'a']);
    fs.rmSync(`${directory}/.dockerignore`, { recursive: true });
    fs.writeFileSync(`${directory}/.dockerignore`, new Uint8Array([97, 0, 98]));
    expect(readBuildContext(diskFiles(), directory, undefined).ignoreFile).toBeNull();
  });
});

describe('walking', () => {
  /** A disk of `folders` folders with `each` files, that counts what is read. */
  function counting(folders: readonly string[], each: number, ignore = ''): { files: Files; listed: string[] } {
    const listed: string[] = [];
    const inside = Array.from({ length: each }, (_, i) => ({ name: `f${i}`, kind: 'file' as const }));
    const files: Files = {
      read: (file) => ({ path: file, text: ignore }),
      kind: (file) => (file.endsWith('/.dockerignore') ? 'file' : 'missing'),
      list: (directory) => {
        listed.push(directory);
        return directory === '/c' ? folders.map((name) => ({ name, kind: 'directory' as const })) : inside;
      },
      head: () => null,
      link: () => null,
    };
    return { files, listed };
  }

  test('nothing is read before it is asked for', () => {
    const { files, listed } = counting(['a'], 1);
    const context = readBuildContext(files, '/c', undefined);
    expect(context.ignores('a')).toBe(false);
    expect(listed).toEqual([]);
    expect(context.files).toBe(context.files);
    expect(listed).toEqual(['/c', '/c/a']);
  });

  test.each([
    ['node_modules', ['/c', '/c/src']],
    ['*\n!src', ['/c', '/c/src']],
    ['*\n!src/**', ['/c', '/c/src']],
    ['*\n!s*/x', ['/c', '/c/src']],
    ['node_modules\n!node_modules/f1', ['/c', '/c/node_modules', '/c/src']],
    ['node_modules\n!**/f1', ['/c', '/c/node_modules', '/c/src']],
  ])('%j reads no folder in vain', (ignore, expected) => {
    const { files, listed } = counting(['node_modules', 'src'], 2, ignore);
    expect(readBuildContext(files, '/c', undefined).files.length).toBeGreaterThanOrEqual(0);
    expect(listed).toEqual(expected);
  });

  test('a limit, with the repository itself last', () => {
    const { files, listed } = counting(['.git', ...Array.from({ length: 30 }, (_, i) => `d${i}`)], 1_000);
    const context = readBuildContext(files, '/c', undefined);
    expect(context).toMatchObject({ truncated: true });
    expect(context.files).toHaveLength(20_000);
    expect(listed).not.toContain('/c/.git');
  });

  test('2000 files at ease', () => {
    const ignore = ['node_modules', '**/*.log', '.git', '*.md', '!README.md', '**/dist', '.env*', 'tmp/**'].join('\n');
    const { files } = counting(
      Array.from({ length: 200 }, (_, i) => `d${i}`),
      10,
      ignore,
    );
    expect(readBuildContext(files, '/c', undefined).files).toHaveLength(2_000);
  });
});
