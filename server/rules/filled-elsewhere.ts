/** A database that a service only reads, while another service fills one of the same name in a container of its own. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../files.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import type { RuleContext } from './rule.ts';

export interface Filled {
  readonly by: AnalysedService;
  readonly one: AnalysedStore;
}

const CODE = /\.(?:py|[mc]?[jt]sx?|php|rb|go|rs|java|kts?|sh|sql)$/;
const OTHERS = /\/(?:node_modules|site-packages|vendor|\.venv|venv|tests?|__tests__)\//;
/** A program of more files is not looked through for each of its databases. */
const MAX_FILES = 400;

/** In SQL, or by a library that writes it. */
const WRITES =
  /\b(?:CREATE\s+(?:\w+\s+){0,2}TABLE|(?:INSERT|REPLACE)\s+(?:OR\s+\w+\s+)?INTO|UPDATE\s+[^\s;]+\s+SET|DELETE\s+FROM|(?:ALTER|DROP)\s+TABLE|create_all|create_tables?|createTable|executescript|to_sql|AutoMigrate|migrations?|migrate)\b|\.(?:commit|save|sync|bulk_create|insert\w*|upsert)\(/i;

/** Null where this service writes as well, or nobody else does: then it is a database like any other. */
export function filledElsewhere(
  one: AnalysedStore,
  analysed: AnalysedService,
  { analysed: project, files }: RuleContext,
): Filled | null {
  if (one.backing.type !== 'writable-layer' || !isOpenedByCode(one)) return null;
  const name = path.posix.basename(one.store.path!);
  const others = project.services.flatMap((by) =>
    by === analysed
      ? []
      : by.stores
          .filter(({ store }) => isSqlite(store.technology, store.path) && path.posix.basename(store.path!) === name)
          .filter(isOpenedByCode)
          .map((found) => ({ by, one: found })),
  );
  if (others.length === 0) return null;
  const own = textsOf(codeOf(analysed), files);
  if (own === null || own.some((text) => WRITES.test(text))) return null;
  const asked = tablesIn(textsOf(openersOf(one), files) ?? [], /\b(?:FROM|JOIN)\s+["'`[]?(\w+)/gi);
  return others.find((other) => sharesTable(other, asked, files)) ?? null;
}

const isSqlite = (technology: string, at: string | null): boolean => technology === 'sqlite' && at !== null;

const openersOf = ({ store }: AnalysedStore): string[] => [
  ...new Set(store.evidence.flatMap(({ from, span }) => (from === 'source' && span ? span.source.path : []))),
];

const isOpenedByCode = (one: AnalysedStore): boolean => one.store.evidence[0].from === 'source';

/** What is read here is created there, or written: the name alone would be no more than a name. */
function sharesTable({ one }: Filled, asked: ReadonlySet<string>, files: Files): boolean {
  const texts = textsOf(openersOf(one), files) ?? [];
  const made = tablesIn(texts, /\b(?:TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?|INTO\s+)["'`[]?(\w+)/gi);
  return [...asked].some((table) => made.has(table));
}

const tablesIn = (texts: readonly string[], pattern: RegExp): ReadonlySet<string> =>
  new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, table]) => table!.toLowerCase())));

const codeOf = ({ placed }: AnalysedService): string[] =>
  [...new Set([...placed.running.values(), ...placed.built.values()])].filter(
    (host) => CODE.test(host) && !OTHERS.test(host),
  );

/** Null where there are too many. */
function textsOf(hosts: readonly string[], files: Files): string[] | null {
  if (hosts.length > MAX_FILES) return null;
  return hosts.flatMap((host) => {
    try {
      return files.read(host).text;
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      return [];
    }
  });
}
