import { describe, expect, test } from 'vitest';
import type { Family } from '../../server/catalogue/model.ts';
import { parseImageReference } from '../../server/catalogue/reference.ts';
import type { Confidence } from '../../server/survival/words.ts';
import { FILES, READ } from './families.ts';

const { families } = READ;

const idsOf = (found: readonly Family[]): string[] => found.map((family) => family.id);

const factsOf = (family: Family) => [
  ...family.data,
  ...family.volumes,
  ...family.relocations,
  ...family.wrongMounts,
  ...family.users,
];

describe('the data files', () => {
  test('all are in order', () => {
    expect(READ.problems).toEqual([]);
    expect(READ.warnings).toEqual([]);
    expect(families).toHaveLength(FILES.length);
    expect(families.filter((family) => family.state !== 'stateless').length).toBeGreaterThan(500);
    expect(families.filter((family) => family.state === 'stateless').length).toBeGreaterThan(100);
  });

  test('repositories are in their canonical form', () => {
    const images = families.flatMap((family) => family.images);
    expect(images.filter((image) => parseImageReference(image)?.repository !== image)).toEqual([]);
  });

  test('a person can read them: lines have an end, and what was not checked is said in words', () => {
    const long = FILES.filter(({ text }) =>
      text.split('\n').some((line) => line.length > 170 && !/^ +(- )?(command|restore|test|note):/.test(line)),
    );
    const jargon = FILES.filter(({ text }) => /memory\)|from memory/.test(text));
    expect([...long, ...jargon].map(({ file }) => file)).toEqual([]);
  });

  test('what is called wrong is not what is needed', () => {
    const torn = families.filter((family) =>
      family.wrongMounts.some((wrong) =>
        family.data.some(
          (fact) =>
            fact.path === wrong.path &&
            fact.need === 'required' &&
            JSON.stringify(fact.when) === JSON.stringify(wrong.when),
        ),
      ),
    );
    expect(idsOf(torn)).toEqual([]);
  });

  test('a group has at most one fallback', () => {
    const fallbacks = (family: Family) => family.data.filter((fact) => fact.fallback).map((fact) => fact.group);
    expect(idsOf(families.filter((family) => new Set(fallbacks(family)).size < fallbacks(family).length))).toEqual([]);
  });
});

describe('declared volumes', () => {
  const inside = (inner: string, outer: string) => inner !== outer && inner.startsWith(`${outer}/`);

  test('where they are known, one below a required path is spoken of: it would shadow a mount on that path', () => {
    const silent = families.filter(({ volumes, data }) =>
      volumes.some(
        (volume) =>
          data.some(
            (fact) =>
              fact.need === 'required' &&
              inside(volume.path, fact.path) &&
              JSON.stringify(fact.when) === JSON.stringify(volume.when),
          ) && !data.some((fact) => fact.path === volume.path || inside(fact.path, volume.path)),
      ),
    );
    expect(idsOf(silent)).toEqual([]);
  });

  test("none is the root, and none lies in the program's own folders", () => {
    const odd = families.filter(({ volumes }) =>
      volumes.some(({ path }) => /^\/(bin|sbin|lib|lib64|usr)?$/.test(path)),
    );
    expect(idsOf(odd)).toEqual([]);
  });
});

describe('what every kind of family says', () => {
  test('a stateful one names a path that it needs', () => {
    expect(
      idsOf(
        families.filter(
          (family) => family.state === 'stateful' && family.data.every((fact) => fact.need === 'optional'),
        ),
      ),
    ).toEqual([]);
  });

  test('a stateless one needs none', () => {
    expect(
      idsOf(
        families.filter(
          (family) => family.state === 'stateless' && family.data.some((fact) => fact.need === 'required'),
        ),
      ),
    ).toEqual([]);
  });

  test('the bases of applications declare no volume that we do not know of', () => {
    const bases = [
      'python',
      'node',
      'alpine',
      'debian',
      'ubuntu',
      'golang',
      'rust',
      'ruby',
      'php',
      'openjdk',
      'eclipse-temurin',
      'dotnet',
      'busybox',
    ];
    expect(bases.filter((id) => !families.find((family) => family.id === id)?.volumesKnown)).toEqual([]);
  });

  test('a database for which ten seconds may be short is marked as such', () => {
    const heavy = [
      'postgres',
      'mysql',
      'mariadb',
      'mongo',
      'elasticsearch',
      'opensearch',
      'neo4j',
      'cassandra',
      'clickhouse',
      'mssql',
      'couchdb',
    ];
    expect(heavy.filter((id) => !families.find((family) => family.id === id)?.stop.heavy)).toEqual([]);
  });
});

describe('confidence', () => {
  const RANK: Record<Confidence, number> = { memory: 0, secondary: 1, primary: 2 };

  test('what was read has a source', () => {
    const bare = families.filter(
      (family) => family.confidence !== 'memory' && family.state !== 'stateless' && family.sources.length === 0,
    );
    expect(idsOf(bare)).toEqual([]);
  });

  test('what is required of a family that was read elsewhere than in its own source is not called primary', () => {
    const elsewhere = /^(runtipi|Haxxnet)\//;
    const claimed = families.filter(
      ({ confidence, sources }) =>
        confidence === 'primary' && sources.length > 0 && sources.every(({ repo }) => elsewhere.test(repo)),
    );
    expect(idsOf(claimed)).toEqual([]);
  });

  test('no fact of a family that nobody checked is presented as checked', () => {
    const unchecked = families.filter((family) => family.confidence === 'memory' && family.sources.length === 0);
    expect(unchecked.length).toBeGreaterThan(0);
    expect(
      idsOf(
        unchecked.filter((family) => factsOf(family).some((fact) => RANK[fact.confidence ?? 'memory'] > RANK.memory)),
      ),
    ).toEqual([]);
  });

  test.each<[string, string, Confidence]>([
    ['postgres', '/var/lib/postgresql', 'primary'],
    ['etcd', '/var/lib/etcd', 'primary'],
    ['nats', '/tmp/nats/jetstream', 'primary'],
    ['influxdb', '/var/lib/influxdb3', 'secondary'],
    ['solr', '/opt/solr/server/solr', 'memory'],
    ['questdb', '/var/lib/questdb', 'memory'],
    ['keycloak', '/opt/jboss/keycloak/standalone/data', 'memory'],
    ['immich-server', '/data', 'memory'],
    ['cp-zookeeper', '/var/lib/zookeeper/data', 'primary'],
    ['shlink', '/etc/shlink/data', 'primary'],
    ['bitnami-minio', '/bitnami/minio/data', 'primary'],
    ['redmine', '/usr/src/redmine/sqlite', 'primary'],
    ['strapi', '/srv/app', 'memory'],
  ])('%s %s: %s', (id, path, confidence) => {
    const family = families.find((one) => one.id === id);
    expect(family?.data.find((fact) => fact.path === path)?.confidence ?? family?.confidence).toBe(confidence);
  });
});
