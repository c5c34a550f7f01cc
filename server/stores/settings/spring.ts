/** Spring Boot and Quarkus: `application.properties`, `application.yml` and their profiles. */
import { isMap, isScalar, parseAllDocuments } from 'yaml';
import type { Source } from '../../syntax/source.ts';
import { concat, environment, literal, unknown } from '../source/expressions.ts';
import { jdbcTechnology } from '../source/jdbc.ts';
import type { PathExpression, SourceStore } from '../source/model.ts';
import { type Application, type SettingsReader, said } from './application.ts';

export interface Property {
  readonly key: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** The profiles that it holds for, as written; null: all. */
  readonly profile: string | null;
}

export function readProperties(text: string): Property[] {
  let profile: string | null = null;
  const found: Property[] = [];
  for (const match of text.matchAll(
    /^[ \t]*(?:(#---|!---)[ \t]*$|([^\s#!=:][^\s=:]*)[ \t]*[=: ][ \t]*(.*?)[ \t]*\r?$)/gm,
  )) {
    if (match[1]) profile = null;
    const [key, value] = [match[2], match[3]];
    if (key === undefined || value === undefined) continue;
    if (key === ON_PROFILE) profile = value;
    const start = match.index + match[0].indexOf(key);
    found.push({ key, value, start, end: match.index + match[0].trimEnd().length, profile });
  }
  return found;
}

const ON_PROFILE = 'spring.config.activate.on-profile';

/** Keys as in a `.properties` file; a document's own profile holds for all of it. */
export function readYaml(text: string): Property[] {
  const documents = parseAllDocuments(text, { strict: false });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    if (document.errors.length > 0) return [];
    const found = [...leaves(document.contents, '', 0)];
    const profile = found.find(({ key }) => key === ON_PROFILE || key === 'spring.profiles')?.value ?? null;
    return found.map((one) => ({ ...one, profile }));
  });
}

function* leaves(node: unknown, prefix: string, depth: number): Iterable<Property> {
  if (!isMap(node) || depth > 20) return;
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const name = prefix === '' ? String(key.value) : `${prefix}.${String(key.value)}`;
    const [start = 0, end = 0] = (isScalar(value) && value.range) || [];
    if (isScalar(value) && value.value !== null)
      yield { key: name, value: String(value.value), start, end, profile: null };
    else yield* leaves(value, name, depth + 1);
  }
}

/** `${DB_URL:jdbc:h2:./data}`: a variable and its default; what is put together of more is not followed. */
export function placeholder(text: string): PathExpression {
  const parts: PathExpression[] = [];
  let at = 0;
  for (;;) {
    const open = text.indexOf('${', at);
    if (open < 0) break;
    const close = closing(text, open + 2);
    if (close < 0) return unknown('the setting is not complete');
    if (open > at) parts.push(literal(text.slice(at, open)));
    const inner = text.slice(open + 2, close);
    const colon = inner.indexOf(':');
    const name = colon < 0 ? inner : inner.slice(0, colon);
    const fallback = colon < 0 ? null : placeholder(inner.slice(colon + 1));
    // Other names are other settings, which a variable of the like name may set as well.
    parts.push(environment(literal(/^\w+$/.test(name) ? name : variableOf(name)), fallback));
    at = close + 1;
  }
  if (at < text.length || parts.length === 0) parts.push(literal(text.slice(at)));
  return concat(parts);
}

function closing(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text.startsWith('${', at)) depth++;
    if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

/** `spring.datasource.url` is `SPRING_DATASOURCE_URL` in the environment. */
const variableOf = (key: string): string => key.replace(/-/g, '').replace(/\W/g, '_').toUpperCase();

const KEYS = ['spring.datasource.url', 'spring.datasource.hikari.jdbc-url', 'quarkus.datasource.jdbc.url'] as const;

const FILE = /\/(?:src\/main\/resources\/(?:config\/)?|config\/)?application(?:-([\w-]+))?\.(properties|ya?ml)$/;

export const spring: SettingsReader = (application) => {
  const files = application.named(FILE).filter(({ path }) => !application.isHidden(path));
  // Settings in other places come over these.
  const elsewhere = [
    'SPRING_CONFIG_LOCATION',
    'SPRING_CONFIG_ADDITIONAL_LOCATION',
    'SPRING_CONFIG_IMPORT',
    'SPRING_APPLICATION_JSON',
  ];
  if (files.length === 0 || elsewhere.some((name) => application.environment(name) !== undefined)) return [];
  if (application.words.some((word) => /^--spring\.(?:datasource\.url|config\.)/.test(word))) return [];
  const folders = [...new Set(files.map(({ path }) => path.replace(/\/[^/]*$/, '')))];
  // Of several applications in one container it is not known which one runs.
  return folders.length === 1 ? KEYS.flatMap((key) => urlOf(key, files, application) ?? []) : [];
};

function urlOf(key: string, files: readonly Source[], application: Application): SourceStore | null {
  const all = files.flatMap((source) => {
    const [, profile = null, end] = FILE.exec(source.path)!;
    const read = end === 'properties' ? readProperties : readYaml;
    return read(source.text).map((one) => ({ ...one, source, profile: one.profile ?? profile }));
  });
  const profiles = active(
    application,
    all.find((one) => one.profile === null && one.key === 'spring.profiles.active')?.value,
  );
  if (profiles === null) return null;
  const holds = all
    .filter((one) => one.key === key || profiles.some((profile) => one.key === `%${profile}.${key}`))
    .filter(({ profile }) => profile === null || profile.split(',').some((one) => profiles.includes(one.trim())));
  const chosen = holds.findLast(({ profile, key: name }) => profile !== null || name !== key) ?? holds.at(-1);
  if (!chosen || !saysEmbedded(placeholder(chosen.value))) return null;
  const path: PathExpression = { kind: 'env', name: variableOf(key), fallback: placeholder(chosen.value) };
  const { source, start, end } = chosen;
  return said({ by: key, source, start, end, path }, { technology: 'h2', form: 'jdbc' });
}

/** The profiles that run; null where they cannot be told. */
function active(application: Application, written: string | undefined): readonly string[] | null {
  const given = application.words.find((word) => /^-?-D?spring\.profiles\.active=/.test(word))?.replace(/^[^=]*=/, '');
  const set = application.environment('SPRING_PROFILES_ACTIVE');
  if (set === null) return null;
  const names =
    given ?? set ?? (written && placeholder(written).kind === 'literal' ? written : written === undefined ? '' : null);
  if (names === null) return null;
  const quarkus = application.environment('QUARKUS_PROFILE') ?? 'prod';
  return [
    ...names
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
    quarkus,
  ];
}

function saysEmbedded(value: PathExpression): boolean {
  switch (value.kind) {
    case 'literal':
      return jdbcTechnology(value.value) !== null;
    case 'concat':
      return saysEmbedded(value.parts[0]!);
    case 'env':
      return value.fallback !== undefined && saysEmbedded(value.fallback);
    default:
      return false;
  }
}
