import { describe, expect, test } from 'vitest';
import {
  dataPaths,
  declaredVolumes,
  isExternal,
  moves,
  relocations,
  usersOf,
  wrongMounts,
} from '../../server/catalogue/match.ts';
import { env, matched } from './families.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

const required = (image: string, values: Record<string, string | null> = {}) =>
  dataPaths(matched(image), env(values))
    .filter((fact) => fact.need === 'required')
    .map((fact) => fact.path);

describe('other versions', () => {
  test.each([
    ['bitnami/postgresql', 'postgres'],
    ['ghcr.io/ferretdb/postgres-documentdb', 'postgres'],
    ['bitnami/mongodb', 'mongo'],
    ['percona/percona-server-mongodb', 'mongo'],
    ['bitnami/mysql', 'mysql'],
    ['percona', 'mysql'],
    ['bitnami/mariadb', 'mariadb'],
    ['lscr.io/linuxserver/mariadb', 'mariadb'],
    ['bitnami/elasticsearch', 'elasticsearch'],
  ])('%s does with them what %s does', (image, official) => {
    expect(matched(image).family.majors).toEqual(matched(official).family.majors);
  });
});

describe('where the data lies', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['postgres:16', {}, ['/var/lib/postgresql/data']],
    ['postgres:18', {}, ['/var/lib/postgresql']],
    ['postgres', {}, ['/var/lib/postgresql']],
    ['pgvector/pgvector:pg17', {}, ['/var/lib/postgresql/data']],
    ['pgvector/pgvector:pg18-trixie', {}, ['/var/lib/postgresql']],
    ['ankane/pgvector', {}, ['/var/lib/postgresql/data']],
    ['ankane/pgvector:latest', {}, ['/var/lib/postgresql/data']],
    ['ankane/pgvector:v0.5.1', {}, ['/var/lib/postgresql/data']],
    ['jboss/keycloak', {}, ['/opt/jboss/keycloak/standalone/data']],
    ['quay.io/keycloak/keycloak:latest', {}, ['/opt/keycloak/data']],
    ['quay.io/keycloak/keycloak:17.0.1-legacy', {}, ['/opt/jboss/keycloak/standalone/data']],
    ['bitnamilegacy/minio', {}, ['/bitnami/minio/data']],
    ['wazuh/wazuh-manager:4.14.1', {}, ['/var/ossec/etc', '/var/ossec/queue', '/var/ossec/api/configuration']],
    ['timescale/timescaledb:2.22.0-pg18', {}, ['/var/lib/postgresql']],
    ['influxdb:1.8', {}, ['/var/lib/influxdb']],
    ['influxdb:2.7-alpine', {}, ['/var/lib/influxdb2']],
    ['influxdb:3-core', {}, ['/var/lib/influxdb3']],
    ['influxdb', {}, ['/var/lib/influxdb2']],
    ['influxdb:latest', {}, ['/var/lib/influxdb2']],
    ['influxdb:alpine', {}, ['/var/lib/influxdb2']],
    ['influxdb:core', {}, ['/var/lib/influxdb3']],
    ['influxdb:data', {}, ['/var/lib/influxdb']],
    ['filebrowser/filebrowser:v2.31.2', {}, ['/database.db', '/srv']],
    ['filebrowser/filebrowser:v2.31.2-s6', {}, ['/database', '/srv']],
    ['filebrowser/filebrowser:v2.33.0', {}, ['/database', '/database.db', '/srv']],
    ['filebrowser/filebrowser:v2.33.0-s6', {}, ['/database', '/srv']],
    ['filebrowser/filebrowser:v2.36.0', {}, ['/database', '/srv']],
    ['filebrowser/filebrowser', {}, ['/database', '/srv']],
    ['ghcr.io/ajnart/homarr:0.13.4', {}, ['/app/data/configs']],
    ['ghcr.io/ajnart/homarr:0.14.0', {}, ['/data', '/app/data/configs']],
    ['ghcr.io/ajnart/homarr:latest', {}, ['/data', '/app/data/configs']],
    ['ghcr.io/immich-app/immich-server:v1.130.0', {}, ['/usr/src/app/upload']],
    ['ghcr.io/immich-app/immich-server:release', {}, ['/data', '/usr/src/app/upload']],
    ['bitnami/minio:2023.7.18', {}, ['/data']],
    ['bitnami/minio:2023.8.4', {}, ['/bitnami/minio/data']],
    ['bitnami/minio:2023', {}, ['/bitnami/minio/data']],
    ['hkotel/mealie:v1.0.0', {}, ['/app/data']],
    ['hkotel/mealie:frontend-v1.0.0beta-5', {}, []],
    ['ghcr.io/plausible/community-edition:v2.1.3', {}, []],
    ['directus/directus:11.2.0', {}, ['/directus/uploads', '/directus/database']],
    ['directus/directus:11.2.0', { STORAGE_LOCATIONS: 's3' }, ['/directus/database']],
    ['directus/directus:11.2.0', { STORAGE_LOCATIONS: 's3,local' }, ['/directus/uploads', '/directus/database']],
    ['flowiseai/flowise:2.1.3', {}, ['/root/.flowise']],
    ['flowiseai/flowise:2.1.3', { SECRETKEY_PATH: '/root/.flowise' }, ['/root/.flowise']],
    ['chromadb/chroma:0.5.23', {}, ['/chroma/chroma']],
    ['chromadb/chroma:1.0.0', {}, ['/data']],
    ['chromadb/chroma:latest', {}, ['/data']],
    ['gitea/gitea:1.22', {}, ['/data']],
    ['gitea/gitea:1.22-rootless', {}, ['/var/lib/gitea', '/etc/gitea']],
    ['apache/kafka:3.9', {}, ['/tmp/kraft-combined-logs']],
    ['apache/kafka:3.9', { KAFKA_PROCESS_ROLES: 'broker,controller' }, ['/tmp/kafka-logs']],
    ['quay.io/keycloak/keycloak:26.0', {}, ['/opt/keycloak/data']],
    ['jboss/keycloak:16.1.1', {}, ['/opt/jboss/keycloak/standalone/data']],
    ['ollama/ollama', {}, ['/root/.ollama']],
    ['solr:9', {}, ['/var/solr']],
    ['citusdata/citus:13.2', {}, ['/var/lib/postgresql/data']],
    ['citusdata/citus:14.0', {}, ['/var/lib/postgresql']],
    ['citusdata/citus:14.1.0-pg17', {}, ['/var/lib/postgresql/data']],
    ['citusdata/citus:11.1-pg14', {}, ['/var/lib/postgresql/data']],
    ['citusdata/citus', {}, ['/var/lib/postgresql']],
    ['paradedb/paradedb:0.15.0-pg16', {}, ['/var/lib/postgresql/data']],
    ['paradedb/paradedb:0.15.0', {}, []],
    ['stalwartlabs/stalwart:v0.15', {}, ['/opt/stalwart']],
    ['stalwartlabs/stalwart:v0.16.4', {}, ['/var/lib/stalwart', '/etc/stalwart']],
    ['ghcr.io/plankanban/planka:2.1.0', {}, ['/app/data']],
    ['semaphoreui/semaphore:v2.10', {}, []],
    ['semaphoreui/semaphore:v2.10', { SEMAPHORE_DB_DIALECT: 'bolt' }, ['/var/lib/semaphore']],
    ['ctfd/ctfd', { DATABASE_URL: 'mysql+pymysql://db/ctfd' }, ['/opt/CTFd/CTFd/uploads']],
  ])('%s %j: %j', (image, values, paths) => {
    expect(required(image, values)).toEqual(paths);
  });

  test('a digest hides the version: every layout is possible, none is certain', () => {
    const facts = dataPaths(matched(`postgres@${DIGEST}`), env());
    expect(facts.map((fact) => [fact.path, fact.certain])).toEqual([
      ['/var/lib/postgresql/data', false],
      ['/var/lib/postgresql', false],
    ]);
    expect(dataPaths(matched(`postgres:16@${DIGEST}`), env()).map((fact) => fact.certain)).toEqual([true]);
    expect(dataPaths({ ...matched('postgres'), openTag: true }, env())).toHaveLength(2);
  });

  test('a variable whose value is open leaves both possible', () => {
    expect(required('apache/kafka:3.9', { KAFKA_PROCESS_ROLES: null })).toEqual([
      '/tmp/kraft-combined-logs',
      '/tmp/kafka-logs',
    ]);
  });

  test('every fact carries its confidence', () => {
    const [path] = dataPaths(matched('influxdb:3-core'), env());
    expect(path).toMatchObject({ path: '/var/lib/influxdb3', confidence: 'secondary', certain: true });
    expect(dataPaths(matched('redis'), env())[0]?.confidence).toBe('primary');
  });
});

describe('keys', () => {
  const keys = (image: string, values: Record<string, string>) =>
    dataPaths(matched(image), env(values))
      .filter((fact) => fact.kind === 'secret')
      .map((fact) => fact.path);

  test('n8n keeps its own only while no variable sets one', () => {
    expect(keys('n8nio/n8n', { DB_TYPE: 'postgresdb' })).toEqual(['/home/node/.n8n/config']);
    expect(keys('n8nio/n8n', { DB_TYPE: 'postgresdb', N8N_ENCRYPTION_KEY: 'k' })).toEqual([]);
    expect(keys('n8nio/n8n', {})).toEqual([]);
  });

  test('an empty variable is none', () => {
    expect(keys('ghcr.io/open-webui/open-webui:main', { WEBUI_SECRET_KEY: '' })).toEqual([
      '/app/backend/.webui_secret_key',
    ]);
  });
});

describe('declared volumes', () => {
  test.each([
    ['postgres:17', ['/var/lib/postgresql/data']],
    ['postgres:18', ['/var/lib/postgresql']],
    ['mongo:7', ['/data/db', '/data/configdb']],
    ['gitea/gitea:1-rootless', ['/var/lib/gitea', '/etc/gitea']],
    ['elasticsearch:8.15.0', []],
  ])('%s: %j', (image, paths) => {
    expect(declaredVolumes(matched(image), env()).map((fact) => fact.path)).toEqual(paths);
  });
});

describe('relocations', () => {
  test('name the path they move, by default the first required one', () => {
    const moved = (image: string) => relocations(matched(image), env()).map((move) => [move.key, move.moves]);
    expect(moved('postgres:16')).toContainEqual(['PGDATA', '/var/lib/postgresql/data']);
    expect(moved('postgres:18')).toContainEqual(['PGDATA', '/var/lib/postgresql']);
    expect(moved('zookeeper:3.9')).toEqual([
      ['ZOO_DATA_DIR', '/data'],
      ['ZOO_DATA_LOG_DIR', '/datalog'],
    ]);
    expect(moved('n8nio/n8n')).toEqual([
      ['N8N_USER_FOLDER', '/home/node/.n8n'],
      ['HOME', '/home/node/.n8n'],
      ['N8N_USER_FOLDER', '/home/node/.n8n/config'],
      ['HOME', '/home/node/.n8n/config'],
    ]);
    expect(moved('qdrant/qdrant')).toContainEqual(['QDRANT__STORAGE__SNAPSHOTS_PATH', '/qdrant/snapshots']);
  });
});

describe('the server of several programs in one image', () => {
  const paths = (words: readonly string[] | undefined) =>
    dataPaths(matched('hashicorp/consul:1.20'), env(), words)
      .filter(({ need }) => need === 'required')
      .map(({ path, certain }) => [path, certain]);

  test('an agent keeps data where its command makes it a server', () => {
    expect(paths(['agent', '-server', '-bootstrap-expect=1'])).toEqual([['/consul/data', true]]);
    expect(paths(['agent', '-dev'])).toEqual([]);
    expect(paths(undefined)).toEqual([['/consul/data', false]]);
  });
});

describe('wrong mounts', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['postgres:16', {}, ['/var/lib/postgresql']],
    ['postgres:18', {}, ['/var/lib/postgresql/data']],
    ['chromadb/chroma:1.5', {}, ['/chroma/chroma']],
    ['ankane/pgvector', {}, ['/var/lib/postgresql']],
    ['jboss/keycloak:latest', {}, []],
    ['n8nio/n8n', {}, ['/root/.n8n', '/data']],
    ['influxdb:1.8', {}, ['/var/lib/influxdb2']],
    ['influxdb', {}, ['/var/lib/influxdb', '/root/.influxdbv2']],
    ['influxdb:3-core', {}, ['/var/lib/influxdb', '/var/lib/influxdb2']],
    ['nextcloud:30-apache', {}, ['/data']],
    ['semitechnologies/weaviate:1.30.0', {}, ['/var/lib/weaviate']],
    ['semitechnologies/weaviate:1.30.0', { PERSISTENCE_DATA_PATH: '/var/lib/weaviate' }, []],
  ])('%s %j: %j', (image, values, paths) => {
    expect(wrongMounts(matched(image), env(values)).map((fact) => fact.path)).toEqual(paths);
  });

  test('nothing is called wrong that may be right', () => {
    for (const image of [
      'pgvector/pgvector',
      'postgis/postgis:latest',
      'timescale/timescaledb',
      `postgis/postgis@${DIGEST}`,
    ])
      expect(wrongMounts(matched(image), env())).toEqual([]);
    expect(wrongMounts(matched('n8nio/n8n'), env({ HOME: '/root' }))).toEqual([]);
    expect(wrongMounts(matched('n8nio/n8n'), env({ HOME: null }))).toEqual([]);
    expect(wrongMounts(matched('n8nio/n8n:0.230.0'), env())).toMatchObject([{ path: '/data' }]);
    expect(wrongMounts(matched(`postgres@${DIGEST}`), env())).toEqual([]);
    expect(wrongMounts(matched('semitechnologies/weaviate'), env({ PERSISTENCE_DATA_PATH: null }))).toEqual([]);
  });
});

describe('users', () => {
  test('the entry of a flavour replaces the general one', () => {
    const uids = (image: string) => usersOf(matched(image), env()).map((user) => user.uid);
    expect(uids('postgres:16')).toEqual([999]);
    expect(uids('postgres:16-alpine')).toEqual([70]);
    expect(uids('rabbitmq:3-management-alpine')).toEqual([100]);
    expect(uids('influxdb:2.7')).toEqual([1000]);
    expect(uids('confluentinc/cp-kafka:5.5.1')).toEqual([0]);
    expect(uids('confluentinc/cp-kafka:5.5.1-ubi8')).toEqual([1000]);
    expect(uids('confluentinc/cp-zookeeper:7.9.0')).toEqual([1000]);
    expect(uids('confluentinc/cp-server')).toEqual([1000]);
  });
});

describe('what the next pull may change', () => {
  test.each<[string, boolean]>([
    ['postgres', true],
    ['postgres:17', false],
    [`postgres@${DIGEST}`, false],
    ['influxdb:latest', true],
    ['postgis/postgis', true],
    ['ankane/pgvector', false],
    ['ankane/pgvector:latest', false],
    ['pgvector/pgvector', false],
    ['bitnami/postgresql', true],
    ['bitnamilegacy/postgresql', false],
    ['bitnamilegacy/mysql:debian', false],
    ['elasticsearch', false],
    ['louislam/uptime-kuma:latest', false],
    ['louislam/uptime-kuma:beta', true],
  ])('%s: %s', (image, expected) => {
    expect(moves(matched(image))).toBe(expected);
  });
});

describe('data elsewhere', () => {
  test.each<[string, Record<string, string | null>, boolean | 'unknown']>([
    ['quay.io/keycloak/keycloak:26.0', {}, false],
    ['quay.io/keycloak/keycloak:26.0', { KC_DB: 'dev-file' }, false],
    ['quay.io/keycloak/keycloak:26.0', { KC_DB: 'postgres' }, true],
    ['quay.io/keycloak/keycloak:26.0', { KC_DB: null }, 'unknown'],
    ['metabase/metabase', { MB_DB_TYPE: 'h2' }, false],
    ['metabase/metabase', { MB_DB_TYPE: 'postgres' }, true],
    ['grafana/grafana:11.0.0', { GF_DATABASE_TYPE: 'mysql' }, true],
    ['louislam/uptime-kuma:2', { UPTIME_KUMA_DB_TYPE: 'mariadb' }, true],
    ['louislam/uptime-kuma:2', { UPTIME_KUMA_DB_TYPE: 'embedded-mariadb' }, false],
    ['redis:7', {}, false],
    ['vikunja/vikunja', { VIKUNJA_DATABASE_TYPE: 'postgres' }, true],
    ['vikunja/vikunja', { VIKUNJA_DATABASE_TYPE: 'sqlite' }, false],
    ['kutt/kutt:v3.2', { DB_CLIENT: 'pg' }, true],
    ['lldap/lldap', { LLDAP_DATABASE_URL: 'postgres://db/l' }, false],
    ['lldap/lldap', { LLDAP_DATABASE_URL: 'postgres://db/l', LLDAP_KEY_SEED: 's' }, true],
    ['woodpeckerci/woodpecker-server:v3', { WOODPECKER_DATABASE_DRIVER: 'postgres' }, true],
  ])('%s %j: %s', (image, values, expected) => {
    expect(isExternal(matched(image), env(values))).toBe(expected);
  });

  test('of n8n the database goes elsewhere, the key stays', () => {
    const match = matched('n8nio/n8n:1.80.0');
    const values = env({ DB_TYPE: 'postgresdb' });
    expect(isExternal(match, values, '/home/node/.n8n')).toBe(true);
    expect(isExternal(match, values, '/home/node/.n8n/config')).toBe(false);
  });

  test('of Redmine the attachments stay', () => {
    const match = matched('redmine:5');
    const values = env({ REDMINE_DB_POSTGRES: 'db' });
    expect(isExternal(match, values, '/usr/src/redmine/sqlite')).toBe(true);
    expect(isExternal(match, values, '/usr/src/redmine/files')).toBe(false);
  });

  test('an external database does not empty a directory that holds files too', () => {
    expect(isExternal(matched('gitea/gitea:1.22'), env({ GITEA__database__DB_TYPE: 'postgres' }))).toBe(false);
    expect(isExternal(matched('vaultwarden/server'), env({ DATABASE_URL: 'postgresql://db/v' }))).toBe(false);
  });
});
