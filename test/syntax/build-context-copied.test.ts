import { describe, expect, test } from 'vitest';
import { diskFiles } from '../../server/files.ts';
import type { BuildContext } from '../../server/syntax/build-context.ts';
import { copiedFiles, readBuildContext } from '../../server/syntax/build-context.ts';
import { contextOf, treeOf } from './build-context-tree.ts';
import { copiesOf, copyOf, stageOf } from './dockerfile-reading.ts';

/** `file -> destination` of one line. */
const copied = (context: BuildContext, line: string): string[] =>
  copiedFiles(context, copyOf(line)).map(({ file, destination }) => `${file} -> ${destination}`);

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
    ['COPY app.py /srv', ['app.py -> /srv/app.py']],
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
    expect(copied(linked, 'COPY out /x/')).toEqual(['out -> /x/out']);
  });
});
