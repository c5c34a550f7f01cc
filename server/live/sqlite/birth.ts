/**
 * A database bears no mark of its own: page counters, salts and cookies of one that was made anew may be the same. But
 * many frameworks note when they set it up, and never touch that again.
 */
import * as crypto from 'node:crypto';
import type { Sql } from './sql.ts';
import { quoted } from './tables.ts';

/** Of the first row, in this order. */
const NOTES: readonly (readonly [table: string, columns: string, order: string])[] = [
  ['_prisma_migrations', 'id, started_at', 'started_at'],
  ['django_migrations', 'applied', 'id'],
  ['ar_internal_metadata', 'created_at', 'key'],
  ['flyway_schema_history', 'installed_on', 'installed_rank'],
  ['_sqlx_migrations', 'installed_on', 'version'],
  ['__diesel_schema_migrations', 'run_on', 'version'],
  ['knex_migrations', 'migration_time', 'id'],
  ['goose_db_version', 'tstamp', 'id'],
  ['migration_log', '"timestamp"', 'id'],
];

/** Null: nobody noted it. */
export function birthOf(sql: Sql): string | null {
  for (const [table, columns, order] of NOTES) {
    const [row] = tried(sql, `SELECT ${columns} FROM ${quoted(table)} NOT INDEXED ORDER BY ${order} LIMIT 1`);
    if (!row?.every((value) => value !== null && value !== '')) continue;
    return crypto
      .createHash('sha256')
      .update(`${table}\n${row.join('\n')}`)
      .digest('hex')
      .slice(0, 16);
  }
  return null;
}

function tried(sql: Sql, query: string): ReturnType<Sql['rows']> {
  try {
    return sql.rows(query);
  } catch {
    // Most databases have no such table.
    return [];
  }
}
