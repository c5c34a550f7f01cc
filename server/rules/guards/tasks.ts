/** Services that are no servers: they run once and end, or look after another service. */
import * as path from 'node:path';
import type { Project } from '../../project/model.ts';
import { entriesIn, type QuadletUnit } from '../../project/quadlet/model.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { flatWords } from '../../stores/words.ts';
import { last } from '../../syntax/unit/lookup.ts';

const TASK_PROFILES = /^(tools?|migrations?|migrate|seed|init|setup|jobs?)$/i;
const TASK_COMMANDS =
  /^(migrate|seed|generate|mc|psql|pg_dump|pg_dumpall|pg_restore|mongosh|mongodump|mongorestore|mysqldump|redis-cli)$/;

/** Runs once and ends: its container is not where data lives. */
export function isOneShot(analysed: AnalysedService, project: Project): boolean {
  const { service } = analysed;
  if (isBareShell(analysed)) return true;
  if (service.restart?.value === 'no' && lastCommand(analysed.argv).some((word) => TASK_COMMANDS.test(word)))
    return true;
  if (service.unit && isOneShotUnit(service.unit)) return true;
  if (service.profiles.some((profile) => TASK_PROFILES.test(profile))) return true;
  return awaited(project).has(service.name);
}

/** `entrypoint: sh` and no command: built for its image, or to look around in. The server is not started. */
const isBareShell = ({ service, argv }: AnalysedService): boolean =>
  service.entrypoint != null && argv.length === 1 && /^(ba|a|da|z)?sh$/.test(path.posix.basename(argv[0] ?? ''));

/** systemd waits for it to end, and takes that for success. */
const isOneShotUnit = (unit: QuadletUnit): boolean =>
  last(entriesIn(unit, 'Service'), 'Type')?.value.text === 'oneshot';

/** Of `sh -c "migrate && serve"` what runs in the end; of other commands all words. */
function lastCommand(argv: readonly string[]): readonly string[] {
  const flat = flatWords(argv);
  if (flat === argv) return argv.map((word) => path.posix.basename(word));
  const text = argv.find((word) => /[\s;&|]/.test(word)) ?? '';
  const last = text
    .split(/&&|\|\||[;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .at(-1);
  return (last ?? '').split(/\s+/).map((word) => path.posix.basename(word));
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

const TEST_NAME = /(^|[-_])test([-_]|$)/i;
const DATABASE_NAMES = ['POSTGRES_DB', 'MYSQL_DATABASE', 'MARIADB_DATABASE', 'MONGO_INITDB_DATABASE'];

/** A test by the names the service itself carries. */
export function isTestService({ service, environment }: AnalysedService): boolean {
  const databases = DATABASE_NAMES.map((name) => environment.get(name)?.value ?? '');
  return [service.name, service.containerName?.value ?? '', ...service.profiles, ...databases].some((name) =>
    TEST_NAME.test(name),
  );
}

const HELPER_NAME = /[-_](backups?|exporter|proxy|ui|gui|console|commander)$/i;

/** By its name it looks after a server, with the server's own image. */
export const isHelper = ({ service }: AnalysedService): boolean => HELPER_NAME.test(service.name);
