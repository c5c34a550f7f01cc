import { describe, expect, it } from 'vitest';
import { type SqliteTarget, sqlitePath } from '../../../server/stores/source/sqlite-url.ts';

const show = (target: SqliteTarget | null): string => {
  if (!target) return 'none';
  if (target.kind === 'memory') return 'memory';
  if (target.kind === 'ambiguous') return `${target.sqlalchemy} | ${target.sqlx}`;
  return `${target.absolute ? 'absolute' : 'relative'} ${target.path}${target.readOnly ? ' ro' : ''}`;
};

/** URL; as SQLAlchemy, SQLx, Prisma and plain libraries read it; and where the library is not known. */
const TABLE: readonly (readonly [string, string, string, string, string, string])[] = [
  [
    'sqlite:///x/y.db',
    'relative x/y.db',
    'absolute /x/y.db',
    'absolute /x/y.db',
    'absolute /x/y.db',
    'x/y.db | /x/y.db',
  ],
  [
    'sqlite:////x/y.db',
    'absolute /x/y.db',
    'absolute /x/y.db',
    'absolute /x/y.db',
    'absolute /x/y.db',
    'absolute /x/y.db',
  ],
  ['sqlite://x/y.db', 'none', 'relative x/y.db', 'relative x/y.db', 'relative x/y.db', 'relative x/y.db'],
  ['sqlite://./y.db', 'none', 'relative y.db', 'relative y.db', 'relative y.db', 'relative y.db'],
  ['sqlite:y.db', 'none', 'relative y.db', 'relative y.db', 'relative y.db', 'relative y.db'],
  ['sqlite:///./y.db', 'relative y.db', 'absolute /y.db', 'absolute /y.db', 'absolute /y.db', 'y.db | /y.db'],
  ['file:./y.db', 'relative y.db', 'relative y.db', 'relative y.db', 'relative y.db', 'relative y.db'],
  ['file:y.db', 'relative y.db', 'relative y.db', 'relative y.db', 'relative y.db', 'relative y.db'],
  [
    'file:///d/y.db',
    'absolute /d/y.db',
    'absolute /d/y.db',
    'absolute /d/y.db',
    'absolute /d/y.db',
    'absolute /d/y.db',
  ],
  [
    'file:/d/y.db?mode=ro',
    'absolute /d/y.db ro',
    'absolute /d/y.db ro',
    'absolute /d/y.db ro',
    'absolute /d/y.db ro',
    'absolute /d/y.db ro',
  ],
  ['sqlite://', 'memory', 'memory', 'memory', 'memory', 'memory'],
  ['sqlite:///:memory:', 'memory', 'memory', 'memory', 'memory', 'memory'],
  ['sqlite::memory:', 'none', 'memory', 'memory', 'memory', 'memory'],
  ['y.db', 'none', 'none', 'none', 'relative y.db', 'none'],
  ['/d/y.db', 'none', 'none', 'none', 'absolute /d/y.db', 'none'],
  ['postgres://u:p@db/x', 'none', 'none', 'none', 'none', 'none'],
  ['libsql://x.turso.io', 'none', 'none', 'none', 'none', 'none'],
];

describe('a SQLite URL', () => {
  it.each(TABLE)('%s', (url, alchemy, sqlx, prisma, plain, unknown) => {
    expect([
      show(sqlitePath(url, 'sqlalchemy')),
      show(sqlitePath(url, 'sqlx')),
      show(sqlitePath(url, 'prisma')),
      show(sqlitePath(url, 'plain')),
      show(sqlitePath(url)),
    ]).toEqual([alchemy, sqlx, prisma, plain, unknown]);
  });

  it.each([
    ['sqlite+aiosqlite:///x.db', 'relative x.db'],
    ['sqlite+pysqlite:////x.db', 'absolute /x.db'],
    ['sqlite+aiosqlite://', 'memory'],
    ['sqlite:////d/x.db?timeout=30', 'absolute /d/x.db'],
    ['sqlite:////d/x.db?mode=ro', 'absolute /d/x.db ro'],
    ['sqlite:////d/x.db?mode=rwc', 'absolute /d/x.db'],
    ['sqlite:////d/x.db?immutable=1', 'absolute /d/x.db ro'],
    ['sqlite://x?mode=memory&cache=shared', 'memory'],
    ['file:memdb1?mode=memory&cache=shared', 'memory'],
    ['file::memory:?cache=shared', 'memory'],
    ['file://localhost/d/x.db', 'absolute /d/x.db'],
    ['file:a%20b.db', 'relative a b.db'],
    ['file:a%zz.db', 'relative a%zz.db'],
    ['sqlite:///C:/d/x.db', 'absolute C:/d/x.db'],
    ['sqlite:///C:\\d\\x.db', 'absolute C:/d/x.db'],
    ['sqlite:////d/../e//x.db', 'absolute /e/x.db'],
    ['jdbc:sqlite:/d/x.db', 'absolute /d/x.db'],
    ['jdbc:sqlite:x.db', 'relative x.db'],
    ['sqlite3:////d/x.db', 'absolute /d/x.db'],
    ['  sqlite:////d/x.db\n', 'absolute /d/x.db'],
    ['sqlite+aiosqlite:///file:d/x.db?mode=ro&uri=true', 'relative d/x.db ro'],
    ['', 'none'],
    ['mysqlite:///x', 'none'],
  ])('%s, whichever library reads it', (url, expected) => {
    expect(show(sqlitePath(url))).toBe(expected);
  });

  it('of another database is none, however it is read', () => {
    for (const url of ['mysql://x/y', 'http://x', 'mongodb+srv://x', 'redis://r:6379/0']) {
      expect(sqlitePath(url, 'plain')).toBeNull();
    }
  });
});
