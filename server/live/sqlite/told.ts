/** What the databases of a store say about it, in the words of all probes. */
import type { MountPoint } from '../engine.ts';
import { coveringPoint } from '../observe.ts';
import type { Told, Weakness } from '../probes/probe.ts';
import type { Database } from './database.ts';

export function toldOf(
  databases: readonly Database[],
  mounts: readonly MountPoint[],
  deleted: readonly string[],
  partial: boolean,
  evidence: readonly string[],
): Told {
  const [first] = databases;
  const tables = partial ? null : allTables(databases);
  const count = tables?.reduce<number | null>(
    (sum, { rows }) => (sum === null || rows === null ? null : sum + rows),
    0,
  );
  return {
    writesTo: databases.map(({ path }) => path),
    fingerprint: databases.length === 1 && first ? first.birth : null,
    empty: emptyOf(databases, partial),
    count: databases.length === 0 ? null : (count ?? null),
    contents: databases.length === 0 ? null : contentsOf(databases, tables, count ?? null),
    weaknesses: [
      ...deleted.map(deletedWeakness),
      ...databases.flatMap(damageWeakness),
      ...databases.flatMap((one) => mountWeakness(one, mounts)),
    ],
    evidence: [...evidence, ...databases.flatMap(evidenceOf)],
  };
}

type Tables = NonNullable<Database['tables']>;

function allTables(databases: readonly Database[]): Tables | null {
  const each = databases.map(({ tables }) => tables);
  return each.includes(null) ? null : each.flatMap((tables) => tables ?? []);
}

function emptyOf(databases: readonly Database[], partial: boolean): boolean | null {
  if (databases.some(({ empty }) => empty === false)) return false;
  return databases.length > 0 && !partial && databases.every(({ empty }) => empty === true) ? true : null;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function contentsOf(databases: readonly Database[], tables: Tables | null, rows: number | null): string | null {
  if (!tables) return null;
  const inside = [
    tables.length === 0 ? 'no tables' : counted(tables.length, 'table'),
    ...(tables.length === 0 || rows === null ? [] : [counted(rows, 'row')]),
  ];
  const several = databases.length > 1 ? [counted(databases.length, 'database')] : [];
  return [...several, ...inside].join(', ');
}

const deletedWeakness = (file: string): Weakness => ({
  setting: `${file} (deleted)`,
  message: `A process still writes to ${file}, which was deleted or replaced under it: what it writes is gone when it ends`,
  weight: 'risk',
});

function damageWeakness({ path, damage }: Database): Weakness[] {
  if (damage === null) return [];
  return [{ setting: 'quick_check', message: `${path} is damaged, says SQLite (${damage})`, weight: 'risk' }];
}

/** The log and the journal are found by their names alone: they must be kept together with their database. */
function mountWeakness({ path, header }: Database, mounts: readonly MountPoint[]): Weakness[] {
  const wal = header?.journal === 'wal';
  const beside = `${path}-${wal ? 'wal' : 'journal'}`;
  if (!header || coveringPoint(path, mounts) === coveringPoint(beside, mounts)) return [];
  const message = wal
    ? `Only ${path} is mounted, but the newest rows are in ${beside}: after a crash they are gone with the container`
    : `Only ${path} is mounted: the journal that repairs it after a crash in the midst of a transaction is gone with the container`;
  return [{ setting: wal ? 'journal_mode wal' : 'journal_mode not wal', message, weight: wal ? 'risk' : 'note' }];
}

function evidenceOf({ path, header, size, walSize, walFrames, gap, birth }: Database): string[] {
  if (!header) return [`${path} is an empty file`];
  const mode = header.journal === 'wal' ? 'in WAL mode' : 'with a rollback journal';
  const log = walFrames > 0 ? `, and ${counted(walFrames, 'committed page')} in its log of ${walSize} bytes` : '';
  return [
    `${path} is a SQLite database ${mode}: ${size} bytes${log}`,
    ...(gap === undefined ? [] : [`Its rows were not counted: ${gap}`]),
    ...(birth === null ? [] : ['When it was set up is noted in its own table of migrations']),
  ];
}
