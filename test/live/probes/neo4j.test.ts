/** Answers as the HTTP API documents them: no server of it was at hand. */
import { describe, expect, test } from 'vitest';
import { NEO4J, rowsIn } from '../../../server/live/probes/neo4j.ts';
import type { HttpRequest } from '../../../server/live/probes/probe.ts';
import { scripted } from './scripted.ts';

const rows = (...all: unknown[][]) => ({
  status: 200,
  json: { results: [{ columns: [], data: all.map((row) => ({ row })) }], errors: [] },
});
const error = (code: string) => ({ status: 200, json: { results: [], errors: [{ code, message: 'secret table' }] } });
type Answers = Readonly<Record<string, ReturnType<typeof rows> | ReturnType<typeof error>>>;

const server = (answers: Answers, env: Readonly<Record<string, string>> = {}, seen: HttpRequest[] = []) =>
  scripted({
    env,
    http: (request) => {
      seen.push(request);
      const said = JSON.stringify(request.body);
      return Object.entries(answers).find(([part]) => said.includes(part))?.[1];
    },
  }).ask;
const ANSWERS: Answers = {
  'db.info': rows(['A1B2', '2026-01-02T03:04:05.6Z']),
  'RETURN count(n)': rows([42]),
  'SHOW SETTINGS': rows(
    ['server.directories.data', '/data'],
    ['server.directories.transaction.logs.root', '/data/transactions'],
  ),
};

describe('read', () => {
  test('version 5', async () => {
    const seen: HttpRequest[] = [];
    expect(await NEO4J.read(server(ANSWERS, { NEO4J_AUTH: 'neo4j/hunter2/x' }, seen))).toEqual({
      writesTo: ['/data'],
      fingerprint: 'A1B2',
      empty: false,
      count: 42,
      contents: '42 nodes',
      weaknesses: [],
      evidence: ['Its database was made on 2026-01-02 03:04'],
    });
    const login = Buffer.from('neo4j:hunter2/x').toString('base64');
    expect(seen[0]).toMatchObject({
      port: 7474,
      path: '/db/neo4j/tx/commit',
      headers: { authorization: `Basic ${login}` },
    });
  });

  test('version 4, whose directories are relative', async () => {
    const old = {
      ...ANSWERS,
      'SHOW SETTINGS': error('Neo.ClientError.Statement.SyntaxError'),
      listConfig: rows(['dbms.directories.data', 'data']),
      'RETURN count(n)': rows([0]),
    };
    expect(await NEO4J.read(server(old))).toMatchObject({ writesTo: ['/var/lib/neo4j/data'], empty: true });
  });
});

test('faults', () => {
  expect(() => rowsIn(401, {})).toThrow('wants a login');
  expect(() => rowsIn(404, undefined)).toThrow('no HTTP API');
  expect(() => rowsIn(200, error('Neo.X').json)).toThrow(/^Neo\.X$/);
  expect(rowsIn(200, undefined)).toEqual([]);
});

test('planting is for scratch copies alone', async () => {
  const planting = NEO4J.planting!;
  expect(planting.leaves).toBeDefined();
  expect(await planting.find(server({ MATCH: rows([1]) }), 'abc')).toBe(true);
  expect(await planting.refusal!(server({ 'SHOW DATABASES': rows(['read-only']) }))).toBe('it is read-only');
});
