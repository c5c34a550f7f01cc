/** What rules know of single image families beyond what the catalogue says of their paths. By catalogue id. */
import type { Severity } from './rule.ts';

/** A setting with which the server keeps everything in memory, whatever is mounted. */
export interface MemoryMode {
  /** A word of the command; a flag with its value; an environment condition; or that the command is the image's own. */
  readonly by: 'word' | 'flag' | 'env' | 'default';
  /** For `flag`: `--object-store memory`. For `default`: how the image starts, for the message. */
  readonly key: string;
  /** A range of versions, as in the catalogue. */
  readonly version?: string;
  /** With one of these variables, or a mount at one of these paths, a configuration decides that is not read here. */
  readonly unless?: { readonly variables?: readonly string[]; readonly mounts?: readonly string[] };
  /** Nobody has checked it. */
  readonly unverified?: true;
  /** A command that keeps the data, and where. */
  readonly instead?: { readonly command: string; readonly path: string };
}

const VAULT = { variables: ['VAULT_LOCAL_CONFIG', 'BAO_LOCAL_CONFIG'], mounts: ['/vault/config', '/openbao/config'] };
const CONSUL = { command: 'agent -server -bootstrap-expect=1 -ui -client=0.0.0.0', path: '/consul/data' };

export const MEMORY_MODES: Readonly<Record<string, readonly MemoryMode[]>> = {
  vault: [
    { by: 'default', key: 'server -dev', unless: VAULT },
    { by: 'word', key: '-dev', unless: VAULT },
  ],
  openbao: [
    { by: 'default', key: 'server -dev', unless: VAULT },
    { by: 'word', key: '-dev', unless: VAULT },
  ],
  consul: [
    { by: 'default', key: 'agent -dev', instead: CONSUL },
    { by: 'word', key: '-dev' },
  ],
  keycloak: [{ by: 'env', key: 'KC_DB=dev-mem', version: '>=17' }],
  influxdb: [
    { by: 'flag', key: '--object-store memory', version: '>=3' },
    { by: 'env', key: 'INFLUXDB3_OBJECT_STORE=memory', version: '>=3' },
  ],
  surrealdb: [
    { by: 'word', key: 'memory', unverified: true },
    { by: 'env', key: 'SURREAL_PATH=memory', unverified: true },
  ],
};

/** A directory that a server writes to only when a setting asks for it. */
export interface Unwritten {
  readonly path: string;
  readonly what: string;
  /** Where `what` is in the meantime: in memory, or nowhere. */
  readonly meanwhile: 'memory' | 'nowhere';
  /** The setting, in the configuration file, in the command and in the environment; the first is what the message calls it. */
  readonly keys: readonly [string, ...string[]];
  readonly flags: readonly string[];
  readonly variables: readonly string[];
  /** Where the configuration is looked for. */
  readonly configuration: string;
  /** Something else in it that keeps the data, or that says that none is to be kept. */
  readonly unless?: RegExp;
  /** Words that a command of one's own begins with, and that the server is started by. */
  readonly starts: readonly (readonly string[])[];
  /** So does the image by itself. */
  readonly alone: boolean;
}

const NTFY = {
  configuration: '/etc/ntfy/server.yml',
  starts: [['serve'], ['ntfy', 'serve']],
  alone: false,
} as const;

export const UNWRITTEN: Readonly<Record<string, readonly Unwritten[]>> = {
  // mosquitto.conf(5): without `persistence true` all is "stored in memory only". The images' own files do not set it.
  mosquitto: [
    {
      path: '/mosquitto/data',
      what: 'retained messages and sessions',
      meanwhile: 'memory',
      keys: ['persistence'],
      flags: [],
      variables: [],
      configuration: '/mosquitto/config/mosquitto.conf',
      unless: /^[ \t]*(?:global_)?plugin(?:_load)?[ \t].*persist/im,
      starts: [['mosquitto']],
      alone: true,
    },
  ],
  // Its documentation: "default is empty, which means in-memory cache". There is no configuration file in the image.
  ntfy: [
    {
      ...NTFY,
      path: '/var/cache/ntfy',
      what: 'messages',
      meanwhile: 'memory',
      keys: ['cache-file', 'cache_file', 'C', 'cache-duration', 'cache_duration', 'b'],
      flags: ['--cache-file', '--cache_file', '-C', '--cache-duration', '--cache_duration', '-b'],
      variables: ['NTFY_CACHE_FILE', 'NTFY_CACHE_DURATION'],
    },
    {
      ...NTFY,
      path: '/var/lib/ntfy',
      what: 'users and rights',
      meanwhile: 'nowhere',
      keys: ['auth-file', 'auth_file', 'H'],
      flags: ['--auth-file', '--auth_file', '-H'],
      variables: ['NTFY_AUTH_FILE'],
    },
  ],
};

/** A program that works without a database server, in a file of its own, until it is told of one. */
export interface EmbeddedDatabase {
  readonly engine: 'H2' | 'SQLite';
  /** What tells it of a server; for the message. */
  readonly setting: string;
  /** Flags and keys of a configuration file that do the same; only the command and mounted files can tell. */
  readonly flags?: readonly string[];
  readonly configuration?: { readonly path: string; readonly key: string };
}

export const EMBEDDED_DATABASES: Readonly<Record<string, EmbeddedDatabase>> = {
  keycloak: {
    engine: 'H2',
    setting: 'KC_DB',
    flags: ['--db', '--db-url'],
    configuration: { path: '/opt/keycloak/conf/keycloak.conf', key: 'db' },
  },
  metabase: { engine: 'H2', setting: 'MB_DB_TYPE' },
  n8n: { engine: 'SQLite', setting: 'DB_TYPE' },
  redmine: {
    engine: 'SQLite',
    setting: 'REDMINE_DB_POSTGRES or REDMINE_DB_MYSQL',
    configuration: { path: '/usr/src/redmine/config/database.yml', key: 'adapter' },
  },
  shlink: { engine: 'SQLite', setting: 'DB_DRIVER' },
  superset: {
    engine: 'SQLite',
    setting: 'SQLALCHEMY_DATABASE_URI',
    configuration: { path: '/app/pythonpath/superset_config.py', key: 'SQLALCHEMY_DATABASE_URI' },
  },
  airflow: { engine: 'SQLite', setting: 'AIRFLOW__DATABASE__SQL_ALCHEMY_CONN' },
};

/** Keys that a program makes for itself where it is given none, and what is lost with them. */
export interface KeyMaterial {
  /** error: what is kept cannot be read any more. info: people sign in again. */
  readonly severity: Severity;
  readonly loss: string;
  /** Any of them hands the key over. */
  readonly variables: readonly string[];
  /** It makes a key also where the variable is there and empty. */
  readonly emptyIsNone?: true;
  /** One variable alone does, so a placeholder for it can be offered; and how to read the key in use. */
  readonly read?: string;
}

export const KEY_MATERIAL: Readonly<Record<string, KeyMaterial>> = {
  n8n: {
    severity: 'error',
    loss: 'the credentials in the database cannot be decrypted with a new one',
    variables: ['N8N_ENCRYPTION_KEY'],
    read: 'cat /home/node/.n8n/config',
  },
  gitlab: {
    severity: 'error',
    loss: 'tokens, variables and second factors in the database cannot be decrypted with new ones',
    variables: [],
  },
  gitea: {
    severity: 'warning',
    loss: 'second factors and mirror credentials cannot be decrypted with a new one',
    variables: ['GITEA__security__SECRET_KEY'],
  },
  limesurvey: {
    severity: 'warning',
    loss: 'encrypted answers cannot be read with new ones',
    variables: ['ENCRYPT_KEYPAIR', 'ENCRYPT_SECRET_BOX_KEY'],
  },
  mattermost: {
    severity: 'warning',
    loss: 'what was encrypted with its salts cannot be read with new ones',
    variables: ['MM_SQLSETTINGS_ATRESTENCRYPTKEY'],
  },
  'supabase-postgres': {
    severity: 'warning',
    loss: 'encrypted columns cannot be read with a new one',
    variables: [],
  },
  airflow: {
    severity: 'warning',
    loss: 'passwords of connections and variables in the database cannot be decrypted with a new one',
    variables: ['AIRFLOW__CORE__FERNET_KEY', 'AIRFLOW__CORE__FERNET_KEY_CMD', 'AIRFLOW__CORE__FERNET_KEY_SECRET'],
  },
  'open-webui': {
    severity: 'info',
    loss: 'everybody has to sign in again',
    variables: ['WEBUI_SECRET_KEY', 'WEBUI_JWT_SECRET_KEY'],
    emptyIsNone: true,
    read: 'cat /app/backend/.webui_secret_key',
  },
};

/** Services whose data belongs together. */
export interface Stack {
  /** Who brings them together. */
  readonly hub: RegExp;
  /** Whose data must not be lost alone. */
  readonly parts: RegExp;
  /** With one part new, the others do not work any more. */
  readonly breaks: boolean;
  readonly why: string;
}

export const STACKS: readonly Stack[] = [
  {
    hub: /^(kafka-apache|kafka-confluent|kafka-wurstmeister|bitnami-kafka)$/,
    parts: /^(zookeeper|cp-zookeeper|bitnami-zookeeper)$/,
    breaks: true,
    why: 'a new ZooKeeper makes a new cluster id, and Kafka refuses to start on the logs of another cluster',
  },
  {
    hub: /^milvus$/,
    parts: /^(etcd|bitnami-etcd|minio|bitnami-minio)$/,
    breaks: true,
    why: 'Milvus cannot open its collections without the metadata in etcd and the segments in the object store',
  },
  {
    hub: /^langfuse$/,
    parts: /^(postgres|bitnami-postgresql|clickhouse|minio|bitnami-minio)$/,
    breaks: false,
    why: 'Langfuse keeps projects in PostgreSQL, traces in ClickHouse and their events in the object store, and one is of no use without the others',
  },
];

/** Environment conditions under which the name of a node does not depend on the container's host name. */
export const NODE_NAMES: Readonly<Record<string, readonly string[]>> = {
  rabbitmq: ['RABBITMQ_NODENAME ~ .@.', 'RABBITMQ_MNESIA_DIR set'],
  emqx: ['EMQX_NODE_NAME set', 'EMQX_NODE__NAME set', 'EMQX_HOST set'],
  weaviate: ['CLUSTER_HOSTNAME set'],
  'kafka-wurstmeister': ['KAFKA_LOG_DIRS set'],
};

/** Settings that look as if they kept data, and that this image does not read. */
export interface DeadSetting {
  readonly variables: RegExp;
  readonly version?: string;
  readonly why: string;
}

export const DEAD_SETTINGS: Readonly<Record<string, readonly DeadSetting[]>> = {
  chroma: [
    {
      variables: /^(CHROMA_)?(PERSIST_DIRECTORY|IS_PERSISTENT)$/,
      version: '>=1.0',
      why: 'from 1.0 on Chroma goes by its configuration, and that of the image puts the data in /data',
    },
  ],
  postgres: [
    {
      variables: /^POSTGRESQL_(DATA_DIR|VOLUME_DIR|DATABASE|USERNAME|PASSWORD|POSTGRES_PASSWORD)$/,
      why: 'only the Bitnami image reads it: this one goes by PGDATA, POSTGRES_DB, POSTGRES_USER and POSTGRES_PASSWORD',
    },
  ],
};
