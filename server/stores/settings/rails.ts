/** `config/database.yml` of Rails: the block of the environment that runs. */
import { isMap, isPair, isScalar, type Pair, parseDocument, type Scalar, visit, type YAMLMap } from 'yaml';
import { either, environment, literal, unknown } from '../source/expressions.ts';
import type { PathExpression } from '../source/model.ts';
import { above, type SettingsReader, said } from './application.ts';

export interface RailsDatabase {
  /** `primary` where there is but one. */
  readonly name: string;
  readonly adapter: string;
  readonly database: PathExpression;
  readonly start: number;
  readonly end: number;
}

/** Ruby that gives a value; anything else in it is not followed. */
const OUTPUT = /<%=\s*([\s\S]*?)\s*-?%>/g;

/** The databases of one environment; null where Ruby decides what stands in the file, or it does not parse. */
export function readRails(text: string, name: string): RailsDatabase[] | null {
  const scripts: string[] = [];
  // Each piece of Ruby becomes a word of the same length, so that places stay what they are.
  const plain = text
    .replace(/<%#[\s\S]*?%>/g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(OUTPUT, (all, code: string) => {
      if (all.includes('\n')) return all;
      scripts.push(code);
      return `E${scripts.length - 1}_`.padEnd(all.length, '_');
    });
  if (plain.includes('<%')) return null;
  const document = parseDocument(plain, { strict: false });
  if (document.errors.length > 0) return null;
  const block = resolved(document.get(name, true), document);
  if (!block) return [];
  const own = databaseIn('primary', block, document, scripts);
  if (own) return [own];
  return block.items.flatMap((pair) => {
    const inner = isScalar(pair.key) ? resolved(pair.value, document) : null;
    const found = inner && databaseIn(String((pair.key as Scalar).value), inner, document, scripts);
    return found ? [found] : [];
  });
}

type Document = ReturnType<typeof parseDocument>;

function resolved(node: unknown, document: Document): YAMLMap | null {
  if (isMap(node)) return node;
  const target = node && typeof node === 'object' && 'source' in node ? anchored(String(node.source), document) : null;
  return isMap(target) ? target : null;
}

function anchored(name: string, document: Document): unknown {
  let found: unknown = null;
  visit(document, {
    Map(_, node) {
      if (node.anchor === name) found = node;
    },
  });
  return found;
}

/** The value of a key, also of what is merged in with `<<`. */
function pairOf(map: YAMLMap, key: string, document: Document, depth = 0): Pair | null {
  const own = map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
  if (own || depth > 5) return own ?? null;
  const merged = map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === '<<');
  const from = merged ? resolved(merged.value, document) : null;
  return from ? pairOf(from, key, document, depth + 1) : null;
}

function databaseIn(name: string, map: YAMLMap, document: Document, scripts: readonly string[]): RailsDatabase | null {
  const [adapter, database] = [pairOf(map, 'adapter', document), pairOf(map, 'database', document)];
  // `url:` says all the others do, if it is set.
  if (!isPair(adapter) || !isPair(database) || pairOf(map, 'url', document)) return null;
  if (!isScalar(adapter.value) || !isScalar(database.value)) return null;
  const [start = 0, end = 0] = database.value.range ?? [];
  return {
    name,
    adapter: String(adapter.value.value),
    database: expressionOf(String(database.value.value), scripts),
    start,
    end,
  };
}

function expressionOf(value: string, scripts: readonly string[]): PathExpression {
  const script = /^E(\d+)_+$/.exec(value)?.[1];
  if (script !== undefined) return rubyValue(scripts[Number(script)] ?? '');
  return /E\d+_/.test(value) ? unknown('the path is made by Ruby') : literal(value);
}

/** `ENV["X"]`, `ENV["X"] || "d"`, `ENV.fetch("X", "d")`, `ENV.fetch("X") { "d" }`. */
function rubyValue(code: string): PathExpression {
  const match =
    /^ENV(?:\[\s*(["'])(\w+)\1\s*\](?:\s*\|\|\s*(["'])([^"'#]*)\3)?|\.fetch\(?\s*(["'])(\w+)\5\s*(?:,\s*(["'])([^"'#]*)\7\s*)?\)?(?:\s*\{\s*(["'])([^"'#]*)\9\s*\})?)$/.exec(
      code,
    );
  if (!match) return unknown('the path is made by Ruby');
  const fallback = match[4] ?? match[8] ?? match[10];
  const name = literal((match[2] ?? match[6])!);
  const given = fallback === undefined ? null : literal(fallback);
  return match[2] === undefined ? environment(name, given) : (either([environment(name), given]) ?? name);
}

export const rails: SettingsReader = (application) =>
  application.named(/\/config\/database\.yml$/).flatMap((source) => {
    const root = source.path.replace(/\/config\/database\.yml$/, '');
    if (!application.file(`${root}/config/application.rb`) || application.isHidden(source.path)) return [];
    // Without a word about it Rails runs in development, and what is kept then nobody expects to last.
    const name = application.environment('RAILS_ENV') ?? application.environment('RACK_ENV');
    if (!name || name === 'test') return [];
    const databases = readRails(source.text, name) ?? [];
    // A URL in the environment takes the place of the first database.
    const isMoved = application.environment('DATABASE_URL') !== undefined;
    return databases
      .filter(
        (one) => /^sqlite3?$/.test(one.adapter) && !(isMoved && one.name === 'primary') && !/cache/i.test(one.name),
      )
      .map(({ start, end, database }) =>
        said(
          { by: 'Rails', source, start, end, path: database },
          { technology: 'sqlite', form: 'file', base: above(source.path, 2) },
        ),
      );
  });
