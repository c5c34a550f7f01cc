/** Whether the database that an image brings along is in use, or one elsewhere in its place. */
import { isExternal } from '../../catalogue/match.ts';
import type { AnalysedService } from '../../stores/model.ts';
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
