/** What a database holds: tables that somebody's data is in, and how many rows. */
import type { Sql } from './sql.ts';

export interface Table {
  readonly name: string;
  /** Null: they could not be counted. */
  readonly rows: number | null;
}

/** Filled by frameworks and tools when they set a database up: no data of a user. */
const OWN = new Set(
  [
    'alembic_version',
    'ar_internal_metadata',
    'auth_permission',
    'd1_migrations',
    'database_migrations',
    'django_content_type',
    'django_migrations',
    'flyway_schema_history',
    'goose_db_version',
    'knex_migrations',
    'knex_migrations_lock',
    'kysely_migration',
    'kysely_migration_lock',
    'migration_log',
    'migration_versions',
    'migrations',
    'migrations_lock',
    'mikro_orm_migrations',
    'refinery_schema_history',
    'schema_migrations',
    'schema_version',
    'sequelizemeta',
    'typeorm_metadata',
    '__diesel_schema_migrations',
    '__drizzle_migrations',
    '__efmigrationshistory',
    '__efmigrationslock',
    '_litestream_lock',
    '_litestream_seq',
    '_prisma_migrations',
    '_sqlx_migrations',
  ].sort(),
);

const isOwn = (name: string): boolean => /^sqlite_/i.test(name) || OWN.has(name.toLowerCase());

/** What full-text, geometry and vector tables keep their content in, after their own name. */
const SHADOW =
  /^_(content|segments|segdir|docsize|stat|data|idx|config|node|parent|rowid|rowids|chunks|info|auxiliary|vector_chunks\d+|metadata(chunks|text)\d+)$/;
/** One row in them for each of the virtual table; the first that is there counts. */
const COUNTED = ['_content', '_docsize', '_rowid', '_rowids'];

/** @throws Error when the schema cannot be read */
export function tablesOf(sql: Sql): Table[] {
  const listed = sql.rows("SELECT name, rootpage FROM sqlite_master WHERE type = 'table' ORDER BY rowid");
  const names = listed.map(([name]) => String(name));
  const virtual = listed.filter(([, root]) => !root).map(([name]) => String(name));
  const isShadow = (name: string): boolean =>
    virtual.some((of) => name.startsWith(of) && SHADOW.test(name.slice(of.length)));
  return names
    .filter((name) => !isOwn(name) && !isShadow(name))
    .map((name) => {
      if (!virtual.includes(name)) return { name, rows: count(sql, name) };
      // Their modules may not be there, but their content is in tables like any others.
      const content = COUNTED.map((suffix) => name + suffix).find((one) => names.includes(one));
      return { name, rows: content === undefined ? null : count(sql, content) };
    });
}

function count(sql: Sql, table: string): number | null {
  try {
    // An index may need an order of letters that only the application knows.
    const [row] = sql.rows(`SELECT count(*) FROM ${quoted(table)} NOT INDEXED`);
    return Number(row?.[0]);
  } catch (error) {
    if (/malformed|not a database|corrupt/i.test(String(error))) throw error;
    return null;
  }
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
