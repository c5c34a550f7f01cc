import { describe } from 'vitest';
import { table } from './scanning.ts';

const py = (lines: string, path: string): string => `import os, sqlite3\n${lines}\nsqlite3.connect(${path})\n`;

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
        'x.py': `${py('from s import c, d', 'c.path')}sqlite3.connect(d.path)`,
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

    [
      'a package that imports its own file',
      {
        'pkg/__init__.py': 'from . import db\nP = "a.db"\ndb.start(P)',
        'pkg/db.py': 'import sqlite3\ndef start(p):\n  sqlite3.connect(p)',
      },
      ['sqlite /app/a.db'],
    ],
    [
      'a package beside a module of the same name',
      { 'app.py': 'from app import P', 'app/__init__.py': 'P = "a.db"', 'app/x.py': py('from . import P', 'P') },
      ['sqlite /app/a.db'],
    ],
    [
      'Django settings',
      {
        'shop/settings.py': 'DATA = "/data"',
        'blog/x.py': py('from django.conf import settings', 'os.path.join(settings.DATA, "a.db")'),
      },
      ['sqlite /data/a.db'],
    ],
    [
      'settings made by hand',
      {
        's.py':
          'import os\nclass Settings:\n  def __init__(self):\n    self.path = os.getenv("P", "/d/a.db")\nsettings = Settings()',
        'x.py': py('from s import settings', 'settings.path'),
      },
      ['sqlite /e'],
      { P: '/e' },
    ],
    [
      'settings in settings',
      {
        's.py':
          'from pydantic import BaseModel\nfrom pydantic_settings import BaseSettings\nclass Db(BaseModel):\n  path: str = "/d/a.db"\nclass S(BaseSettings):\n  db: Db = Db()\ns = S()',
        'x.py': py('from s import s', 's.db.path'),
      },
      ['sqlite /d/a.db'],
    ],
    [
      'an enumeration',
      {
        's.py': 'from enum import Enum\nclass P(Enum):\n  DB = "/d/a.db"',
        'x.py': py('from s import P', 'P.DB.value'),
      },
      ['sqlite /d/a.db'],
    ],
  ]);
});
