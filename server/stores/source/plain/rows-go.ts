/** Go calls that open a store. */

import { directory, SQLITE_FILE, singleFile, TRUE } from '../constructors.ts';
import type { PathExpression } from '../model.ts';
import { type Row, SQLITE_DSN } from './rows.ts';

const SQLITE_DRIVER = /^(?:sqlite3?|libsql|spatialite|sqliteshim\.\w+|dialect\.SQLite)$/;

/** PocketBase keeps its data beside the program, unless `--dir` says otherwise. */
const BESIDE_PROGRAM: PathExpression = {
  kind: 'flag',
  name: 'dir',
  fallback: { kind: 'join', parts: [{ kind: 'program' }, { kind: 'literal', value: 'pb_data' }], restart: false },
};

export const GO_STORES: readonly Row[] = [
  {
    calls:
      'database/sql.Open github.com/jmoiron/sqlx.Open github.com/jmoiron/sqlx.Connect github.com/jmoiron/sqlx.MustConnect ' +
      'github.com/jmoiron/sqlx.MustOpen github.com/jinzhu/gorm.Open entgo.io/ent/dialect/sql.Open xorm.io/xorm.NewEngine ' +
      'github.com/go-xorm/xorm.NewEngine */ent.Open',
    ...SQLITE_DSN,
    path: ['1'],
    when: [['0', SQLITE_DRIVER]],
  },
  {
    calls: 'github.com/jmoiron/sqlx.ConnectContext',
    ...SQLITE_DSN,
    path: ['2'],
    when: [['1', SQLITE_DRIVER]],
  },
  {
    calls: 'gorm.io/driver/sqlite.Open github.com/glebarez/sqlite.Open github.com/libtnb/sqlite.Open',
    ...SQLITE_DSN,
    path: ['0'],
  },
  {
    calls:
      'zombiezen.com/go/sqlite.OpenConn zombiezen.com/go/sqlite/sqlitex.NewPool crawshaw.io/sqlite.OpenConn ' +
      'crawshaw.io/sqlite/sqlitex.Open github.com/ncruces/go-sqlite3.Open',
    ...SQLITE_DSN,
    path: ['0'],
    without: /OpenReadOnly/,
  },
  {
    calls: 'database/sql.Open github.com/jmoiron/sqlx.Open github.com/jmoiron/sqlx.Connect',
    technology: 'duckdb',
    form: 'url',
    dialect: 'dsn',
    path: ['1'],
    when: [['0', /^duckdb$/]],
    readOnly: [['1', /access_mode=read_only/i]],
  },
  {
    calls:
      'go.etcd.io/bbolt.Open github.com/boltdb/bolt.Open github.com/coreos/bbolt.Open github.com/etcd-io/bbolt.Open ' +
      'github.com/asdine/storm.Open github.com/timshannon/bolthold.Open',
    ...singleFile('bolt'),
    path: ['0'],
    readOnly: [['2.ReadOnly', TRUE]],
  },
  {
    calls: 'github.com/dgraph-io/badger.DefaultOptions github.com/dgraph-io/badger.LSMOnlyOptions',
    ...directory('badger'),
    path: ['0'],
    without: /\b(?:With)?(?:InMemory|ReadOnly)\b|\.With(?:Value)?Dir\(|\.(?:Value)?Dir\s*=/,
  },
  {
    calls: 'github.com/syndtr/goleveldb/leveldb.OpenFile github.com/syndtr/goleveldb/leveldb.RecoverFile',
    ...directory('leveldb'),
    path: ['0'],
    readOnly: [['1.ReadOnly', TRUE]],
  },
  {
    calls: 'github.com/cockroachdb/pebble.Open',
    ...directory('pebble'),
    path: ['0'],
    readOnly: [['1.ReadOnly', TRUE]],
    without: /\bvfs\.(?:NewMem|NewStrictMem|NewCrashableMem)\b/,
  },
  { calls: 'github.com/tidwall/buntdb.Open', ...singleFile('buntdb'), path: ['0'] },
  {
    calls: 'github.com/ostafen/clover.Open',
    ...directory('bolt'),
    path: ['0'],
    without: /\bInMemoryMode\b/,
  },
  { calls: 'github.com/glebarez/go-sqlite.Open', ...SQLITE_FILE, path: ['0'] },
  {
    calls: 'github.com/pocketbase/pocketbase.New github.com/pocketbase/pocketbase.NewWithConfig',
    ...directory('pocketbase'),
    path: ['0.DefaultDataDir'],
    default: BESIDE_PROGRAM,
  },
];
