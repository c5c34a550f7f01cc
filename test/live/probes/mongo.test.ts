/** The client is played by its documented output: no server of it was at hand. */
import { describe, expect, test } from 'vitest';
import { type Facts, MONGO, reasonIn, saidIn } from '../../../server/live/probes/mongo.ts';
import { type Client, type Scripted, scripted } from './scripted.ts';

const SECRET = 'hunter2-and-more';
const FACTS: Facts = {
  router: false,
  primary: true,
  set: null,
  arbiter: false,
  path: '/data/db',
  journal: true,
  persistent: true,
  version: '7.0.14',
  locked: false,
  contents: { databases: 1, collections: 2, objects: 30 },
  id: '6d0ce9d0-9a58-4d0e-8f0a-3f5b1c2d4e5f',
};
const WARNING = "Warning: Could not access file: ENOTDIR: not a directory, mkdir '/dev/null/.mongodb/mongosh'\n";
const told = (value: unknown): string => `${WARNING}@told ${JSON.stringify(value)}`;
const client = (facts: Partial<Facts> = {}, ...says: Client['says']): Client => ({
  by: 'all',
  says: [...says, [/isMaster/, told({ ...FACTS, ...facts })]],
});
const server = (one: Client, more: Scripted = {}) => scripted({ clients: { mongosh: one }, ...more });

describe('read', () => {
  test('what it says', async () => {
    expect(await MONGO.read(server(client()).ask)).toEqual({
      writesTo: ['/data/db'],
      fingerprint: FACTS.id,
      empty: false,
      count: 30,
      contents: '2 collections in 1 database, 30 documents',
      weaknesses: [],
      evidence: ['MongoDB 7.0.14'],
    });
  });

  test('an empty one, one in memory, one whose user sees little', async () => {
    const empty = { contents: { databases: 0, collections: 0, objects: 0 }, persistent: false };
    expect(await MONGO.read(server(client(empty)).ask)).toMatchObject({
      empty: true,
      count: 0,
      weaknesses: [{ weight: 'risk' }],
    });
    const little = { contents: null, path: null, id: null };
    expect(await MONGO.read(server(client(little), { cwd: '/data/db' }).ask)).toMatchObject({
      writesTo: ['/data/db'],
      fingerprint: null,
      empty: null,
      count: null,
      contents: null,
    });
  });

  test('a router, a failed login, no client', async () => {
    await expect(MONGO.read(server(client({ router: true })).ask)).rejects.toThrow('it is a router');
    const failed: Client = { by: 'all', says: [[/.*/, { err: 'MongoServerError: Authentication failed.', code: 1 }]] };
    await expect(MONGO.read(server(failed).ask)).rejects.toThrow('MongoServerError: Authentication failed.');
    await expect(MONGO.read(scripted({}).ask)).rejects.toThrow('there is no mongosh in the container');
  });

  test('the login stays in the environment', async () => {
    const { ask, argvs, noted } = server(client(), {
      env: { MONGO_INITDB_ROOT_USERNAME: 'me', MONGO_INITDB_ROOT_PASSWORD: SECRET },
    });
    await MONGO.read(ask);
    expect(noted()[0]!.env).toMatchObject({ PROBE_USER: 'me', PROBE_PASSWORD: SECRET, HOME: '/dev/null' });
    expect(JSON.stringify([argvs, noted().map(({ argv }) => argv)])).not.toContain(SECRET);
  });

  test('the old shell', async () => {
    expect(await MONGO.read(scripted({ clients: { mongo: client() } }).ask)).toMatchObject({ count: 30 });
  });
});

describe('planting', () => {
  const planting = MONGO.planting!;

  test.each([
    [{ primary: false, set: 'rs0' }, 'it is not the primary of its replica set'],
    [{ locked: true }, 'it is locked for a backup'],
    [{}, null],
  ])('%o', async (facts, reason) => {
    expect(await planting.refusal!(server(client(facts)).ask)).toBe(reason);
  });

  test('in a database of its own', async () => {
    const one = client({}, [/count: 'p'/, told(1)], [/insert: 'p'/, told(1)], [/dropDatabase/, told(1)]);
    const { ask } = server(one);
    await planting.plant(ask, 'abc');
    expect(await planting.find(ask, 'abc')).toBe(true);
    await planting.remove(ask, 'abc');
    await expect(planting.plant(server(client({}, [/insert/, told('not allowed')])).ask, 'abc')).rejects.toThrow(
      'not allowed',
    );
  });
});

test('odd outputs', () => {
  expect(() => saidIn('@told {"a":')).toThrow();
  expect(() => saidIn('')).toThrow('the client said nothing');
  expect(reasonIn(`${WARNING}connect ECONNREFUSED 127.0.0.1:27017`)).toBe('connect ECONNREFUSED 127.0.0.1:27017');
});
