/** PostgreSQL and what is built on it. The id of the data is the `system_identifier` that initdb makes. */
import { flagValue, flatWords } from '../../stores/words.ts';
import {
  counted,
  firstLine,
  fullDisk,
  inShell,
  orNull,
  output,
  places,
  processOf,
  quoted,
  SILENT,
  TIMED,
  workingDirectory,
} from './client.ts';
import { type Ask, type Planting, PREFIX, type Probe, type Run, type Told, Unable, type Weakness } from './probe.ts';

const PROCESSES = ['postgres', 'postmaster'];

/** Nothing that is read may write, wait for a lock, or take long. */
const READING = '-c default_transaction_read_only=on -c statement_timeout=7000 -c lock_timeout=3000';
/** On this disk; without waiting for replicas. */
const WRITING = '-c synchronous_commit=local -c statement_timeout=7000 -c lock_timeout=3000';

const portOf = (words: readonly string[]): string | undefined => {
  const port = flagValue(words, '-p') ?? flagValue(words, '--port') ?? flagValue(words, '-c port');
  return port !== undefined && /^\d+$/.test(port) ? port : undefined;
};

/**
 * `psql` reads everything from its environment, so that neither a name nor a password is on its command line. Every
 * server has a database `postgres` unless somebody removed it.
 */
function script(ask: Ask, options: string, then: string): string {
  const port = portOf(flatWords(ask.container.command));
  return `${TIMED}
command -v psql >/dev/null 2>&1 || { echo 'there is no psql in the container' >&2; exit 3; }
w=\${POSTGRES_PASSWORD:-\${POSTGRESQL_PASSWORD:-\${PGPASSWORD:-}}}
f=\${POSTGRES_PASSWORD_FILE:-\${POSTGRESQL_PASSWORD_FILE:-}}
[ -n "$w" ] || [ -z "$f" ] || w=$(cat "$f" 2>/dev/null)
[ -z "$w" ] || export PGPASSWORD="$w"
${port === undefined ? '' : `export PGPORT=${port}\n`}export PGCONNECT_TIMEOUT=3 PGCLIENTENCODING=UTF8 PGOPTIONS=${quoted(options)}
export PGUSER="\${POSTGRES_USER:-\${POSTGRESQL_USERNAME:-\${POSTGRESQL_USER:-postgres}}}"
ask() { $t psql -XqAtw "$@"; }
b=
for h in '' localhost; do for d in postgres "\${POSTGRES_DB:-\${POSTGRESQL_DATABASE:-$PGUSER}}"; do
export PGHOST="$h" PGDATABASE="$d"
e=$(ask -c 'select 1' 2>&1) && b=1 && break 2
done; done
[ -n "$b" ] || { printf '%s\\n' "$e" >&2; exit 4; }
${then}`;
}

/** Who may log in without a password is often the user of the server alone. */
async function inside(ask: Ask, options: string, then: string): Promise<Run> {
  const text = script(ask, options, then);
  const first = await inShell(ask, text);
  if (first.exitCode !== 4 || !/peer authentication failed/i.test(first.stderr)) return first;
  const user = (await processOf(ask, PROCESSES))?.user;
  return user === undefined ? first : inShell(ask, text, user);
}

const statement = (sql: string): string => ` -c ${quoted(sql)}`;

/** Each on its own: what one user may not see, or an old version does not have, must not hide the rest. */
const FACTS = [
  "select 'setting', name, setting from pg_settings where name in ('data_directory', 'fsync', 'full_page_writes', 'synchronous_commit', 'server_version')",
  "select 'fact', 'system_identifier', system_identifier from pg_control_system()",
  "select 'fact', 'initialised', to_char((pg_stat_file('PG_VERSION')).modification at time zone 'UTC', 'YYYY-MM-DD HH24:MI')",
  "select 'fact', 'recovery', pg_is_in_recovery()",
  "select 'tablespace', spcname, pg_tablespace_location(oid) from pg_tablespace where spcname not in ('pg_default', 'pg_global')",
  "select 'fact', 'databases', count(*) from pg_database where datallowconn and not datistemplate",
];

/** What belongs to an extension is not the user's. Tables that were never written to have no page. */
const TABLES = `select 'tables', count(*), count(*) filter (where pg_relation_size(c.oid) > 0),
count(*) filter (where c.relpersistence = 'u'), (select count(*) from pg_largeobject_metadata)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`;

const MOST_DATABASES = 20;

/** The names of the databases stay in the container. */
const EACH = `ask -c 'select datname from pg_database where datallowconn and not datistemplate order by oid limit ${MOST_DATABASES}' |
while IFS= read -r d; do PGDATABASE="$d" ask -c ${quoted(TABLES.replaceAll('\n', ' '))} </dev/null; done
exit 0`;

export interface Facts {
  readonly settings: ReadonlyMap<string, string>;
  readonly facts: ReadonlyMap<string, string>;
  readonly tablespaces: readonly string[];
}

const rows = (text: string): string[][] => text.split('\n').map((line) => line.trim().split('|'));

export function factsIn(text: string): Facts {
  const of = (kind: string): [string, string][] =>
    rows(text).flatMap(([first, name, ...value]): [string, string][] =>
      first === kind && name !== undefined ? [[name, value.join('|')]] : [],
    );
  return {
    settings: new Map(of('setting')),
    facts: new Map(of('fact')),
    tablespaces: of('tablespace').map(([, path]) => path),
  };
}

export interface Tables {
  /** That could be looked into. */
  readonly databases: number;
  readonly tables: number;
  /** Tables with something in them. */
  readonly filled: number;
  readonly unlogged: number;
  readonly largeObjects: number;
}

export function tablesIn(text: string): Tables {
  const each = rows(text).flatMap(([kind, ...numbers]) => (kind === 'tables' ? [numbers.map(Number)] : []));
  const sum = (index: number): number => each.reduce((all, one) => all + (one[index] ?? 0), 0);
  return { databases: each.length, tables: sum(0), filled: sum(1), unlogged: sum(2), largeObjects: sum(3) };
}

export function weaknessesOf({ settings }: Facts, unlogged: number): Weakness[] {
  const found: Weakness[] = [];
  const off = (name: string): boolean => settings.get(name) === 'off';
  if (off('fsync'))
    found.push({
      setting: 'fsync off',
      message: 'A power cut or a crash of the machine may destroy the whole cluster',
      weight: 'risk',
    });
  if (off('full_page_writes'))
    found.push({
      setting: 'full_page_writes off',
      message: 'A power cut may leave pages that are half written',
      weight: 'note',
    });
  if (off('synchronous_commit'))
    found.push({
      setting: 'synchronous_commit off',
      message: 'A crash loses the transactions of the last moment although they were confirmed',
      weight: 'note',
    });
  if (unlogged > 0)
    found.push({
      setting: counted(unlogged, 'unlogged table'),
      message: 'They are emptied after every crash and kill',
      weight: 'note',
    });
  return found;
}

/** The first eight bytes of global/pg_control, as the machine writes them: little-endian on all that Docker knows but s390x. */
export const identifierIn = (control: Uint8Array | null): string | null =>
  control && control.length >= 8 ? Buffer.from(control).readBigUInt64LE(0).toString() : null;

const CONTROL = 64 * 1024;

const identifierBelow = async (ask: Ask, directory: string): Promise<string | null> =>
  identifierIn(await ask.file(`${directory}/global/pg_control`, CONTROL));

async function contentsOf(
  ask: Ask,
  databases: number,
): Promise<Pick<Told, 'empty' | 'count' | 'contents'> & { unlogged: number }> {
  const said = await orNull(inside(ask, READING, EACH));
  const found = tablesIn(said?.stdout ?? '');
  if (found.databases === 0) return { empty: null, count: null, contents: null, unlogged: 0 };
  const all = found.databases >= databases;
  const something = found.filled + found.largeObjects > 0;
  const filled = found.tables === 0 ? '' : `, ${found.filled === 0 ? 'none' : found.filled} of them with rows`;
  return {
    empty: something ? false : all ? true : null,
    count: all ? found.tables : null,
    contents: `${counted(found.tables, 'table')} in ${counted(found.databases, 'database')}${filled}`,
    unlogged: found.unlogged,
  };
}

async function read(ask: Ask): Promise<Told> {
  const asked = await inside(ask, READING, `ask${FACTS.map(statement).join('')}${statement('select 1')}`);
  if (asked.exitCode === 4) return unanswered(ask, asked);
  const found = factsIn(output(asked, 'psql'));
  const directory = found.settings.get('data_directory') || (await workingDirectory(ask, PROCESSES));
  if (!directory) throw new Unable('the server does not tell its directory to this user');
  const log = await ask.stat(`${directory}/pg_wal`);
  const { unlogged, ...contents } = await contentsOf(ask, Number(found.facts.get('databases') ?? 0));
  const { facts, settings } = found;
  const version = settings.get('server_version');
  const since = facts.get('initialised');
  return {
    ...SILENT,
    ...contents,
    writesTo: places([directory, log?.kind === 'link' ? log.linkTarget : null, ...found.tablespaces]),
    fingerprint: facts.get('system_identifier') ?? (await identifierBelow(ask, directory)),
    weaknesses: weaknessesOf(found, unlogged),
    evidence: [
      ...(version === undefined ? [] : [`PostgreSQL ${version}`]),
      ...(since === undefined ? [] : [`It was initialised on ${since} UTC`]),
      ...(facts.get('recovery') === 't' ? ['It is a replica'] : []),
    ],
  };
}

/** Nobody was let in: where the server works, and the id in its files, are known all the same. */
async function unanswered(ask: Ask, { stderr }: Run): Promise<Told> {
  const why = firstLine(stderr.replace(/^psql: (error: )?/gm, '')) || 'psql failed';
  const directory = await workingDirectory(ask, PROCESSES);
  const fingerprint = directory === null ? null : await identifierBelow(ask, directory);
  if (directory === null || fingerprint === null) throw new Unable(why);
  return { ...SILENT, writesTo: [directory], fingerprint, evidence: ['No login worked, so its content is not known'] };
}

async function query(ask: Ask, options: string, ...statements: string[]): Promise<string> {
  const then = `ask -v ON_ERROR_STOP=1${statements.map(statement).join('')}`;
  return output(await inside(ask, options, then), 'psql');
}

const planting: Planting = {
  async refusal(ask) {
    const said = await query(
      ask,
      '-c statement_timeout=7000',
      "select pg_is_in_recovery(), current_setting('default_transaction_read_only'), (select setting from pg_settings where name = 'data_directory')",
    );
    const [recovery, readOnly, directory] = said.split('|');
    if (recovery === 't') return 'it is a replica, or still in recovery';
    if (readOnly === 'on') return 'it is read-only';
    return fullDisk(ask, directory || undefined);
  },
  async plant(ask, mark) {
    const schema = PREFIX + mark;
    await query(
      ask,
      WRITING,
      `create schema ${schema}`,
      `create table ${schema}.t (v text)`,
      `insert into ${schema}.t values ('${mark}')`,
    );
  },
  async find(ask, mark) {
    const table = `${PREFIX}${mark}.t`;
    if ((await query(ask, READING, `select to_regclass('${table}') is not null`)) !== 't') return false;
    return (await query(ask, READING, `select count(*) > 0 from ${table} where v = '${mark}'`)) === 't';
  },
  remove: async (ask, mark) => {
    await query(ask, WRITING, 'set client_min_messages to warning', `drop schema if exists ${PREFIX}${mark} cascade`);
  },
};

const POSTGRES_FAMILIES = [
  'postgres',
  'pgvector',
  'postgis',
  'timescaledb',
  'timescaledb-ha',
  'supabase-postgres',
  'bitnami-postgresql',
  'age',
  'citus',
  'paradedb',
  'pgautoupgrade',
  'pgroonga',
  'postgres-immich',
];

export const POSTGRES: Probe = { technologies: POSTGRES_FAMILIES, proven: true, read, planting };
