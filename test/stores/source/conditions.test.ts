import { describe } from 'vitest';
import { type Files, table } from './scanning.ts';

const SETTINGS = `export const KIND = process.env.SHOP_DB_KIND || 'sqlite';
export const FOLDER = process.env.SHOP_FOLDER || '/data';
`;
const OPENING = `import path from 'path';
import { Sequelize } from 'sequelize';
import { FOLDER, KIND } from './settings';
let database: Sequelize;
if (KIND === 'postgres') {
  database = new Sequelize('shop', 'shop', '', { dialect: 'postgres' });
} else {
  database = new Sequelize({ dialect: 'sqlite', storage: path.join(FOLDER, 'shop.db') });
}
export default database;
`;
const shop = (opening = OPENING, settings = SETTINGS): Files => ({ 'settings.ts': settings, 'database.ts': opening });

const inBranch = (test: string): string =>
  `import Database from 'better-sqlite3';\nif (${test}) {\n  new Database('/data/shop.db');\n}\n`;
const otherwise = (test: string): string =>
  `import Database from 'better-sqlite3';\nif (${test}) {\n  connect();\n} else {\n  new Database('/data/shop.db');\n}\n`;

const PY_SETTINGS = 'import os\nKIND = os.getenv("SHOP_DB_KIND", "sqlite")\n';
const PY = `import sqlite3
from settings import KIND
if KIND == "postgres":
    database = connect()
else:
    database = sqlite3.connect("/data/shop.db")
`;

const OPEN = ['sqlite /data/shop.db'];
const ELSEWHERE = ['sqlite elsewhere'];

describe('What opens a store in a branch: catches', () => {
  table('ts', [
    ['the default of another module', shop(), OPEN],
    ['the kind that the environment names', shop(), OPEN, { SHOP_DB_KIND: 'sqlite' }],
    ['another variable than the one that is read', shop(), OPEN, { DB_KIND: 'postgres' }],
    ['a test that holds', inBranch("process.env.KIND === 'sqlite'"), OPEN, { KIND: 'sqlite' }],
    ['what is not set is not another', inBranch("process.env.KIND !== 'postgres'"), OPEN],
    ['no server is set', otherwise('process.env.DATABASE_URL'), OPEN],
    ['a server that is set to nothing', otherwise('process.env.DATABASE_URL'), OPEN, { DATABASE_URL: '' }],
    ['a test of something else', inBranch('ask()'), OPEN],
    ['two tests in one', inBranch("process.env.KIND === 'postgres' && ask()"), OPEN],
    ['one of two tests', inBranch("process.env.KIND === 'sqlite' || ask()"), OPEN],
    ['a part of what is not set', otherwise("process.env.DATABASE_URL?.startsWith('postgres')"), OPEN],
    [
      'a parameter',
      `import Database from 'better-sqlite3';\nfunction open(kind: string) {\n  if (kind === 'sqlite') new Database('/data/shop.db');\n}\nopen(process.env.KIND ?? 'sqlite');\n`,
      OPEN,
    ],
  ]);
  table('py', [
    ['Python', { 'settings.py': PY_SETTINGS, 'database.py': PY }, OPEN],
    [
      'Python, the third of three',
      `import os, sqlite3\nkind = os.getenv("KIND", "x")\nif kind == "a":\n    pass\nelif kind == "b":\n    pass\nelse:\n    sqlite3.connect("/data/shop.db")\n`,
      OPEN,
    ],
    ['where it is started', 'import sqlite3\nif __name__ == "__main__":\n    sqlite3.connect("/data/shop.db")\n', OPEN],
  ]);
});

describe('What opens a store in a branch: catches not', () => {
  table('ts', [
    ['the kind that the environment names', shop(), ELSEWHERE, { SHOP_DB_KIND: 'postgres' }],
    ['a kind that is not known', shop(), ['sqlite ? the value of `SHOP_DB_KIND` is not known'], { SHOP_DB_KIND: null }],
    ['the default of another module', shop(OPENING, SETTINGS.replace("'sqlite'", "'postgres'")), ELSEWHERE],
    [
      'what another module passes on',
      {
        ...shop(OPENING.replace("'./settings'", "'./all'")),
        'all.ts': "export * from './settings';\n",
      },
      ELSEWHERE,
      { SHOP_DB_KIND: 'postgres' },
    ],
    [
      'an object of settings',
      {
        'settings.ts': "export const settings = { kind: process.env.SHOP_DB_KIND ?? 'sqlite' };\n",
        'database.ts': `import Database from 'better-sqlite3';\nimport { settings } from './settings';\nif (settings.kind !== 'sqlite') {\n  connect();\n} else {\n  new Database('/data/shop.db');\n}\n`,
      },
      ELSEWHERE,
      { SHOP_DB_KIND: 'mysql' },
    ],
    ['a test that does not hold', inBranch("process.env.KIND === 'sqlite'"), ELSEWHERE],
    ['a server that is set', otherwise('process.env.DATABASE_URL'), ELSEWHERE, { DATABASE_URL: 'postgres://db/shop' }],
    [
      'a server that may be set',
      otherwise('process.env.DATABASE_URL'),
      ['sqlite ? the value of `DATABASE_URL` is not known'],
      { DATABASE_URL: null },
    ],
    ['it is not the kind', inBranch("!(process.env.KIND === 'postgres')"), ELSEWHERE, { KIND: 'postgres' }],
    [
      'the second of three',
      `import Database from 'better-sqlite3';\nif (process.env.KIND === 'postgres') {\n  connect();\n} else if (process.env.KIND === 'mysql') {\n  connect();\n} else {\n  new Database('/data/shop.db');\n}\n`,
      ELSEWHERE,
      { KIND: 'mysql' },
    ],
    [
      'a branch inside another',
      `import Database from 'better-sqlite3';\nif (process.env.KIND !== 'postgres') {\n  if (ask()) {\n    new Database('/data/shop.db');\n  }\n}\n`,
      ELSEWHERE,
      { KIND: 'postgres' },
    ],
    [
      'a function in a branch',
      `import Database from 'better-sqlite3';\nif (process.env.KIND !== 'postgres') {\n  const open = () => new Database('/data/shop.db');\n  open();\n}\n`,
      ELSEWHERE,
      { KIND: 'postgres' },
    ],
  ]);
  table('py', [
    ['Python', { 'settings.py': PY_SETTINGS, 'database.py': PY }, ELSEWHERE, { SHOP_DB_KIND: 'postgres' }],
    [
      'Python, and the kind is not known',
      { 'settings.py': PY_SETTINGS, 'database.py': PY },
      ['sqlite ? the value of `SHOP_DB_KIND` is not known'],
      { SHOP_DB_KIND: null },
    ],
    [
      'Python, a member of the settings',
      {
        'settings.py': PY_SETTINGS,
        'database.py': PY.replace('from settings import KIND', 'import settings').replace(
          'KIND ==',
          'settings.KIND ==',
        ),
      },
      ELSEWHERE,
      { SHOP_DB_KIND: 'postgres' },
    ],
  ]);
});
