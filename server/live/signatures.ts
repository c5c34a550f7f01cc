/** Files that hold data, told by their first bytes; by name alone only where the bytes say nothing. */

export interface Signature {
  /** Catalogue families or embedded technologies that write such files. */
  readonly technologies: readonly string[];
  readonly title: string;
}

interface Known extends Signature {
  readonly name?: RegExp;
  /** Bytes at an offset. */
  readonly bytes?: readonly [offset: number, hex: string];
  readonly text?: RegExp;
}

/** So much of a file must be read to tell. */
export const SIGNATURE_BYTES = 64;

const REDIS = ['redis', 'valkey', 'keydb', 'dragonfly', 'redis-stack'];
const MYSQL = ['mysql', 'mariadb', 'percona'];
const POSTGRES = ['postgres', 'timescaledb', 'pgvector', 'postgis'];
const LUCENE = ['elasticsearch', 'opensearch', 'solr', 'neo4j'];

const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

/** The first that fits wins: the more telling come first. */
const KNOWN: readonly Known[] = [
  { technologies: ['chroma'], title: 'Chroma', name: /\/chroma\.sqlite3$/, bytes: [0, hex('SQLite format 3\0')] },
  { technologies: ['sqlite'], title: 'SQLite', bytes: [0, hex('SQLite format 3\0')] },
  { technologies: REDIS, title: 'Redis', text: /^REDIS\d{4}/ },
  { technologies: REDIS, title: 'Redis', name: /\.aof$/, text: /^\*\d+\r\n\$/ },
  { technologies: REDIS, title: 'Redis', name: /\/appendonly\.aof\.manifest$/, text: /^file / },
  { technologies: POSTGRES, title: 'PostgreSQL', name: /\/PG_VERSION$/, text: /^\d+(\.\d+)?\s*$/ },
  { technologies: MYSQL, title: 'MySQL', name: /\/ibdata1$/ },
  { technologies: ['mariadb'], title: 'MariaDB', name: /\/aria_log_control$/, bytes: [0, 'fefe'] },
  { technologies: ['mongo', 'mongodb'], title: 'MongoDB', name: /\/WiredTiger$/, text: /^WiredTiger/ },
  { technologies: ['etcd'], title: 'etcd', name: /\/member\/snap\/db$/, bytes: [16, 'edda0ced'] },
  { technologies: ['bolt', 'influxdb', 'etcd', 'consul', 'vault'], title: 'bbolt', bytes: [16, 'edda0ced'] },
  { technologies: ['meilisearch', 'lmdb'], title: 'LMDB', bytes: [16, 'dec0efbe'] },
  { technologies: ['duckdb'], title: 'DuckDB', bytes: [8, hex('DUCK')] },
  { technologies: ['h2'], title: 'H2', name: /\.mv\.db$/, text: /^H:\d/ },
  { technologies: ['mosquitto'], title: 'Mosquitto', bytes: [0, `00b500${hex('mosquitto db')}`] },
  { technologies: ['prometheus'], title: 'Prometheus', name: /\/chunks(_head)?\/\d+$/ },
  { technologies: ['influxdb'], title: 'InfluxDB', name: /\.tsm$/, bytes: [0, '16d116d1'] },
  { technologies: ['influxdb'], title: 'InfluxDB', name: /\/meta\/meta\.db$/ },
  { technologies: LUCENE, title: 'Lucene', name: /\/segments_\w+$/, bytes: [0, '3fd76c17'] },
  { technologies: ['neo4j'], title: 'Neo4j', name: /\/neostore(\.nodestore\.db)?$/ },
  { technologies: ['minio'], title: 'MinIO', name: /\/\.minio\.sys\/format\.json$/, text: /^\s*\{/ },
  { technologies: ['rabbitmq'], title: 'RabbitMQ', name: /\/mnesia\/.*(\.DAT|\.DCD|\.rdq|\.rabbit)$/ },
  { technologies: ['nats'], title: 'NATS JetStream', name: /\/jetstream\/.*\.(blk|inf)$/ },
  { technologies: ['kafka'], title: 'Kafka', name: /\/meta\.properties$/, text: /cluster\.id|broker\.id|node\.id|^#/ },
  { technologies: ['qdrant'], title: 'Qdrant', name: /\/raft_state\.json$/, text: /^\s*\{/ },
  { technologies: ['zookeeper'], title: 'ZooKeeper', name: /\/version-2\/(log|snapshot)\.\w+$/ },
  { technologies: ['faiss'], title: 'FAISS', name: /\.(faiss|index)$/, text: /^I[xwHv]/ },
  { technologies: ['rocksdb', 'leveldb'], title: 'RocksDB or LevelDB', name: /\/CURRENT$/, text: /^MANIFEST-\d+\n/ },
];

const TECHNOLOGIES: ReadonlySet<string> = new Set(KNOWN.flatMap(({ technologies }) => technologies));

/** False: its files cannot be told from others, so any data may be its own. */
export const isRecognised = (technology: string): boolean => TECHNOLOGIES.has(technology);

export function signatureOf(path: string, head: Uint8Array): Signature | null {
  const bytes = Buffer.from(head);
  const found = KNOWN.find((known) => fits(known, path, bytes));
  return found ? { technologies: found.technologies, title: found.title } : null;
}

function fits({ name, bytes, text }: Known, path: string, head: Buffer): boolean {
  if (name && !name.test(path)) return false;
  if (bytes && head.subarray(bytes[0]).toString('hex').startsWith(bytes[1]) === false) return false;
  return !text || text.test(head.toString('latin1'));
}

const TELLING = /\.(db3?|sqlite3?|rdb|aof|mdb|duckdb|faiss|index|tsm|dat|dcd|rdq|blk|inf|ibd|wt)$/i;

/** Looked at first, where there are too many. */
export const looksLikeData = (path: string): boolean =>
  TELLING.test(path) || KNOWN.some(({ name }) => name?.test(path) === true);
