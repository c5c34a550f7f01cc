import { describe, expect, it } from 'vitest';
import { mayOpenStore } from '../../../server/stores/source/plain/find.ts';
import { scanPlain } from '../../../server/stores/source/plain/scan.ts';
import { sourcesOf } from '../source/scanning.ts';
import { type Files, scan } from './scanning.ts';

const GO: Files = {
  'go.mod': 'module example.org/shop\n',
  'main.go':
    'package main\n\nimport (\n\t"database/sql"\n\t"fmt"\n\t"os"\n\t"path/filepath"\n\tbolt "go.etcd.io/bbolt"\n)\n\nconst name = "x.db"\n\nfunc env(k, d string) string {\n\tif v, ok := os.LookupEnv(k); ok {\n\t\treturn v\n\t}\n\treturn d\n}\n\nfunc main() {\n\tdir := env("DIR", "/data")\n\tsql.Open("sqlite3", fmt.Sprintf("file:%s?mode=rwc", filepath.Join(dir, name)))\n\tbolt.Open(dir+"/b.db", 0600, &bolt.Options{ReadOnly: false})\n}\n',
};
const JAVA: Files = {
  'Main.java':
    'package shop;\n\nimport java.sql.DriverManager;\n\nclass Main {\n  static final String URL = "jdbc:sqlite:" + System.getenv().getOrDefault("DB", "a.db");\n  private String path;\n  Main(String path) { this.path = path; }\n  void open() throws Exception { if (path == null) { path = "x"; } DriverManager.getConnection(URL); DriverManager.getConnection("jdbc:h2:./" + path); }\n  public static void main(String[] args) { new Main("y").open(); }\n}\n',
};
const PHP: Files = {
  'index.php':
    "<?php\nnamespace Shop;\nuse PDO;\nclass Store { const P = '/data'; private $f = 'a.db';\n  function __construct(?string $p = null) { $this->db = new PDO('sqlite:' . ($p ?? self::P . \"/{$this->f}\")); } }\n$s = new Store(getenv('DB') ?: __DIR__ . '/x.db');\nif (!$q) { $q = [1, 'a' => new \\SQLite3('/data/y.db')]; }\n",
};
const RUBY: Files = {
  'app.rb':
    "require 'sqlite3'\nclass Store\n  PATH = ENV.fetch('DB') { '/data/a.db' }\n  def initialize(path = PATH)\n    @path ||= File.expand_path(path, __dir__)\n    @db = SQLite3::Database.new(@path)\n  end\nend\nStore.new\nDB = Sequel.connect(adapter: 'sqlite', database: \"#{ENV['X']}/b.db\")\n",
};
const RUST: Files = {
  'Cargo.toml': '[package]\nname = "shop"\n',
  'src/main.rs':
    'use rusqlite::{Connection, OpenFlags as F};\nuse std::{env, path::PathBuf};\nconst NAME: &str = "a.db";\n#[derive(Debug)]\nstruct Store { c: Connection }\nimpl Store { fn new(p: &str) -> Self { Store { c: Connection::open(p).unwrap() } } }\nfn main() {\n    let dir = env::var("DIR").unwrap_or_else(|_| "/data".into());\n    let s = Store::new(&format!("{dir}/{}", NAME));\n    if let Ok(v) = env::var("S") { sled::open(PathBuf::from(v).join("x")).unwrap(); }\n}\n',
};

const APPLICATIONS = { Go: GO, Java: JAVA, PHP, Ruby: RUBY, Rust: RUST } as const;

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
  ':',
  '=',
  '.',
  ',',
  '::',
  '->',
  '=>',
  '#{',
  '${',
  '$',
  'if ',
  'class ',
  'fn ',
  'é',
  '😀',
  '\0',
  '/*',
  '<?php',
  'end\n',
];

const damaged = (files: Files, next: (below: number) => number): Files =>
  Object.fromEntries(
    Object.entries(files).map(([name, text]) => {
      let broken = text;
      for (let times = next(4); times > 0; times--) {
        const at = next(broken.length + 1);
        const scrap = next(2) ? SCRAPS[next(SCRAPS.length)]! : '';
        broken = broken.slice(0, at) + scrap + broken.slice(at + (next(2) ? next(30) : 0));
      }
      return [name, broken];
    }),
  );

describe('broken code', () => {
  it.each(Object.entries(APPLICATIONS))('%s never stops the scan', async (_, files) => {
    expect((await scan(files)).stores.length).toBeGreaterThan(1);
    const next = numbers(7);
    for (let round = 0; round < 150; round++) {
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
});

describe('code without end', () => {
  const many = (text: string): string => text.repeat(3000);
  const go = (path: string): Files => ({
    'main.go': `package main\nimport bolt "go.etcd.io/bbolt"\nfunc main() { bolt.Open(${path}, 0600, nil) }\n`,
  });
  const rust = (path: string): Files => ({
    'Cargo.toml': '[package]\nname = "a"\n',
    'src/main.rs': `fn main() { sled::open(${path}).unwrap(); }\n`,
  });
  const CASES: readonly (readonly [string, Files])[] = [
    ['a long sum', go(`"a"${many(' + "b"')}`)],
    ['nested parentheses', go(`${many('(')}"a"${many(')')}`)],
    ['a chain of calls', rust(`x${many('.y()')}`)],
    ['nested calls', rust(`${many('f(')}"a"${many(')')}`)],
    [
      'functions in a circle',
      {
        'main.go':
          'package main\nimport bolt "go.etcd.io/bbolt"\nfunc f() string { return g() }\nfunc g() string { return f() }\nfunc main() { bolt.Open(f(), 0, nil) }\n',
      },
    ],
    ['a function of itself', { 'a.rb': 'def f(x)\n  f(x)\nend\nSQLite3::Database.new(f(1))' }],
    ['a name of itself', { 'index.php': "<?php\n$p = $p ?? '';\nnew SQLite3($p);" }],
    [
      'a parameter of itself',
      {
        'main.go':
          'package main\nimport bolt "go.etcd.io/bbolt"\nfunc f(p string) { f(p); bolt.Open(p, 0, nil) }\nfunc main() {}\n',
      },
    ],
    ['a chain of ifs', { 'index.php': `<?php\n${many('if ($a) { $b = 1; } else')} { }\nnew SQLite3('/a.db');` }],
    [
      'nested blocks',
      { 'A.java': `class A { void f() { ${many('{')} DriverManager.getConnection("jdbc:sqlite:a"); ${many('}')} } }` },
    ],
    ['a name set many times', { 'index.php': `<?php\n${many("$p = $p . 'a';\n")}new SQLite3($p);` }],
  ];
  it.each(CASES)('%s', async (_, files) => {
    const { failures, stores } = await scan(files);
    expect(failures).toEqual([]);
    expect(stores.length).toBeLessThanOrEqual(1);
  });
});

describe('files that are not read', () => {
  it('are named when they are too large', async () => {
    const large = `<?php new SQLite3('/a.db');\n${'// filler line of a large file\n'.repeat(40_000)}`;
    expect(await scan({ 'index.php': large })).toEqual({
      stores: [],
      failures: [{ file: '/repo/index.php', message: 'is too large to be searched for stores (over 1 MB)' }],
    });
  });

  it('have no word of an opener', () => {
    const [source] = sourcesOf({ 'main.go': 'package main\nimport "os"\nfunc main() { os.Open("x.db") }\n' });
    expect(mayOpenStore(source!, 'go')).toBe(false);
  });

  it('are none at all', async () => {
    expect(await scanPlain([])).toEqual({ stores: [], failures: [] });
  });
});
