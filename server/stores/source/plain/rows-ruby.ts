/** Ruby calls that open a store. */
import { folder, type Row, SQLITE_FILE, SQLITE_URL, single, TRUE } from './rows.ts';

const SQLITE = /^sqlite3?$/;

export const RUBY_STORES: readonly Row[] = [
  {
    calls: 'SQLite3::Database.new SQLite3::Database.open',
    ...SQLITE_FILE,
    path: ['0'],
    readOnly: [['readonly', TRUE]],
  },
  { calls: 'Sequel.sqlite', ...SQLITE_FILE, path: ['0', 'database'], readOnly: [['readonly', TRUE]] },
  { calls: 'Sequel.connect', ...SQLITE_URL, path: ['0'], says: /^sqlite:/i, readOnly: [['readonly', TRUE]] },
  {
    calls: 'Sequel.connect ActiveRecord::Base.establish_connection',
    ...SQLITE_FILE,
    path: ['database', '0.database'],
    when: [['adapter', SQLITE]],
  },
  {
    calls: 'ActiveRecord::Base.establish_connection',
    ...SQLITE_FILE,
    path: ['0.database'],
    when: [['0.adapter', SQLITE]],
  },
  { calls: 'ActiveRecord::Base.establish_connection', ...SQLITE_URL, path: ['0'], says: /^sqlite3:/i },
  { calls: 'LevelDB::DB.new LevelDB::DB.create', ...folder('leveldb'), path: ['0'] },
  { calls: 'LMDB.new LMDB.open', ...folder('lmdb'), path: ['0'], readOnly: [['rdonly', TRUE]] },
  { calls: 'DuckDB::Database.open', ...single('duckdb'), path: ['0'] },
];
