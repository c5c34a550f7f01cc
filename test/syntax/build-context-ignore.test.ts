import { describe, expect, test } from 'vitest';
import type { Files } from '../../server/files.ts';
import { readBuildContext } from '../../server/syntax/build-context.ts';

/** Lines of an ignore file (by `|`), a path, and whether it is left out. */
type Case = readonly [lines: string, path: string, ignored: boolean];

/** Judged without a disk: `ignores` needs the lines only. */
function ignores(lines: string, path: string): boolean {
  const text = lines.replaceAll('|', '\n');
  const files: Files = {
    read: (file) => ({ path: file, text }),
    kind: (file) => (file === '/c/.dockerignore' ? 'file' : 'missing'),
    list: () => [],
    head: () => null,
    link: () => null,
  };
  return readBuildContext(files, '/c', undefined).ignores(path);
}

describe('lines of an ignore file', () => {
  const cases: readonly Case[] = [
    // The documented examples.
    ['*/temp*', 'somedir/temporary.txt', true],
    ['*/temp*', 'somedir/temp', true],
    ['*/temp*', 'somedir/temp/deep/file', true],
    ['*/temp*', 'temporary.txt', false],
    ['*/*/temp*', 'somedir/subdir/temporary.txt', true],
    ['*/*/temp*', 'somedir/temporary.txt', false],
    ['temp?', 'tempa', true],
    ['temp?', 'tempb', true],
    ['temp?', 'temp', false],
    ['temp?', 'tempab', false],
    ['**/*.go', 'main.go', true],
    ['**/*.go', 'a/b/main.go', true],
    ['*.md|!README.md', 'README.md', false],
    ['*.md|!README.md', 'CHANGES.md', true],
    ['*.md|!README*.md|README-secret.md', 'README-secret.md', true],
    ['*.md|!README*.md|README-secret.md', 'README-other.md', false],
    ['*.md|README-secret.md|!README*.md', 'README-secret.md', false],
    ['/foo/bar', 'foo/bar', true],
    ['foo/bar', 'foo/bar', true],
    ['/foo/bar/', 'foo/bar/baz', true],
    // Regular expressions show through.
    ['[[:digit:]].db', '1.db', true],
    ['[[:digit:]].db', ':.db', false],
    ['[^[:alpha:]_].db', '1.db', true],
    ['[^[:alpha:]_].db', 'a.db', false],
    ['\\d.db', '1.db', true],
    ['\\d.db', 'd.db', false],
    ['\\a.db', 'a.db', false],
    // Comments, blanks, other ways to write a path.
    ['# a', '# a', false],
    [' # a', '# a', true],
    ['a#b', 'a#b', true],
    ['  a  ', 'a', true],
    ['a\r|b\r', 'a', true],
    ['./a', 'a', true],
    ['a//b', 'a/b', true],
    ['a/./b/../c', 'a/c', true],
    ['../a', 'a', false],
    ['.', 'a', false],
    ['/', 'a', false],
    ['!|a', 'a', true],
    ['*|! /a', 'a', false],
    ['*|  !a', 'a', false],
    // Names and what is below them.
    ['a', 'a', true],
    ['a', 'a/b/c', true],
    ['a', 'b/a', false],
    ['a', 'A', false],
    ['a/b', 'a', false],
    ['*', 'a/b', true],
    ['*.db', 'a/b.db', false],
    ['.*', '.env', true],
    ['.*', 'env', false],
    ['a.b', 'axb', false],
    ['node_modules', 'packages/a/node_modules/x', false],
    ['**/node_modules', 'packages/a/node_modules/x', true],
    ['**/node_modules', 'node_modules', true],
    ['Dockerfile|.dockerignore', 'Dockerfile', true],
    ['Dockerfile|.dockerignore', '.dockerignore', true],
    ['constructor', 'toString', false],
    // Two stars.
    ['**', 'a', true],
    ['**', 'a/b/c', true],
    ['**/', 'a/b', true],
    ['**/**', 'a/b', true],
    ['a/**', 'a', false],
    ['a/**', 'a/b', true],
    ['a/**', 'a/b/c', true],
    ['**/a/**', 'x/a/b/c', true],
    ['**/a/*', 'x/a/b', true],
    ['a**/*.txt', 'a/file.txt', true],
    ['a**/*.txt', 'a/b/c/file.txt', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/*.txt', 'a/b/file.txt', false],
    ['a/*.txt**', 'a/file.txt', true],
    ['**file', 'dir/myfile', true],
    ['**/file', 'dir/myfile', false],
    ['**/.foo', 'bar.foo', false],
    ['**/**/*.txt', 'file.txt', true],
    // Sets, escapes, and characters that mean nothing.
    ['a[b-d]e', 'ace', true],
    ['a[b-d]e', 'aae', false],
    ['a[^b-d]e', 'aze', true],
    ['a[^b-d]e', 'ace', false],
    ['[a-ζ]*', 'α', true],
    ['a?b', 'a☺b', true],
    ['a?b', 'a/b', false],
    ['[\\]a]', ']', true],
    ['[\\-x]', '-', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['a(b)c/def', 'a(b)c/def', true],
    ['a.|a)$(}+{bc', 'a)$(}+{bc', true],
    ['dist/*.whl', 'dist/proxy-2.4+g08.whl', true],
    ['dist/proxy-2.4+g08.whl', 'dist/proxy-2.4+g08.whl', true],
    // To the builder an escaped letter is no letter, and these two mean what they mean in its regular expressions.
    ['a\\b*', 'abc', false],
    ['*a\\d', 'xad', false],
    ['*a^b', 'xa^b', false],
    ['a^b', 'a^b', true],
    // Patterns that are no patterns say nothing.
    ['[', '[', false],
    ['[a', 'a', false],
    ['[]a]', 'a', false],
    ['a\\', 'a', false],
    // What comes back.
    ['docs|!docs/README.md', 'docs/README.md', false],
    ['docs/|!docs/README.md', 'docs/a.md', true],
    ['docs/*|!docs/README.md', 'docs/README.md', false],
    ['**|!util/docker/web', 'util/docker/web/foo', false],
    ['**|!util/docker/web|util/docker/web/foo', 'util/docker/web/foo', true],
    ['**|!util/docker/web', 'util/docker', true],
    ['*|!src|src/*.log', 'src/a.log', true],
    ['*|!src|src/*.log', 'src/a.ts', false],
    ['!a|*', 'a', true],
    ['*|!**/*.py', 'a/b/c.py', false],
    ['*|!*/*.txt', 'recipes/cake.txt', false],
    ['*|!something|!**/something', 'nested/something', false],
    // A line that changes nothing at a directory is forgotten for what is below it: measured with BuildKit.
    ['a|!a/b|a', 'a/b', false],
    ['a|!a/b|a/*', 'a/b', true],
    ['**/*.md|!docs', 'docs/a.md', true],
    ['**/*.md|!docs|!docs/*.md', 'docs/a.md', false],
    ['**/node_modules|!app', 'app/node_modules/x', true],
  ];

  test.each(cases)('%j on %s: %s', (lines, path, ignored) => {
    expect(ignores(lines, path)).toBe(ignored);
  });

  test('a path may be written in other ways too', () => {
    for (const path of ['a/b', './a/b', '/a/b', 'a//b', 'a/c/../b']) expect(ignores('a/b', path)).toBe(true);
    expect(ignores('*', '.')).toBe(false);
  });
});
