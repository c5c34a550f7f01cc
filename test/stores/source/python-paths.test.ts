import { describe } from 'vitest';
import { table } from './scanning.ts';

const py = (lines: string, path: string): string => `import os, sqlite3\n${lines}\nsqlite3.connect(${path})\n`;

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

    [
      'one of two branches, by a variable',
      py('if os.getenv("D"):\n  p = os.getenv("D") + "/a.db"\nelse:\n  p = "b.db"', 'p'),
      ['sqlite /d/a.db'],
      { D: '/d' },
    ],
    [
      'the other of two branches',
      py('if "D" in os.environ:\n  p = os.path.join(os.environ["D"], "a.db")\nelse:\n  p = "b.db"', 'p'),
      ['sqlite /app/b.db'],
    ],
    [
      'one of two returns, by a variable',
      py(
        'def where(key, default):\n  if key not in os.environ:\n    return default\n  return os.environ[key]',
        'where("D", "/x/a.db")',
      ),
      ['sqlite /d/a.db'],
      { D: '/d/a.db' },
    ],
    [
      'the other of two returns',
      py('def where():\n  found = os.environ.get("D")\n  if found:\n    return found\n  return "a.db"', 'where()'),
      ['sqlite /app/a.db'],
    ],
    [
      'a condition on a parameter',
      `${py('def where(p=None):\n  return "a.db" if p is None else p', 'where()')}sqlite3.connect(where("b.db"))`,
      ['sqlite /app/a.db', 'sqlite /app/b.db'],
    ],
    [
      'a condition on a variable',
      py('', 'os.environ["D"] + "/a.db" if os.environ.get("D") else "b.db"'),
      ['sqlite /app/b.db'],
    ],
    [
      'parsed from the command line',
      py('import argparse\nparser = argparse.ArgumentParser()\nargs = parser.parse_args()', 'args.db'),
      ['sqlite ? `args.db` comes from the command line'],
    ],
    [
      'set from itself',
      py(
        'class S:\n  def __init__(self):\n    self.p = "a"\n  def go(self):\n    self.p = self.p + "b"\n    sqlite3.connect(self.p)',
        '"c"',
      ),
      ['sqlite ? `p` of `S` is set to different values in several places', 'sqlite /app/c'],
    ],
    ['computed from itself', py('def f(): return f()', 'f()'), ['sqlite ? the path is computed from itself']],
  ]);
});
