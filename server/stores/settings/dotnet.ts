/** ASP.NET: `appsettings.json` names the database of SQLite by a connection string, `Data Source=app.db`. */
import type { Source } from '../../syntax/source.ts';
import { literal } from '../source/expressions.ts';
import { type Application, type SettingsReader, said } from './application.ts';

/** The one provider that opens what is named, and those that may as well. */
const SQLITE =
  /Include="(?:Microsoft\.EntityFrameworkCore\.Sqlite(?:\.Core)?|Microsoft\.Data\.Sqlite(?:\.Core)?|System\.Data\.SQLite(?:\.Core)?)"/i;
const OTHERS =
  /Include="(?:Microsoft\.EntityFrameworkCore\.(?:SqlServer|Cosmos|InMemory)|Npgsql(?:\.[\w.]+)?|Pomelo\.EntityFrameworkCore\.MySql|MySql\.EntityFrameworkCore|Oracle\.EntityFrameworkCore|Microsoft\.Data\.SqlClient|System\.Data\.SqlClient|MySqlConnector|MySql\.Data)"/i;

/** Code that opens it. Where it is not seen, the string may be one that nobody reads. */
const OPENS = /\bUseSqlite\s*\(|\bSqliteConnection\s*\(|\bSQLiteConnection\s*\(/;

export interface ConnectionString {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Comments are allowed there, and what stands in them counts for nothing. */
export function readConnectionStrings(text: string): ConnectionString[] {
  const plain = text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (one) =>
    one.startsWith('"') ? one : ' '.repeat(one.length),
  );
  const group = /"ConnectionStrings"\s*:\s*\{([^{}]*)\}/.exec(plain);
  if (!group) return [];
  const from = group.index + group[0].length - group[1]!.length - 1;
  return [...group[1]!.matchAll(/"([\w.-]+)"\s*:\s*"((?:[^"\\\n]|\\.)*)"/g)].map((match) => ({
    name: match[1]!,
    value: match[2]!.replace(/\\(["\\/])/g, '$1'),
    start: from + match.index,
    end: from + match.index + match[0].length,
  }));
}

/** The file that a connection string of SQLite names; null for strings of servers, and what is kept in memory. */
export function sqliteFile(value: string): string | null {
  if (/\b(?:Initial Catalog|Integrated Security|User ?Id|Uid|Server|Host|Trusted_Connection)\s*=/i.test(value))
    return null;
  if (/\bMode\s*=\s*(?:Memory|ReadOnly)\b|\bRead Only\s*=\s*true\b/i.test(value)) return null;
  const [, named = ''] = /(?:^|;)\s*(?:Data ?Source|Filename)\s*=\s*([^;]+)/i.exec(value) ?? [];
  const file = named.trim().replace(/^(['"])(.*)\1$/, '$2');
  return /^[\w./ -]+\.(?:db3?|sqlite3?|s3db)$/i.test(file) ? file : null;
}

const FILE = /\/appsettings\.json$/;

export const dotnet: SettingsReader = (application) => {
  const assembly = /(?:^|\s)dotnet\s+(?:\S*\/)?([\w.-]+)\.dll\b/.exec(application.words.join(' '))?.[1];
  if (assembly === undefined) return [];
  return application.named(FILE).flatMap((source) => {
    const folder = source.path.replace(FILE, '');
    const project = application.file(`${folder}/${assembly}.csproj`);
    if (!project || !SQLITE.test(project.text) || OTHERS.test(project.text)) return [];
    const [only, another] = settingsIn(application, folder, source) ?? [];
    if (!only || another || application.isHidden(only.source.path)) return [];
    const { name, value, start, end } = only;
    const over = application.environment(`ConnectionStrings__${name}`);
    const file = over === undefined ? sqliteFile(value) : over === null ? null : sqliteFile(over);
    if (file === null) return [];
    const isOpened = ['Program', 'Startup'].some((one) =>
      OPENS.test(application.file(`${folder}/${one}.cs`)?.text ?? ''),
    );
    const told = { from: 'configuration', note: `${name} is Data Source=${file}` } as const;
    return [
      said(
        {
          by: name,
          told: isOpened ? told : { ...told, confidence: 'memory' },
          source: only.source,
          start,
          end,
          path: literal(file),
        },
        { technology: 'sqlite', form: 'file' },
      ),
    ];
  });
};

type Setting = ConnectionString & { readonly source: Source };

/** Those that hold where the program runs; null where that is not known. */
function settingsIn(application: Application, folder: string, source: Source): readonly Setting[] | null {
  const variables = ['ASPNETCORE_ENVIRONMENT', 'DOTNET_ENVIRONMENT'].map((name) => application.environment(name));
  if (variables.includes(null)) return null;
  const stage = variables.find((value) => value !== undefined && value !== '') ?? 'Production';
  const over = application.file(`${folder}/appsettings.${stage}.json`);
  const found = new Map<string, Setting>();
  for (const one of over ? [source, over] : [source])
    for (const setting of readConnectionStrings(one.text)) found.set(setting.name, { ...setting, source: one });
  return [...found.values()];
}
