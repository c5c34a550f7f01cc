/** All probes: a technology's file is named here and nowhere else. */
import type { Store } from '../../survival/words.ts';
import { CHROMA } from './chroma.ts';
import { ELASTICSEARCH } from './elasticsearch.ts';
import { ETCD } from './etcd.ts';
import { MARKER } from './file.ts';
import { INFLUXDB } from './influxdb.ts';
import { KAFKA } from './kafka.ts';
import { MEILISEARCH } from './meilisearch.ts';
import { MINIO } from './minio.ts';
import { MONGO } from './mongo.ts';
import { MOSQUITTO } from './mosquitto.ts';
import { MARIADB, MYSQL } from './mysql.ts';
import { NATS } from './nats.ts';
import { NEO4J } from './neo4j.ts';
import { POSTGRES } from './postgres.ts';
import type { Planting, Probe } from './probe.ts';
import { PROMETHEUS } from './prometheus.ts';
import { QDRANT } from './qdrant.ts';
import { RABBITMQ } from './rabbitmq.ts';
import { DRAGONFLY, KEYDB, REDIS } from './redis.ts';
import { SQLITE } from './sqlite.ts';
import { WEAVIATE } from './weaviate.ts';
import { ZOOKEEPER } from './zookeeper.ts';

export const PROBES: readonly Probe[] = [
  CHROMA,
  DRAGONFLY,
  ELASTICSEARCH,
  ETCD,
  INFLUXDB,
  KAFKA,
  KEYDB,
  MARIADB,
  MEILISEARCH,
  MINIO,
  MONGO,
  MOSQUITTO,
  MYSQL,
  NATS,
  NEO4J,
  POSTGRES,
  PROMETHEUS,
  QDRANT,
  RABBITMQ,
  REDIS,
  SQLITE,
  WEAVIATE,
  ZOOKEEPER,
];

export const probeFor = (technology: string): Probe | undefined =>
  PROBES.find(({ technologies }) => technologies.includes(technology));

/** Of an application's own store there is no server to ask: only files, where they can be read. */
export const probeOf = ({ technology, role }: Pick<Store, 'technology' | 'role'>): Probe | undefined =>
  role === 'server' || FILES.has(technology) ? probeFor(technology) : undefined;

const FILES: ReadonlySet<string> = new Set([...SQLITE.technologies, ...CHROMA.technologies]);

/** A file of ours where nobody else can say how to plant something; none beside the files of a server that we know. */
export function plantingOf(store: Pick<Store, 'technology' | 'role' | 'isFile'>): Planting | undefined {
  const probe = probeOf(store);
  if (probe) return store.role === 'embedded' ? MARKER : probe.planting;
  return store.isFile ? undefined : MARKER;
}
