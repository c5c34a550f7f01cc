/** Redis told to throw any key away when its memory is full, where a worker of the project keeps its jobs in it. */
import type { Files } from '../files.ts';
import { configurationFiles, configured } from '../stores/configuration-file.ts';
import type { AnalysedProject, AnalysedService } from '../stores/model.ts';
import { flagAt, flagValue, flatWords } from '../stores/words.ts';
import type { Span } from '../syntax/source.ts';
import { wordSpan } from './command-words.ts';
import { isRedisLike, workerOn } from './guards.ts';

export interface Evicting {
  readonly written: string;
  readonly span: Span;
  readonly worker: AnalysedService;
}

/** Workers whose libraries keep jobs in Redis and nowhere else. */
const REDIS_ONLY =
  /(^|[ /])(sidekiq(swarm)?|resque-pool|resque:work|rq worker|rqworker|arq|bullmq|bull-worker|artisan horizon)( |$)/;
/** Workers that may be told of another broker. */
const ANY_BROKER = /(^|[ /])(celery (\S+ )*worker|dramatiq)( |$)/;
const OTHER_BROKER = /(^|[^a-z])(amqps?|pyamqp|sqs|kafka|nats|gcpubsub):\/\//i;
const OTHER_SERVER = /^(bitnami-)?(rabbitmq|activemq|artemis|nats|pulsar|kafka.*|beanstalkd|redpanda)$/;

export function evicting(analysed: AnalysedService, project: AnalysedProject, files: Files): Evicting | undefined {
  if (!isRedisLike(analysed) || analysed.image.match?.lookalike || analysed.service.broken) return undefined;
  const policy = policyOf(analysed, files);
  const worker = policy && workerOn(analysed, project);
  return worker && keepsJobs(worker, analysed, project) ? { ...policy, worker } : undefined;
}

/** Without a limit nothing is ever thrown away. */
function policyOf(analysed: AnalysedService, files: Files): Pick<Evicting, 'written' | 'span'> | undefined {
  const { service, argv, image } = analysed;
  const words = flatWords(argv);
  const read = configurationFiles(service, words, image.match?.family, files).flatMap(({ source }) => source ?? []);
  const inFile = (key: string) => read.map((source) => configured(source, key)).find((one) => one !== undefined);
  const limit = flagValue(words, '--maxmemory') ?? inFile('maxmemory')?.value;
  if (limit === undefined || /^0+\w*$/.test(limit) || /[$`]/.test(limit)) return undefined;
  const said = flagValue(words, '--maxmemory-policy');
  if (said !== undefined) {
    const { command } = service;
    if (!/^allkeys-/i.test(said) || !command) return undefined;
    const at = flatWords(command.words) === command.words ? flagAt(command.words, '--maxmemory-policy')?.at : undefined;
    return {
      written: `--maxmemory-policy ${said}`,
      span: (at === undefined ? null : wordSpan(service, at)) ?? command.span,
    };
  }
  const found = inFile('maxmemory-policy');
  return found && /^allkeys-/i.test(found.value)
    ? { written: `maxmemory-policy ${found.value}`, span: found.span }
    : undefined;
}

/** By what it runs, and by what it is told: a place for results or sessions alone is no broker. */
function keepsJobs(
  { argv, environment }: AnalysedService,
  redis: AnalysedService,
  { services }: AnalysedProject,
): boolean {
  const said = flatWords(argv).join(' ');
  const values = [...environment].flatMap(([name, { value }]) => (value === null ? [] : [{ name, value }]));
  if (values.some(({ value }) => OTHER_BROKER.test(value))) return false;
  const host = new RegExp(`(^|[/@])${redis.service.name.replace(/\W/g, '\\$&')}([:/]|$)`);
  // A service may be called as the scheme of its URLs is.
  const isHere = ({ value }: { value: string }): boolean => host.test(value.replace(/^[\w+]+:\/\//, '/'));
  const names = values.filter(isHere).map(({ name }) => name);
  const brokers = values.filter(({ name }) => /BROKER/i.test(name));
  if (brokers.length > 0) return brokers.some(isHere);
  if (REDIS_ONLY.test(said)) return names.length > 0 || services.filter(isRedisLike).length === 1;
  return (
    ANY_BROKER.test(said) &&
    !services.some(({ image }) => OTHER_SERVER.test(image.match?.family.id ?? '')) &&
    names.some((name) => !/CACHE|RESULT|BACKEND|SESSION|LIMIT/i.test(name))
  );
}
