import { describe } from 'vitest';
import { table } from './scanning.ts';

/** The imports, then what `main` does. */
const program = (code: string): string => {
  const [imports = '', body = ''] = code.split('---');
  const lines = imports.trim().split(/\s*;\s*/);
  return `package main\n\nimport (\n${lines.map((line) => `\t${line}`).join('\n')}\n)\n\nfunc main() {\n${body}\n}\n`;
};

const SQLITE = '"database/sql"; "os"; "fmt"; "path/filepath"; _ "github.com/mattn/go-sqlite3" ---';

describe('Go: catches', () => {
  table(
    'go',
    [
      ['database/sql', `${SQLITE} db, err := sql.Open("sqlite3", "./data/app.db")`, ['sqlite /app/data/app.db']],
      [
        'the pure driver',
        '"database/sql"; _ "modernc.org/sqlite" --- sql.Open("sqlite", "/var/lib/app.db")',
        ['sqlite /var/lib/app.db'],
      ],
      ['a DSN with options', `${SQLITE} sql.Open("sqlite3", "app.db?_journal=WAL&_fk=1")`, ['sqlite /app/app.db']],
      ['a file URI', `${SQLITE} sql.Open("sqlite3", "file:data/app.db?cache=shared")`, ['sqlite /app/data/app.db']],
      ['a constant', `${SQLITE} const path = "x.db"\nsql.Open("sqlite3", path)`, ['sqlite /app/x.db']],
      [
        'a joined path',
        `${SQLITE} dir := "/data"\nsql.Open("sqlite3", filepath.Join(dir, "x.db"))`,
        ['sqlite /data/x.db'],
      ],
      [
        'a formatted path',
        `${SQLITE} d := "/data"\nsql.Open("sqlite3", fmt.Sprintf("file:%s/x.db?mode=rwc", d))`,
        ['sqlite /data/x.db'],
      ],
      [
        'a variable with a default',
        `${SQLITE} path := os.Getenv("DB")\nif path == "" {\n\tpath = "data/app.db"\n}\nsql.Open("sqlite3", path)`,
        ['sqlite /app/data/app.db'],
      ],
      [
        'a default with a variable',
        `${SQLITE} path := "data/app.db"\nif v := os.Getenv("DB"); v != "" {\n\tpath = v\n}\nsql.Open("sqlite3", path)`,
        ['sqlite /app/data/app.db'],
      ],
      [
        'the variable wins',
        `${SQLITE} path := "data/app.db"\nif v, ok := os.LookupEnv("DB"); ok {\n\tpath = v\n}\nsql.Open("sqlite3", path)`,
        ['sqlite /x/y.db'],
        { environment: { DB: '/x/y.db' } },
      ],
      [
        'gorm',
        '"gorm.io/gorm"; "gorm.io/driver/sqlite" --- gorm.Open(sqlite.Open("gorm.db"), &gorm.Config{})',
        ['sqlite /app/gorm.db'],
      ],
      [
        'gorm, pure driver',
        '"gorm.io/gorm"; "github.com/glebarez/sqlite" --- gorm.Open(sqlite.Open("/d/gorm.db"), nil)',
        ['sqlite /d/gorm.db'],
      ],
      ['sqlx', '"github.com/jmoiron/sqlx" --- db := sqlx.MustConnect("sqlite3", "a.db")', ['sqlite /app/a.db']],
      ['ent', '"example.org/shop/ent" --- ent.Open("sqlite3", "file:ent.db?_fk=1")', ['sqlite /app/ent.db']],
      [
        'DuckDB',
        '"database/sql"; _ "github.com/marcboeker/go-duckdb" --- sql.Open("duckdb", "/data/x.duckdb?threads=4")',
        ['duckdb /data/x.duckdb'],
      ],
      ['bbolt', 'bolt "go.etcd.io/bbolt" --- db, err := bolt.Open("my.db", 0600, nil)', ['bolt /app/my.db']],
      [
        'bolt of old',
        '"github.com/boltdb/bolt" --- bolt.Open("/data/my.db", 0600, &bolt.Options{Timeout: 1})',
        ['bolt /data/my.db'],
      ],
      [
        'badger',
        'badger "github.com/dgraph-io/badger/v4" --- badger.Open(badger.DefaultOptions("/tmp2/badger"))',
        ['badger /tmp2/badger'],
      ],
      ['leveldb', '"github.com/syndtr/goleveldb/leveldb" --- leveldb.OpenFile("db", nil)', ['leveldb /app/db']],
      ['pebble', '"github.com/cockroachdb/pebble/v2" --- pebble.Open("demo", &pebble.Options{})', ['pebble /app/demo']],
      ['buntdb', '"github.com/tidwall/buntdb" --- buntdb.Open("data.db")', ['buntdb /app/data.db']],
      [
        'PocketBase beside the program',
        '"github.com/pocketbase/pocketbase" --- app := pocketbase.New()\napp.Start()',
        ['pocketbase /srv/pb_data'],
        { building: { argv: ['/srv/base', 'serve'] } },
      ],
      [
        'PocketBase in the folder that the command names',
        '"github.com/pocketbase/pocketbase" --- app := pocketbase.New()\napp.Start()',
        ['pocketbase /pb'],
        { building: { argv: ['/srv/base', 'serve', '--http=0.0.0.0:80', '--dir=/pb'] } },
      ],
      [
        'a flag and its default',
        '"flag"; bolt "go.etcd.io/bbolt" --- path := flag.String("db", "my.db", "the database")\nflag.Parse()\nbolt.Open(*path, 0600, nil)',
        ['bolt /app/my.db'],
        { building: { argv: ['/server'] } },
      ],
      [
        'a flag that the command line gives',
        '"flag"; bolt "go.etcd.io/bbolt" --- var path string\nflag.StringVar(&path, "db", "my.db", "the database")\nbolt.Open(path, 0600, nil)',
        ['bolt /data/x.db'],
        { building: { argv: ['/server', '-db', '/data/x.db'] } },
      ],
    ],
    program,
  );
  table('go', [
    [
      'a helper for defaults',
      {
        'main.go':
          'package main\nimport ("database/sql"; "os")\nfunc getEnv(key, fallback string) string {\n\tif v := os.Getenv(key); v != "" {\n\t\treturn v\n\t}\n\treturn fallback\n}\nfunc main() { sql.Open("sqlite3", getEnv("DB", "./data/a.db")) }\n',
      },
      ['sqlite /app/data/a.db'],
    ],
    [
      'a helper the other way round',
      {
        'main.go':
          'package main\nimport ("database/sql"; "os")\nfunc env(key, fallback string) string {\n\tvalue, ok := os.LookupEnv(key)\n\tif !ok {\n\t\treturn fallback\n\t}\n\treturn value\n}\nfunc main() { sql.Open("sqlite3", env("DB", "a.db")) }\n',
      },
      ['sqlite /app/a.db'],
    ],
    [
      'through packages, a structure and a parameter',
      {
        'go.mod': 'module example.org/shop\n',
        'cmd/server/main.go':
          'package main\nimport ("example.org/shop/internal/config"; "example.org/shop/internal/store")\nfunc main() {\n\tcfg := config.Load()\n\tstore.New(cfg.DatabasePath)\n}\n',
        'internal/config/config.go':
          'package config\nimport "os"\ntype Config struct { DatabasePath string }\nfunc getEnv(k, d string) string { if v := os.Getenv(k); v != "" { return v }; return d }\nfunc Load() *Config { return &Config{DatabasePath: getEnv("DATABASE_PATH", "/app/data/shop.db")} }\n',
        'internal/store/store.go':
          'package store\nimport "database/sql"\nfunc New(path string) (*sql.DB, error) {\n\treturn sql.Open("sqlite3", path+"?_journal_mode=WAL")\n}\n',
      },
      ['sqlite /app/data/shop.db'],
    ],
    [
      'a structure that a library fills from the environment',
      {
        'main.go':
          'package main\nimport ("github.com/caarlos0/env/v11"; bolt "go.etcd.io/bbolt")\ntype config struct {\n\tPath string `env:"DB_PATH" envDefault:"state.db"`\n}\nfunc main() { var c config; env.Parse(&c); bolt.Open(c.Path, 0600, nil) }\n',
      },
      ['bolt /app/state.db'],
    ],
    [
      'a constant of another file of the package',
      {
        'main.go': 'package main\nimport bolt "go.etcd.io/bbolt"\nfunc main() { bolt.Open(dbPath, 0600, nil) }\n',
        'paths.go': 'package main\nconst dbPath = "/data/x.db"\n',
      },
      ['bolt /data/x.db'],
    ],
    [
      'the one program that the Dockerfile builds',
      {
        'go.mod': 'module example.org/shop\n',
        'cmd/server/main.go':
          'package main\nimport bolt "go.etcd.io/bbolt"\nfunc main() { bolt.Open("server.db", 0600, nil) }\n',
        'cmd/tool/main.go':
          'package main\nimport bolt "go.etcd.io/bbolt"\nfunc main() { bolt.Open("tool.db", 0600, nil) }\n',
      },
      ['bolt /app/server.db'],
      { building: { commands: ['CGO_ENABLED=0 go build -ldflags="-s -w" -o /out/app ./cmd/server'], argv: ['/app'] } },
    ],
    [
      'of two programs that are built the one that runs',
      {
        'go.mod': 'module example.org/shop\n',
        'cmd/server/main.go':
          'package main\nimport bolt "go.etcd.io/bbolt"\nfunc main() { bolt.Open("server.db", 0600, nil) }\n',
        'cmd/tool/main.go':
          'package main\nimport bolt "go.etcd.io/bbolt"\nfunc main() { bolt.Open("tool.db", 0600, nil) }\n',
      },
      ['bolt /app/tool.db'],
      {
        building: {
          commands: ['go build -o /out/web ./cmd/server && go build -o /out/cli ./cmd/tool'],
          argv: ['/cli'],
        },
      },
    ],
  ]);
});

describe('Go: catches not', () => {
  table(
    'go',
    [
      ['memory', `${SQLITE} sql.Open("sqlite3", ":memory:")`, []],
      ['shared memory', `${SQLITE} sql.Open("sqlite3", "file::memory:?cache=shared")`, []],
      ['memory by mode', `${SQLITE} sql.Open("sqlite3", "file:x?mode=memory")`, []],
      ['another database', `${SQLITE} sql.Open("postgres", "host=db")`, []],
      ['a driver that is chosen', `${SQLITE} sql.Open(os.Getenv("DRIVER"), "x.db")`, []],
      ['for reading', `${SQLITE} sql.Open("sqlite3", "file:x.db?mode=ro")`, ['sqlite /app/x.db (read only)']],
      [
        'bbolt for reading',
        'bolt "go.etcd.io/bbolt" --- bolt.Open("x.db", 0600, &bolt.Options{ReadOnly: true})',
        ['bolt /app/x.db (read only)'],
      ],
      ['another library of the same name', 'bolt "example.org/tools/bolt" --- bolt.Open("my.db", 0600, nil)', []],
      [
        'a method of the same name',
        'bolt "go.etcd.io/bbolt" --- s.Open("my.db", 0600, nil)\nvar _ = bolt.ErrTimeout',
        [],
      ],
      ['a comment', `${SQLITE} // sql.Open("sqlite3", "x.db")`, []],
      ['a text', `${SQLITE} fmt.Println(\`sql.Open("sqlite3", "x.db")\`)`, []],
      [
        'badger in memory',
        'badger "github.com/dgraph-io/badger/v4" --- badger.Open(badger.DefaultOptions("").WithInMemory(true))',
        [],
      ],
      [
        'badger that may be in memory',
        'badger "github.com/dgraph-io/badger/v4" --- o := badger.DefaultOptions("x")\nif t { o.InMemory = true }\nbadger.Open(o)',
        [],
      ],
      [
        'pebble in memory',
        '"github.com/cockroachdb/pebble"; "github.com/cockroachdb/pebble/vfs" --- pebble.Open("x", &pebble.Options{FS: vfs.NewMem()})',
        [],
      ],
      ['buntdb in memory', '"github.com/tidwall/buntdb" --- buntdb.Open(":memory:")', []],
      ['arguments of the command line', `${SQLITE} sql.Open("sqlite3", os.Args[1])`, ['sqlite ?']],
      [
        'a variable set twice',
        `${SQLITE} p := "a.db"\nif debug() {\n\tp = "b.db"\n}\nsql.Open("sqlite3", p)`,
        ['sqlite ?'],
      ],
      ['a variable without a value', `${SQLITE} sql.Open("sqlite3", os.Getenv("DB"))`, ['sqlite ?']],
      [
        'a variable that names a server',
        `${SQLITE} sql.Open("sqlite3", os.Getenv("DB"))`,
        ['sqlite elsewhere'],
        { environment: { DB: 'postgres://db/x' } },
      ],
      [
        'a flag under a script',
        '"flag"; bolt "go.etcd.io/bbolt" --- path := flag.String("db", "my.db", "")\nbolt.Open(*path, 0600, nil)',
        ['bolt ?'],
        { building: { argv: ['/entrypoint.sh', '/server'] } },
      ],
    ],
    program,
  );
  const OPEN = 'package main\nimport bolt "go.etcd.io/bbolt"\nfunc main() { bolt.Open("x.db", 0600, nil) }\n';
  table('go', [
    ['a test', { 'main.go': 'package main\nfunc main() {}', 'main_test.go': OPEN }, []],
    ['an example', { 'main.go': 'package main\nfunc main() {}', 'examples/bolt/main.go': OPEN }, []],
    ['a file that is built only when asked for', { 'gen.go': `//go:build ignore\n\n${OPEN}` }, []],
    ['a library without a program', { 'store.go': OPEN.replace('package main', 'package store') }, []],
    [
      'a package that the program does not import',
      {
        'go.mod': 'module example.org/shop\n',
        'main.go': 'package main\nfunc main() {}\n',
        'legacy/store.go': OPEN.replace('package main', 'package legacy'),
      },
      [],
    ],
    [
      'a function that nobody calls',
      {
        'main.go':
          'package main\nimport bolt "go.etcd.io/bbolt"\nfunc openOld() { bolt.Open("x.db", 0600, nil) }\nfunc main() {}\n',
      },
      [],
    ],
    [
      'another program than the Dockerfile builds',
      {
        'go.mod': 'module example.org/shop\n',
        'cmd/server/main.go': 'package main\nfunc main() {}\n',
        'cmd/tool/main.go': OPEN,
      },
      [],
      { building: { commands: ['go build -o /server ./cmd/server'], argv: ['/server'] } },
    ],
    [
      'one of two programs, and no telling which runs',
      {
        'go.mod': 'module example.org/shop\n',
        'cmd/server/main.go': 'package main\nfunc main() {}\n',
        'cmd/tool/main.go': OPEN,
      },
      [],
    ],
    [
      'a path from a configuration file',
      {
        'main.go':
          'package main\nimport bolt "go.etcd.io/bbolt"\ntype config struct {\n\tPath string `yaml:"path"`\n}\nfunc main() { c := config{Path: "x.db"}; load(&c); bolt.Open(c.Path, 0600, nil) }\n',
      },
      ['bolt ?'],
    ],
    [
      'a parameter that differs',
      {
        'main.go':
          'package main\nimport bolt "go.etcd.io/bbolt"\nfunc open(p string) { bolt.Open(p, 0600, nil) }\nfunc main() { open("a.db"); open("b.db") }\n',
      },
      ['bolt ?'],
    ],
  ]);
});

/** Each library in each of the places that do not count. */
describe('Go: what does not run opens nothing', () => {
  const CALLS: readonly (readonly [library: string, imported: string, call: string])[] = [
    ['database/sql', '"database/sql"', 'sql.Open("sqlite3", "x.db")'],
    ['gorm', '"gorm.io/driver/sqlite"', 'sqlite.Open("x.db")'],
    ['bbolt', 'bolt "go.etcd.io/bbolt"', 'bolt.Open("x.db", 0600, nil)'],
    ['badger', 'badger "github.com/dgraph-io/badger/v4"', 'badger.Open(badger.DefaultOptions("x"))'],
    ['leveldb', '"github.com/syndtr/goleveldb/leveldb"', 'leveldb.OpenFile("x", nil)'],
    ['pebble', '"github.com/cockroachdb/pebble"', 'pebble.Open("x", nil)'],
  ];
  const file = (name: string, imported: string, body: string, head = ''): string =>
    `${head}package ${name}\n\nimport ${imported}\n\n${body}\n`;
  const EMPTY = 'package main\n\nfunc main() {}\n';
  for (const [library, imported, call] of CALLS) {
    const run = `func main() { ${call} }`;
    table('go', [
      [`${library}: a test`, { 'main.go': EMPTY, 'store_test.go': file('main', imported, run) }, []],
      [`${library}: an example`, { 'main.go': EMPTY, 'example/main.go': file('main', imported, run) }, []],
      [`${library}: test data`, { 'main.go': EMPTY, 'testdata/main.go': file('main', imported, run) }, []],
      [`${library}: a comment`, { 'main.go': file('main', imported, `func main() {\n\t// ${call}\n}`) }, []],
      [
        `${library}: a function nobody calls`,
        { 'main.go': file('main', imported, `func old() { ${call} }\n\nfunc main() {}`) },
        [],
      ],
      [
        `${library}: a build tag`,
        { 'main.go': EMPTY, 'gen.go': file('main', imported, run, '//go:build ignore\n\n') },
        [],
      ],
    ]);
  }
});
