/** PHP calls that open a store. */
import { SQLITE_FILE } from '../constructors.ts';
import { type Row, SQLITE_URL } from './rows.ts';

export const PHP_STORES: readonly Row[] = [
  { calls: 'new PDO', ...SQLITE_URL, path: ['0', 'dsn'], says: /^sqlite:/i },
  { calls: 'PDO::connect new Pdo\\Sqlite', ...SQLITE_URL, path: ['0', 'dsn'], says: /^sqlite:/i },
  {
    calls: 'new SQLite3',
    ...SQLITE_FILE,
    path: ['0', 'filename'],
    readOnly: [['1', /^SQLITE3_OPEN_READONLY$/]],
  },
  {
    calls: 'Doctrine\\DBAL\\DriverManager::getConnection',
    ...SQLITE_FILE,
    path: ['0.path'],
    when: [['0.driver', /^(?:pdo_sqlite|sqlite3)$/]],
  },
];
