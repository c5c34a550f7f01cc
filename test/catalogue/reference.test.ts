import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatImageReference, parseImageReference } from '../../server/catalogue/reference.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const repositoryOf = (text: string) => parseImageReference(text)?.repository ?? null;

describe('the grammar', () => {
  test.each([
    ['postgres', 'docker.io', 'library/postgres', null, null],
    ['postgres:16', 'docker.io', 'library/postgres', '16', null],
    ['bitnami/redis:7.2', 'docker.io', 'bitnami/redis', '7.2', null],
    ['docker.io/postgres', 'docker.io', 'library/postgres', null, null],
    ['docker.io/library/postgres:16', 'docker.io', 'library/postgres', '16', null],
    ['ghcr.io/owner/deep/name:v1', 'ghcr.io', 'owner/deep/name', 'v1', null],
    ['localhost/app', 'localhost', 'app', null, null],
    ['localhost:5000/app:1', 'localhost:5000', 'app', '1', null],
    ['registry.example.com:5000/a/b', 'registry.example.com:5000', 'a/b', null, null],
    ['[::1]:5000/app', '[::1]:5000', 'app', null, null],
    ['Registry/app', 'registry', 'app', null, null],
    ['postgres:16.3-alpine3.19', 'docker.io', 'library/postgres', '16.3-alpine3.19', null],
    [`postgres@${DIGEST}`, 'docker.io', 'library/postgres', null, DIGEST],
    [`postgres:16@${DIGEST}`, 'docker.io', 'library/postgres', '16', DIGEST],
    ['a__b/c--d.e_f', 'docker.io', 'a__b/c--d.e_f', null, null],
    ['repo:_underscore', 'docker.io', 'library/repo', '_underscore', null],
  ])('%s', (text, registry, path, tag, digest) => {
    expect(parseImageReference(text)).toEqual({ registry, path, tag, digest, repository: `${registry}/${path}` });
  });

  test.each([
    '',
    ' ',
    ':16',
    'Postgres',
    'lib/Postgres',
    'a//b',
    '/a',
    'a/',
    'a_-b',
    '-a',
    'a..b',
    'postgres:',
    'postgres:-16',
    'postgres:1 6',
    `postgres:${'x'.repeat(129)}`,
    'postgres@',
    'postgres@sha256:abc',
    'postgres@16',
    'ba d/postgres',
    'foo.:80/x',
    `${'0123456789abcdef'.repeat(4)}`,
    'x'.repeat(256),
    `postgres@${DIGEST}@${DIGEST}`,
  ])('refuses %j', (text) => {
    expect(parseImageReference(text)).toBeNull();
  });

  test('a tag and a path may be as long as the grammar allows', () => {
    expect(parseImageReference(`postgres:${'x'.repeat(128)}`)?.tag).toHaveLength(128);
    expect(parseImageReference(`localhost/${'x'.repeat(255)}`)).not.toBeNull();
  });
});

describe('the first component is a registry only when it cannot be a namespace', () => {
  test.each([
    ['my-registry/app', 'docker.io/my-registry/app'],
    ['my.registry/app', 'my.registry/app'],
    ['host:1/app', 'host:1/app'],
    ['localhost/app', 'localhost/app'],
    ['localhosts/app', 'docker.io/localhosts/app'],
    ['app:5000', 'docker.io/library/app'],
  ])('%s is %s', (text, repository) => {
    expect(repositoryOf(text)).toBe(repository);
  });
});

describe('mirrors', () => {
  test.each([
    ['index.docker.io/library/redis', 'docker.io/library/redis'],
    ['registry-1.docker.io/redis', 'docker.io/library/redis'],
    ['registry.hub.docker.com/library/vault:1.3.0', 'docker.io/library/vault'],
    ['mirror.gcr.io/library/redis', 'docker.io/library/redis'],
    ['mirror.gcr.io/bitnami/valkey:8.0', 'docker.io/bitnami/valkey'],
    ['public.ecr.aws/docker/library/postgres:16', 'docker.io/library/postgres'],
    ['public.ecr.aws/bitnami/postgresql:16', 'docker.io/bitnami/postgresql'],
    ['public.ecr.aws/opensearchproject/opensearch', 'public.ecr.aws/opensearchproject/opensearch'],
    ['mcr.microsoft.com/mirror/docker/library/redis', 'docker.io/library/redis'],
    ['mcr.microsoft.com/mssql/server', 'mcr.microsoft.com/mssql/server'],
    ['docker.m.daocloud.io/redis:7', 'docker.io/library/redis'],
    ['m.daocloud.io/docker.io/library/nginx', 'docker.io/library/nginx'],
    ['m.daocloud.io/ghcr.io/open-webui/open-webui', 'ghcr.io/open-webui/open-webui'],
    ['quay.io/mirror/docker.io/bitnami/redis', 'docker.io/bitnami/redis'],
    ['harbor.example.com/dockerhub/postgres', 'docker.io/library/postgres'],
    ['harbor.example.com/docker-hub/qdrant/qdrant', 'docker.io/qdrant/qdrant'],
    ['harbor.example.com/quay.io/prometheus/prometheus', 'quay.io/prometheus/prometheus'],
    ['gitlab.example.com/group/sub/dependency_proxy/containers/postgres:16', 'docker.io/library/postgres'],
    ['docker.1ms.run/minio/minio', 'docker.io/minio/minio'],
    ['registry.cn-hangzhou.aliyuncs.com/google_containers/etcd:3.5.0-0', 'registry.k8s.io/etcd'],
    ['k8s.gcr.io/etcd', 'registry.k8s.io/etcd'],
    ['registry.cn-hangzhou.aliyuncs.com/me/app', 'registry.cn-hangzhou.aliyuncs.com/me/app'],
    ['quay.io/prometheus/prometheus', 'quay.io/prometheus/prometheus'],
    ['example.com/dockerhub', 'example.com/dockerhub'],
    ['public.ecr.aws/docker', 'public.ecr.aws/docker'],
  ])('%s is %s', (text, repository) => {
    expect(repositoryOf(text)).toBe(repository);
  });
});

describe('architectures', () => {
  test.each([
    ['arm64v8/postgres:16', 'docker.io/library/postgres'],
    ['amd64/redis', 'docker.io/library/redis'],
    ['docker.io/arm32v7/mysql', 'docker.io/library/mysql'],
    ['s390x/mongo', 'docker.io/library/mongo'],
    ['arm64v8/team/postgres', 'docker.io/arm64v8/team/postgres'],
    ['ghcr.io/amd64/redis', 'ghcr.io/amd64/redis'],
  ])('%s is %s', (text, repository) => {
    expect(repositoryOf(text)).toBe(repository);
  });
});

describe('properties', () => {
  const component = fc.stringMatching(/^[a-z0-9]{1,6}((\.|_|__|-{1,2})[a-z0-9]{1,4}){0,2}$/);
  const registry = fc.oneof(
    fc.constantFrom('docker.io', 'ghcr.io', 'localhost', 'localhost:5000', 'public.ecr.aws', 'm.daocloud.io'),
    fc.stringMatching(/^[a-z][a-z0-9]{0,5}\.[a-z]{2,4}(:[1-9][0-9]{0,3})?$/),
  );
  const tag = fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/));
  const digest = fc.option(fc.constant(DIGEST));

  test('a canonical reference is read as it is written', () => {
    fc.assert(
      fc.property(
        registry,
        fc.array(component, { minLength: 1, maxLength: 4 }),
        tag,
        digest,
        (host, parts, label, hash) => {
          const text = `${host}/${parts.join('/')}${label === null ? '' : `:${label}`}${hash === null ? '' : `@${hash}`}`;
          const reference = parseImageReference(text);
          fc.pre(reference !== null);
          expect(parseImageReference(formatImageReference(reference))).toEqual(reference);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('no text makes it throw, and what it takes for valid has all its parts', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const reference = parseImageReference(text);
        if (reference) expect(reference.repository).toBe(`${reference.registry}/${reference.path}`);
      }),
    );
  });
});
