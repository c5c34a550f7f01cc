/** Redis and its like, where nothing is meant to stay. */
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { flatWords } from '../../stores/words.ts';

export const isRedisLike = (analysed: AnalysedService): boolean =>
  /^(redis|valkey|keydb|dragonfly|bitnami-redis|bitnami-valkey|redis-stack|garnet|kvrocks)/.test(
    analysed.image.match?.family.id ?? '',
  );

/** Set up so that nothing stays: by its settings, or else by its name where nothing queues jobs in it. */
export function isCache(analysed: AnalysedService, project?: AnalysedProject): boolean {
  const words = flatWords(analysed.argv);
  const text = words.join(' ');
  const noSnapshots =
    words.some((word, i) => word === '--save' && (words[i + 1] === '' || words[i + 1] === '""')) ||
    /--save=?("")?( --|$)/.test(text);
  const noLog = !/--appendonly[ =]yes/.test(text);
  if (noSnapshots && noLog) return true;
  const evicts = /maxmemory-policy[ =]allkeys-/.test(text);
  return (evicts || /cache/i.test(analysed.service.name)) && !(project && queuesJobs(analysed, project));
}

/** Libraries that keep jobs in Redis, in the words of a command or the name or value of a variable. */
const QUEUES = /(^|[^a-z])(bull|bullmq|sidekiq|celery|resque|rq|arq|dramatiq|horizon)([^a-z]|$)/i;

const queuing = new WeakMap<AnalysedProject, ReadonlySet<AnalysedService>>();

/** Services of the project that run a queue library. */
function workersOf(project: AnalysedProject): ReadonlySet<AnalysedService> {
  let workers = queuing.get(project);
  if (!workers) {
    workers = new Set(
      project.services.filter(
        (one) =>
          flatWords(one.argv).some((word) => QUEUES.test(word)) ||
          [...one.environment.keys()].some((name) => QUEUES.test(name)),
      ),
    );
    queuing.set(project, workers);
  }
  return workers;
}

/** The worker of the project that names this service as the place of its jobs. */
export function workerOn({ service }: AnalysedService, project: AnalysedProject): AnalysedService | undefined {
  const host = new RegExp(`(^|[/@,\\s])${service.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}([:/,\\s]|$)`);
  const namesIt = ({ environment }: AnalysedService): boolean =>
    [...environment].some(([name, { value }]) => value !== null && !/CACHE/i.test(name) && host.test(value));
  return [...workersOf(project)].find(namesIt);
}

export const queuesJobs = (analysed: AnalysedService, project: AnalysedProject): boolean =>
  workerOn(analysed, project) !== undefined;

const LASTING = new Set(['named-volume', 'external-volume', 'bind-mount', 'network-volume']);

/** The data of a cache that nobody gave a volume. */
export const isUnkeptCache = (
  { store, backing }: AnalysedStore,
  analysed: AnalysedService,
  project: AnalysedProject,
): boolean =>
  isRedisLike(analysed) && store.role === 'server' && !LASTING.has(backing.type) && isCache(analysed, project);
