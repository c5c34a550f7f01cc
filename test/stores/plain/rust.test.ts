import { describe } from 'vitest';
import { type Files, type Run, table } from './scanning.ts';

/** A crate of one file: the uses, then what `main` does. */
const crate = (code: string): Files => {
  const [uses = '', body = ''] = code.split('---');
  return {
    'Cargo.toml': '[package]\nname = "shop"\n',
    'src/main.rs': `${uses
      .trim()
      .split(/\s*;\s*/)
      .filter(Boolean)
      .map((use) => `use ${use};`)
      .join('\n')}\n\n#[tokio::main]\nasync fn main() -> Result<()> {\n${body}\n}\n`,
  };
};

const files = (cases: readonly (readonly [string, string, string[], Run?])[]) =>
  cases.map(([title, code, stores, run]) => [title, crate(code), stores, run ?? {}] as const);

const RUSQLITE = 'rusqlite::Connection; std::path::{Path, PathBuf}; std::env ---';

describe('Rust: catches', () => {
  table(
    'rs',
    files([
      ['rusqlite', `${RUSQLITE} let c = Connection::open("app.db")?;`, ['sqlite /app/app.db']],
      ['rusqlite in full', '--- let c = rusqlite::Connection::open("/data/app.db").unwrap();', ['sqlite /data/app.db']],
      [
        'a joined path',
        `${RUSQLITE} let dir = PathBuf::from("/data"); Connection::open(dir.join("x.db"))?;`,
        ['sqlite /data/x.db'],
      ],
      [
        'a variable with a default',
        `${RUSQLITE} let p = env::var("DB").unwrap_or_else(|_| "a.db".to_string()); Connection::open(&p)?;`,
        ['sqlite /app/a.db'],
      ],
      [
        'the variable wins',
        `${RUSQLITE} let p = env::var("DB").unwrap_or("a.db".into()); Connection::open(&p)?;`,
        ['sqlite /d/b.db'],
        { environment: { DB: '/d/b.db' } },
      ],
      [
        'a match on the way',
        `${RUSQLITE} let mut p = String::from("a.db"); if let Ok(v) = env::var("DB") { p = v; } Connection::open(&p)?;`,
        ['sqlite /app/a.db'],
      ],
      [
        'sqlx',
        'sqlx::SqlitePool --- let pool = SqlitePool::connect("sqlite://data/app.db?mode=rwc").await?;',
        ['sqlite /app/data/app.db'],
      ],
      [
        'sqlx with a formatted URL',
        'sqlx::sqlite::SqlitePoolOptions --- let f = "/d/x.db"; SqlitePoolOptions::new().max_connections(5).connect(&format!("sqlite:{}", f)).await?;',
        ['sqlite /d/x.db'],
      ],
      [
        'sqlx options',
        'sqlx::sqlite::{SqliteConnectOptions, SqlitePool} --- let o = SqliteConnectOptions::new().filename("x.db").create_if_missing(true);',
        ['sqlite /app/x.db'],
      ],
      [
        'diesel',
        'diesel::prelude::*; diesel::sqlite::SqliteConnection --- SqliteConnection::establish("db.sqlite")?;',
        ['sqlite /app/db.sqlite'],
      ],
      [
        'sea-orm',
        'sea_orm::Database --- Database::connect("sqlite://./shop.db?mode=rwc").await?;',
        ['sqlite /app/shop.db'],
      ],
      ['sled', '--- let db = sled::open("my_db").unwrap();', ['sled /app/my_db']],
      ['redb', 'redb::Database --- let db = Database::create("/data/my.redb")?;', ['redb /data/my.redb']],
      [
        'rocksdb',
        'rocksdb::{DB, Options} --- let path = "/data/rocks"; let db = DB::open_default(path).unwrap();',
        ['rocksdb /data/rocks'],
      ],
      [
        'rocksdb with options',
        'rocksdb::{DB, Options} --- let mut opts = Options::default(); DB::open(&opts, "/data/rocks")?;',
        ['rocksdb /data/rocks'],
      ],
    ]),
  );
  table('rs', [
    [
      'through a structure and a parameter',
      {
        'Cargo.toml': '[package]\nname = "shop"\n',
        'src/main.rs': 'mod store;\nfn main() { let s = store::Store::connect("/data/s.db"); }\n',
        'src/store.rs':
          'use rusqlite::Connection;\npub struct Store { c: Connection }\nimpl Store {\n    pub fn connect(path: &str) -> Self { Store { c: Connection::open(path).unwrap() } }\n}\n',
      },
      ['sqlite /data/s.db'],
    ],
    [
      'of two programs the one that is copied',
      {
        'Cargo.toml': '[package]\nname = "shop"\n',
        'src/bin/web.rs': 'fn main() { sled::open("web").unwrap(); }\n',
        'src/bin/tool.rs': 'fn main() { sled::open("tool").unwrap(); }\n',
      },
      ['sled /app/web'],
      { building: { commands: ['cargo build --release'], copied: ['/src/target/release/web', '/web'] } },
    ],
    [
      'a crate of the workspace that the program uses',
      {
        'Cargo.toml': '[workspace]\nmembers = ["web", "store", "other"]\n',
        'web/Cargo.toml': '[package]\nname = "web"\n[dependencies]\nstore = { path = "../store" }\n',
        'web/src/main.rs': 'fn main() { store::start(); }\n',
        'store/Cargo.toml': '[package]\nname = "store"\n',
        'store/src/lib.rs': 'pub fn start() { sled::open("/data/s").unwrap(); }\n',
        'other/Cargo.toml': '[package]\nname = "other"\n',
        'other/src/main.rs': 'fn main() { sled::open("/data/other").unwrap(); }\n',
      },
      ['sled /data/s'],
      { building: { commands: ['cargo build -p web'] } },
    ],
  ]);
});

describe('Rust: catches not', () => {
  table(
    'rs',
    files([
      ['memory', `${RUSQLITE} Connection::open_in_memory()?;`, []],
      ['memory by its name', `${RUSQLITE} Connection::open(":memory:")?;`, []],
      ['sqlx in memory', 'sqlx::SqlitePool --- SqlitePool::connect("sqlite::memory:").await?;', []],
      ['sqlx in memory, with slashes', 'sqlx::SqlitePool --- SqlitePool::connect("sqlite://:memory:").await?;', []],
      [
        'for reading',
        'rusqlite::{Connection, OpenFlags} --- Connection::open_with_flags("x.db", OpenFlags::SQLITE_OPEN_READ_ONLY)?;',
        ['sqlite /app/x.db (read only)'],
      ],
      [
        'sqlx for reading',
        'sqlx::sqlite::SqliteConnectOptions --- SqliteConnectOptions::new().filename("x.db").read_only(true);',
        [],
      ],
      ['another database', 'sea_orm::Database --- Database::connect("postgres://db/x").await?;', []],
      ['any database', 'sea_orm::Database; std::env --- Database::connect(env::var("DATABASE_URL")?).await?;', []],
      ['another Connection', 'lapin::Connection --- Connection::open("app.db")?;', []],
      ['another Database', 'mongodb::Database; redb::TableDefinition --- Database::create("x")?;', []],
      ['a comment', `${RUSQLITE} // Connection::open("app.db")`, []],
      ['a text', `${RUSQLITE} println!("Connection::open(\\"app.db\\")");`, []],
      ['a sled of the moment', '--- sled::Config::new().path("x").temporary(true).open()?;', []],
      [
        'a temporary folder',
        'rusqlite::Connection --- let d = tempfile::tempdir()?; Connection::open(d.path().join("x.db"))?;',
        ['sqlite /tmp/x.db'],
      ],
      [
        'a variable that is not set',
        'sqlx::SqlitePool; std::env --- SqlitePool::connect(&env::var("DATABASE_URL")?).await?;',
        ['sqlite ?'],
      ],
      [
        'a variable that names a server',
        'sqlx::SqlitePool; std::env --- SqlitePool::connect(&env::var("DATABASE_URL")?).await?;',
        ['sqlite elsewhere'],
        { environment: { DATABASE_URL: 'postgres://db/x' } },
      ],
      ['an argument', `${RUSQLITE} let p = env::args().nth(1).unwrap(); Connection::open(p)?;`, ['sqlite ?']],
      [
        'set when it is built',
        `${RUSQLITE} Connection::open(concat!(env!("CARGO_MANIFEST_DIR"), "/x.db"))?;`,
        ['sqlite ?'],
      ],
      ['a path set twice', `${RUSQLITE} let mut p = "a.db"; p = "b.db"; Connection::open(p)?;`, ['sqlite ?']],
      [
        'a formatted text that is not plain',
        `${RUSQLITE} Connection::open(format!("{}/x.db", config.dir))?;`,
        ['sqlite ?'],
      ],
    ]),
  );
  const OPEN = 'fn main() { sled::open("x").unwrap(); }\n';
  const MANIFEST = '[package]\nname = "shop"\n';
  table('rs', [
    [
      'a test module',
      {
        'Cargo.toml': MANIFEST,
        'src/main.rs': 'fn main() {}\n#[cfg(test)]\nmod tests { fn f() { sled::open("x"); } }\n',
      },
      [],
    ],
    [
      'a test function',
      { 'Cargo.toml': MANIFEST, 'src/main.rs': 'fn main() {}\n#[tokio::test]\nasync fn f() { sled::open("x"); }\n' },
      [],
    ],
    ['an example', { 'Cargo.toml': MANIFEST, 'src/main.rs': 'fn main() {}', 'examples/x.rs': OPEN }, []],
    ['a test of the crate', { 'Cargo.toml': MANIFEST, 'src/main.rs': 'fn main() {}', 'tests/x.rs': OPEN }, []],
    ['a benchmark', { 'Cargo.toml': MANIFEST, 'src/main.rs': 'fn main() {}', 'benches/x.rs': OPEN }, []],
    ['the build script', { 'Cargo.toml': MANIFEST, 'src/main.rs': 'fn main() {}', 'build.rs': OPEN }, []],
    [
      'a function that nobody calls',
      { 'Cargo.toml': MANIFEST, 'src/main.rs': 'fn old() { sled::open("x").unwrap(); }\nfn main() {}\n' },
      [],
    ],
    [
      'a library without a program',
      { 'Cargo.toml': MANIFEST, 'src/lib.rs': 'pub fn main() { sled::open("x").unwrap(); }' },
      [],
    ],
    [
      'a test behind all()',
      {
        'Cargo.toml': MANIFEST,
        'src/main.rs': 'fn main() {}\n#[cfg(all(test, unix))]\nmod t { fn f() { sled::open("x"); } }\n',
      },
      [],
    ],
    [
      'a benchmark function',
      { 'Cargo.toml': MANIFEST, 'src/main.rs': 'fn main() {}\n#[bench]\nfn f() { sled::open("x"); }\n' },
      [],
    ],
    [
      'a macro of tests',
      { 'Cargo.toml': MANIFEST, 'src/main.rs': 'fn main() {}\n#[rstest]\nfn f() { sled::open("x"); }\n' },
      [],
    ],
    [
      'a field that a file fills',
      {
        'Cargo.toml': MANIFEST,
        'src/main.rs':
          '#[derive(Deserialize)]\nstruct C { db: String }\nfn main() { let c: C = load(); sled::open(c.db).unwrap(); }\n',
      },
      ['sled ?'],
    ],
    ['no crate at all', { 'main.rs': OPEN }, []],
    [
      'one of two programs, and no telling which runs',
      { 'Cargo.toml': MANIFEST, 'src/bin/a.rs': OPEN, 'src/bin/b.rs': 'fn main() {}' },
      [],
    ],
    [
      'a program that is not copied',
      { 'Cargo.toml': MANIFEST, 'src/bin/a.rs': OPEN, 'src/bin/b.rs': 'fn main() {}' },
      [],
      { building: { commands: ['cargo build --release'], copied: ['target/release/b'] } },
    ],
    [
      'a field that comes from the command line',
      {
        'Cargo.toml': MANIFEST,
        'src/main.rs':
          '#[derive(Parser)]\nstruct Args { #[arg(long, default_value = "x")] db: String }\nfn main() { let args = Args::parse(); sled::open(&args.db).unwrap(); }\n',
      },
      ['sled ?'],
    ],
  ]);
});
