/** Strapi: `config/database.js` or `.ts`, as its own template writes it. */
import { literal } from '../source/expressions.ts';
import { above, type SettingsReader, said, variable } from './application.ts';
import { dotenvOf } from './dotenv-beside.ts';

const CLIENT = /\benv\(\s*(['"])DATABASE_CLIENT\1\s*,\s*(['"])([\w-]+)\2\s*\)/;
const FILENAME = /\benv\(\s*(['"])DATABASE_FILENAME\1\s*,\s*(['"])([^'"\n]+)\2\s*\)/;

export interface StrapiSettings {
  readonly client: string;
  readonly filename: string;
  readonly start: number;
  readonly end: number;
}

/** Null where the settings are written in another way. */
export function readStrapi(text: string): StrapiSettings | null {
  const [client, filename] = [CLIENT.exec(text), FILENAME.exec(text)];
  if (!filename || (!client && /\bconnections?\s*=\s*\{[^}]*postgres/.test(text))) return null;
  if (!client) return null;
  return {
    client: client[3]!,
    filename: filename[3]!,
    start: filename.index,
    end: filename.index + filename[0].length,
  };
}

export const strapi: SettingsReader = (application) =>
  application.named(/\/config\/database\.[jt]s$/).flatMap((source) => {
    const root = source.path.replace(/\/config\/database\.[jt]s$/, '');
    const settings = readStrapi(source.text);
    if (!settings || !/"@strapi\/strapi"/.test(application.file(`${root}/package.json`)?.text ?? '')) return [];
    const dotenv = dotenvOf(application, `${root}/.env`);
    if (!dotenv || application.isHidden(source.path)) return [];
    const set = application.environment('DATABASE_CLIENT');
    const client = set === undefined ? (dotenv.get('DATABASE_CLIENT') ?? settings.client) : set;
    if (!/^(?:sqlite|better-sqlite3?|sqlite3)$/.test(client ?? '')) return [];
    const path = variable('DATABASE_FILENAME', dotenv, literal(settings.filename));
    const { start, end } = settings;
    return [
      said(
        { by: 'Strapi', source, start, end, path },
        { technology: 'sqlite', form: 'file', base: above(source.path, 2) },
      ),
    ];
  });
