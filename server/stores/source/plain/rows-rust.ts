/** Rust calls that open a store. */
import { directory, SQLITE_FILE, singleFile, TRUE } from '../constructors.ts';
import { type Row, SQLITE_URL } from './rows.ts';

export const RUST_STORES: readonly Row[] = [
  {
    calls:
      'rusqlite::Connection::open tokio_rusqlite::Connection::open r2d2_sqlite::SqliteConnectionManager::file ' +
      'deadpool_sqlite::Config::new rusqlite::Connection::open_with_flags',
    ...SQLITE_FILE,
    path: ['0'],
    readOnly: [['1', /SQLITE_OPEN_READ_ONLY/]],
  },
  {
    calls:
      'sqlx::SqlitePool::connect sqlx::SqlitePool::connect_lazy sqlx::SqliteConnection::connect ' +
      'sqlx::SqliteConnectOptions::from_str sqlx::SqlitePoolOptions::new().connect sqlx::SqlitePoolOptions::new().connect_lazy',
    ...SQLITE_URL,
    path: ['0'],
    without: /\.(?:read_only|immutable)\(\s*true/,
  },
  {
    calls: 'sqlx::SqliteConnectOptions::new().filename sqlx::SqliteConnectOptions::from_str().filename',
    ...SQLITE_FILE,
    path: ['0'],
    without: /\.(?:read_only|immutable)\(\s*true/,
  },
  {
    calls:
      'sqlx::AnyPool::connect sqlx::AnyPoolOptions::new().connect sea_orm::Database::connect sea_orm::ConnectOptions::new',
    ...SQLITE_URL,
    path: ['0'],
    says: /^sqlite:/i,
  },
  {
    calls: 'diesel::SqliteConnection::establish',
    technology: 'sqlite',
    form: 'url',
    dialect: 'plain',
    path: ['0'],
  },
  { calls: 'libsql::Builder::new_local', ...SQLITE_FILE, path: ['0'] },
  { calls: 'duckdb::Connection::open', ...singleFile('duckdb'), path: ['0'] },
  { calls: 'sled::open', ...directory('sled'), path: ['0'], without: /\.temporary\(\s*true/ },
  {
    calls: 'sled::Config::new().path sled::Config::default().path',
    ...directory('sled'),
    path: ['0'],
    without: /\.temporary\(\s*true/,
  },
  {
    calls: 'redb::Database::create redb::Database::open redb::Builder::new().create',
    ...singleFile('redb'),
    path: ['0'],
  },
  {
    calls:
      'rocksdb::DB::open_default rocksdb::TransactionDB::open_default rocksdb::OptimisticTransactionDB::open_default',
    ...directory('rocksdb'),
    path: ['0'],
  },
  {
    calls:
      'rocksdb::DB::open rocksdb::DB::open_cf rocksdb::DB::open_cf_descriptors rocksdb::TransactionDB::open ' +
      'rocksdb::OptimisticTransactionDB::open rocksdb::DB::open_cf_with_opts rocksdb::DB::open_with_ttl',
    ...directory('rocksdb'),
    path: ['1'],
  },
  { calls: 'heed::EnvOpenOptions::new().open', ...directory('lmdb'), path: ['0'] },
  { calls: 'fjall::Config::new', ...directory('fjall'), path: ['0'], without: /\.temporary\(\s*true/ },
  { calls: 'lmdb::Environment::new().open', ...directory('lmdb'), path: ['0'], readOnly: [['0', TRUE]] },
];
