/** Whether the program of a service reads a variable, as far as its source is at hand. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../files.ts';
import type { Past } from '../history/model.ts';
import { isComposeName } from '../project/file-names.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import { remotes } from '../stores/published.ts';
import type { RuleContext } from './rule.ts';

/**
 * `named`: the source names it. `nowhere`: nothing in it does, nor anything that might. `unknown`: the source is not at
 * hand, or a library may read it under another spelling.
 */
export type Reading = 'named' | 'nowhere' | 'unknown';

/** What programs are written in, and what they are configured by. A setting in an environment file is not read by that. */
const SOURCE =
  /\.(py|[cm]?js|jsx|[cm]?ts|tsx|vue|svelte|rb|rake|ru|erb|php|go|rs|java|kts?|scala|groovy|clj|cs|fs|exs?|lua|pl|pm|dart|swift|cr|nim|c|cc|cpp|h|hpp|sh|bash|ya?ml|toml|json5?|ini|cfg|conf|properties|xml|gradle|prisma|tmpl|tpl|template)$|(^|\/)[^./]+$/i;
const CODE =
  /\.(py|[cm]?js|jsx|[cm]?ts|tsx|rb|php|go|rs|java|kt|scala|clj|cs|fs|exs?|lua|pl|dart|swift|cr|nim|c|cc|cpp)$/i;
/** No part of the program: what describes how it is run, and what tells people of it. */
const ASIDE = /^(docs?|documentation|examples?|charts?|\.github)\//i;
const RECIPE = /(^|\/)([^/]*\.)?(docker|container)file(\.[^/]*)?$|-lock\.(json|yaml)$|\.lock$/i;
/** What says that a folder holds a program. */
const MANIFEST =
  /^(package\.json|pyproject\.toml|setup\.py|requirements\.txt|Gemfile|go\.mod|Cargo\.toml|composer\.json|pom\.xml|build\.gradle(\.kts)?|mix\.exs|deno\.json)$/;
/** More than these are not read for a word. */
const MAX_FILES = 3000;

/** Variables that libraries read without a line of the program: Rails, dj-database-url, Spring and their like. */
const BY_CONVENTION = /(^|_)DATABASE_UR[IL]$|^(SPRING|QUARKUS|MICRONAUT|FLASK|DJANGO|DYNACONF|AIRFLOW|MLFLOW)_/;

/** Configuration that is mounted by itself. */
const mountedFiles = ({ service }: AnalysedService, files: Files): string[] =>
  service.mounts.flatMap(({ type, source }) =>
    type === 'bind' && source && SOURCE.test(source) ? textOf(source, files) : [],
  );

export interface Text {
  readonly path: string;
  readonly text: string;
}

interface Sources {
  readonly files: readonly Text[];
  readonly texts: readonly string[];
  readonly manifests: string;
  /** What was asked before. */
  readonly readings: Map<string, Reading>;
}

export function readingOf(name: string, analysed: AnalysedService, context: RuleContext): Reading {
  const word = new RegExp(`(?<!\\w)${name}(?!\\w)`);
  const names = (text: string): boolean => text.includes(name) && word.test(text);
  if (analysed.argv.some(names) || mountedFiles(analysed, context.files).some(names)) return 'named';
  const sources = sourcesOf(analysed, context);
  if (!sources) return 'unknown';
  // What the image would run is not what runs where the service says what does.
  const runs = analysed.service.command ? (analysed.service.entrypoint ? /(?!)/ : ENTRYPOINT) : STARTS;
  const key = `${name} ${runs.source}`;
  let known = sources.readings.get(key);
  if (!known) {
    known = readingIn(sources, name, names, runs);
    sources.readings.set(key, known);
  }
  return known;
}

const STARTS = /^[ \t]*(?:CMD|ENTRYPOINT)\b/i;
const ENTRYPOINT = /^[ \t]*ENTRYPOINT\b/i;

function readingIn(
  { texts, manifests }: Sources,
  name: string,
  names: (text: string) => boolean,
  runs: RegExp,
): Reading {
  if (texts.some(names)) return 'named';
  // `CMD program --db $DB_FILE`; ENV only sets it.
  const used = new RegExp(`\\$\\{?${name}(?!\\w)`);
  if (manifests.split('\n').some((line) => used.test(line) && (!STARTS.test(line) || runs.test(line)))) return 'named';
  if (BY_CONVENTION.test(name)) return 'unknown';
  const spelt = spellings(name);
  if (texts.some((text) => spelt.some((one) => plain(text).includes(one)))) return 'unknown';
  // What a program that is only installed is called, its variables begin with.
  const [first = ''] = name.toLowerCase().split('_');
  return new RegExp(`(?<![\\w-])${first}(?![\\w-])`, 'i').test(manifests) ? 'unknown' : 'nowhere';
}

/** Letters and digits only, in lower case: `database_path`, `databasePath` and `DATABASE_PATH` are one word. */
const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '');

/** The name without its parts, and without those in front that a library may put there: `APP_DB_PATH` of a `db_path`. */
function spellings(name: string): string[] {
  const parts = name.toLowerCase().split('_').filter(Boolean);
  return parts.flatMap((_, i) => (i === 0 || parts.length - i > 1 ? [parts.slice(i).join('')] : []));
}

/** The variables that alone tell of a store; none where something else tells of it, too. */
export function variablesOf({ store }: AnalysedStore, { environment }: AnalysedService): string[] {
  if (store.evidence.some(({ from }) => from !== 'environment' && from !== 'dockerfile')) return [];
  const names = store.evidence.map(
    ({ span }) => span && [...environment].find(([, { evidence }]) => isSame(evidence.span, span))?.[0],
  );
  return names.every((name) => name !== undefined) ? names : [];
}

type At = { readonly source: unknown; readonly start: number };

const isSame = (a: At | undefined, b: At): boolean => a?.source === b.source && a?.start === b.start;

/** Named by variables that nothing reads: there is no such database. */
export const isDead = (one: AnalysedStore, analysed: AnalysedService, context: RuleContext): boolean => {
  const names = variablesOf(one, analysed);
  return names.length > 0 && names.every((name) => readingOf(name, analysed, context) === 'nowhere');
};

/** All that the program is made of, and what it is started with; null where it is not at hand. */
export function textsOf(analysed: AnalysedService, context: RuleContext): readonly Text[] | null {
  const sources = sourcesOf(analysed, context);
  if (!sources) return null;
  const own = [...analysed.argv, ...mountedFiles(analysed, context.files), sources.manifests];
  const projects = new Set(context.analysed.project.files.map(({ path }) => path));
  return [...sources.files.filter(({ path }) => !projects.has(path)), ...own.map((text) => ({ path: '', text }))];
}

function sourcesOf(analysed: AnalysedService, context: RuleContext): Sources | null {
  const { past } = context;
  const { image, placed, service } = analysed;
  const find = (files: Files): Sources | null => {
    const hosts = builtOf(analysed) ?? (past ? publishedOf(analysed, past, files) : null);
    return hosts && read(hosts, analysed, files);
  };
  if (!placed.context) return past && service.image && !image.match ? find(context.files) : null;
  // What is built and mounted alike is one place, as long as the same files are there.
  return context.keep ? context.keep(placed, context.files, find) : find(context.files);
}

/** Of an image that is built here on a plain language or system: all that it was made of. */
function builtOf({ image, placed }: AnalysedService): string[] | null {
  const { stage, match } = image;
  if (!placed.context || !stage) return null;
  // Images of languages and systems bring no program that reads the settings of an application.
  if (stage.base && (match?.family.category !== 'base' || match.lookalike)) return null;
  // What is fetched while it is built is not at hand.
  if (stage.steps.some((step) => step.kind === 'run' && /\bgit\s+clone\b/.test(step.run.text))) return null;
  return [...new Set([...placed.running.values(), ...placed.image.values(), ...placed.built.values()])];
}

/** Of an image that is called as the repository is, and whose program stands in it: all that git tracks. */
function publishedOf({ service, placed }: AnalysedService, past: Past, files: Files): string[] | null {
  const { image, build } = service;
  if (!image || build || placed.context || image.unresolved.length > 0) return null;
  const name = image.value.replace(/@.*$/, '').split('/').pop()!.split(':')[0]!.toLowerCase();
  if (!repositoryNames(past.top, files).includes(name)) return null;
  const all = past.tracked(past.top);
  const isProgram =
    all.some((file) => path.posix.dirname(file) === past.top && MANIFEST.test(path.posix.basename(file))) &&
    all.some((file) => RECIPE.test(file) && /file/i.test(file));
  const isWhole = !all.includes(path.posix.join(past.top, '.gitmodules'));
  return isProgram && isWhole ? all.filter((file) => !ASIDE.test(path.posix.relative(past.top, file))) : null;
}

/** As the folder is called, and as the server that it was cloned from calls it. */
const repositoryNames = (top: string, files: Files): string[] => [
  path.posix.basename(top).toLowerCase(),
  ...remotes(top, files).map((name) => path.posix.basename(name)),
];

function read(hosts: readonly string[], { service }: AnalysedService, files: Files): Sources | null {
  const sources = hosts.filter((file) => SOURCE.test(file) && !RECIPE.test(file) && !isComposeName(file));
  if (sources.length > MAX_FILES || !sources.some((file) => CODE.test(file))) return null;
  const read = sources.map((path) => ({ path, text: textOf(path, files) }));
  const recipe = service.build?.dockerfile ?? [];
  const manifests = [...hosts.filter((file) => MANIFEST.test(path.posix.basename(file)) || RECIPE.test(file)), recipe];
  return {
    files: read,
    texts: read.map(({ text }) => text),
    readings: new Map(),
    // What a Dockerfile sets, makes and removes is no word of what it installs.
    manifests: manifests
      .flat()
      .map((file) => textOf(file, files).replace(/^[ \t]*(ENV|ARG)[ \t].*$|--mount=\S+|\b(rm|mkdir)\b[^&|;\n]*/gim, ''))
      .join('\n'),
  };
}

function textOf(file: string, files: Files): string {
  try {
    return files.kind(file) === 'file' ? files.read(file).text : '';
  } catch (error) {
    if (error instanceof UnreadableFile) return '';
    throw error;
  }
}
