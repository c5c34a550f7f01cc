import { describe } from 'vitest';
import { table } from './scanning.ts';

describe('Python: catches key-value stores', () => {
  table('py', [
    ['dbm', "import dbm\nwith dbm.open('data/state', 'c') as db:\n    pass", ['dbm /app/data/state']],
    ['dbm by a flag of its name', "import dbm.gnu\ndb = dbm.gnu.open('/data/state', flag='n')", ['dbm /data/state']],
    ['pickleDB', "import pickledb\ndb = pickledb.load('users.db', True)", ['pickledb /app/users.db']],
    [
      'pickleDB of today',
      "from pickledb import PickleDB\ndb = PickleDB('data/users.json')",
      ['pickledb /app/data/users.json'],
    ],
    [
      'a function that is handed the path',
      "import os, pickledb\ndef open_store(path):\n    return pickledb.load(path, False)\nopen_store(os.path.join(os.environ.get('DATA', 'data'), 'a.db'))",
      ['pickledb /srv/a.db'],
      { DATA: '/srv' },
    ],
  ]);
});

describe('Python: catches no key-value stores', () => {
  table('py', [
    ['dbm for reading', "import dbm\ndb = dbm.open('state')", []],
    ['dbm for reading, said so', "import dbm\ndb = dbm.open('state', 'r')", []],
    ['another open', "import dbm\ndb = open('state', 'w')", []],
    ['what dbm a file is of', "import dbm\ndbm.whichdb('state')", []],
    ['another load', "import pickle\npickle.load('users.db', True)", []],
    [
      'a module of the application',
      { 'main.py': "from store import load\nload('users.db', True)", 'store.py': 'def load(a, b): pass' },
      [],
    ],
    ['a test', { 'test_a.py': "import pickledb\npickledb.load('a.db', True)" }, []],
    ['a comment', "import pickledb\n# pickledb.load('a.db', True)", []],
    ['a temporary folder', "import dbm, tempfile\ndbm.open(tempfile.mkdtemp(), 'c')", ['dbm /tmp']],
  ]);
});

describe('JavaScript: catches key-value stores', () => {
  table('ts', [
    ['Enmap', "const Enmap = require('enmap');\nconst scores = new Enmap({ name: 'scores' });", ['enmap /app/data']],
    [
      'Enmap in a folder',
      "import Enmap from 'enmap';\nnew Enmap({ name: 'scores', dataDir: '/srv/scores' });",
      ['enmap /srv/scores'],
    ],
    ['quick.db', "import { QuickDB } from 'quick.db';\nconst db = new QuickDB();", ['sqlite /app/json.sqlite']],
    [
      'quick.db, with a file',
      "const { QuickDB } = require('quick.db');\nnew QuickDB({ filePath: './data/bot.sqlite' });",
      ['sqlite /app/data/bot.sqlite'],
    ],
    [
      'quick.db, with its driver',
      "import { QuickDB, SqliteDriver } from 'quick.db';\nnew QuickDB({ driver: new SqliteDriver('bot.sqlite') });",
      ['sqlite /app/bot.sqlite'],
    ],
    ['Keyv', "import Keyv from 'keyv';\nnew Keyv('sqlite:///data/k.sqlite');", ['sqlite /data/k.sqlite']],
    [
      'Keyv, with options',
      "const { Keyv } = require('keyv');\nnew Keyv({ uri: 'sqlite://k.sqlite' });",
      ['sqlite /app/k.sqlite'],
    ],
    [
      'lowdb, the second version',
      "import { Low, JSONFile } from 'lowdb';\nnew Low(new JSONFile('db.json'));",
      ['lowdb /app/db.json'],
    ],
    [
      'level of old',
      "const level = require('level');\nconst db = level('./my-db', { valueEncoding: 'json' });",
      ['leveldb /app/my-db'],
    ],
  ]);
});

describe('JavaScript: catches no key-value stores', () => {
  table('ts', [
    ['Enmap in memory', "import Enmap from 'enmap';\nnew Enmap();", []],
    ['Enmap in memory, said so', "import Enmap from 'enmap';\nnew Enmap({ name: 'scores', inMemory: true });", []],
    ['Enmap in memory by its name', "import Enmap from 'enmap';\nnew Enmap({ name: '::memory::' });", []],
    ['Enmap with a provider', "import Enmap from 'enmap';\nnew Enmap({ name: 'a', provider: new Mongo() });", []],
    [
      'quick.db with another driver',
      "import { QuickDB, MySQLDriver } from 'quick.db';\nnew QuickDB({ driver: new MySQLDriver({}) });",
      [],
    ],
    ['quick.db with options from elsewhere', "import { QuickDB } from 'quick.db';\nnew QuickDB(...options());", []],
    ['Keyv elsewhere', "import Keyv from 'keyv';\nnew Keyv('redis://cache:6379');", []],
    ['Keyv by a variable', "import Keyv from 'keyv';\nnew Keyv(process.env.CACHE_URL);", []],
    ['Keyv in memory', "import Keyv from 'keyv';\nnew Keyv();", []],
    ['Keyv in memory, by a URL', "import Keyv from 'keyv';\nnew Keyv('sqlite://:memory:');", []],
    ['lowdb in memory', "import { Low, Memory } from 'lowdb';\nnew Low(new Memory());", []],
    ['level with a store of its own', "import level from 'level';\nlevel(makeStore());", []],
    [
      'a class of the application',
      { 'main.ts': "import { QuickDB } from './quick';\nnew QuickDB();", 'quick.ts': 'export class QuickDB {}' },
      [],
    ],
    ['a type alone', "import type { QuickDB } from 'quick.db';\nlet db: QuickDB;", []],
    ['a comment', "import { QuickDB } from 'quick.db';\n// new QuickDB();", []],
    ['a test', { 'a.test.ts': "import { QuickDB } from 'quick.db';\nnew QuickDB();" }, []],
  ]);
});
