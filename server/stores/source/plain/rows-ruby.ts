/** Ruby calls that open a store. */
import { directory, SQLITE_FILE, singleFile, TRUE } from '../constructors.ts';
import { type Row, SQLITE_URL } from './rows.ts';

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
  { calls: 'LevelDB::DB.new LevelDB::DB.create', ...directory('leveldb'), path: ['0'] },
  { calls: 'LMDB.new LMDB.open', ...directory('lmdb'), path: ['0'], readOnly: [['rdonly', TRUE]] },
  { calls: 'DuckDB::Database.open', ...singleFile('duckdb'), path: ['0'] },
];
