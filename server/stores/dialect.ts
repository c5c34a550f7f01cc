/** Which library reads a SQLite URL, told from what the application depends on. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../files.ts';
import type { StageResult } from '../syntax/dockerfile.ts';
import type { SqliteDialect } from './from-environment.ts';
import type { Placed } from './placement.ts';

const SIGNS: readonly { readonly file: RegExp; readonly text: RegExp; readonly dialect: SqliteDialect }[] = [
  { file: /(^|\/)schema\.prisma$/, text: /provider\s*=\s*"sqlite"/, dialect: 'prisma' },
  { file: /(^|\/)Cargo\.toml$/, text: /\b(sqlx|sea-orm)\b/, dialect: 'sqlx' },
  {
    file: /(^|\/)(requirements[^/]*\.txt|pyproject\.toml|setup\.(py|cfg)|Pipfile)$/,
    text: /\b(sqlalchemy|sqlmodel|alembic|mlflow|databases|dj-database-url|django-environ)\b/i,
    dialect: 'sqlalchemy',
  },
];

/** What a Dockerfile says that builds a Rust program. */
const RUST = /\bcargo\s+(build|chef|install)\b|\/target\/release\//;

/**
 * Told from the files of the container and of the build context (a compiled program leaves its manifest behind);
 * undefined when there is no sign, or the signs disagree.
 */
export function sqliteDialect(
  { running, context }: Placed,
  stage: StageResult | undefined,
  files: Files,
): SqliteDialect | undefined {
  const found = new Set<SqliteDialect>();
  if (stage && RUST.test(stage.source.text)) found.add('sqlx');
  const built = context?.files.map((file) => path.posix.join(context.directory, file)) ?? [];
  for (const host of new Set([...running.values(), ...built])) {
    for (const sign of SIGNS) {
      if (!sign.file.test(host)) continue;
      try {
        if (sign.text.test(files.read(host).text)) found.add(sign.dialect);
      } catch (error) {
        if (!(error instanceof UnreadableFile)) throw error;
      }
    }
  }
  return found.size === 1 ? [...found][0] : undefined;
}
