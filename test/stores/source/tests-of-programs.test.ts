import { describe } from 'vitest';
import { table } from './scanning.ts';

describe('Tests of a program: catches', () => {
  table('py', [
    [
      'a test that names its file',
      'import sqlite3\ndef test_connection():\n    sqlite3.connect("app.db")',
      ['sqlite /app/app.db'],
    ],
    [
      'a parameter of a function that is no test',
      'import sqlite3\ndef testing(path):\n    sqlite3.connect(path)',
      ['sqlite ? the path is a parameter of `testing`, and no call of `testing` was found'],
    ],
  ]);
});

describe('Tests of a program: catches not', () => {
  table('py', [
    ['what pytest hands over', 'import sqlite3\ndef test_it(tmp_path):\n    sqlite3.connect(tmp_path / "x.db")', []],
    [
      'a function within a test',
      'import duckdb\ndef test_it(where):\n    def connect():\n        return duckdb.connect(where)\n    connect()',
      [],
    ],
    [
      'a method of a test',
      'import sqlite3\nclass TestShop:\n    def test_it(self, shop_db):\n        sqlite3.connect(shop_db)',
      [],
    ],
    ['the tests of a Django application', { 'shop/tests.py': 'import sqlite3\nsqlite3.connect("x.db")' }, []],
  ]);
});
