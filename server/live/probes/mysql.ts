/**
 * MySQL, MariaDB and Percona Server. The id of the data is MySQL's `server_uuid`, kept in auto.cnf; MariaDB has none of
 * its own, but the log control file of Aria, the engine of its system tables, is made with one.
 */
import {
  below,
  chosen,
  counted,
  firstLine,
  fullDisk,
  inShell,
  orNull,
  output,
  places,
  quoted,
  SILENT,
  sections,
  TIMED,
  workingDirectory,
} from './client.ts';
import { type Ask, type Planting, PREFIX, type Probe, type Run, type Told, Unable, type Weakness } from './probe.ts';

const PROCESSES = ['mariadbd', 'mysqld'];

/**
 * The password is given by MYSQL_PWD, which both clients read. Root first: others do not see every database. What
 * MariaDB's image keeps for its health check may log in, and see settings alone.
 */
const script = (then: string): string => `${TIMED}
${chosen('mariadb', 'mysql')}
r=\${MARIADB_ROOT_PASSWORD:-\${MYSQL_ROOT_PASSWORD:-}}
f=\${MARIADB_ROOT_PASSWORD_FILE:-\${MYSQL_ROOT_PASSWORD_FILE:-}}
[ -n "$r" ] || [ -z "$f" ] || r=$(cat "$f" 2>/dev/null)
u=\${MARIADB_USER:-\${MYSQL_USER:-}}
w=\${MARIADB_PASSWORD:-\${MYSQL_PASSWORD:-}}
f=\${MARIADB_PASSWORD_FILE:-\${MYSQL_PASSWORD_FILE:-}}
[ -n "$w" ] || [ -z "$f" ] || w=$(cat "$f" 2>/dev/null)
h=/var/lib/mysql/.my-healthcheck.cnf
ask() { MYSQL_PWD="$w" $t "$c" $k --connect-timeout=3 --default-character-set=utf8mb4 $m -N -B "$@"; }
b=
try() { k=$1 m=$2 w=$3; e=$(ask -e 'select 1' 2>&1) && b=$4; }
o=$w
try '' "-u\${MARIADB_ROOT_USER:-\${MYSQL_ROOT_USER:-root}}" "$r" root ||
{ [ -n "$r" ] && try '' -uroot '' root; } ||
{ [ -n "$u" ] && try '' "-u$u" "$o" user; } ||
{ [ -r "$h" ] && try "--defaults-extra-file=$h" '' '' user; }
[ -n "$b" ] || { printf '%s\\n' "$e" >&2; exit 4; }
${then}`;

const VARIABLES = [
  'datadir',
  'server_uuid',
  'aria_log_dir_path',
  'innodb_data_home_dir',
  'innodb_log_group_home_dir',
  'innodb_undo_directory',
  'log_bin',
  'log_bin_basename',
  'innodb_flush_log_at_trx_commit',
  'innodb_doublewrite',
  'sync_binlog',
  'version',
  'version_comment',
];

const SYSTEM = "('mysql', 'sys', 'performance_schema', 'information_schema', 'ndbinfo')";

const READ = `echo "@as"
echo "$b"
echo "@variables"
ask -e ${quoted(`SHOW GLOBAL VARIABLES WHERE Variable_name IN (${VARIABLES.map((name) => `'${name}'`).join(', ')})`)} || exit 5
echo "@tables"
ask -e ${quoted(
  `SELECT COUNT(*), COUNT(DISTINCT table_schema), COALESCE(SUM(engine IN ('MEMORY', 'BLACKHOLE')), 0) FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ${SYSTEM}`,
)}
exit 0`;

export interface Facts {
  /** It sees all databases. */
  readonly root: boolean;
  readonly variables: ReadonlyMap<string, string>;
  /** Null: not told. */
  readonly tables: { readonly all: number; readonly databases: number; readonly inMemory: number } | null;
}

export function factsIn(text: string): Facts {
  const found = sections(text);
  const variables = (found.get('variables') ?? []).flatMap((line): [string, string][] => {
    const [name = '', value] = line.split('\t');
    return value === undefined ? [] : [[name, value]];
  });
  const [all, databases, inMemory] = (found.get('tables')?.[0] ?? '').split('\t').map(Number);
  const told = inMemory !== undefined && [all, databases, inMemory].every(Number.isFinite);
  return {
    root: found.get('as')?.[0] === 'root',
    variables: new Map(variables),
    tables: told ? { all: all!, databases: databases!, inMemory } : null,
  };
}

/** `NULL` is an empty value; `./` is the directory of the data. */
export function writesTo({ variables }: Facts): string[] {
  const data = variables.get('datadir');
  if (!data) return [];
  const of = (name: string): string | null => {
    const value = variables.get(name);
    return value && value !== 'NULL' ? below(data, value) : null;
  };
  const log = variables.get('log_bin') === 'ON' ? of('log_bin_basename') : null;
  const folders = ['innodb_data_home_dir', 'innodb_log_group_home_dir', 'innodb_undo_directory'].map(of);
  return places([data, ...folders, log?.replace(/\/[^/]*$/, '')]);
}

export function weaknessesOf({ variables, tables }: Facts): Weakness[] {
  const found: Weakness[] = [];
  const is = (name: string, ...values: string[]): boolean => values.includes(variables.get(name) ?? '');
  if (is('innodb_flush_log_at_trx_commit', '0'))
    found.push({
      setting: 'innodb_flush_log_at_trx_commit 0',
      message: 'A crash or a kill of the server loses up to a second of confirmed transactions',
      weight: 'risk',
    });
  if (is('innodb_flush_log_at_trx_commit', '2'))
    found.push({
      setting: 'innodb_flush_log_at_trx_commit 2',
      message: 'A power cut loses up to a second of confirmed transactions',
      weight: 'note',
    });
  if (is('innodb_doublewrite', 'OFF', '0'))
    found.push({
      setting: 'innodb_doublewrite OFF',
      message: 'A power cut may leave pages that are half written',
      weight: 'note',
    });
  if (is('log_bin', 'ON') && is('sync_binlog', '0'))
    found.push({
      setting: 'sync_binlog 0',
      message: 'A power cut may lose the end of the binary log, and with it what replicas still need',
      weight: 'note',
    });
  if (tables && tables.inMemory > 0)
    found.push({
      setting: `${counted(tables.inMemory, 'table')} of the engines MEMORY and BLACKHOLE`,
      message: 'Their rows are gone with each restart',
      weight: 'note',
    });
  return found;
}

/** `fe fe`, two bytes of version, then the id: storage/maria/ma_control_file.c, confirmed on 10.11. */
export function ariaIdentifier(bytes: Uint8Array | null | undefined): string | null {
  if (!bytes || bytes.length < 20 || bytes[0] !== 0xfe || bytes[1] !== 0xfe) return null;
  const id = Buffer.from(bytes.subarray(4, 20)).toString('hex');
  return /^0+$/.test(id) ? null : id;
}

export const autoIdentifier = (bytes: Uint8Array | null | undefined): string | null =>
  bytes ? (/^\s*server[-_]uuid\s*=\s*([0-9a-f-]{36})/m.exec(Buffer.from(bytes).toString('latin1'))?.[1] ?? null) : null;

const SMALL = 4096;

/** Without any login. */
async function identifierBelow(ask: Ask, data: string, aria = data): Promise<string | null> {
  const limits = { entries: 1, bytesEach: 64, bytesTotal: 64 * 1024 };
  const control = await ask.archive(`${aria}/aria_log_control`, limits);
  return ariaIdentifier(control?.entries[0]?.bytes) ?? autoIdentifier(await ask.file(`${data}/auto.cnf`, SMALL));
}

async function read(ask: Ask): Promise<Told> {
  const run = await inShell(ask, script(READ));
  if (run.exitCode === 4) return unanswered(ask, run);
  const facts = factsIn(output(run, 'the client'));
  const paths = writesTo(facts);
  const data = paths[0];
  if (data === undefined) throw new Unable('the server did not tell its settings');
  const { variables, tables, root } = facts;
  const aria = variables.get('aria_log_dir_path');
  const contents = tables && `${counted(tables.all, 'table')} in ${counted(tables.databases, 'database')}`;
  return {
    ...SILENT,
    writesTo: paths,
    fingerprint:
      variables.get('server_uuid') ??
      (await identifierBelow(ask, data, aria ? below(data, aria).replace(/\/+$/, '') : data)),
    empty: tables && (tables.all > 0 ? false : root ? true : null),
    count: tables && root ? tables.all : null,
    contents: root ? contents : contents && `${contents} that its user may see`,
    weaknesses: weaknessesOf(facts),
    evidence: [`${variables.get('version_comment') ?? ''} ${variables.get('version') ?? ''}`.trim()].filter(Boolean),
  };
}

/** Nobody was let in: where the server works, and the id in its files, are known all the same. */
async function unanswered(ask: Ask, { stderr }: Run): Promise<Told> {
  const directory = await workingDirectory(ask, PROCESSES);
  const fingerprint = directory === null ? null : await identifierBelow(ask, directory);
  if (directory === null || fingerprint === null) throw new Unable(firstLine(stderr) || 'no login worked');
  return { ...SILENT, writesTo: [directory], fingerprint, evidence: ['No login worked, so its content is not known'] };
}

const query = async (ask: Ask, sql: string): Promise<string> =>
  output(await inShell(ask, script(`ask -e ${quoted(sql)}`)), 'the client');

/** Not to be copied to replicas. Names need quotes nowhere: they are of small letters, digits and lines. */
const OURS = 'SET SESSION sql_log_bin = 0; ';
/** Longer than the second after which the log is written where it is not written at once. */
const LATE = 'DO SLEEP(1.5)';

async function replicates(ask: Ask): Promise<boolean> {
  for (const sql of ['SHOW REPLICA STATUS', 'SHOW SLAVE STATUS']) {
    const said = await orNull(query(ask, sql));
    if (said !== null) return said !== '';
  }
  return false;
}

const planting: Planting = {
  async refusal(ask) {
    const said = await query(
      ask,
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('datadir', 'read_only', 'super_read_only')",
    );
    const settings = new Map(said.split('\n').map((line) => line.split('\t') as [string, string]));
    if ([settings.get('read_only'), settings.get('super_read_only')].includes('ON')) return 'it is read-only';
    if (await replicates(ask)) return 'it is a replica';
    return fullDisk(ask, settings.get('datadir'));
  },
  async plant(ask, mark) {
    const name = PREFIX + mark;
    const late = (await query(ask, 'SELECT @@GLOBAL.innodb_flush_log_at_trx_commit')) === '0';
    await query(
      ask,
      `${OURS}CREATE DATABASE ${name}; CREATE TABLE ${name}.t (v VARCHAR(64)) ENGINE=InnoDB; INSERT INTO ${name}.t VALUES ('${mark}'); COMMIT${late ? `; ${LATE}` : ''}`,
    );
  },
  async find(ask, mark) {
    const name = PREFIX + mark;
    const there = `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '${name}' AND table_name = 't'`;
    if ((await query(ask, there)) !== '1') return false;
    return (await query(ask, `SELECT COUNT(*) FROM ${name}.t WHERE v = '${mark}'`)) === '1';
  },
  remove: async (ask, mark) => {
    await query(ask, `${OURS}DROP DATABASE IF EXISTS ${PREFIX}${mark}`);
  },
};

export const MARIADB: Probe = {
  technologies: ['mariadb', 'bitnami-mariadb', 'linuxserver-mariadb'],
  proven: true,
  read,
  planting,
};

/** The same client and the same words; MySQL was not tried. */
export const MYSQL: Probe = {
  technologies: ['mysql', 'percona-server', 'bitnami-mysql'],
  proven: false,
  read,
  planting,
};
