/** `.env` beside the project, where git could overwrite or delete the keys and passwords that data was made with. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import type { Past } from '../history/model.ts';
import type { Project } from '../project/model.ts';
import { isWithin } from '../survival/backing.ts';
import { type DotenvEntry, parseDotenv } from '../syntax/dotenv.ts';

export interface SecretInGit {
  /** Absolute path of the file. */
  readonly file: string;
  readonly entry: DotenvEntry;
  readonly tracked: boolean;
}

const SECRET = /(^|_)(PASS(WORD|WD|PHRASE)?|SECRET|TOKEN|KEY|SALT)(_|$)/i;
/** What is there to be replaced, or known to everybody. */
const PLACEHOLDER =
  /^$|change.?(me|this|it)|replace|placeholder|your[-_ ]|example|insert|todo|xxx|\.\.\.|^[<$]|^(postgres|password|passwd|pass|secret|admin|root|test|user|docker|dev|local|default|guest|minioadmin|mysql|redis|\d{1,6})$/i;

/** @param isIgnored whether a `.gitignore` leaves the path out */
export function secretInGit(
  { runtime, directory }: Project,
  past: Past,
  files: Files,
  isIgnored: (at: string) => boolean,
): SecretInGit | null {
  const file = path.posix.join(directory, '.env');
  if (runtime !== 'compose' || !isWithin(file, past.top) || files.kind(file) !== 'file') return null;
  const tracked = past.tracked(file).length > 0;
  if (!tracked && isIgnored(file)) return null;
  const entry = parseDotenv(files.read(file), null).entries.find(
    ({ name, value }) => SECRET.test(name) && value !== null && !PLACEHOLDER.test(value.trim()),
  );
  return entry ? { file, entry, tracked } : null;
}
