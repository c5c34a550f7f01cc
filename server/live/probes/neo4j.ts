/** Neo4j over HTTP, by its documentation (HTTP API, SHOW SETTINGS, db.info). The id of the data is that of the store. */
import { below, counted, firstLine, places, SILENT } from './client.ts';
import { type Ask, type Planting, PREFIX, type Probe, type Told, Unable } from './probe.ts';

const HOME = '/var/lib/neo4j';
const DATABASE = 'neo4j';

async function authorization(ask: Ask): Promise<Readonly<Record<string, string>>> {
  const auth = await ask.secret('NEO4J_AUTH');
  const [, user, password] = /^([^/]+)\/(.+)$/.exec(auth ?? '') ?? [];
  if (user === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

interface Answer {
  readonly results?: readonly { readonly data?: readonly { readonly row?: readonly unknown[] }[] }[];
  readonly errors?: readonly { readonly code?: string; readonly message?: string }[];
}

/** @returns the rows @throws Unable */
export function rowsIn(status: number, json: unknown): readonly (readonly unknown[])[] {
  if (status === 401 || status === 403) throw new Unable('the server wants a login that is not in NEO4J_AUTH');
  if (status === 404) throw new Unable('it has no HTTP API of version 4 or later');
  const { results = [], errors = [] } = (json ?? {}) as Answer;
  const error = errors[0];
  if (error) throw new Unable(firstLine(`${error.code ?? 'error'}`));
  if (status !== 200 && status !== 201) throw new Unable(`it answered with status ${status}`);
  return (results[0]?.data ?? []).map(({ row = [] }) => row);
}

async function run(
  ask: Ask,
  statement: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<readonly (readonly unknown[])[]> {
  const { status, json } = await ask.http({
    port: 7474,
    method: 'POST',
    path: `/db/${DATABASE}/tx/commit`,
    headers: { ...(await authorization(ask)), accept: 'application/json' },
    body: { statements: [{ statement, parameters }] },
    timeout: 10_000,
  });
  return rowsIn(status, json);
}

/** The names changed with version 5, and so did the call. */
const NAMES = [
  'server.directories.data',
  'server.directories.transaction.logs.root',
  'dbms.directories.data',
  'dbms.directories.transaction.logs.root',
];

export function directoriesIn(rows: readonly (readonly unknown[])[]): string[] {
  const settings = new Map(rows.map(([name, value]) => [String(name), typeof value === 'string' ? value : '']));
  return places(NAMES.map((name) => settings.get(name)).map((path) => (path ? below(HOME, path) : null)));
}

async function directories(ask: Ask): Promise<string[]> {
  const names = JSON.stringify(NAMES);
  try {
    return directoriesIn(await run(ask, `SHOW SETTINGS YIELD name, value WHERE name IN ${names} RETURN name, value`));
  } catch (error) {
    if (!(error instanceof Unable)) throw error;
    const old = `CALL dbms.listConfig() YIELD name, value WHERE name IN ${names} RETURN name, value`;
    return directoriesIn(await run(ask, old));
  }
}

async function read(ask: Ask): Promise<Told> {
  const [info] = await run(ask, 'CALL db.info() YIELD id, creationDate RETURN id, toString(creationDate)');
  const [counts] = await run(ask, 'MATCH (n) RETURN count(n)');
  const nodes = typeof counts?.[0] === 'number' ? counts[0] : null;
  return {
    ...SILENT,
    writesTo: await directories(ask).catch((error: unknown) => {
      if (error instanceof Unable) return [];
      throw error;
    }),
    fingerprint: typeof info?.[0] === 'string' ? info[0] : null,
    empty: nodes === null ? null : nodes === 0,
    count: nodes,
    contents: nodes === null ? null : counted(nodes, 'node'),
    evidence:
      typeof info?.[1] === 'string' ? [`Its database was made on ${info[1].slice(0, 16).replace('T', ' ')}`] : [],
  };
}

const planting: Planting = {
  leaves: 'the names of a label and of a property, which Neo4j never forgets',
  async refusal(ask) {
    const rows = await run(ask, `SHOW DATABASES YIELD name, access WHERE name = '${DATABASE}' RETURN access`);
    return rows.some(([access]) => access === 'read-only') ? 'it is read-only' : null;
  },
  plant: async (ask, mark) => {
    await run(ask, `MERGE (:${PREFIX}node {mark: $mark})`, { mark });
  },
  find: async (ask, mark) => {
    const [row] = await run(ask, `MATCH (n:${PREFIX}node {mark: $mark}) RETURN count(n)`, { mark });
    return row?.[0] === 1;
  },
  remove: async (ask, mark) => {
    await run(ask, `MATCH (n:${PREFIX}node {mark: $mark}) DETACH DELETE n`, { mark });
  },
};

export const NEO4J: Probe = { technologies: ['neo4j'], proven: false, read, planting };
