/** Databases that an image brings along in a file: which ones have one, and whether it is in use or one elsewhere in its place. */
import { isExternal } from '../../catalogue/match.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { knownValuesOf } from '../values.ts';

/** Applications that keep their records in a file of their own where no server is named: to them it is an option. */
const OPTIONAL_IN: ReadonlySet<string> = new Set(['secrets']);

const SERVER = '(jdbc:)?(postgres(ql)?|mysql|mariadb|mssql|sqlserver|oracle|cockroachdb)';
const SERVER_URL = new RegExp(`^${SERVER}(\\+\\w+)?://`, 'i');
/** `BW_DB_PROVIDER=mysql`. */
const SERVER_NAME = new RegExp(`^${SERVER}$`, 'i');
/** Names of variables that say which database is used. */
const SETTING =
  /(^|_)(DATABASE|DB|SQL|PG|POSTGRES|MYSQL|CONNECTION)(_\w+)?_(URL|URI|DSN|PROVIDER|TYPE|DRIVER|ENGINE|BACKEND|SERVER|HOST|STRING)(_FILE)?$/i;

export interface Elsewhere {
  /** `unknown`: a setting decides it whose value is not known here. */
  readonly answer: true | 'unknown';
  /** The setting that decides; absent where a file is not here that may hold one. */
  readonly by?: string;
}

/** Null where the image's own database is in use, as far as can be seen. */
export function databaseElsewhere(analysed: AnalysedService): Elsewhere | null {
  const { match } = analysed.image;
  if (!match || !OPTIONAL_IN.has(match.family.category)) return null;
  const values = knownValuesOf(analysed);
  const external = isExternal(match, values);
  if (external === true) return { answer: true };
  let open: string | undefined;
  for (const [name, { value: written }] of analysed.environment) {
    const value = written?.trim() ?? '';
    if (SERVER_URL.test(value) || (SETTING.test(name) && SERVER_NAME.test(value))) return { answer: true, by: name };
    // What a variable or a secret holds is not seen here.
    if (SETTING.test(name) && (values.get(name) === null || /_FILE$/i.test(name))) open ??= name;
  }
  if (open !== undefined) return { answer: 'unknown', by: open };
  return external === 'unknown' || analysed.service.environmentGaps.length > 0 ? { answer: 'unknown' } : null;
}

/** As the end of a sentence about its files. */
export const unlessElsewhere = ({ by }: Elsewhere): string =>
  `, unless ${by ?? 'an environment file that is not here'} names a database elsewhere`;

/** What the catalogue says of a path where one file is the whole database. */
const IN_A_FILE =
  /sqlite|\bbolt|\blmdb|leveldb|rocksdb|badger|\bderby\b|\bH2 database|\b[\w-]+\.db\b|\b(embedded|recorder|PocketBase) database/i;
/** It is there under a condition that is not told apart here. */
const MAY_BE = /external database|without another|when it is used|by convention|of the examples?|installer/i;

/** An application whose records are in SQLite or its kin, in the folder of this store. */
export function embedsDatabase({ store }: AnalysedStore, { image: { match } }: AnalysedService): boolean {
  if (!match || match.lookalike || store.role !== 'server' || store.need !== 'required' || store.path === null)
    return false;
  const facts = match.family.data.filter(({ kind, need }) => kind === 'essential' && need === 'required');
  const fact = facts.find(({ path }) => path === store.path) ?? (facts.length === 1 ? facts[0] : undefined);
  return fact !== undefined && IN_A_FILE.test(fact.holds) && !MAY_BE.test(fact.holds);
}

/** Names of variables that speak of a database, whatever they say of it. */
const SPEAKS =
  /(^|_)(\w*DB|\w*DATABASE|\w*SQL|POSTGRES\w*|PG|MARIADB)(_|$)|^(DB|DATABASE|POSTGRES|PG|MYSQL|MARIADB)\w*(HOST|TYPE|URL|URI|DSN|CLIENT|DRIVER|ENGINE)/i;
const IS_A_FILE = /sqlite|\.db3?$|^(file:|\/|\.\/)|^(true|false|0|1|yes|no|wal|bolt|boltdb)?$/i;

/** A server is told of, or waited for: the records may be there. */
export function mayUseServer(analysed: AnalysedService, { services }: AnalysedProject): boolean {
  const waits = services.some(
    ({ service, image }) =>
      analysed.service.dependsOn.has(service.name) &&
      image.match?.family.category === 'database' &&
      /postgres|mysql|mariadb|pgvector|timescale|percona|cockroach/.test(image.match.family.id),
  );
  return (
    waits ||
    [...analysed.environment].some(
      ([name, { value, evidence }]) =>
        evidence.from === 'environment' && SPEAKS.test(name) && (value === null || !IS_A_FILE.test(value.trim())),
    )
  );
}
