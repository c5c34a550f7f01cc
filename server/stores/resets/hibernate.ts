/** Hibernate told, in the settings that a program is built with, to drop its tables at each start: Spring Boot and Quarkus. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import type { BuildContext } from '../../syntax/build-context.ts';
import { type Source, spanOf } from '../../syntax/source.ts';
import type { AnalysedService } from '../model.ts';
import { type Property, readProperties, readYaml } from '../settings/spring.ts';
import { jdbcTarget } from '../source/jdbc.ts';
import type { Database, Reset } from './model.ts';

const SETTINGS = /^(.*\/)?src\/main\/resources\/(?:config\/)?application(?:-([\w-]+))?\.(properties|ya?ml)$/;

interface Framework {
  /** The first that is set counts. */
  readonly generation: readonly string[];
  readonly drops: RegExp;
  readonly url: readonly string[];
}

const SPRING: Framework = {
  generation: ['spring.jpa.properties.hibernate.hbm2ddl.auto', 'spring.jpa.hibernate.ddl-auto'],
  drops: /^(?:create|create-drop|drop)$/i,
  url: ['spring.datasource.url', 'spring.datasource.hikari.jdbc-url', 'spring.datasource.jdbc-url'],
};

const QUARKUS: Framework = {
  generation: ['quarkus.hibernate-orm.schema-management.strategy', 'quarkus.hibernate-orm.database.generation'],
  drops: /^(?:drop-and-create|drop)$/i,
  url: ['quarkus.datasource.jdbc.url', 'quarkus.datasource.reactive.url'],
};

/** Settings that bring settings from elsewhere, or choose profiles in ways that are not followed. */
const ELSEWHERE =
  /^spring\.(?:config\.(?:import|location)|cloud\.(?:config|vault|consul)\.|profiles\.(?:include|group))/;
const ELSEWHERE_VARIABLE = /^(?:SPRING_(?:CONFIG_|CLOUD_CONFIG_|APPLICATION_JSON|PROFILES_INCLUDE)|QUARKUS_CONFIG_)/;

/** More than these are not read for a class that is kept in a table. */
const MAX_CLASSES = 400;

interface Said extends Property {
  readonly source: Source;
}

export function* hibernateResets(analysed: AnalysedService, files: Files): Iterable<Reset> {
  const settings = settingsOf(analysed, files);
  if (!settings) return;
  const { folder, all } = settings;
  if (all.some(({ key }) => ELSEWHERE.test(key)) || isToldOtherwise(analysed, files)) return;
  const profiles = profilesOf(all, analysed);
  if (!profiles) return;
  const at: At = { analysed, all, profiles };
  for (const framework of [SPRING, QUARKUS]) {
    const reset = resetIn(framework, at);
    if (reset && keepsClasses(folder, analysed, files)) yield reset;
  }
}

interface Settings {
  readonly file: string;
  readonly folder: string;
  readonly profile: string | null;
  readonly end: string;
}

const known = new WeakMap<BuildContext, readonly Settings[]>();

/** Looked for once in a context: most hold thousands of files, and none of these. */
function settingsIn(context: BuildContext): readonly Settings[] {
  let found = known.get(context);
  if (!found) {
    found = context.files.flatMap((file) => {
      const match = SETTINGS.exec(file);
      return match ? [{ file, folder: match[1] ?? '', profile: match[2] ?? null, end: match[3]! }] : [];
    });
    known.set(context, found);
  }
  return found;
}

/** Of the one application that the context holds, or that its Dockerfile stands beside. */
function settingsOf({ placed: { context }, service, image }: AnalysedService, files: Files) {
  if (!context || !service.build || context.truncated) return null;
  const found = settingsIn(context);
  if (found.length === 0) return null;
  const folders = new Set(found.map(({ folder }) => folder));
  const recipe = image.stage ? path.posix.dirname(image.stage.source.path) : context.directory;
  const own = `${path.posix.relative(context.directory, recipe)}/`.replace(/^\/$/, '');
  const folder = folders.size === 1 ? [...folders][0]! : folders.has(own) && own !== '' ? own : null;
  // Beside the sources of other programs, its own may not be what runs.
  if (folder === null) return null;
  const all = found
    .filter((one) => one.folder === folder)
    .flatMap(({ file, profile, end }): Said[] => {
      const source = readable(path.posix.join(context.directory, file), files);
      const read = end === 'properties' ? readProperties : readYaml;
      return source ? read(source.text).map((one) => ({ ...one, source, profile: one.profile ?? profile })) : [];
    });
  return { folder, all };
}

function readable(file: string, files: Files): Source | null {
  try {
    return files.read(file);
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}

/** Settings may come from files beside the program, from scripts, or from a server. */
function isToldOtherwise({ argv, service, environment, placed }: AnalysedService, files: Files): boolean {
  if ([...environment.keys()].some((name) => ELSEWHERE_VARIABLE.test(name))) return true;
  if (service.mounts.some(({ target }) => /\/config$|\/application[\w.-]*\.(?:properties|ya?ml)$|\.env$/.test(target)))
    return true;
  if (
    [...placed.running.keys()].some(
      (at) =>
        /\/(?:application|bootstrap)(?:-[\w-]+)?\.(?:properties|ya?ml)$/.test(at) &&
        !/\/(?:main|test)\/resources\//.test(at),
    )
  )
    return true;
  const told = [
    argv.join(' '),
    ...['JAVA_OPTS', 'JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS'].map((name) => environment.get(name)?.value ?? ''),
  ];
  if (
    told.some((text) =>
      /ddl-auto|hbm2ddl|config\.(?:location|import|additional)|database\.generation|:dev\b/.test(text),
    )
  )
    return true;
  const scripts = argv.flatMap((word) => word.match(/[\w./-]+\.sh\b/g) ?? []);
  return scripts.some((script) => {
    const host = [...placed.running].find(([at]) => path.posix.basename(at) === path.posix.basename(script))?.[1];
    const source = host === undefined ? null : readable(host, files);
    return !source || /SPRING_|QUARKUS_|-Dspring|--spring|ddl|\.env\b/.test(source.text);
  });
}

interface At {
  readonly analysed: AnalysedService;
  readonly all: readonly Said[];
  readonly profiles: readonly string[];
}

/** undefined: not set; null: set, or perhaps set, to what is not known. */
function given(name: string, { environment, service }: AnalysedService): string | null | undefined {
  const entry = environment.get(name);
  if (entry) return entry.evidence.confidence === 'memory' ? null : entry.value;
  return isOpen({ service }) ? null : undefined;
}

/** A file that is not here may set any variable. */
const isOpen = ({ service }: Pick<AnalysedService, 'service'>): boolean => service.environmentGaps.length > 0;

/** `spring.jpa.hibernate.ddl-auto` is set by either of two names. */
const variablesOf = (key: string): string[] => [
  ...new Set([key.replace(/-/g, ''), key.replace(/-/g, '_')].map((one) => one.replace(/\W/g, '_').toUpperCase())),
];

function setting(key: string, analysed: AnalysedService): string | null | undefined {
  const all = variablesOf(key).flatMap((name) => (analysed.environment.has(name) ? given(name, analysed) : []));
  return all.find((value) => typeof value === 'string') ?? (all.includes(null) ? null : undefined);
}

/** Null where it cannot be told which run. */
function profilesOf(all: readonly Said[], analysed: AnalysedService): readonly string[] | null {
  const told = [
    ...analysed.argv,
    analysed.environment.get('JAVA_OPTS')?.value ?? '',
    analysed.environment.get('JAVA_TOOL_OPTIONS')?.value ?? '',
  ]
    .join(' ')
    .match(/spring\.profiles\.active=["']?([\w,$@{}:-]+)/)?.[1];
  const written = all.find(({ key, profile }) => key === 'spring.profiles.active' && profile === null)?.value;
  const set = setting('spring.profiles.active', analysed);
  const names = told ?? (set === undefined ? (written ?? '') : set);
  const value = names === null ? null : evaluated(names, { analysed, all, profiles: [] });
  if (value === null || /[$@]/.test(value)) return null;
  const spring = value.split(',').flatMap((name) => name.trim() || []);
  const quarkus = given('QUARKUS_PROFILE', analysed);
  return [...(spring.length > 0 ? spring : ['default']), quarkus ?? 'prod'];
}

/** `ddl-auto`, `ddlAuto` and `ddl_auto` are one name. */
const plain = (key: string): string => key.replace(/[-_]/g, '').toLowerCase();

/** The setting that holds; null where several might. */
function holding(key: string, { all, profiles }: At): Said | undefined | null {
  const names = [key, ...profiles.map((profile) => `%${profile}.${key}`)].map(plain);
  const named = all.filter((one) => names.includes(plain(one.key)));
  if (named.some(({ profile }) => profile !== null && /[!&|()]/.test(profile))) return null;
  const own = named.filter(
    ({ profile, key: name }) =>
      plain(name) !== plain(key) || profile?.split(',').some((one) => profiles.includes(one.trim())),
  );
  if (own.length > 0) return new Set(own.map(({ value }) => value)).size > 1 ? null : own[0];
  return named.findLast(({ profile, key: name }) => profile === null && plain(name) === plain(key));
}

/** With variables and other settings in the place of `${x:y}`; null where one of them is not known. */
function evaluated(text: string, at: At, depth = 0): string | null {
  const inner = /\$\{([^${}]*)\}/.exec(text);
  if (!inner) return text.includes('${') ? null : text;
  if (depth > 20) return null;
  const [whole, body = ''] = inner;
  const colon = body.indexOf(':');
  const name = colon < 0 ? body : body.slice(0, colon);
  const set = /^\w+$/.test(name) ? given(name, at.analysed) : setting(name, at.analysed);
  const other = set === undefined ? holding(name, at)?.value : set;
  const value = other ?? (set === undefined && colon >= 0 ? body.slice(colon + 1) : null);
  if (value === null) return null;
  const replaced = text.slice(0, inner.index) + value + text.slice(inner.index + whole.length);
  return evaluated(replaced, at, depth + 1);
}

function resetIn({ generation, drops, url }: Framework, at: At): Reset | null {
  for (const key of generation) {
    const said = holding(key, at);
    if (said === null) return null;
    if (!said) continue;
    const set = setting(key, at.analysed);
    // What a variable says is told where that is written.
    if (set !== undefined) return null;
    const value = evaluated(said.value, at);
    if (value === null || !drops.test(value.trim())) return null;
    const database = databaseIn(url, at);
    if (!database) return null;
    return {
      span: spanOf(said.source, said.start, said.end),
      what: `${said.key}=${value.trim()}`,
      does: 'makes Hibernate drop the tables and create them anew',
      database,
      ...(isOpen(at.analysed) ? { unsure: ', unless variables that are not here say otherwise' } : {}),
    };
  }
  return null;
}

const HOST =
  /^(?:jdbc:|vertx-reactive:)?(?:p6spy:|otel:)?(postgresql|mysql|mariadb|sqlserver|oracle:thin|db2)(?::replication|:loadbalance|:aurora)?:(?:@|\/\/|@\/\/)([\w.-]+)/i;

/** What is kept in memory, or not said, is made anew at each start anyway. */
function databaseIn(keys: readonly string[], at: At): Database | null {
  for (const key of keys) {
    const set = setting(key, at.analysed);
    const said = holding(key, at);
    const text = set === undefined ? said?.value : set;
    if (text === undefined || said === null) continue;
    const url = text === null ? null : evaluated(text, at);
    if (url === null) return null;
    const host = HOST.exec(url.trim())?.[2];
    if (host !== undefined) return /^(?:localhost|127\.)/.test(host) ? null : { kind: 'host', host };
    const target = jdbcTarget(url);
    return target?.kind === 'file' ? { kind: 'embedded', technology: target.technology } : null;
  }
  return null;
}

/** A program without a class of its own in a table has nothing to drop. */
function keepsClasses(folder: string, { placed: { context } }: AnalysedService, files: Files): boolean {
  const classes = context!.files.filter(
    (file) => file.startsWith(`${folder}src/main/`) && /\.(?:java|kt|groovy)$/.test(file),
  );
  return classes
    .slice(0, MAX_CLASSES)
    .some((file) =>
      /^\s*@(?:\w+\.)*Entity\b/m.test(readable(path.posix.join(context!.directory, file), files)?.text ?? ''),
    );
}
