/**
 * Which configuration files the servers of the catalogue read, and in which form. A file that lies anywhere else says
 * nothing about where the data goes.
 */
import type { Family } from '../../catalogue/model.ts';
import { readBlocks } from './blocks.ts';
import { readDirectives } from './directives.ts';
import { readIni } from './ini.ts';
import type { ReadSettings } from './model.ts';
import { readXml } from './xml.ts';
import { readYaml } from './yaml.ts';

export interface ServerConfiguration {
  readonly read: ReadSettings;
  /** Read unasked, a later one over an earlier; `*` stands for any name in its folder. */
  readonly unasked?: readonly string[];
  /** Read as long as all of `unasked` are as the image has them, since those name them. */
  readonly shipped?: readonly string[];
  /** Flags that name a file in place of the unasked ones. */
  readonly flags?: readonly string[];
  /** A word of the command that names a file in place of the unasked ones, by its ending; `first`: the one behind the program. */
  readonly argument?: RegExp | 'first';
  /** Variables that name a file in place of the unasked ones. */
  readonly variables?: readonly string[];
  /** The named file is read over the unasked ones. */
  readonly over?: true;
  /** Sections whose keys the server takes. */
  readonly sections?: readonly string[];
  /** Keys that name another file, a pattern, or a folder whose files of `ending` are read at this place. */
  readonly include?: readonly string[];
  readonly ending?: RegExp;
  /** Keys are written without this beginning of the catalogue's. */
  readonly prefix?: string;
}

const readByEnding: ReadSettings = (source) => (/\.(ya?ml|json)$/i.test(source.path) ? readYaml : readIni)(source);

const redis: ServerConfiguration = { read: readDirectives, argument: 'first', include: ['include'] };

const MYSQL_SECTIONS = ['mysqld', 'server', 'mysqld_safe'];
const mysql: ServerConfiguration = {
  read: readIni,
  unasked: ['/etc/my.cnf', '/etc/mysql/my.cnf'],
  shipped: ['/etc/mysql/conf.d', '/etc/my.cnf.d', '/etc/mysql/mysql.conf.d'],
  flags: ['--defaults-file', '--defaults-extra-file'],
  sections: MYSQL_SECTIONS,
  include: ['!include', '!includedir'],
  ending: /\.cnf$/,
};

const postgres: ServerConfiguration = {
  read: readDirectives,
  flags: ['-c config_file', '--config_file', '--config-file'],
  include: ['include', 'include_if_exists', 'include_dir'],
  ending: /\.conf$/,
};

const elastic = (folder: string, name: string): ServerConfiguration => ({
  read: readYaml,
  unasked: [`${folder}/${name}`],
});

const SERVERS: Readonly<Record<string, ServerConfiguration>> = {
  redis,
  valkey: redis,
  keydb: redis,
  'redis-modules': redis,
  kvrocks: {
    read: readDirectives,
    unasked: ['/var/lib/kvrocks/kvrocks.conf'],
    flags: ['-c', '--config'],
    include: ['include'],
  },
  mysql,
  'percona-server': mysql,
  mariadb: {
    ...mysql,
    unasked: ['/etc/my.cnf', '/etc/mysql/my.cnf', '/etc/mysql/mariadb.cnf'],
    shipped: ['/etc/mysql/conf.d', '/etc/mysql/mariadb.conf.d'],
    sections: [...MYSQL_SECTIONS, 'mariadb', 'mariadbd', 'client_server'],
  },
  postgres,
  pgvector: postgres,
  postgis: postgres,
  timescaledb: postgres,
  age: postgres,
  citus: postgres,
  paradedb: postgres,
  pgautoupgrade: postgres,
  pgroonga: postgres,
  'postgres-immich': postgres,
  mongo: { read: readYaml, flags: ['--config', '-f'] },
  mosquitto: {
    read: readDirectives,
    unasked: ['/mosquitto/config/mosquitto.conf'],
    flags: ['-c', '--config-file'],
    include: ['include_dir'],
    ending: /\.conf$/,
  },
  chroma: { read: readYaml, unasked: ['/config.yaml'], argument: /\.ya?ml$/ },
  qdrant: {
    read: readYaml,
    unasked: ['config', '${RUN_MODE:-production}', 'local'].map((name) => `/qdrant/config/${name}.yaml`),
    flags: ['--config-path'],
    over: true,
  },
  elasticsearch: elastic('/usr/share/elasticsearch/config', 'elasticsearch.yml'),
  opensearch: elastic('/usr/share/opensearch/config', 'opensearch.yml'),
  cratedb: elastic('/crate/config', 'crate.yml'),
  cassandra: elastic('/etc/cassandra', 'cassandra.yaml'),
  'kafka-apache': {
    read: readIni,
    unasked: ['/mnt/shared/config/server.properties'],
    argument: /\.properties$/,
  },
  grafana: {
    read: readIni,
    unasked: ['/etc/grafana/grafana.ini'],
    flags: ['--config', '-config'],
    variables: ['GF_PATHS_CONFIG'],
  },
  nats: {
    read: readBlocks,
    unasked: ['/nats-server.conf', '/etc/nats/nats-server.conf'],
    flags: ['-c', '--config', '-config'],
    include: ['include'],
  },
  rabbitmq: {
    read: readIni,
    unasked: ['/etc/rabbitmq/rabbitmq-env.conf'],
    variables: ['RABBITMQ_CONF_ENV_FILE'],
    prefix: 'RABBITMQ_',
  },
  neo4j: { read: readIni, unasked: ['/var/lib/neo4j/conf/neo4j.conf', '/conf/neo4j.conf'] },
  influxdb: {
    read: readByEnding,
    unasked: ['/etc/influxdb/influxdb.conf', '/etc/influxdb2/config.*'],
    flags: ['-config', '--config'],
    variables: ['INFLUXDB_CONFIG_PATH', 'INFLUXD_CONFIG_PATH'],
  },
  clickhouse: {
    read: readXml,
    unasked: ['/etc/clickhouse-server/config.xml', '/etc/clickhouse-server/config.d/*.xml'],
    flags: ['--config-file', '-C'],
  },
  couchdb: {
    read: readIni,
    unasked: ['/opt/couchdb/etc/local.ini', '/opt/couchdb/etc/local.d/*.ini'],
    sections: ['couchdb'],
  },
  odoo: { read: readIni, unasked: ['/etc/odoo/odoo.conf'], flags: ['-c', '--config'], sections: ['options'] },
  loki: {
    read: readYaml,
    unasked: ['/etc/loki/local-config.yaml'],
    flags: ['-config.file', '--config.file'],
  },
  tempo: { read: readYaml, flags: ['-config.file', '--config.file'] },
  registry: {
    read: readYaml,
    unasked: ['/etc/docker/registry/config.yml', '/etc/distribution/config.yml'],
    argument: /\.ya?ml$/,
  },
  milvus: { read: readYaml, unasked: ['/milvus/configs/milvus.yaml', '/milvus/configs/user.yaml'] },
  vector: {
    read: readByEnding,
    unasked: ['/etc/vector/vector.*'],
    flags: ['--config', '-c', '--config-yaml'],
    variables: ['VECTOR_CONFIG'],
  },
  ntfy: {
    read: readYaml,
    unasked: ['/etc/ntfy/server.yml'],
    flags: ['--config', '-c'],
    variables: ['NTFY_CONFIG_FILE'],
  },
  filebrowser: {
    read: readYaml,
    unasked: ['/.filebrowser.json', '/config/settings.json'],
    flags: ['-c', '--config'],
  },
  frigate: { read: readYaml, unasked: ['/config/config.yml', '/config/config.yaml'], variables: ['CONFIG_FILE'] },
  traefik: {
    read: readByEnding,
    unasked: ['/etc/traefik/traefik.*'],
    flags: ['--configfile', '--configFile'],
  },
  aerospike: {
    read: readBlocks,
    unasked: ['/etc/aerospike/aerospike.conf'],
    flags: ['--config-file'],
  },
  garage: {
    read: readIni,
    unasked: ['/etc/garage.toml'],
    flags: ['-c', '--config'],
    variables: ['GARAGE_CONFIG_FILE'],
  },
};

/** What is built on a server is configured as it is. */
export const configurationBy = ({
  id,
  derivesFrom,
}: Pick<Family, 'id' | 'derivesFrom'>): ServerConfiguration | undefined =>
  SERVERS[id] ?? (derivesFrom === undefined ? undefined : SERVERS[derivesFrom]);
