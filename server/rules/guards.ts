/** When a finding must be softened or not be said at all: one mechanism for all rules. */
import type { Project } from '../project/model.ts';
import type { AnalysedService } from '../stores/model.ts';
import { flatWords } from '../stores/words.ts';
import { SEVERITIES, type Severity } from './rule.ts';

const TEST_PATH =
  /(^|[._/-])(tests?|testing|ci|e2e|integration|spec|bench)([._/-]|$)|(^|\/)\.(github|circleci)\/|(^|\/)\.gitlab-ci|testcontainers/i;
const TEST_NAME = /(^|[-_])test([-_]|$)/i;
const DEVELOPMENT_PATH = /(override|dev|local)|(^|\/)\.devcontainer\//i;

/** `path` is relative to the folder that is linted. */
export const isTestPath = (path: string): boolean => TEST_PATH.test(path);

export function isDevelopmentPath(path: string): boolean {
  const name = path.split('/').at(-1) ?? path;
  return DEVELOPMENT_PATH.test(name) || /(^|\/)\.devcontainer\//i.test(path);
}

export const lower = (severity: Severity, by = 1): Severity =>
  SEVERITIES[Math.min(SEVERITIES.indexOf(severity) + by, SEVERITIES.length - 1)]!;

export const atMost = (severity: Severity, limit: Severity): Severity =>
  SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(limit) ? limit : severity;

/** A test by the names the service itself carries. */
export function isTestService({ service, environment }: AnalysedService): boolean {
  const databases = ['POSTGRES_DB', 'MYSQL_DATABASE', 'MARIADB_DATABASE', 'MONGO_INITDB_DATABASE'].map(
    (name) => environment.get(name)?.value ?? '',
  );
  return [service.name, service.containerName?.value ?? '', ...service.profiles, ...databases].some((name) =>
    TEST_NAME.test(name),
  );
}

const TASK_PROFILES = /^(tools?|migrations?|migrate|seed|init|setup|jobs?)$/i;
const TASK_COMMANDS =
  /^(migrate|seed|mc|psql|pg_dump|pg_dumpall|pg_restore|mongosh|mongodump|mongorestore|mysqldump|redis-cli)$/;

/** Runs once and ends: its container is not where data lives. */
export function isOneShot(analysed: AnalysedService, project: Project): boolean {
  const { service } = analysed;
  if (service.restart?.value === 'no' && flatWords(analysed.argv).some((word) => TASK_COMMANDS.test(word))) return true;
  if (service.profiles.some((profile) => TASK_PROFILES.test(profile))) return true;
  return awaited(project).has(service.name);
}

const awaitedIn = new WeakMap<Project, ReadonlySet<string>>();

/** Services that others wait to end. */
function awaited(project: Project): ReadonlySet<string> {
  let names = awaitedIn.get(project);
  if (!names) {
    const all = [...project.services, ...project.inactive].flatMap((service) => [...service.dependsOn]);
    names = new Set(
      all.filter(([, condition]) => condition === 'service_completed_successfully').map(([name]) => name),
    );
    awaitedIn.set(project, names);
  }
  return names;
}

/** Redis and its like, set up so that nothing is meant to stay. */
export function isCache(analysed: AnalysedService): boolean {
  const words = flatWords(analysed.argv);
  const text = words.join(' ');
  const noSnapshots =
    words.some((word, i) => word === '--save' && (words[i + 1] === '' || words[i + 1] === '""')) ||
    /--save=?("")?( --|$)/.test(text);
  const noLog = !/--appendonly[ =]yes/.test(text);
  const evicts = /maxmemory-policy[ =]allkeys-/.test(text);
  return (noSnapshots && noLog) || evicts || /cache/i.test(analysed.service.name);
}

export const isRedisLike = (analysed: AnalysedService): boolean =>
  /^(redis|valkey|keydb|dragonfly|bitnami-redis|bitnami-valkey|redis-stack|garnet|kvrocks)/.test(
    analysed.image.match?.family.id ?? '',
  );
