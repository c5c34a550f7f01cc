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

/** Applications that are published with a queue of their own, and the variable that says where it is. */
const QUEUED: Readonly<Record<string, string>> = { 'paperless-ngx': 'PAPERLESS_REDIS' };

export const queuesByItself = ({ image, environment }: AnalysedService): boolean =>
  image.match !== undefined && !image.match.lookalike && environment.has(QUEUED[image.match.family.id] ?? '');

const queuing = new WeakMap<AnalysedProject, ReadonlySet<AnalysedService>>();

/** Services of the project that run a queue library. */
function workersOf(project: AnalysedProject): ReadonlySet<AnalysedService> {
  let workers = queuing.get(project);
  if (!workers) {
    workers = new Set(
      project.services.filter(
        (one) =>
          flatWords(one.argv).some((word) => QUEUES.test(word)) ||
          [...one.environment.keys()].some((name) => QUEUES.test(name)) ||
          queuesByItself(one),
      ),
    );
    queuing.set(project, workers);
  }
  return workers;
}

/** Commands of workers whose libraries keep jobs in Redis and nowhere else. */
const REDIS_WORKER =
  /(^|[ /])(sidekiq(swarm)?|resque-pool|resque:work|rq worker|rqworker|arq|bullmq|bull-worker|artisan horizon)( |$)/;
/** Commands of workers that may be told of another broker: Redis it is where nothing says so, and nothing else is there. */
const WORKER =
  /(^|[ /])(celery (\S+ )*worker|dramatiq|huey_consumer(\.py)?|run_huey|artisan queue:(work|listen) redis)( |$)/;

/** What else jobs may be handed to. */
const BROKERS = /^(bitnami-)?(rabbitmq|activemq|artemis|nats|pulsar|kafka.*|beanstalkd|redpanda)$/;
const BROKER_URL = /(^|[^a-z])(amqps?|pyamqp|sqs|kafka|confluentkafka|nats|gcpubsub|azureservicebus|zookeeper):\/\//i;
/** Variables that say where a Redis is, or a broker. */
const PLACE = /(REDIS|VALKEY|BROKER|QUEUE).*(URL|URI|HOST|ADDR|DSN|SERVER)|(REDIS|VALKEY|BROKER)$/i;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `redis://jobs` names `jobs`, and no service that is called redis. */
const withoutScheme = (value: string): string => value.replace(/\b[\w+]+:\/\//g, '//');

/** The worker of the project that keeps its jobs in this service: the one that names it, or that has no other to keep them in. */
export function workerOn(analysed: AnalysedService, project: AnalysedProject): AnalysedService | undefined {
  const { name, containerName, hostname } = analysed.service;
  const hosts = [name, containerName?.value, hostname?.value].flatMap((host) => (host ? [escaped(host)] : []));
  const host = new RegExp(`(^|[/@,\\s])(${hosts.join('|')})([:/,\\s]|$)`);
  const namesIt = ({ environment }: AnalysedService): boolean =>
    [...environment].some(
      ([variable, { value }]) => value !== null && !/CACHE/i.test(variable) && host.test(withoutScheme(value)),
    );
  return [...workersOf(project)].find(namesIt) ?? unnamedWorker(analysed, project);
}

/** A worker that does not say where its jobs are, beside the only Redis of the project. */
function unnamedWorker(analysed: AnalysedService, project: AnalysedProject): AnalysedService | undefined {
  if (/cache/i.test(analysed.service.name)) return undefined;
  if (project.services.some((one) => one !== analysed && isRedisLike(one))) return undefined;
  const otherBroker = project.services.some(({ image }) => BROKERS.test(image.match?.family.id ?? ''));
  return project.services.find((one) => {
    const said = flatWords(one.argv).join(' ');
    if (REDIS_WORKER.test(said)) return !isElsewhere(one, analysed);
    // What is read from a file that is not here may name any broker.
    return WORKER.test(said) && !otherBroker && one.service.environmentGaps.length === 0 && !isElsewhere(one, analysed);
  });
}

/** A variable of the worker names another place, or one that is not known here while nothing else ties the two together. */
const isElsewhere = ({ environment, service }: AnalysedService, redis: AnalysedService): boolean =>
  [...environment].some(([name, { value, evidence }]) => {
    if (value !== null && BROKER_URL.test(value)) return true;
    if (!PLACE.test(name) || /CACHE/i.test(name) || value === '') return false;
    const open = value === null || evidence.confidence === 'memory';
    return !open || !service.dependsOn.has(redis.service.name);
  });

export const queuesJobs = (analysed: AnalysedService, project: AnalysedProject): boolean =>
  workerOn(analysed, project) !== undefined;

export const LASTING: ReadonlySet<string> = new Set([
  'named-volume',
  'external-volume',
  'bind-mount',
  'network-volume',
]);

/** The data of a cache that nobody gave a volume. */
export const isUnkeptCache = (
  { store, backing }: AnalysedStore,
  analysed: AnalysedService,
  project: AnalysedProject,
): boolean =>
  isRedisLike(analysed) && store.role === 'server' && !LASTING.has(backing.type) && isCache(analysed, project);
