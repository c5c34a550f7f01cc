import type { Files } from '../../files.ts';
import { setCommandFlags } from '../../fixes/command.ts';
import { addMapEntry } from '../../fixes/map.ts';
import { configurationFiles, configured } from '../../stores/configuration-file.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { flagValue, flatWords } from '../../stores/words.ts';
import { isDataMount } from '../data-mounts.ts';
import { isCache, isRedisLike, queuesByItself, workerOn } from '../guards.ts';
import { relatedOf } from '../losses.ts';
import type { Fix, Rule } from '../rule.ts';

const FLAGS = ['--appendonly', 'yes', '--appendfsync', 'everysec'];
const SERVERS: Record<string, string> = { redis: 'redis-server', valkey: 'valkey-server', keydb: 'keydb-server' };
/** What switches the log on, or says that there is another copy. */
const LOGGED = ['--replicaof', '--slaveof'];
/** What says that somebody chose the snapshots. */
const CHOSEN = ['--appendonly', '--save'];
const VARIABLES = ['REDIS_AOF_ENABLED', 'REDIS_ARGS', 'VALKEY_AOF_ENABLED', 'VALKEY_EXTRA_FLAGS', 'REDIS_EXTRA_FLAGS'];

/**
 * What was thought of: the log, by flag, by variable, or in a configuration file (also one that we cannot read); or the
 * snapshots alone, which somebody chose.
 */
function chosen({ argv, environment, service, image }: AnalysedService, files: Files): 'log' | 'snapshots' | undefined {
  const words = flatWords(argv);
  if (LOGGED.some((flag) => flagValue(words, flag) !== undefined)) return 'log';
  if (/^yes$/i.test(flagValue(words, '--appendonly') ?? '')) return 'log';
  if (VARIABLES.some((name) => environment.has(name))) return 'log';
  if (service.command && service.command.unresolved.length > 0) return 'log';
  const read = configurationFiles(service, words, image.match?.family, files);
  // A file is named that no mount brings: something makes it before the start.
  if (read.length === 0 && words.some((word) => /^\/\S+\.conf$/.test(word))) return 'log';
  if (read.some(({ source }) => source === null || /^yes$/i.test(configured(source, 'appendonly')?.value ?? '')))
    return 'log';
  const inFile = read.some(({ source }) => source && (configured(source, 'appendonly') || configured(source, 'save')));
  return inFile || CHOSEN.some((flag) => flagValue(words, flag) !== undefined) ? 'snapshots' : undefined;
}

/** Without any volume all of it goes, and another rule says so; a log in memory keeps none of it either. */
const isMeantToStay = ({ service }: AnalysedService, { backing }: AnalysedStore): boolean =>
  backing.type !== 'unknown' &&
  backing.type !== 'tmpfs' &&
  service.mounts.some((mount) => isDataMount(mount) && mount.source !== undefined);

const rule: Rule = {
  name: 'redis-no-aof',
  severity: 'warning',
  summary: 'Redis keeps its data in a volume, but writes it only from time to time.',
  rationale:
    'By default Redis takes a snapshot after an hour, or sooner when many keys change, and one more at a clean stop. A crash, a power cut or a kill loses what came after the last snapshot. The append-only file narrows that to a second. Where a worker of the project keeps its jobs there, this is a warning, or an info if somebody chose the snapshots.',
  bad: 'services:\n  queue:\n    image: redis:7\n    volumes:\n      - queue_data:/data\n\nvolumes:\n  queue_data:\n',
  good: 'services:\n  queue:\n    image: redis:7\n    command: redis-server --appendonly yes --appendfsync everysec\n    volumes:\n      - queue_data:/data\n\nvolumes:\n  queue_data:\n',
  fixSafety: 'migration',
  fixNote:
    'A Redis that starts with the append-only file on reads that file and not the snapshot: with existing data it must be switched on in the running server first.',
  since: '0.1.0',
  references: ['https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/'],
  *check({ analysed: project, files }) {
    for (const analysed of project.services) {
      const id = analysed.image.match?.family.id ?? '';
      if (
        !isRedisLike(analysed) ||
        !(id in SERVERS) ||
        analysed.image.match?.lookalike ||
        analysed.service.broken ||
        isCache(analysed, project)
      )
        continue;
      const kept = analysed.stores.find((one) => one.store.technology === id && isMeantToStay(analysed, one));
      const choice = chosen(analysed, files);
      if (!kept || choice === 'log') continue;
      const worker = workerOn(analysed, project);
      // Of snapshots that were chosen it is said only that they lose jobs.
      if (choice === 'snapshots' && !worker) continue;
      const jobs = worker ? `, jobs of ${worker.service.name} among it` : '';
      yield {
        // What an application ships with its own queue is as its makers want it.
        severity: worker && !queuesByItself(worker) && choice !== 'snapshots' ? 'warning' : 'info',
        message: `${kept.store.title} writes to ${kept.store.path} only from time to time: a crash or kill loses what came after the last snapshot${jobs} (the append-only file is off)`,
        span: analysed.service.command?.span ?? analysed.service.key,
        service: analysed.service.name,
        store: kept.store,
        related: relatedOf(kept),
        fixes: () => appendOnly(analysed, SERVERS[id]!),
      };
    }
  },
};

function appendOnly({ service }: AnalysedService, server: string): Fix[] {
  const declaration =
    service.declarations.findLast(({ node }) => node?.entries.has('command')) ?? service.declarations[0];
  const { node, source } = declaration;
  if (!node || service.entrypoint) return [];
  const command = node.entries.get('command');
  if (service.command?.words.some((word) => word.includes('--appendonly'))) return [];
  const edits = command
    ? setCommandFlags(command, node, FLAGS)
    : addMapEntry(node, 'command', [server, ...FLAGS].join(' '), source);
  if (!edits) return [];
  const cli = server.replace('-server', '-cli');
  const steps = [
    `If it holds data already, switch the append-only file on in the running server first: docker compose exec ${service.name} ${cli} CONFIG SET appendonly yes`,
    `Wait until this prints aof_rewrite_in_progress:0: docker compose exec ${service.name} ${cli} INFO persistence`,
    `Apply this change, then: docker compose up -d ${service.name}`,
  ];
  return [{ title: 'Switch the append-only file on', safety: 'migration', edits, steps }];
}

export default rule;
