/** Laravel: `config/database.php`, and what the environment or `.env` says over it. */
import { unknown } from '../source/expressions.ts';
import { above, type SettingsReader, said } from './application.ts';
import { dotenvOf } from './dotenv-beside.ts';

/** The connection that is used where nothing says otherwise. */
export function readLaravel(
  text: string,
): { readonly connection: string; readonly start: number; readonly end: number } | null {
  const found = /^[ \t]*(['"])default\1\s*=>\s*env\(\s*(['"])DB_CONNECTION\2\s*,\s*(['"])(\w+)\3\s*\)/m.exec(text);
  const start = found ? found.index + /^[ \t]*/.exec(found[0])![0].length : 0;
  return found && { connection: found[4]!, start, end: found.index + found[0].length };
}

export const laravel: SettingsReader = (application) =>
  application.named(/\/config\/database\.php$/).flatMap((source) => {
    const root = source.path.replace(/\/config\/database\.php$/, '');
    const settings = readLaravel(source.text);
    if (!settings || !application.file(`${root}/artisan`) || application.isHidden(source.path)) return [];
    const dotenv = dotenvOf(application, `${root}/.env`);
    const value = (name: string): string | null | undefined => {
      const set = application.environment(name);
      return set !== undefined ? set : dotenv === null ? null : dotenv.get(name);
    };
    const connection = value('DB_CONNECTION') === undefined ? settings.connection : value('DB_CONNECTION');
    if (
      connection !== 'sqlite' ||
      [value('DB_URL'), value('DATABASE_URL')].some((one) => one !== undefined && one !== '' && one !== null)
    )
      return [];
    const database = value('DB_DATABASE');
    const place = { by: 'Laravel', source, start: settings.start, end: settings.end };
    if (database === undefined || database === '') {
      const path = {
        kind: 'join',
        parts: [above(source.path, 2), { kind: 'literal', value: 'database/database.sqlite' }],
        restart: false,
      } as const;
      return [said({ ...place, path }, { technology: 'sqlite', form: 'file' })];
    }
    // A relative path is counted from where PHP was started, which differs between the server and `artisan`.
    const isAbsolute = database?.startsWith('/') === true;
    const set = application.environment('DB_DATABASE') !== undefined;
    const path = !isAbsolute
      ? unknown('`DB_DATABASE` is relative, or not known')
      : set
        ? ({ kind: 'env', name: 'DB_DATABASE' } as const)
        : ({ kind: 'literal', value: database! } as const);
    return [said({ ...place, path }, { technology: 'sqlite', form: 'file' })];
  });
