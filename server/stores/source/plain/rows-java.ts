/** Java calls that open a store: of a JDBC URL the text itself says what it is. */
import { directory, singleFile } from '../constructors.ts';
import type { Row } from './rows.ts';

const EMBEDDED = /^jdbc:(?:p6spy:|otel:)?(?:sqlite|h2|hsqldb|derby|duckdb):/i;
const JDBC = { technology: 'h2', form: 'jdbc', says: EMBEDDED } as const;

export const JAVA_STORES: readonly Row[] = [
  { calls: 'java.sql.DriverManager.getConnection', ...JDBC, path: ['0'] },
  { calls: '.setJdbcUrl .jdbcUrl .setUrl .setURL .url .dataSource', ...JDBC, path: ['0'] },
  {
    calls:
      'org.jdbi.v3.core.Jdbi.create org.flywaydb.core.Flyway.configure().dataSource org.h2.jdbcx.JdbcConnectionPool.create ' +
      'new com.j256.ormlite.jdbc.JdbcConnectionSource new org.sql2o.Sql2o',
    ...JDBC,
    path: ['0'],
  },
  { calls: 'org.mapdb.DBMaker.fileDB', ...singleFile('mapdb'), path: ['0'], without: /\.readOnly\(\)/ },
  { calls: 'org.rocksdb.RocksDB.open', ...directory('rocksdb'), path: ['1', '0'] },
];
