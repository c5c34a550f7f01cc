/** `schema.prisma`: a SQLite file, counted from the folder of the schema. */
import * as path from 'node:path';
import { literal } from '../source/expressions.ts';
import type { PathExpression } from '../source/model.ts';
import { above, type SettingsReader, said, variable } from './application.ts';
import { dotenvOf } from './dotenv-beside.ts';

export type PrismaUrl = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'literal'; readonly value: string }
  | { readonly kind: 'variable'; readonly name: string }
);

/** The URL of the data source; null where it is no SQLite. */
export function readPrisma(text: string): PrismaUrl | null {
  const bare = text.replace(/\/\/[^\n]*/g, (comment) => (comment.includes('"') ? comment : ' '.repeat(comment.length)));
  const block = /^[ \t]*datasource\s+\w+\s*\{([^}]*)\}/m.exec(bare);
  if (!block || !/^\s*provider\s*=\s*"sqlite"/m.test(block[1]!)) return null;
  const url = /^[ \t]*url[ \t]*=[ \t]*(?:"([^"\n]*)"|env\(\s*"([^"\n]*)"\s*\))/m.exec(block[1]!);
  if (!url) return null;
  const start = block.index + block[0].indexOf('{') + 1 + url.index + /^[ \t]*/.exec(url[0])![0].length;
  const place = { start, end: start + url[0].trimStart().length };
  return url[1] === undefined
    ? { kind: 'variable', name: url[2]!, ...place }
    : { kind: 'literal', value: url[1], ...place };
}

export const prisma: SettingsReader = (application) =>
  application.named(/\/schema\.prisma$/).flatMap((source) => {
    const url = readPrisma(source.text);
    if (!url || usesAdapter(source.path, application)) return [];
    const found = { by: 'Prisma', source, start: url.start, end: url.end, path: pathOf(url, source.path, application) };
    return [said(found, { technology: 'sqlite', form: 'url', dialect: 'prisma', base: above(source.path, 1) })];
  });

/** With a driver adapter the code says which file is opened. */
function usesAdapter(schema: string, { file }: Parameters<SettingsReader>[0]): boolean {
  const folder = path.posix.dirname(schema);
  return [folder, path.posix.dirname(folder)].some((at) =>
    /"@prisma\/adapter-/.test(file(`${at}/package.json`)?.text ?? ''),
  );
}

function pathOf(url: PrismaUrl, schema: string, application: Parameters<SettingsReader>[0]): PathExpression {
  if (url.kind === 'literal') return literal(url.value);
  const folder = path.posix.dirname(schema);
  const files = [`${path.posix.dirname(folder)}/.env`, `${folder}/.env`].map((at) => dotenvOf(application, at));
  if (application.environment(url.name) === undefined && files.includes(null))
    return { kind: 'unknown', reason: `\`${url.name}\` may be set in a file that is not known` };
  const set = new Map(files.flatMap((one) => [...(one ?? [])]));
  return variable(url.name, set, null);
}
