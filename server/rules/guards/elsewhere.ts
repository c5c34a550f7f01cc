/** Data that the project keeps in another place: a database elsewhere, an object store, other members of a cluster. */
import type { Files } from '../../files.ts';
import { configurationFiles } from '../../stores/configuration-file.ts';
import type { AnalysedProject, AnalysedService } from '../../stores/model.ts';
import { TECHNOLOGIES, type Technology } from '../../stores/source/technologies.ts';
import { flagValue, flatWords } from '../../stores/words.ts';
import type { Store } from '../../survival/words.ts';
import { names } from '../links.ts';
import { swarmSpan } from '../swarm.ts';
import { LASTING } from './caches.ts';

/** Hosts and schemes of databases that somebody else runs, by what they take the place of. */
const MANAGED: readonly { readonly stands: 'database' | 'vectors'; readonly url: RegExp }[] = [
  {
    stands: 'database',
    url: /^(mongodb\+srv|libsql):\/\/|\.(mongodb\.net|rds\.amazonaws\.com|database\.azure\.com|neon\.tech|supabase\.co|psdb\.cloud|cockroachlabs\.cloud)([:/?"',;\s]|$)/i,
  },
  { stands: 'vectors', url: /\.(pinecone\.io|weaviate\.network|weaviate\.cloud|cloud\.qdrant\.io)([:/?"',;\s]|$)/i },
];

/** A server of the same kind, in the stack or not, that the application is told to use. */
const SERVER_URL = /^(jdbc:)?(postgres(ql)?|postgis|mysql|mariadb|mssql|sqlserver|oracle|cockroachdb)(\+\w+)?:\/\//i;

const pointsTo = ({ environment }: AnalysedService, url: RegExp): boolean =>
  [...environment.values()].some(({ value }) => value !== null && url.test(value));

/** Opened by code, without a word about it in the environment: what an application falls back to. */
const isFallback = (store: Store): boolean =>
  store.role === 'embedded' && !store.evidence.some(({ from }) => from === 'environment');

/** What frameworks fall back to where no server is named. Key-value stores stand for nothing else. */
const FALLBACKS = new Set(['sqlite', 'h2', 'hsqldb', 'derby']);

const standsFor = ({ technology }: Store): 'database' | 'vectors' | null => {
  if (FALLBACKS.has(technology)) return 'database';
  const known = TECHNOLOGIES[technology as Technology] as { readonly class: string } | undefined;
  return known?.class === 'vectors' ? 'vectors' : null;
};

export const isManagedElsewhere = (store: Store, analysed: AnalysedService): boolean =>
  isFallback(store) && MANAGED.some(({ stands, url }) => stands === standsFor(store) && pointsTo(analysed, url));

export const hasServerDatabase = (store: Store, analysed: AnalysedService): boolean =>
  isFallback(store) && standsFor(store) === 'database' && pointsTo(analysed, SERVER_URL);

const SERVER_HOST = /(^|_)(DB|DATABASE|POSTGRES(QL)?|PG|MYSQL|MARIADB|SQL)_?(HOST(NAME)?|SERVER|ADDR(ESS)?)$/i;
const SQLITE_VALUE = /^sqlite|\.(sqlite3?|db3?)$/i;

/** What is copied from the example of a file that is not here names a server of this project, and no file. */
export function hasServerInExample(store: Store, { service }: AnalysedService, project: AnalysedProject): boolean {
  if (store.unless === undefined || standsFor(store) !== 'database') return false;
  const told = [...(service.environmentExamples ?? [])].flatMap(([name, { value }]) =>
    value ? [{ name, value }] : [],
  );
  if (told.some(({ value }) => SQLITE_VALUE.test(value))) return false;
  const hosts = told.flatMap(({ name, value }) => (SERVER_HOST.test(name) ? [value.replace(/:\d+$/, '')] : []));
  return project.services.some(
    (other) => hosts.includes(other.service.name) && other.stores.some((one) => one.store.role === 'server'),
  );
}

/** A database that is started only on demand, in a stack whose applications use one of its kind elsewhere. */
export function standsIn(analysed: AnalysedService, project: AnalysedProject): boolean {
  const { match } = analysed.image;
  if (analysed.service.profiles.length === 0 || !match) return false;
  const kind = match.family.category === 'vector' ? 'vectors' : 'database';
  return project.services.some(
    (one) => one !== analysed && MANAGED.some(({ stands, url }) => stands === kind && pointsTo(one, url)),
  );
}

/** Fewer members cannot spare one. */
const QUORUM = 3;

/**
 * One of three or more that the others can spare: replicas of one service, or services of one image that name each other.
 * Where all of them are here and none is kept, all of them go with one `down`; a swarm puts each on a node of its own.
 */
export function isClusterMember(analysed: AnalysedService, project: AnalysedProject): boolean {
  const members = membersWith(analysed, project);
  return members.some((one) => swarmSpan(one.service) !== undefined || isKeptAnywhere(one));
}

function membersWith(analysed: AnalysedService, project: AnalysedProject): readonly AnalysedService[] {
  if (analysed.service.replicas >= QUORUM) return [analysed];
  const { match } = analysed.image;
  if (match === undefined || match.lookalike) return [];
  const members = clusterOf(match.family.id, project);
  return members.has(analysed) ? [...members] : [];
}

/** Data of the server on something that outlives its containers, or of which that is not known. */
const isKeptAnywhere = ({ stores, service }: AnalysedService): boolean =>
  service.broken ||
  stores.some(
    ({ store, backing }) =>
      store.role === 'server' &&
      store.kind === 'essential' &&
      (LASTING.has(backing.type) || backing.type === 'unknown'),
  );

const clusters = new WeakMap<AnalysedProject, Map<string, ReadonlySet<AnalysedService>>>();

/** The services of one image that name each other, found once for a project: each of them asks. */
function clusterOf(id: string, project: AnalysedProject): ReadonlySet<AnalysedService> {
  const known = clusters.get(project) ?? new Map<string, ReadonlySet<AnalysedService>>();
  clusters.set(project, known);
  let found = known.get(id);
  if (!found) {
    const alike = project.services.filter((one) => one.image.match?.family.id === id);
    const linked =
      alike.length < QUORUM
        ? []
        : alike.filter((one) => alike.some((other) => other !== one && (names(one, other) || names(other, one))));
    found = new Set(linked.length >= QUORUM ? linked : []);
    known.set(id, found);
  }
  return found;
}

const REPLICA_FLAGS = ['--replicaof', '--slaveof'];
const REPLICA_MODES = /^(REDIS|VALKEY|POSTGRESQL|MYSQL|MARIADB)_REPLICATION_MODE$|^MONGODB_REPLICA_SET_MODE$/;

/** Copies what its primary holds. */
export function isReadReplica({ argv, environment }: AnalysedService): boolean {
  const words = flatWords(argv);
  if (REPLICA_FLAGS.some((flag) => flagValue(words, flag) !== undefined)) return true;
  return [...environment].some(
    ([name, { value }]) => REPLICA_MODES.test(name) && /^(slave|replica|secondary)$/i.test(value ?? ''),
  );
}

/** Settings by which a server hands what it collects to a store elsewhere, by family. */
const SHIPPED: Readonly<Record<string, RegExp>> = {
  prometheus: /^[ \t-]*remote_write[ \t]*:/m,
  loki: /^[ \t-]*(object_store|shared_store)[ \t]*:[ \t]*["']?(s3|gcs|azure|aws)\b/m,
  tempo: /^[ \t-]*backend[ \t]*:[ \t]*["']?(s3|gcs|azure)\b/m,
};

export function shipsItsData({ service, image, argv }: AnalysedService, files: Files): boolean {
  const id = image.match?.family.id ?? '';
  const words = flatWords(argv);
  if (id === 'minio') return words.includes('gateway');
  const setting = SHIPPED[id];
  if (!setting) return false;
  return configurationFiles(service, words, image.match?.family, files).some(
    ({ source }) => source !== null && setting.test(source.text),
  );
}
