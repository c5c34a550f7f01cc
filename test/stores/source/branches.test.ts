// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is scanned has them.
import { describe } from 'vitest';
import { table } from './scanning.ts';

const ENGINE = 'from sqlalchemy import create_engine\nimport os\n';
const LOCATION = `${ENGINE}where = os.getenv("DB", "data")\n`;
const OPEN = 'engine = create_engine(url)\n';
const EITHER = `${LOCATION}if "://" in where:\n    url = where\nelse:\n    url = f"sqlite:////srv/{where}/app.db"\n${OPEN}`;

const CLASS = [
  'import os',
  'from sqlalchemy.ext.asyncio import create_async_engine',
  'class Ledger:',
  '    def __init__(self, name: str, location: str):',
  '        self.location = location',
  '        self.is_url = "://" in self.location',
  '        if self.is_url:',
  '            uri = self.location',
  '            if uri.startswith("postgres://"):',
  '                uri = uri.replace("postgres://", "postgresql://")',
  '        else:',
  '            self.path = os.path.join(self.location, f"{name}.db")',
  '            uri = f"sqlite+aiosqlite:///{self.path}?timeout=5"',
  '        self.engine = create_async_engine(uri)',
  '',
].join('\n');

describe('A path that a test of a text chooses: catches', () => {
  table('py', [
    ['what is added to it', `${ENGINE}url = "sqlite:///x"\nurl += ".db?timeout=5"\n${OPEN}`, ['sqlite /app/x.db']],
    ['the branch of the default', EITHER, ['sqlite /srv/data/app.db']],
    ['the branch of what the environment sets', EITHER, ['sqlite /srv/other/app.db'], { DB: 'other' }],
    ['the test kept by an object', `${CLASS}Ledger("coins", os.getenv("DB", "data"))`, ['sqlite /app/data/coins.db']],
    ['the test kept by an object, of a constant', `${CLASS}Ledger("coins", "data")`, ['sqlite /app/data/coins.db']],
    [
      'what is put in front where it lacks',
      `${LOCATION}url = where\nif not url.startswith("sqlite"):\n    url = f"sqlite:///{url}/app.db"\n${OPEN}`,
      ['sqlite /app/data/app.db'],
    ],
    [
      'the spelling of a server put right',
      `${ENGINE}url = os.getenv("DB", "sqlite:///app.db")\nif url.startswith("postgres://"):\n    url = url.replace("postgres://", "postgresql://", 1)\n${OPEN}`,
      ['sqlite /app/app.db'],
    ],
    [
      'a kind of database that is named',
      `${ENGINE}kind = os.getenv("DB_KIND", "sqlite")\nif kind == "postgres":\n    url = f"postgresql://{os.environ['HOST']}/x"\nelse:\n    url = "sqlite:///x.db"\n${OPEN}`,
      ['sqlite /app/x.db'],
    ],
    [
      'a kind that nobody names',
      `${ENGINE}if os.getenv("DB_KIND") != "postgres":\n    url = "sqlite:///x.db"\nelse:\n    url = "postgresql://db/x"\n${OPEN}`,
      ['sqlite /app/x.db'],
    ],
    [
      'an early return',
      `${ENGINE}def where():\n    url = os.getenv("DB", "x.db")\n    if "://" in url:\n        return url\n    return f"sqlite:///{url}"\ncreate_engine(where())`,
      ['sqlite /app/x.db'],
    ],
    [
      'an expression',
      `${LOCATION}create_engine(where if "://" in where else f"sqlite:///{where}.db")`,
      ['sqlite /app/data.db'],
    ],
  ]);
  table('ts', [
    [
      'JavaScript',
      "import Database from 'better-sqlite3';\nlet file = process.env.DB ?? 'file:app.db';\nif (file.startsWith('file:')) {\n  file = '/srv/app.db';\n} else {\n  file = `${file}/x.db`;\n}\nnew Database(file);",
      ['sqlite /srv/app.db'],
    ],
    [
      'an expression of JavaScript',
      "import Database from 'better-sqlite3';\nnew Database(process.env.NODE_ENV === 'production' ? '/data/app.db' : './dev.db');",
      ['sqlite /data/app.db'],
      { NODE_ENV: 'production' },
    ],
  ]);
});

describe('A path that a test of a text chooses: catches not', () => {
  table('py', [
    ['what is changed in a way of its own', `${ENGINE}url = "sqlite:///x.db"\nurl *= 2\n${OPEN}`, []],
    [
      'what is added is not known',
      `${ENGINE}url = "sqlite:///"\nurl += name()\n${OPEN}`,
      ['sqlite ? the path is computed by `name`'],
    ],
    ['a server in the environment', EITHER, ['sqlite elsewhere'], { DB: 'postgresql://db/x' }],
    ['an environment that is not known', EITHER, ['sqlite ? the value of `DB` is not known'], { DB: null }],
    [
      'a server as the default',
      `${CLASS}Ledger("coins", os.getenv("DB", "postgres://db/x"))`,
      ['sqlite ? the path is computed by `uri.replace`'],
    ],
    ['a server that is handed over', `${CLASS}Ledger("coins", "mysql://db/x")`, []],
    [
      'the kind of another database',
      `${ENGINE}if os.getenv("DB_KIND", "postgres") == "sqlite":\n    url = "sqlite:///x.db"\nelse:\n    url = "postgresql://db/x"\n${OPEN}`,
      ['sqlite elsewhere'],
    ],
    [
      'a test of something else',
      `${ENGINE}if ask():\n    url = "sqlite:///x.db"\nelse:\n    url = "sqlite:///y.db"\n${OPEN}`,
      [],
    ],
    [
      'a test inside a test of something else',
      `${LOCATION}url = "sqlite:///y.db"\nif ask():\n    if "://" in where:\n        url = "sqlite:///x.db"\n${OPEN}`,
      [],
    ],
    [
      'a second test, where the first does not hold',
      `${LOCATION}url = "sqlite:///z.db"\nif "a" in where:\n    url = "sqlite:///x.db"\nelif "d" in where:\n    url = "sqlite:///y.db"\n${OPEN}`,
      [],
    ],
    [
      'set by a function that may not run',
      `${LOCATION}url = "sqlite:///x.db"\ndef other():\n    global url\n    if "data" in where:\n        url = "sqlite:///y.db"\ndef run():\n    create_engine(url)`,
      [],
    ],
    [
      'a list',
      `${LOCATION}if where in ["data", "x"]:\n    url = "sqlite:///x.db"\nelse:\n    url = "sqlite:///y.db"\n${OPEN}`,
      [],
    ],
    [
      'what has no text to be asked',
      `${ENGINE}where = os.environ["DB"]\nif "://" in where:\n    url = where\nelse:\n    url = "sqlite:///y.db"\n${OPEN}`,
      ['sqlite ? `DB` is not set'],
    ],
    [
      'a setting of an environment',
      `${ENGINE}if "DB" in os.environ:\n    url = os.environ["DB"]\nelse:\n    url = "sqlite:///y.db"\n${OPEN}`,
      ['sqlite elsewhere'],
      { DB: 'postgresql://db/x' },
    ],
  ]);
  table('ts', [
    [
      'two places by a list',
      "import Database from 'better-sqlite3';\nnew Database(process.argv.includes('--dev') ? './dev.db' : '/data/app.db');",
      ['sqlite ? the path depends on a condition'],
    ],
    [
      'an environment of JavaScript that is not known',
      "import Database from 'better-sqlite3';\nnew Database(process.env.NODE_ENV === 'production' ? '/data/app.db' : './dev.db');",
      ['sqlite ? the value of `NODE_ENV` is not known'],
      { NODE_ENV: null },
    ],
  ]);
});
