/** Commands that throw data away, by the programs people start them with. */
import * as path from 'node:path';
import type { AnalysedService } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import { commandLine, programWords } from '../../syntax/programs.ts';
import type { Command } from '../../syntax/shell.ts';
import { essentialData } from './kept-data.ts';
import type { LocatedText } from './texts.ts';

interface Destroyer {
  readonly line: RegExp;
  /** What it does, for the message: "it ...". */
  readonly does: string;
}

const TABLES = 'drops all tables of the database';
const ROWS = 'deletes all rows of the database';
const DATABASE = 'drops the database';
const ALL = 'deletes everything in the database';

const DESTROYERS: readonly Destroyer[] = [
  { line: /^(?:python manage\.py|manage\.py|django-admin) (?:-\S+ )*(?:flush|sqlflush)\b/, does: ROWS },
  { line: /^(?:python manage\.py|manage\.py|django-admin) reset_db\b/, does: DATABASE },
  { line: /^(?:rails|rake) (?:\S+ )*db:(?:drop|reset|migrate:reset|truncate_all)\b/, does: DATABASE },
  { line: /^php artisan (?:migrate:(?:fresh|refresh|reset)|db:wipe)\b/, does: TABLES },
  { line: /^prisma migrate reset\b/, does: DATABASE },
  { line: /^prisma db push (?:.* )?--force-reset\b/, does: DATABASE },
  {
    line: /^prisma db push (?:.* )?--accept-data-loss\b/,
    does: 'drops the columns and tables that are no longer in the schema',
  },
  { line: /^(?:php )?(?:\S*\/)?console doctrine:(?:database|schema):drop (?:.* )?(?:--force|-f)\b/, does: DATABASE },
  { line: /^(?:php console) doctrine:fixtures:load\b(?!.*--append)/, does: ROWS },
  { line: /^mix ecto\.(?:drop|reset)\b/, does: DATABASE },
  { line: /^sequelize(?:-cli)? db:(?:drop|migrate:undo:all)\b/, does: DATABASE },
  { line: /^typeorm(?:-ts-node-\w+)? schema:drop\b/, does: TABLES },
  { line: /^knex migrate:rollback (?:.* )?--all\b/, does: TABLES },
  { line: /^(?:alembic|flask db) (?:.* )?downgrade base\b/, does: TABLES },
  { line: /^dotnet ef database drop\b/, does: DATABASE },
  { line: /^(?:airflow|superset|mlflow) db reset\b/, does: DATABASE },
  { line: /^dropdb\b/, does: DATABASE },
  {
    line: /^(?:psql|mysql|mariadb|sqlcmd|cockroach|clickhouse-client|cqlsh|sqlite3)\b.*\bdrop (?:database|schema|keyspace)\b/is,
    does: DATABASE,
  },
  { line: /^(?:mongo|mongosh)\b.*\bdropDatabase\(/, does: DATABASE },
  { line: /^(?:redis-cli|valkey-cli)\b.* flush(?:all|db)\b/i, does: ALL },
];

/** `DROP ... IF EXISTS x; CREATE`: also then the data is gone. Views, indexes and functions are no data. */
export function destroys(command: Command): string | undefined {
  const bodies = command.redirections.flatMap(({ body }) => body ?? []).join('\n');
  const line = `${commandLine(command.words)}${bodies === '' ? '' : ` ${bodies}`}`;
  return DESTROYERS.find((one) => one.line.test(line))?.does;
}

/** A path with data in it that the command deletes: a store, a folder around it, or all of a mount. */
export function deletedData(
  command: Command,
  analysed: AnalysedService,
  within: LocatedText,
  value: (text: string) => string | null,
): string | undefined {
  const [program, ...words] = programWords(command.words);
  const name = path.posix.basename(program?.text ?? '');
  if (name !== 'rm' && name !== 'find') return undefined;
  if (name === 'find' && !words.some(({ text }) => text === '-delete')) return undefined;
  const recursive = name === 'find' || words.some(({ text }) => /^-\w*[rR]|^--recursive$/.test(text));
  const folder = analysed.service.workingDir?.value ?? analysed.image.workdir;
  const targets = name === 'find' ? words.slice(0, 1) : words.filter(({ text }) => !text.startsWith('-'));
  for (const { text, open, start, end } of targets) {
    const known = open ? value(text) : text;
    // In quotes a star is a star.
    if (!known || /["'][^"']*\*[^"']*["']/.test(within.text.slice(start, end))) continue;
    const cleared = known.replace(/\/\*$/, '');
    if (/[*?[{]/.test(cleared)) continue;
    const at = path.posix.resolve(folder, cleared);
    const data = essentialData(analysed).find((one) => one.path === at || (recursive && isWithin(one.path, at)));
    if (data) return data.path;
  }
  return undefined;
}
