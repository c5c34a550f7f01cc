import { describe } from 'vitest';
import { table } from './scanning.ts';

const py = (lines: string, path: string): string => `import os, sqlite3\n${lines}\nsqlite3.connect(${path})\n`;
const ts = (lines: string, path: string): string =>
  `import path from 'node:path';\nimport Database from 'better-sqlite3';\n${lines}\nnew Database(${path});\n`;

describe('Python: where the path comes from', () => {
  table('py', [
    ['a constant', py('DB = "a.db"', 'DB'), ['sqlite /app/a.db']],
    [
      'a constant set twice',
      py('DB = "a.db"\ndef f():\n  global DB\n  DB = "b.db"\ndef g(): sqlite3.connect(DB)', '"c.db"'),
      ['sqlite ? `DB` is set to different values in several places', 'sqlite /app/c.db'],
    ],
    ['the last of two in a row', py('p = "a.db"\np = "b.db"', 'p'), ['sqlite /app/b.db']],
    ['refined', py('p = "a.db"\np = os.path.join("/data", p)', 'p'), ['sqlite /data/a.db']],
    [
      'one of two branches',
      py('if x:\n  p = "a.db"\nelse:\n  p = "b.db"', 'p'),
      ['sqlite ? `p` is set to different values in several places'],
    ],
    [
      'in its own branch',
      py('if x:\n  p = "a.db"\n  sqlite3.connect(p)\nelse:\n  p = "b.db"\n  sqlite3.connect(p)', '"c"'),
      ['sqlite /app/a.db', 'sqlite /app/b.db', 'sqlite /app/c'],
    ],
    ['filled in when missing', py('p = os.getenv("P")\nif not p:\n  p = "a.db"', 'p'), ['sqlite /app/a.db']],
    [
      'filled in when missing, but set',
      py('p = os.environ.get("P")\nif p is None:\n  p = "a.db"', 'p'),
      ['sqlite /data/x'],
      { P: '/data/x' },
    ],
    ['environment with a default', py('', 'os.environ.get("P", "/d/a.db")'), ['sqlite /d/a.db']],
    ['environment that is set', py('', 'os.getenv("P", default="/d/a.db")'), ['sqlite /data/b'], { P: '/data/b' }],
    [
      'environment whose value is not known',
      py('', 'os.getenv("P", "/d/a.db")'),
      ['sqlite ? the value of `P` is not known'],
      { P: null },
    ],
    ['environment that must be set', py('', 'os.environ["P"]'), ['sqlite ? `P` is not set']],
    ['or', py('', 'os.getenv("P") or "a.db"'), ['sqlite /app/a.db']],
    ['decouple', py('from decouple import config', 'config("P", default="a.db")'), ['sqlite /app/a.db']],
    ['environ', py('import environ\nenv = environ.Env()', 'env.str("P", default="a.db")'), ['sqlite /app/a.db']],
    [
      'beside the file',
      { 'src/x.py': py('', 'os.path.join(os.path.dirname(os.path.realpath(__file__)), "a.db")') },
      ['sqlite /app/src/a.db'],
    ],
    [
      'pathlib',
      {
        'src/pkg/x.py': py(
          'from pathlib import Path\nROOT = Path(__file__).resolve().parents[1]',
          'str(ROOT / "data" / "a.db")',
        ),
      },
      ['sqlite /app/src/data/a.db'],
    ],
    [
      'pathlib with parents and joinpath',
      { 'src/x.py': py('import pathlib', 'pathlib.Path(__file__).parent.parent.joinpath("a", "b.db").as_posix()') },
      ['sqlite /app/a/b.db'],
    ],
    ['an absolute part starts anew', py('', 'os.path.join("/a", "/b", "c.db")'), ['sqlite /b/c.db']],
    ['working directory', py('', 'os.path.join(os.getcwd(), "a.db")'), ['sqlite /app/a.db']],
    ['home', py('', 'os.path.expanduser("~/.x/a.db")'), ['sqlite /root/.x/a.db']],
    ['home by pathlib', py('from pathlib import Path', 'Path.home() / "a.db"'), ['sqlite /root/a.db']],
    [
      'home by pathlib, expanded',
      py('from pathlib import Path', 'Path("~", "a.db").expanduser()'),
      ['sqlite /root/a.db'],
    ],
    ['temporary', py('import tempfile', 'os.path.join(tempfile.gettempdir(), "a.db")'), ['sqlite /tmp/a.db']],
    ['temporary directory', py('import tempfile\nd = tempfile.mkdtemp()', 'f"{d}/a.db"'), ['sqlite /tmp/a.db']],
    ['format', py('d = "/data"', '"{}/{name}.db".format(d, name="x")'), ['sqlite /data/x.db']],
    ['percent', py('d = "/data"', '"%s/a.db" % d'), ['sqlite /data/a.db']],
    ['plus', py('d = "/data/"', 'd + "a" + ".db"'), ['sqlite /data/a.db']],
    [
      'a function that gives it back',
      py('def where():\n  base = os.getenv("D", "/data")\n  return os.path.join(base, "a.db")', 'where()'),
      ['sqlite /data/a.db'],
    ],
    [
      'a function that gives back its parameter',
      py('def under(name):\n  return f"/data/{name}"', 'under("a.db")'),
      ['sqlite /data/a.db'],
    ],
    ['a dictionary', py('C = {"db": {"path": "/d/a.db"}}', 'C["db"]["path"]'), ['sqlite /d/a.db']],
    ['get of a dictionary', py('C = {"x": 1}', 'C.get("path", "a.db")'), ['sqlite /app/a.db']],
    ['a condition', py('', '"a.db" if x else "b.db"'), ['sqlite ? the path depends on a condition']],
    ['a condition on itself', py('p = os.getenv("P")', 'p if p else "b.db"'), ['sqlite /app/b.db']],
    ['the command line', py('import sys', 'sys.argv[1]'), ['sqlite ? `sys.argv` is not set in the code']],
    ['several at once', py('a, b = "a.db", "b.db"', 'b'), ['sqlite /app/b.db']],
    ['a loop', py('for p in ps: sqlite3.connect(p)', '"a"'), ['sqlite ? `p`: changes in a loop', 'sqlite /app/a']],
  ]);
});

describe('Python: from other files', () => {
  table('py', [
    [
      'a constant',
      { 'config.py': 'DB_PATH = "/data/a.db"', 'app.py': py('from config import DB_PATH as P', 'P') },
      ['sqlite /data/a.db'],
    ],
    [
      'a constant of a module',
      {
        'app/config.py': 'import os\nDATA = os.getenv("DATA", "/data")',
        'app/main.py': py('from app import config', 'os.path.join(config.DATA, "a.db")'),
      },
      ['sqlite /data/a.db'],
    ],
    [
      'a dotted module',
      {
        'app/__init__.py': '',
        'app/core/config.py': 'P = "a.db"',
        'app/main.py': py('import app.core.config', 'app.core.config.P'),
      },
      ['sqlite /app/a.db'],
    ],
    [
      'relative',
      {
        'app/core/config.py': 'P = "a.db"',
        'app/db/x.py': py('from ..core.config import P', 'P'),
        'app/y.py': py('from .core import config as c', 'c.P'),
      },
      ['sqlite /app/a.db', 'sqlite /app/a.db'],
    ],
    ['everything', { 'config.py': 'P = "a.db"', 'x.py': py('from config import *', 'P') }, ['sqlite /app/a.db']],
    [
      'passed on by the package',
      {
        'conf/__init__.py': 'from .values import P',
        'conf/values.py': 'P = "a.db"',
        'x.py': py('from conf import P', 'P'),
      },
      ['sqlite /app/a.db'],
    ],
    [
      'its own place stays right',
      {
        'core/paths.py': 'from pathlib import Path\nBASE = Path(__file__).parent\n',
        'web/x.py': py('from core.paths import BASE', 'BASE / "a.db"'),
      },
      ['sqlite /app/core/a.db'],
    ],
    [
      'pydantic settings, overridden',
      {
        'settings.py':
          'from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n  db_path: str = "./a.db"\nsettings = Settings()',
        'x.py': py('from settings import settings', 'settings.db_path'),
      },
      ['sqlite /data/b'],
      { DB_PATH: '/data/b' },
    ],
    [
      'pydantic settings, default',
      {
        'settings.py':
          'from pydantic_settings import BaseSettings, SettingsConfigDict\nfrom pydantic import Field\nclass Settings(BaseSettings):\n  model_config = SettingsConfigDict(env_prefix="APP_")\n  db_path: str = Field(default="./a.db")\n',
        'x.py': py('from settings import Settings', 'Settings().db_path'),
      },
      ['sqlite /app/a.db'],
      { DB_PATH: '/no' },
    ],
    [
      'pydantic settings through a function',
      {
        'settings.py':
          'from functools import lru_cache\nfrom pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n  model_config = {"env_prefix": "APP_"}\n  db_path: str = "a"\n@lru_cache\ndef get_settings() -> Settings:\n  return Settings()',
        'x.py': py('from settings import get_settings\nsettings = get_settings()', 'settings.db_path'),
      },
      ['sqlite /e'],
      { APP_DB_PATH: '/e' },
    ],
    [
      'pydantic settings with an alias',
      {
        's.py':
          'from pydantic_settings import BaseSettings\nfrom pydantic import Field\nclass S(BaseSettings):\n  p: str = Field("a.db", validation_alias="THE_DB")\n',
        'x.py': py('from s import S\ns = S()', 's.p'),
      },
      ['sqlite /e'],
      { THE_DB: '/e' },
    ],
    [
      'pydantic settings computed',
      {
        's.py':
          'from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n  data: str = "/data"\n  @property\n  def url(self): return f"{self.data}/a.db"\n',
        'x.py': py('from s import S\ns = S()', 's.url'),
      },
      ['sqlite /e/a.db'],
      { DATA: '/e' },
    ],
    [
      'settings handed over',
      {
        's.py': 'from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n  p: str = "a.db"\n',
        'repo.py':
          'import sqlite3\nfrom s import S\nclass Repo:\n  def __init__(self, settings: S):\n    self.db = sqlite3.connect(settings.p)',
        'x.py': 'from s import S\nfrom repo import Repo\nRepo(S())',
      },
      ['sqlite /app/a.db'],
    ],
    [
      'settings handed over by nobody',
      {
        's.py': 'from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n  p: str = "a.db"\n',
        'repo.py': 'import sqlite3\nfrom s import S\ndef db(settings: S):\n  return sqlite3.connect(settings.p)',
      },
      ['sqlite /app/a.db'],
    ],
    [
      'a dataclass',
      {
        's.py':
          'from dataclasses import dataclass, field\n@dataclass\nclass C:\n  name: str\n  path: str = "a.db"\nc = C("x")\nd = C("y", "b.db")',
        'x.py': py('from s import c, d', 'c.path') + 'sqlite3.connect(d.path)',
      },
      ['sqlite /app/a.db', 'sqlite /app/b.db'],
    ],
    [
      'a plain class',
      {
        's.py': 'import os\nclass Config:\n  DB = os.environ.get("DB") or "a.db"',
        'x.py': py('from s import Config', 'Config.DB'),
      },
      ['sqlite /app/a.db'],
    ],
    [
      'an inherited attribute',
      {
        's.py': 'class Base:\n  DB = "a.db"\nclass Config(Base):\n  X = 1',
        'x.py': py('from s import Config', 'Config().DB'),
      },
      ['sqlite /app/a.db'],
    ],
    [
      'a library of the same name as a file',
      { 'stores/chromadb.py': 'import chromadb\nchromadb.PersistentClient("/c")' },
      ['chroma /c'],
    ],
    [
      'a module that is not read',
      py('from conf import P', 'P'),
      ['sqlite ? `P` comes from `conf`, which is not part of the code read'],
    ],
  ]);
});

describe('Python: parameters', () => {
  const store =
    'import sqlite3\nclass Store:\n  def __init__(self, path="a.db", *, name=None):\n    self.path = path\n  def open(self):\n    return sqlite3.connect(self.path)\n';
  table('py', [
    ['no call: the default', { 'store.py': store }, ['sqlite /app/a.db']],
    [
      'a call without it: the default',
      { 'store.py': store, 'x.py': 'from store import Store\nStore(name="x")' },
      ['sqlite /app/a.db'],
    ],
    ['by position', { 'store.py': store, 'x.py': 'from store import Store\nStore("/d/x.db")' }, ['sqlite /d/x.db']],
    [
      'by an alias of the class',
      { 'pkg/store.py': store, 'x.py': 'from pkg.store import Store as S\nS("/d/x.db")' },
      ['sqlite /d/x.db'],
    ],
    [
      'by an alias of the module',
      { 'pkg/store.py': store, 'x.py': 'import pkg.store as st\nst.Store(path="/d/x.db")' },
      ['sqlite /d/x.db'],
    ],
    [
      'several calls',
      { 'store.py': store, 'x.py': 'from store import Store\nStore("/d/x.db")\nStore("/d/y.db")\nStore("/d/x.db")' },
      ['sqlite /d/x.db', 'sqlite /d/y.db'],
    ],
    [
      'calls in tests do not count',
      { 'store.py': store, 'tests/x.py': 'from store import Store\nStore("/d/x.db")' },
      ['sqlite /app/a.db'],
    ],
    [
      'another class of the name',
      { 'store.py': store, 'x.py': 'from elsewhere.store import Store\nStore("/d/x.db")' },
      ['sqlite /d/x.db'],
    ],
    [
      'a derived class',
      {
        'store.py': store,
        'sub.py': 'from store import Store\nclass Sub(Store):\n  pass',
        'x.py': 'from sub import Sub\nSub("/d/x.db")',
      },
      ['sqlite /d/x.db'],
    ],
    [
      'a derived class that calls the one above',
      {
        'store.py': store,
        'sub.py':
          'from store import Store\nclass Sub(Store):\n  def __init__(self, d):\n    super().__init__(d + "/x.db")',
        'x.py': 'from sub import Sub\nSub("/d")',
      },
      ['sqlite /d/x.db'],
    ],
    [
      'through two functions',
      {
        'x.py':
          'import sqlite3\ndef connect(p):\n  return sqlite3.connect(p)\ndef start(where):\n  return connect(f"{where}/x.db")\nstart("/d")',
      },
      ['sqlite /d/x.db'],
    ],
    [
      'nobody calls it',
      'import sqlite3\ndef connect(p):\n  return sqlite3.connect(p)',
      ['sqlite ? the path is a parameter of `connect`, and no call of `connect` was found'],
    ],
    [
      'a constructor that nobody calls',
      'import sqlite3\nclass S:\n  def __init__(self, p):\n    sqlite3.connect(p)',
      ['sqlite ? the path is a parameter of `S`, and no call of `S` was found'],
    ],
    ['it calls itself', 'import sqlite3\ndef f(p="a.db"):\n  f(p + "x")\n  sqlite3.connect(p)', ['sqlite /app/a.db']],
    [
      'arguments as a group',
      'import sqlite3\ndef f(p):\n  sqlite3.connect(p)\nf(**options)',
      ['sqlite ? the arguments of `f` come as a group'],
    ],
    [
      'options kept in a dictionary',
      'import chromadb\no = {"path": "/c"}\nchromadb.PersistentClient(**o)',
      ['chroma /c'],
    ],
    [
      'filled in when missing',
      'import sqlite3, os\nclass S:\n  def __init__(self, p=None):\n    if p is None:\n      p = os.getenv("P", "/d/a.db")\n    self.p = p\n    sqlite3.connect(self.p)\nS()',
      ['sqlite /d/a.db'],
    ],
    [
      'made absolute',
      'import sqlite3\nfrom pathlib import Path\nclass S:\n  def __init__(self, p: str = "d"):\n    self.d = Path(p).resolve()\n    self.file = self.d / "a.db"\n  def go(self): sqlite3.connect(str(self.file))',
      ['sqlite /app/d/a.db'],
    ],
    [
      'of an object at hand',
      'import sqlite3\nclass C:\n  def __init__(self, d): self.db = d + "/a.db"\nc = C("/d")\nsqlite3.connect(c.db)',
      ['sqlite /d/a.db'],
    ],
    [
      'a method',
      'import sqlite3\nclass R:\n  def open(self, p): sqlite3.connect(p)\n  def go(self): self.open("/d/a.db")',
      ['sqlite /d/a.db'],
    ],
    [
      'a method of an object',
      {
        'r.py': 'import sqlite3\nclass R:\n  def open(self, p): sqlite3.connect(p)\n',
        'x.py': 'from r import R\nr = R()\nr.open("/d/a.db")',
      },
      ['sqlite /d/a.db'],
    ],
    [
      'none given means none kept',
      'from langchain_chroma import Chroma\nclass S:\n  def __init__(self, d=None): self.db = Chroma("a", e, persist_directory=d)\nS()',
      [],
    ],
  ]);
});

describe('TypeScript: where the path comes from', () => {
  table('ts', [
    ['environment with a default', ts('', "process.env.DB ?? './a.db'"), ['sqlite /app/a.db']],
    ['environment that is set', ts("const { DB = 'a.db', X } = process.env;", 'DB'), ['sqlite /d/x'], { DB: '/d/x' }],
    ['environment imported', ts("import { env } from 'node:process';", "env['DB'] || 'a.db'"), ['sqlite /app/a.db']],
    ['join', ts('', "path.join(process.cwd(), 'data', 'a.db')"), ['sqlite /app/data/a.db']],
    ['join does not start anew', ts('', "path.join('/a', '/b')"), ['sqlite /a/b']],
    ['resolve', ts('', "path.resolve('data', '/b', 'a.db')"), ['sqlite /b/a.db']],
    [
      'beside the file',
      {
        'src/x.js':
          "const { join } = require('path');\nconst D = require('better-sqlite3');\nnew D(join(__dirname, '..', 'a.db'));",
      },
      ['sqlite /app/a.db'],
    ],
    [
      'beside the module',
      {
        'src/x.mjs':
          "import { fileURLToPath } from 'url';\nimport D from 'better-sqlite3';\nimport { dirname, join } from 'path';\nconst __dirname = dirname(fileURLToPath(import.meta.url));\nnew D(join(__dirname, 'a.db'));",
      },
      ['sqlite /app/src/a.db'],
    ],
    [
      'by URL',
      {
        'src/x.mjs':
          "import D from 'better-sqlite3';\nimport { fileURLToPath } from 'node:url';\nnew D(fileURLToPath(new URL('../a.db', import.meta.url)));",
      },
      ['sqlite /app/a.db'],
    ],
    ['import.meta.dirname', { 'src/x.ts': ts('', '`${import.meta.dirname}/a.db`') }, ['sqlite /app/src/a.db']],
    [
      'home and temporary',
      ts("import os from 'os';", "path.join(os.homedir(), 'a.db')") + "new Database(path.join(os.tmpdir(), 'b.db'));",
      ['sqlite /root/a.db', 'sqlite /tmp/b.db'],
    ],
    ['assigned when missing', ts("let p = process.env.P;\np ??= 'a.db';", 'p'), ['sqlite /app/a.db']],
    ['filled in when missing', ts("let p = process.env.P;\nif (!p) { p = 'a.db'; }", 'p'), ['sqlite /app/a.db']],
    ['declared, then set', ts("let p: string;\np = 'a.db';", 'p'), ['sqlite /app/a.db']],
    [
      'set in branches',
      ts("let p;\nif (x) p = 'a.db'; else p = 'b.db';", 'p'),
      ['sqlite ? `p` is set to different values in several places'],
    ],
    [
      'blocks of their own',
      ts("{ const p = 'a.db'; new Database(p); }\n{ const p = 'b.db'; new Database(p); }", "'c'"),
      ['sqlite /app/a.db', 'sqlite /app/b.db', 'sqlite /app/c'],
    ],
    ['an object', ts("const config = { db: { file: 'a.db' } } as const;", 'config.db.file'), ['sqlite /app/a.db']],
    ['an enumeration', ts("enum P { Db = 'a.db' }", 'P.Db'), ['sqlite /app/a.db']],
    ['an arrow function', ts("const where = (n: string) => path.join('/d', n);", "where('a.db')"), ['sqlite /d/a.db']],
    [
      'a schema',
      ts(
        "import { z } from 'zod';\nconst env = z.object({ DB: z.string().default('a.db') }).parse(process.env);",
        'env.DB',
      ),
      ['sqlite /app/a.db'],
    ],
    [
      'a named schema',
      ts(
        "import { z } from 'zod';\nconst schema = z.object({ DB: z.string().default('a.db') });\nconst env = schema.parse(process.env);",
        'env.DB',
      ),
      ['sqlite /d/x'],
      { DB: '/d/x' },
    ],
  ]);
});

describe('TypeScript: from other files, and parameters', () => {
  const store =
    "import D from 'better-sqlite3';\nexport class Store {\n  private readonly db;\n  constructor(private readonly file: string = 'a.db') { this.db = new D(this.file); }\n}\n";
  table('ts', [
    [
      'a constant',
      { 'config.ts': "export const DB = '/d/a.db';", 'db/x.ts': ts("import { DB } from '../config';", 'DB') },
      ['sqlite /d/a.db'],
    ],
    [
      'a constant by the compiled name',
      { 'config.ts': "export const DB = '/d/a.db';", 'x.ts': ts("import { DB } from './config.js';", 'DB') },
      ['sqlite /d/a.db'],
    ],
    [
      'a default export',
      { 'config.ts': "export default { db: '/d/a.db' };", 'x.ts': ts("import config from './config';", 'config.db') },
      ['sqlite /d/a.db'],
    ],
    [
      'a namespace',
      {
        'config/index.ts': "const db = '/d/a.db';\nexport { db as file };",
        'x.ts': ts("import * as config from './config';", 'config.file'),
      },
      ['sqlite /d/a.db'],
    ],
    [
      'passed on',
      {
        'a.ts': "export const DB = '/d/a.db';",
        'b.ts': "export * from './a';",
        'c.ts': "export { DB as P } from './b';",
        'x.ts': ts("import { P } from './c';", 'P'),
      },
      ['sqlite /d/a.db'],
    ],
    [
      'an alias of the root',
      {
        'src/lib/config.ts': "export const DB = '/d/a.db';",
        'src/app/x.ts': ts("import { DB } from '@/lib/config';", 'DB'),
      },
      ['sqlite /d/a.db'],
    ],
    [
      'required',
      {
        'config.js': "module.exports = { DB: process.env.DB || '/d/a.db' };",
        'x.js': "const { DB } = require('./config');\nconst D = require('better-sqlite3');\nnew D(DB);",
      },
      ['sqlite /d/a.db'],
    ],
    [
      'exports one by one',
      {
        'config.js': "exports.DB = '/d/a.db';",
        'x.js': "const c = require('./config');\nconst D = require('better-sqlite3');\nnew D(c.DB);",
      },
      ['sqlite /d/a.db'],
    ],
    [
      'its own place stays right',
      {
        'src/paths.ts': "import path from 'path';\nexport const root = path.resolve(__dirname, '..');",
        'src/deep/x.ts': ts("import { root } from '../paths';", "path.join(root, 'a.db')"),
      },
      ['sqlite /app/a.db'],
    ],
    ['a constructor, by default', { 'store.ts': store }, ['sqlite /app/a.db']],
    [
      'a constructor, called',
      { 'store.ts': store, 'x.ts': "import { Store } from './store';\nnew Store('/d/x.db');\nnew Store('/d/y.db');" },
      ['sqlite /d/x.db', 'sqlite /d/y.db'],
    ],
    [
      'a default export, called',
      {
        'store.ts': "import D from 'better-sqlite3';\nexport default class { constructor(p: string) { new D(p); } }",
        'x.ts': "import Anything from './store';\nnew Anything('/d/x.db');",
      },
      ['sqlite /d/x.db'],
    ],
    [
      'a required class, called',
      {
        'store.js':
          "const D = require('better-sqlite3');\nclass Store { constructor(p) { this.p = p; } open() { return new D(this.p); } }\nmodule.exports = Store;",
        'x.js': "const S = require('./store');\nnew S('/d/x.db').open();",
      },
      ['sqlite /d/x.db'],
    ],
    [
      'a derived class',
      {
        'store.ts': store,
        'x.ts':
          "import { Store } from './store';\nclass Sub extends Store { constructor(d: string) { super(`${d}/x.db`); } }\nnew Sub('/d');",
      },
      ['sqlite /d/x.db'],
    ],
    [
      'options',
      {
        'store.ts':
          "import D from 'better-sqlite3';\nexport function open({ file = 'a.db', ...rest }: Options = {}) { return new D(file, rest); }",
        'x.ts': "import { open } from './store';\nopen({ file: '/d/x.db' });\nopen();",
      },
      ['sqlite /d/x.db', 'sqlite /app/a.db'],
    ],
    [
      'options as an object',
      {
        'store.ts': "import D from 'better-sqlite3';\nexport const open = (options: Options) => new D(options.file);",
        'x.ts': "import { open } from './store';\nconst o = { file: '/d/x.db' };\nopen(o);",
      },
      ['sqlite /d/x.db'],
    ],
    [
      'a static way to make it',
      "import D from 'better-sqlite3';\nclass S { constructor(private p: string) {} static make() { return new S('/d/x.db'); } open() { return new D(this.p); } }",
      ['sqlite /d/x.db'],
    ],
    [
      'a field that is a function',
      "import D from 'better-sqlite3';\nclass S { p = '/d/x.db'; open = () => new D(this.p); }",
      ['sqlite /d/x.db'],
    ],
  ]);
});
