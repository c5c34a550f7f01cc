import { describe } from 'vitest';
import { table } from './scanning.ts';

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
      ['sqlite /app/a.db'],
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
