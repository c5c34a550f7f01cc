/** Commands that make or fill a database, by the programs people run them with. */
import * as path from 'node:path';
import { commandLine, programWords } from '../../syntax/programs.ts';
import type { Command, Word } from '../../syntax/shell.ts';

export interface Making {
  /** `migrates`: it brings a schema up to date, whatever database is set. `fills`: the same with rows. `creates`: a new database. */
  readonly kind: 'migrates' | 'fills' | 'creates';
  /** How people call the command. */
  readonly name: string;
  /** A file or a folder, where the command names it. */
  readonly place?: Word;
  /** Where the server keeps it, when nothing else is said. */
  readonly usual?: string;
}

interface Maker {
  readonly line: RegExp;
  readonly kind: 'migrates' | 'fills';
}

/** They use the database that the application is set to. At build time no server can be reached: it is a file. */
const MAKERS: readonly Maker[] = [
  {
    line: /^(?:python manage\.py|manage\.py|django-admin) (?:migrate|syncdb)\b(?!.*(?:--plan|--check)\b)/,
    kind: 'migrates',
  },
  {
    line: /^(?:python manage\.py|manage\.py|django-admin) (?:loaddata|createsuperuser|createcachetable)\b/,
    kind: 'fills',
  },
  { line: /^prisma (?:migrate (?:deploy|dev)|db push)\b/, kind: 'migrates' },
  { line: /^prisma db (?:seed|execute)\b/, kind: 'fills' },
  { line: /^(?:rails|rake) (?:\S+=\S+ )*db:(?:create|migrate|prepare|schema:load|structure:load)\b/, kind: 'migrates' },
  { line: /^(?:rails|rake) (?:\S+=\S+ )*db:(?:setup|seed|fixtures:load)\b/, kind: 'fills' },
  { line: /^php artisan migrate(?::install|:fresh)?(?: |$)(?!.*--pretend)/, kind: 'migrates' },
  { line: /^php artisan db:seed\b/, kind: 'fills' },
  { line: /^alembic (?:-\S+ \S+ )*upgrade\b(?!.*--sql\b)/, kind: 'migrates' },
  { line: /^flask (?:--?\S+ \S+ )*(?:db upgrade|init-db|initdb|db-init|create-db)\b/, kind: 'migrates' },
  { line: /^knex migrate:(?:latest|up)\b/, kind: 'migrates' },
  { line: /^knex seed:run\b/, kind: 'fills' },
  { line: /^sequelize(?:-cli)? db:(?:create|migrate)(?: |$)/, kind: 'migrates' },
  { line: /^sequelize(?:-cli)? db:seed\S*/, kind: 'fills' },
  { line: /^typeorm(?:-ts-node-\w+)? (?:migration:run|schema:sync)\b/, kind: 'migrates' },
  { line: /^drizzle-kit (?:push|migrate)\b/, kind: 'migrates' },
  {
    line: /^(?:php )?(?:\S*\/)?console doctrine:(?:database:create|schema:(?:create|update)|migrations:migrate)\b/,
    kind: 'migrates',
  },
  { line: /^(?:php )?(?:\S*\/)?console doctrine:fixtures:load\b/, kind: 'fills' },
  { line: /^mix ecto\.(?:create|migrate|setup)\b/, kind: 'migrates' },
  { line: /^dotnet[ -]ef database update\b/, kind: 'migrates' },
  { line: /^(?:airflow|superset) db (?:init|migrate|upgrade)\b/, kind: 'migrates' },
  { line: /^diesel (?:setup|database setup|migration run)\b/, kind: 'migrates' },
  { line: /^(?:cargo )?sqlx (?:database (?:create|setup)|migrate run)\b/, kind: 'migrates' },
  { line: /^dbmate (?:-\S+ \S+ )*(?:up|migrate|create)\b/, kind: 'migrates' },
];

const POSTGRES = '/var/lib/postgresql';
const MYSQL = '/var/lib/mysql';

/** Servers that a step starts for itself. */
const STARTS: readonly { readonly line: RegExp; readonly usual: string }[] = [
  {
    line: /^(?:service postgresql start|(?:\S*\/)?postgresql start|pg_ctl\b.* start|pg_ctlcluster\b.* start)/,
    usual: POSTGRES,
  },
  {
    line: /^(?:service (?:mysql|mysqld|mariadb) start|(?:mysql|mariadb) start|mysqld(?:_safe)?\b|mariadbd(?:-safe)?\b)/,
    usual: MYSQL,
  },
  { line: /^(?:service mongod? start|mongod\b)/, usual: '/data/db' },
];

/** Clients that make something in a server on this machine. */
const CLIENTS =
  /^(?:createdb|createuser|psql|pg_restore|mysql|mariadb|mysqladmin|mongo|mongosh|mongoimport|mongorestore)\b/;
const ELSEWHERE =
  /(?:^| )(?:-h ?(?!localhost|127\.|\/)[\w$.{-]+|--host(?:name)?[= ](?!localhost|127\.)\S+|\w+:\/\/(?!\/|localhost|127\.)\S+)/;

/** `commands` are those of one build step: a server that it starts is gone with it. */
export function* makingsOf(
  commands: readonly Command[],
): Iterable<{ readonly command: Command; readonly making: Making }> {
  let server: string | undefined;
  for (const command of commands) {
    if (command.words.length === 0) continue;
    const line = commandLine(command.words);
    const known = MAKERS.find((maker) => maker.line.test(line));
    const name = line.split(' ').slice(0, 3).join(' ');
    if (known && !/--help\b/.test(line)) yield { command, making: { kind: known.kind, name } };
    else if (/^sqlite3? /.test(line)) {
      const place = sqliteFile(command);
      if (place) yield { command, making: { kind: 'creates', name: 'sqlite3', place } };
    } else {
      const cluster = clusterOf(command, line);
      if (cluster) yield { command, making: cluster };
      else if (server !== undefined && CLIENTS.test(line) && !ELSEWHERE.test(line) && makes(line, command))
        yield { command, making: { kind: 'creates', name: line.split(' ')[0]!, usual: server } };
      server = STARTS.find((one) => one.line.test(line))?.usual ?? server;
    }
  }
}

/** A client that is only asked something makes nothing. */
const makes = (line: string, { redirections }: Command): boolean =>
  /^(?:create|pg_restore|mongoimport|mongorestore|mysqladmin .*\bcreate)/.test(line) ||
  /\b(?:create|insert|import|alter|grant)\b|\.sql\b/i.test(line) ||
  redirections.some(({ sign, body, target }) => sign === '<' || (body ?? target.text).length > 0);

/** The file, when `sqlite3` is told to do something with it. */
function sqliteFile({ words, redirections, before }: Command): Word | undefined {
  const rest = programWords(words).slice(1);
  const plain = rest.filter(({ text }) => !text.startsWith('-'));
  if (rest.some(({ text }) => /^-(?:version|help|readonly)$/.test(text))) return undefined;
  const [file, ...sql] = plain;
  if (!file || /^$|:memory:|^file::memory:/.test(file.text)) return undefined;
  if (sql.some(({ text }) => /\b(?:create|insert|update|alter|import|restore|read|vacuum)\b/i.test(text))) return file;
  const fed = redirections.some(({ sign }) => sign.startsWith('<')) || before === '|';
  return fed && sql.length === 0 ? file : undefined;
}

function clusterOf({ words }: Command, line: string): Making | undefined {
  const after = (flag: RegExp): Word | undefined => {
    const at = words.findIndex(({ text }) => flag.test(text));
    return at >= 0 ? words[at + 1] : undefined;
  };
  const [program = ''] = line.split(' ');
  if (/^(?:initdb|pg_createcluster)$/.test(path.posix.basename(program)) || /^pg_ctl\b.* initdb\b/.test(line)) {
    const place = after(/^(?:-D|--pgdata)$/);
    return { kind: 'creates', name: program, usual: POSTGRES, ...(place ? { place } : {}) };
  }
  if (/^(?:mysqld|mariadbd)\b.* --initialize/.test(line) || /^(?:mysql_install_db|mariadb-install-db)$/.test(program))
    return { kind: 'creates', name: program, usual: MYSQL };
  return undefined;
}
