import * as fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { diskFiles } from '../../server/files.ts';
import type { BuildContext } from '../../server/syntax/build-context.ts';
import { copiedFiles, readBuildContext } from '../../server/syntax/build-context.ts';
import { contextOf, treeOf } from './build-context-tree.ts';
import { copiesOf, copyOf, stageOf } from './dockerfile-reading.ts';

/** `file -> destination` of one line. */
const copied = (context: BuildContext, line: string): string[] =>
  copiedFiles(context, copyOf(line)).map(({ file, destination }) => `${file} -> ${destination}`);

/** All that the copies of a Dockerfile bring, as they say it one by one. */
const copiedBy = (context: BuildContext, text: string): string[] =>
  copiesOf(stageOf(text)).flatMap((copy) =>
    copiedFiles(context, copy).map(({ file, destination }) => `${file} -> ${destination}`),
  );

const context = contextOf([
  'app.py',
  'README.md',
  'data/app.db',
  'data/logs/a.log',
  'src/a.ts',
  'src/b.ts',
  'src/lib/c.ts',
  'x y.txt',
  '[a].txt',
  'app.tar.gz',
]);

describe('sources and destinations', () => {
  test.each([
    ['COPY app.py /srv', ['app.py -> /srv']],
    ['COPY app.py /main.py', ['app.py -> /main.py']],
    ['COPY app.py /opt/app/', ['app.py -> /opt/app/app.py']],
    ['COPY ./app.py /x/', ['app.py -> /x/app.py']],
    ['COPY /app.py /x/', ['app.py -> /x/app.py']],
    ['COPY ../../app.py /x/', ['app.py -> /x/app.py']],
    ['COPY src/../app.py /x/', ['app.py -> /x/app.py']],
    ['COPY data /srv/data', ['data/app.db -> /srv/data/app.db', 'data/logs/a.log -> /srv/data/logs/a.log']],
    ['COPY data/ /x', ['data/app.db -> /x/app.db', 'data/logs/a.log -> /x/logs/a.log']],
    [
      'COPY data/logs data /x',
      ['data/logs/a.log -> /x/a.log', 'data/app.db -> /x/app.db', 'data/logs/a.log -> /x/logs/a.log'],
    ],
    ['COPY src/*.ts /x/', ['src/a.ts -> /x/a.ts', 'src/b.ts -> /x/b.ts']],
    ['COPY src/?.ts /x/', ['src/a.ts -> /x/a.ts', 'src/b.ts -> /x/b.ts']],
    ['COPY src/[b-z].ts /x/', ['src/b.ts -> /x/b.ts']],
    ['COPY src/[^a].ts /x/', ['src/b.ts -> /x/b.ts']],
    ['COPY s*/l* /x/', ['src/lib/c.ts -> /x/c.ts']],
    ['COPY */*.db /x/', ['data/app.db -> /x/app.db']],
    ['COPY **/c.ts /x/', []],
    ['COPY [[]a].txt /x/', ['[a].txt -> /x/[a].txt']],
    ['COPY app.py README.md /x/', ['app.py -> /x/app.py', 'README.md -> /x/README.md']],
    ['COPY ["x y.txt", "/a b/"]', ['x y.txt -> /a b/x y.txt']],
    ['COPY nothing /x/', []],
    ['COPY a[ /x/', []],
    ['COPY --from=alpine app.py /x/', []],
    ['COPY --from=0 app.py /x/', []],
  ])('%s', (line, expected) => {
    expect(copied(context, line)).toEqual(expected);
  });

  test('the whole context goes below the working directory', () => {
    const [copy] = copiesOf(stageOf('FROM python:3\nWORKDIR /app\nCOPY . .\n'));
    const destinations = copiedFiles(context, copy!).map(({ destination }) => destination);
    expect(destinations).toHaveLength(context.files.length);
    expect(destinations).toContain('/app/data/app.db');
  });

  test('a file copied to a directory made earlier goes into it', () => {
    const copies = copiesOf(
      stageOf('FROM a\nWORKDIR /app\nCOPY app.py /app\nCOPY app.py /app/main.py\nCOPY app.py /other\n'),
    );
    expect(copies.flatMap((copy) => copiedFiles(context, copy)).map(({ destination }) => destination)).toEqual([
      '/app/app.py',
      '/app/main.py',
      '/other',
    ]);
  });

  test('what the ignore file leaves out is not copied, with a `!` line or without', () => {
    const files = ['data/app.db', 'data/seed.sql', 'app.py'];
    expect(copied(contextOf(files, ['data', '.dockerignore']), 'COPY . /x/')).toEqual(['app.py -> /x/app.py']);
    expect(copied(contextOf(files, ['*', '!data/*.sql']), 'COPY . /x/')).toEqual(['data/seed.sql -> /x/data/seed.sql']);
  });
});

describe('a source that is not there', () => {
  test('may yet be made: the others come with it', () => {
    expect(copied(context, 'COPY app.py nothing /x/')).toEqual(['app.py -> /x/app.py']);
    expect(copied(context, 'COPY nothing app.py /x/')).toEqual(['app.py -> /x/app.py']);
    expect(copied(context, 'COPY nothing/*.py app.py /x/')).toEqual(['app.py -> /x/app.py']);
    expect(copied(context, 'COPY data/nothing data /x/')).toEqual(copied(context, 'COPY data /x/'));
    expect(copied(context, 'COPY nothing /x/')).toEqual([]);
  });

  test('counts: who copies two to one place takes it for a directory', () => {
    expect(copiedBy(context, 'FROM a\nCOPY app.py nothing /x\n')).toEqual(['app.py -> /x/app.py']);
    expect(copiedBy(context, 'FROM scratch\nCOPY nothing src /x\n')).toEqual([
      'src/a.ts -> /x/a.ts',
      'src/b.ts -> /x/b.ts',
      'src/lib/c.ts -> /x/lib/c.ts',
    ]);
  });

  test('ends the build where it can never be there', () => {
    expect(copied(context, 'COPY app.py/README.md app.py /x/')).toEqual([]);
    expect(copied(context, 'COPY app.py/lib/*.md app.py /x/')).toEqual([]);
    // The line leaves out what is not there yet, too.
    expect(copied(contextOf(['a'], ['dist']), 'COPY a dist /x/')).toEqual([]);
    expect(copied(contextOf(['a'], ['dist']), 'COPY a dist/main.js /x/')).toEqual([]);
    expect(copied(contextOf(['a'], ['dist']), 'COPY a dist/*.js /x/')).toEqual([]);
    expect(copied(contextOf(['a'], ['*.log']), 'COPY a dist /x/')).toEqual(['a -> /x/a']);
  });

  test('is no mistake where it is a pattern', () => {
    expect(copied(context, 'COPY app.py nothing* /x/')).toEqual(['app.py -> /x/app.py']);
    expect(copied(context, 'COPY app.py/*.md app.py /x/')).toEqual(['app.py -> /x/app.py']);
    expect(copied(context, 'COPY app.py data/*.py /x/')).toEqual(['app.py -> /x/app.py']);
  });

  test('may be one that the ignore file leaves out', () => {
    const ignoring = contextOf(['a', 'b', 'data/x'], ['b', 'data']);
    expect(copied(ignoring, 'COPY a b /x/')).toEqual([]);
    expect(copied(ignoring, 'COPY a data /x/')).toEqual([]);
    expect(copied(ignoring, 'COPY a b* /x/')).toEqual(['a -> /x/a']);
  });

  test('is there when it is an empty directory', () => {
    const empty = readBuildContext(diskFiles(), treeOf({ a: '', 'none/': '' }), undefined);
    expect(copied(empty, 'COPY a none /x/')).toEqual(['a -> /x/a']);
    // A directory by now, to which a file cannot be turned.
    expect(copied(empty, 'COPY a none /x')).toEqual([]);
    expect(copied(empty, 'COPY none a /x')).toEqual(['a -> /x/a']);
  });
});

describe('patterns of sources', () => {
  test('an escape makes no pattern, and is a character where there is none', () => {
    const tree = contextOf(['a*b', 'acb', 'a*bc']);
    expect(copied(tree, 'COPY a\\\\*b /x/')).toEqual([]);
    expect(copied(tree, 'COPY a\\\\*b? /x/')).toEqual(['a*bc -> /x/a*bc']);
  });

  test('match empty directories too', () => {
    const tree = readBuildContext(diskFiles(), treeOf({ 'ab/': '', ac: '' }), undefined);
    expect(copied(tree, 'COPY a* /x')).toEqual(['ac -> /x/ac']);
  });

  test('name by name: what comes last stays', () => {
    const tree = contextOf(['a.b/f', 'a/f', 'a0/f']);
    expect(copied(tree, 'COPY a* /x/')).toEqual(['a0/f -> /x/f']);
  });
});

describe('what the destination is', () => {
  test('on scratch there are no directories but those that were made', () => {
    expect(copied(context, 'COPY app.py /etc')).toEqual(['app.py -> /etc']);
    expect(copiedBy(context, 'FROM python:3\nCOPY app.py /etc\n')).toEqual(['app.py -> /etc/app.py']);
  });

  test('several files without a slash: the last is left, unless the image has such a directory', () => {
    expect(copied(context, 'COPY app.py README.md /x')).toEqual(['README.md -> /x']);
    expect(copied(context, 'COPY src/*.ts /x')).toEqual(['src/b.ts -> /x']);
    expect(copiedBy(context, 'FROM postgres:17\nCOPY app.py README.md /docker-entrypoint-initdb.d\n')).toEqual([
      'app.py -> /docker-entrypoint-initdb.d/app.py',
      'README.md -> /docker-entrypoint-initdb.d/README.md',
    ]);
  });

  test('a directory that came with an earlier copy', () => {
    expect(copiedBy(context, 'FROM a\nCOPY src /app\nCOPY app.py /app/lib\nCOPY README.md /app/a.ts\n')).toEqual([
      'src/a.ts -> /app/a.ts',
      'src/b.ts -> /app/b.ts',
      'src/lib/c.ts -> /app/lib/c.ts',
      'app.py -> /app/lib/app.py',
      'README.md -> /app/a.ts',
    ]);
  });

  test('a file does not become a directory: the builder ends', () => {
    expect(copiedBy(context, 'FROM a\nCOPY app.py /app\nCOPY src /app\n')).toEqual(['app.py -> /app']);
    expect(copiedBy(context, 'FROM a\nCOPY app.py /app\nCOPY src /app/below/\n')).toEqual(['app.py -> /app']);
    expect(copiedBy(context, 'FROM a\nCOPY app.py /app\nCOPY src /app/\n')).toEqual(['app.py -> /app']);
    const tree = contextOf(['a/f', 'b/f/g']);
    expect(copied(tree, 'COPY a b /x/')).toEqual([]);
    expect(copied(tree, 'COPY b a /x/')).toEqual([]);
  });
});

describe('what earlier steps made, at any depth', () => {
  const tree = contextOf(['a/f', 'b/f/g', 'lib', 'sub']);

  test('a file takes the place of a file, not of a directory', () => {
    expect(copiedBy(tree, 'FROM x\nCOPY a /x\nCOPY a /x\n')).toEqual(['a/f -> /x/f', 'a/f -> /x/f']);
    expect(copiedBy(tree, 'FROM x\nCOPY b /x\nCOPY a /x\n')).toEqual(['b/f/g -> /x/f/g']);
    expect(copiedBy(tree, 'FROM x\nWORKDIR /x/sub\nCOPY sub /x/\n')).toEqual([]);
    expect(copiedBy(tree, 'FROM x\nCOPY --from=y /z /x/sub/z\nCOPY sub /x/\n')).toEqual([]);
  });

  test('a directory does not take the place of a file', () => {
    expect(copiedBy(tree, 'FROM x\nCOPY a /x\nCOPY b /x\n')).toEqual(['a/f -> /x/f']);
  });

  test('what the builder refuses leaves nothing behind', () => {
    expect(copiedBy(tree, 'FROM x\nCOPY a /x\nCOPY b lib /x\nCOPY lib /x/lib\n')).toEqual([
      'a/f -> /x/f',
      'lib -> /x/lib',
    ]);
  });

  test('the directories that images have', () => {
    expect(copiedBy(tree, 'FROM x\nCOPY lib /\n')).toEqual([]);
    expect(copiedBy(tree, 'FROM scratch\nCOPY lib /\n')).toEqual(['lib -> /lib']);
    expect(copiedBy(tree, 'FROM x\nCOPY b /usr\n')).toEqual(['b/f/g -> /usr/f/g']);
  });
});

describe('what the builder refuses altogether', () => {
  test.each(['a\n[', '!', 'a[b', '[]a]', '\\', '[a-]', 'q/[b-a]', '[[:x:]]', '\\y', '\\é', '!/'])(
    'an ignore file with %j',
    (lines) => {
      const refusing = contextOf(['a', 'b'], lines.split('\n'));
      expect(refusing.refused).toBe(true);
      expect(copied(refusing, 'COPY b /x/')).toEqual([]);
    },
  );

  test.each(['a', '# [', '', '   ', '! a', 'a]b', '\\[', '[[:digit:]]', '\\d', '\\a'])('not one with %j', (line) => {
    const fine = contextOf(['b'], [line]);
    expect(fine.refused).toBe(false);
    expect(copied(fine, 'COPY b /x/')).toEqual(['b -> /x/b']);
  });

  test('an exclusion', () => {
    expect(copied(context, 'COPY --exclude=[ app.py /x/')).toEqual([]);
  });
});

describe('what the builder does not read as a path', () => {
  const tree = contextOf(['a/.git/config', 'a/b.git', '.git/config', 'x']);

  test.each([
    ['COPY a/.git x /y/', []],
    ['COPY a/b.git /y/', []],
    ['COPY /a/.git /y/', []],
    ['COPY a/.git#main x /y/', []],
    ['ADD a/.git x /y/', []],
    ['COPY ./a/.git /y/', ['a/.git/config -> /y/config']],
    ['COPY a/.git/ /y/', ['a/.git/config -> /y/config']],
    ['COPY .git /y/', ['.git/config -> /y/config']],
    ['COPY a/.git/config /y/', ['a/.git/config -> /y/config']],
  ])('a repository: %s', (line, expected) => {
    expect(copied(tree, line)).toEqual(expected);
  });

  test.each(['COPY ["x", "/it\'s/"]', 'COPY "x /y/', 'COPY x ${Y /z/'])(
    'a quote or a brace without an end: %s',
    (line) => {
      expect(copied(tree, line)).toEqual([]);
    },
  );
});

describe('ADD', () => {
  test('URLs and repositories bring nothing from the context', () => {
    expect(copied(context, 'ADD https://example.com/app.py app.py git@example.com:a/b.git /x/')).toEqual([
      'app.py -> /x/app.py',
    ]);
  });

  test('an archive is unpacked into its destination', () => {
    expect(copied(context, 'ADD app.tar.gz /x')).toEqual(['app.tar.gz -> /x/app.tar.gz']);
    expect(copied(context, 'ADD --unpack=false app.tar.gz /x')).toEqual(['app.tar.gz -> /x']);
    expect(copied(context, 'COPY app.tar.gz /x')).toEqual(['app.tar.gz -> /x']);
  });
});

describe('here-documents', () => {
  test('bring nothing from the context', () => {
    expect(copied(context, 'COPY <<app.py README.md /x/\nbody\napp.py')).toEqual(['README.md -> /x/README.md']);
  });
});

describe('a here-document', () => {
  test('takes the place of a file of its name', () => {
    expect(copied(context, 'COPY <<app.py app.py README.md /x/\nbody\napp.py')).toEqual(['README.md -> /x/README.md']);
  });

  test('does not take the place of a directory', () => {
    expect(copied(context, 'COPY <<lib src /x/\nbody\nlib')).toEqual([]);
  });
});

describe('--exclude', () => {
  test.each([
    ['COPY --exclude=*.db data /x/', ['data/logs/a.log -> /x/logs/a.log']],
    ['COPY --exclude=logs data /x/', ['data/app.db -> /x/app.db']],
    ['COPY --exclude=*.log data /x/', ['data/app.db -> /x/app.db', 'data/logs/a.log -> /x/logs/a.log']],
    ['COPY --exclude=**/*.log --exclude=app.db data /x/', []],
    ['COPY --exclude=* --exclude=!app.db data /x/', ['data/app.db -> /x/app.db']],
    ['COPY --exclude=b.* src/*.ts /x/', ['src/a.ts -> /x/a.ts']],
  ])('%s', (line, expected) => {
    expect(copied(context, line)).toEqual(expected);
  });
});

describe('--parents', () => {
  test.each([
    ['COPY --parents src/lib/c.ts /x', ['src/lib/c.ts -> /x/src/lib/c.ts']],
    ['COPY --parents ./src/lib /x/', ['src/lib/c.ts -> /x/src/lib/c.ts']],
    ['COPY --parents src/./lib/c.ts /x/', ['src/lib/c.ts -> /x/lib/c.ts']],
    ['COPY --parents ./src/./*.ts /x/', ['src/a.ts -> /x/a.ts', 'src/b.ts -> /x/b.ts']],
    [
      'COPY --parents src/**/*.ts /x/',
      ['src/a.ts -> /x/src/a.ts', 'src/b.ts -> /x/src/b.ts', 'src/lib/c.ts -> /x/src/lib/c.ts'],
    ],
    ['COPY --parents s*/./lib /x/', ['src/lib/c.ts -> /x/lib/c.ts']],
    ['COPY --parents=false src/a.ts /x/', ['src/a.ts -> /x/a.ts']],
  ])('%s', (line, expected) => {
    expect(copied(context, line)).toEqual(expected);
  });
});

describe('links that lead', () => {
  const directory = treeOf({
    'a/up': '-> ..',
    'a/f': '',
    'b/gone': '-> nowhere',
    'b/f': '',
    hidden: '-> c/secret',
    'c/secret': '',
    '.dockerignore': 'c',
  });
  const linked = readBuildContext(diskFiles(), directory, undefined);

  test('to the context itself', () => {
    expect(copied(linked, 'COPY a/up/b /x')).toEqual(['b/f -> /x/f', 'b/gone -> /x/gone']);
    expect(copied(linked, 'COPY a/up /x')).toContain('b/f -> /x/b/f');
  });

  test('to what is left out', () => {
    expect(copied(linked, 'COPY hidden /x')).toEqual([]);
    expect(copied(linked, 'COPY a/f hidden /x/')).toEqual([]);
  });

  test('nowhere: what they lead to may yet be made', () => {
    expect(copied(linked, 'COPY a/f b/gone /x/')).toEqual(['a/f -> /x/f']);
  });

  test('up and out of the context, or to the root of a machine: the context is all there is', () => {
    const out = treeOf({
      'a/f': '',
      up: '-> ../../..',
      deep: '-> ../a',
      root: '-> /a',
      'in/b': '-> ../root/f',
      slash: '-> ./a/f/',
      loop: '-> loop',
    });
    const clamped = readBuildContext(diskFiles(), out, undefined);
    expect(copied(clamped, 'COPY up/a /x')).toEqual(['a/f -> /x/f']);
    expect(copied(clamped, 'COPY deep /x')).toEqual(['a/f -> /x/f']);
    expect(copied(clamped, 'COPY root /x')).toEqual(['a/f -> /x/f']);
    expect(copied(clamped, 'COPY in/b /x')).toEqual(['a/f -> /x']);
    expect(copied(clamped, 'COPY slash /x')).toEqual(['a/f -> /x']);
    expect(copied(clamped, 'COPY a/f loop /x/')).toEqual([]);
    fs.symlinkSync(`${out}/a`, `${out}/host`);
    expect(copied(readBuildContext(diskFiles(), out, undefined), 'COPY host /x')).toEqual([]);
  });

  test('nowhere, below a directory that a pattern finds: the builder ends', () => {
    expect(copied(linked, 'COPY b /x')).toEqual(['b/f -> /x/f', 'b/gone -> /x/gone']);
    expect(copied(linked, 'COPY b* /x')).toEqual([]);
  });
});

describe('links', () => {
  const directory = treeOf({
    'real/a': '',
    'real/sub/b': '',
    to: '-> real',
    file: '-> real/a',
    'tree/up': '-> ../real',
    out: '-> /etc',
  });
  const linked = readBuildContext(diskFiles(), directory, undefined);

  test('a source that is one is followed, those below a source are not', () => {
    expect(copied(linked, 'COPY to /x')).toEqual(['real/a -> /x/a', 'real/sub/b -> /x/sub/b']);
    expect(copied(linked, 'COPY to/sub /x')).toEqual(['real/sub/b -> /x/b']);
    expect(copied(linked, 'COPY file /x/')).toEqual(['real/a -> /x/file']);
    expect(copied(linked, 'COPY tree /x')).toEqual(['tree/up -> /x/up']);
    expect(copied(linked, 'COPY out /x/')).toEqual([]);
  });
});
