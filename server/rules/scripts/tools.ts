/** Programs that back up databases, and whether an image that is built here has them. */
import { versionOf } from '../../catalogue/match.ts';
import { parseImageReference } from '../../catalogue/reference.ts';
import { satisfies } from '../../catalogue/when.ts';
import type { AnalysedService } from '../../stores/model.ts';
import type { StageResult } from '../../syntax/dockerfile.ts';
import type { Span } from '../../syntax/source.ts';

export interface Tool {
  readonly title: string;
  /** In the steps of a Dockerfile: the packages that bring it. */
  readonly packages: RegExp;
  /** What to install, by the package manager. */
  readonly install: string;
  /** Catalogue families whose images have it. */
  readonly families: RegExp;
}

const POSTGRES: Tool = {
  title: 'PostgreSQL',
  packages: /postgres|pgdg|libpq/i,
  install: 'postgresql-client',
  families: /postgres|postgis|pgvector|timescale/,
};
const MYSQL: Tool = {
  title: 'MySQL',
  packages: /mysql|mariadb|percona/i,
  install: 'default-mysql-client (mysql-client on Alpine)',
  families: /mysql|mariadb|percona/,
};
const MONGO: Tool = {
  title: 'MongoDB',
  packages: /mongo/i,
  install: 'mongodb-database-tools (mongodb-tools on Alpine)',
  families: /mongo/,
};

export const TOOLS: Readonly<Record<string, Tool>> = {
  // `libsqlite3-dev` and the modules of languages bring no program.
  sqlite3: {
    title: 'SQLite',
    packages: /(^|[\s=])sqlite3?([\s=~<>:]|$)|sqlite-tools/i,
    install: 'sqlite3 (sqlite on Alpine)',
    families: /^$/,
  },
  pg_dump: POSTGRES,
  pg_dumpall: POSTGRES,
  pg_basebackup: POSTGRES,
  pg_restore: POSTGRES,
  psql: POSTGRES,
  mysqldump: MYSQL,
  mysql: MYSQL,
  mysqlimport: MYSQL,
  'mariadb-dump': MYSQL,
  mongodump: MONGO,
  mongorestore: MONGO,
};

/** Programs that lost their old name; the same program, with the same options. */
const RENAMED: Readonly<Record<string, string>> = {
  mysqldump: 'mariadb-dump',
  mysql: 'mariadb',
  mysqlimport: 'mariadb-import',
};

export interface Renamed {
  readonly now: string;
  /** The image, as it is written. */
  readonly image: string;
  readonly span: Span;
  /** False where the tag names no version, and the newest is meant. */
  readonly told: boolean;
}

/**
 * The official images of MariaDB install their server without what it recommends, and from 11.0 on the old names are in
 * what it recommends: https://github.com/MariaDB/mariadb-docker/issues/519
 */
export function renamedIn({ image, service }: AnalysedService, program: string): Renamed | null {
  const now = Object.hasOwn(RENAMED, program) ? RENAMED[program] : undefined;
  const { match, stage } = image;
  if (now === undefined || service.broken || match?.family.id !== 'mariadb' || match.lookalike) return null;
  // What is built on it may bring them back; and of the packages of another system nothing is said here.
  if (stage?.steps.some(({ kind }) => kind === 'run' || kind === 'copy') || match.flavours.includes('ubi')) return null;
  if (match.openTag || (match.version === null && match.reference.digest !== null)) return null;
  const version = versionOf(match);
  if (!satisfies(version, '>=11')) return null;
  const written = stage?.base?.value ?? service.image?.value ?? 'mariadb';
  return { now, image: written, span: match.span, told: match.version !== null };
}

/** Official images that hold a system and a language, and no client of a database. */
const LEAN = /^docker\.io\/library\/(alpine|debian|ubuntu|busybox)$/;
const LANGUAGES = /^docker\.io\/library\/(python|node|ruby|golang|rust|eclipse-temurin|elixir|erlang|openjdk)$/;

function isLean(text: string): boolean {
  const reference = parseImageReference(text);
  if (!reference) return false;
  if (LEAN.test(reference.repository)) return true;
  // Those without a suffix are full of tools for building.
  return LANGUAGES.test(reference.repository) && /(^|-)(slim|alpine)/.test(reference.tag ?? '');
}

/** Programs that may install anything. */
const OPEN =
  /\.sh\b|curl|wget|\bnix|\bmake\b|ansible|\bbrew\b|\$\{?\w*(PACKAGES|DEPS|APT|APK)\w*|xargs|-r \S+\.txt.*apt|\bgdebi|dpkg -i|\.deb\b/i;

/** Where the base is known and no step installs the tool; the image as it is written. */
export function lacks(
  { image, service }: AnalysedService,
  tool: Tool,
): { readonly stage: StageResult; readonly base: string } | null {
  const { stage } = image;
  if (!stage || service.broken || !stage.base || stage.base.unresolved.length > 0) return null;
  if (image.match && tool.families.test(image.match.family.id)) return null;
  if (!isLean(stage.base.value)) return null;
  for (const step of stage.steps) {
    if (step.kind === 'run' && (tool.packages.test(step.run.text) || OPEN.test(step.run.text))) return null;
    if (step.kind === 'copy') {
      const { from, destination } = step.copy;
      if (from !== undefined && /^\/(usr|bin|sbin|opt|nix)?(\/|$)/.test(destination.value)) return null;
      if (/^\/(usr\/(local\/)?)?s?bin\b|^\/$/.test(destination.value)) return null;
    }
  }
  return { stage, base: stage.base.value };
}
