/** The `.env` file that a framework reads when it starts. */
import { parseDotenv } from '../../syntax/dotenv.ts';
import type { Application } from './application.ts';

const NONE: ReadonlyMap<string, string> = new Map();

/** What the file sets; null where another one may be there, mounted or written while the image is built. */
export function dotenvOf(application: Application, path: string): ReadonlyMap<string, string> | null {
  const name = path.split('/').at(-1)!.replace('.', '\\.');
  const isWritten = application.commands.some((text) => new RegExp(`(?:^|[\\s/>"'=])${name}(?![\\w.])`).test(text));
  if (isWritten || application.isHidden(path)) return null;
  const source = application.file(path);
  if (!source) return NONE;
  const entries = parseDotenv(source, null).entries.flatMap(({ name: key, value }) =>
    value === null || value.includes('$') ? [] : [[key, value] as const],
  );
  return new Map(entries);
}
