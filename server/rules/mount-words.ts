/** What the names of a mount say it is for: what lies on the host, and where it is mounted. */
import * as path from 'node:path';
import type { Mount } from '../project/model.ts';

/** `db_backups`, `pg-backup` and `pgBackup` are words put together. */
const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);

const BACKUP = /^((db|sql|pg|mysql|mongo|redis)?(backups?|dumps?)|baks?|bkps?)$/;
const DATA =
  /^(data|datas|.*data|db|.*db|dbs|databases?|stores?|storage|lib|volumes?|persist(ent|ence|ed)?|pg|pgsql|.*sql|postgres(ql)?|mongo|redis|sqlite|state)$/;

/** The last name on the host, and every one in the container. */
const namesOf = ({ source, sourceText, target }: Mount): string[] => [
  path.posix.basename(sourceText ?? source ?? ''),
  ...target.split('/'),
];

/** A folder that dumps and copies are put into, by either of its names. */
export const isForBackups = (mount: Mount): boolean =>
  namesOf(mount).some((name) => wordsOf(name).some((word) => BACKUP.test(word)));

/** By its names it was meant for data, of whatever kind, or for the data of this program. */
export const looksLikeData = (mount: Mount, program: string): boolean =>
  namesOf(mount).some((name) =>
    wordsOf(name).some((word) => DATA.test(word) || (word.length > 1 && wordsOf(program).includes(word))),
  );
