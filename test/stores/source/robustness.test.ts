import { describe, expect, it } from 'vitest';
import { type Files, scan } from './scanning.ts';

const PYTHON: Files = {
  'config.py':
    'import os\nfrom pathlib import Path\nfrom pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    data: Path = Path(__file__).parent / "data"\n    url: str = f"sqlite:///{os.getenv(\'NAME\', \'a\')}.db"\n\n\nsettings = Settings()\n',
  'store.py':
    'import sqlite3\nimport chromadb\nfrom config import settings\n\n\nclass Store:\n    def __init__(self, path=None, *rest, **options):\n        if path is None:\n            path = settings.data / "x.db"\n        self.path = str(path)\n        self.db = sqlite3.connect(self.path)\n        self.vectors = chromadb.PersistentClient(path=options.get("vectors", "v"))\n\n    @property\n    def folder(self):\n        return self.path if self.path else None\n',
  'main.py':
    'from store import Store\nfrom sqlalchemy import create_engine\nfrom config import settings\n\ntry:\n    store = Store("/data/%s.db" % "x")\nexcept Exception as e:\n    pass\nwith open("x") as f:\n    engine = create_engine(settings.url)\n',
};

const SCRIPT: Files = {
  'config.ts':
    "import path from 'node:path';\nexport const { DB = './a.db', ...rest } = process.env;\nexport default { file: path.join(__dirname, '..', DB), nested: { ...rest } };\n",
  'store.ts':
    "import Database from 'better-sqlite3';\nimport config, { DB } from './config';\n\nexport class Store<T extends object = {}> {\n  #db?: Database.Database;\n  constructor(private readonly file: string = config.file ?? `${DB}x`, { mode = 1 }: { mode?: number } = {}) {}\n  get db() { return (this.#db ??= new Database(this.file!)); }\n  static async open(file?: string) { if (!file) { file = DB; } return new Store(file as string); }\n}\n",
  'main.tsx':
    "import { Store } from './store';\nconst knex = require('knex')({ client: 'sqlite3', connection: { filename: './k.db' } });\nexport default function App() { const s = new Store(process.env.X ? process.env.X : 'y'); return <div>{s.db.name}</div>; }\n",
};

/** Numbers that look random and are the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state % below;
  };
}

const SCRAPS = [
  '(',
  ')',
  '{',
  '}',
  '"',
  "'",
  '`',
  '\n',
  '    ',
  ':',
  '=',
  '.',
  ',',
  '*',
  '\\',
  '#',
  '${',
  '=>',
  'if ',
  'class ',
  'return ',
  'é',
  '😀',
  '\0',
  '/*',
  '"""',
];

function damaged(files: Files, next: (below: number) => number): Files {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => {
      let broken = text;
      for (let times = next(4); times > 0; times--) {
        const at = next(broken.length + 1);
        const scrap = SCRAPS[next(SCRAPS.length)]!;
        broken = broken.slice(0, at) + (next(2) ? scrap : '') + broken.slice(at + (next(2) ? next(30) : 0));
      }
      return [name, broken];
    }),
  );
}

describe('broken code', () => {
  it.each([
    ['Python', PYTHON],
    ['TypeScript', SCRIPT],
  ] as const)('%s never stops the scan', async (_, files) => {
    expect((await scan(files)).stores.length).toBeGreaterThan(1);
    const next = numbers(42);
    for (let round = 0; round < 300; round++) {
      const broken = damaged(files, next);
      const { stores, failures } = await scan(broken);
      expect(failures, JSON.stringify(broken)).toEqual([]);
      for (const { span, pathSpan } of stores) {
        expect(span.end).toBeLessThanOrEqual(span.source.text.length);
        expect(pathSpan.start).toBeGreaterThanOrEqual(span.start);
        expect(pathSpan.end).toBeLessThanOrEqual(span.end);
      }
    }
  });

  it('that is cut off is read as far as it goes', async () => {
    const { stores } = await scan({ 'a.py': 'import sqlite3\nsqlite3.connect("a.db")\ndef f(:\n  x = [1,\n' });
    expect(stores).toHaveLength(1);
  });
});

describe('code without end', () => {
  const N = 3000;
  const many = (text: string): string => text.repeat(N);
  const py = (path: string, before = ''): Files => ({
    'a.py': `import sqlite3\n${before}\nsqlite3.connect(${path})\n`,
  });
  const ts = (path: string, before = ''): Files => ({
    'a.ts': `import D from 'better-sqlite3';\n${before}\nnew D(${path});\n`,
  });
  const CASES: readonly (readonly [string, Files])[] = [
    ['a long sum', py(`"a"${many(' + "b"')}`)],
    ['a long sum in JavaScript', ts(`'a'${many(" + 'b'")}`)],
    ['nested parentheses', py(`${many('(')}"a"${many(')')}`)],
    ['nested calls', py(`${many('str(')}"a"${many(')')}`)],
    ['nested calls in JavaScript', ts(`${many('String(')}'a'${many(')')}`)],
    ['nested arrays', ts(`${many('[')}'a'${many(']')}`)],
    ['a chain of members', py(`x${many('.y')}`)],
    ['a chain of calls', ts(`x${many('.y()')}`)],
    ['a chain of ifs', ts("'a'", many('if (a) { b } else ')).valueOf() as Files],
    ['a chain of elifs', py('"a"', `if a: pass\n${many('elif b: pass\n')}`)],
    ['many early returns', py('f()', `def f():\n${many('  if not x: return 1\n')}  return "a"`)],
    ['a name set many times', py('p', many('p = str(p)\n'))],
    ['a name set in many branches', py('p', many('if x: p = "a"\n'))],
    ['names in a circle', { 'a.py': 'import sqlite3\nfrom b import P\nsqlite3.connect(P)', 'b.py': 'from a import P' }],
    ['classes in a circle', py('A().p', 'class A(B): pass\nclass B(A): pass')],
    ['classes in a circle through each other', py('A().p', 'class A(B.x): pass\nclass B(A.y): pass')],
    ['functions in a circle', py('f()', 'def f(): return g()\ndef g(): return f()')],
    ['a class of itself', ts('new A().a.b', 'class A { a = new A(); b = this.a.b; }')],
    ['spreads in a circle', ts('a.x', 'const a = { ...b }; const b = { ...a };')],
    [
      'objects that name themselves',
      { 'names.py': 'import sqlite3\nsqlite3.connect(constructor.toString.__proto__.valueOf)' },
    ],
  ];
  it.each(CASES)('%s', async (_, files) => {
    const { failures, stores } = await scan(files);
    expect(failures).toEqual([]);
    expect(stores.length).toBeLessThanOrEqual(1);
  });
});
