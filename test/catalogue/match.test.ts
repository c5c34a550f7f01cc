import { describe, expect, test } from 'vitest';
import { startsServer } from '../../server/catalogue/match.ts';
import { match, matched } from './families.ts';

const identity = (image: string) => {
  const found = match(image);
  return found && [found.family.id, found.version, found.lookalike];
};

describe('published images', () => {
  test.each<[string, string, string | null]>([
    ['postgres', 'postgres', null],
    ['postgres:18-alpine', 'postgres', '18'],
    ['postgis/postgis:16-3.4', 'postgis', '16'],
    ['pgvector/pgvector:pg16', 'pgvector', '16'],
    ['timescale/timescaledb:latest-pg16', 'timescaledb', '16'],
    ['timescale/timescaledb:2.14.2-pg17', 'timescaledb', '17'],
    ['ghcr.io/immich-app/postgres:14-vectorchord0.4.3-pgvectors0.2.0', 'postgres-immich', '14'],
    ['rabbitmq:3.13-management', 'rabbitmq', '3.13'],
    ['arm64v8/redis:7', 'redis', '7'],
    ['chromadb/chroma:0.5.23', 'chroma', '0.5.23'],
    ['minio/minio:RELEASE.2024-01-16T16-07-38Z', 'minio', '2024.01.16'],
    ['m.daocloud.io/docker.io/qdrant/qdrant:v1.9.0', 'qdrant', '1.9.0'],
    ['public.ecr.aws/bitnami/postgresql:16', 'bitnami-postgresql', '16'],
    ['docker.n8n.io/n8nio/n8n', 'n8n', null],
    ['lscr.io/linuxserver/sonarr:latest', 'linuxserver-sonarr', null],
    ['registry.cn-hangzhou.aliyuncs.com/google_containers/etcd:3.5.0-0', 'etcd', '3.5.0'],
    ['python:3.12-slim', 'python', '3.12'],
    ['citusdata/citus:13.0.3', 'citus', '13.0.3'],
    ['citusdata/citus:14.1.0-pg17', 'citus', '17'],
    ['apache/age:release_PG16_1.5.0', 'age', '16'],
    ['paradedb/paradedb:0.15.0-pg16', 'paradedb', '16'],
    ['mirror.gcr.io/stalwartlabs/stalwart:v0.15.4', 'stalwart', '0.15.4'],
    ['cache.example.com/ghcr.io/linkwarden/linkwarden:v2.9', 'linkwarden', '2.9'],
    ['ghcr.m.daocloud.io/linuxserver/lychee', 'linuxserver-lychee', null],
    ['dockerproxy.net/vikunja/vikunja:0.24', 'vikunja', '0.24'],
  ])('%s is %s, version %s', (image, id, version) => {
    expect(identity(image)).toEqual([id, version, false]);
  });

  test('the place is the one given', () => {
    expect(matched('redis:7').span).toMatchObject({ start: 0, end: 7 });
  });
});

describe('look-alikes', () => {
  test.each([
    ['myorg/redis:7', 'redis'],
    ['registry.example.com/team/postgres:16', 'postgres'],
    ['ghcr.io/somebody/qdrant', 'qdrant'],
    ['registry.example.com/mongo', 'mongo'],
    ['myorg/n8n', 'n8n'],
    ['myorg/vaultwarden', 'vaultwarden'],
    ['mirror.example.com/lldap', 'lldap'],
  ])('%s looks like %s', (image, id) => {
    const found = match(image);
    expect([found?.family.id, found?.lookalike]).toEqual([id, true]);
  });

  test.each([
    'myorg/server',
    'myorg/app',
    'myorg/web',
    'myorg/api',
    'myorg/base',
    'myorg/registry',
    'myorg/docker',
    'myorg/python',
    'myorg/nginx',
    'myorg/redis-custom',
    'ghcr.io/me/my-postgres',
    ...[
      'app',
      'server',
      'web',
      'backend',
      'api',
      'db',
      'database',
      'frontend',
      'worker',
      'core',
      'data',
      'service',
    ].map((name) => `registry.example.com/team/${name}`),
    ...['answer', 'flame', 'glance', 'garage', 'phoenix', 'send', 'sentry', 'storm', 'vector', 'outline', 'actual'].map(
      (name) => `myorg/${name}`,
    ),
    'myorg/sonarr',
    'myorg/exporter',
    'myorg/agent',
  ])('%s looks like nothing', (image) => {
    expect(match(image)).toBeNull();
  });
});

describe('whether a command starts the server', () => {
  test.each<[string, string[], boolean | 'unknown']>([
    ['postgres:16', [], true],
    ['postgres:16', ['-c', 'fsync=off'], true],
    ['postgres:16', ['postgres', '-c', 'fsync=off'], true],
    ['postgres:16', ['pg_dump', '-h', 'db'], false],
    ['postgres:16', ['/usr/local/bin/docker-entrypoint.sh', 'postgres'], true],
    ['redis:7', ['redis-cli', 'ping'], false],
    ['minio/minio', ['server', '/data'], true],
    ['ghost:5', ['anything'], 'unknown'],
  ])('%s %j: %s', (image, command, expected) => {
    expect(startsServer(matched(image).family, command)).toBe(expected);
  });
});
