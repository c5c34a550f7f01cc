/** InfluxDB 1 and 2. 3 has another store and another API: it is said to be unknown. */
import { asked, at, counted, flag, isPlanted, list, number, openFiles, openIn, portOf, text } from './http.ts';
import {
  type Ask,
  type HttpRequest,
  type Planting,
  PREFIX,
  type Probe,
  type Told,
  Unable,
  type Weakness,
} from './probe.ts';

const PORT = 8086;

const portIn = (ask: Ask): number =>
  portOf(
    flag(ask.container.command, '--http-bind-address') ??
      ask.env('INFLUXD_HTTP_BIND_ADDRESS') ??
      ask.env('INFLUXDB_HTTP_BIND_ADDRESS'),
  ) ?? PORT;

/** The major version. 1.6 and older do not know /health; 3 asks for a token even there. */
async function generation(ask: Ask, port: number): Promise<number> {
  const { status, json } = await ask.http({ port, path: '/health' });
  if (status === 401) return 3;
  const version = text(at(json, 'version'))?.replace(/^v/, '');
  return version === undefined ? 1 : Number.parseInt(version, 10);
}

interface Series {
  readonly name: string;
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

export function seriesOf(json: unknown): Series[] {
  const error = text(at(json, 'error')) ?? text(at(json, 'results', 0, 'error'));
  if (error !== undefined) throw new Unable(`the server refused a query (${error.slice(0, 120)})`);
  return list(at(json, 'results', 0, 'series')).map((one) => ({
    name: text(at(one, 'name')) ?? '',
    columns: list(at(one, 'columns')).map(String),
    values: list(at(one, 'values')).map(list),
  }));
}

type Query = (q: string, more?: Partial<HttpRequest>) => Promise<Series[]>;

async function authorization(ask: Ask): Promise<Record<string, string>> {
  if (!/^(true|1)$/i.test(ask.env('INFLUXDB_HTTP_AUTH_ENABLED') ?? '')) return {};
  const user = (await ask.secret('INFLUXDB_ADMIN_USER')) ?? (await ask.secret('INFLUXDB_USER'));
  const password = (await ask.secret('INFLUXDB_ADMIN_PASSWORD')) ?? (await ask.secret('INFLUXDB_USER_PASSWORD'));
  if (user === undefined || password === undefined) return {};
  return { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

async function queries(ask: Ask, port: number): Promise<Query> {
  const headers = await authorization(ask);
  return async (q, more = {}) => {
    const { json } = await asked(ask, { port, path: `/query?q=${encodeURIComponent(q)}`, headers, ...more });
    return seriesOf(json);
  };
}

const quoted = (name: string): string => `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** Field 3, a varint, of the protocol buffer in meta.db: drawn by lot when the store is made. */
export function clusterId(bytes: Uint8Array): string | null {
  let position = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; position < bytes.length && shift < 70n; shift += 7n) {
      const byte = bytes[position++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError();
  };
  try {
    while (position < bytes.length) {
      const key = varint();
      const wire = Number(key & 7n);
      if (wire === 0) {
        const value = varint();
        if (key >> 3n === 3n) return BigInt.asUintN(64, value).toString();
      } else if (wire === 2) {
        const length = Number(varint());
        position += length;
      } else if (wire === 1) position += 8;
      else if (wire === 5) position += 4;
      else return null;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return null;
}

/** Only 1.x knows it. */
const FIRST = 'SHOW DIAGNOSTICS';

async function readFirst(ask: Ask, port: number): Promise<Told> {
  const query = await queries(ask, port);
  const diagnostics = await query(FIRST);
  const value = (part: string, key: string): string | undefined => {
    const series = diagnostics.find(({ name }) => name === part);
    return series && text(series.values[0]?.[series.columns.indexOf(key)]);
  };
  const folders = [value('config-data', 'dir'), value('config-data', 'wal-dir'), value('config-meta', 'dir')];
  const meta = folders[2];
  const database = meta === undefined ? null : await ask.file(`${meta}/meta.db`, 16 * 1024 * 1024);
  const names = (await query('SHOW DATABASES')).flatMap(({ values }) => values.map(([name]) => String(name)));
  const own = names.filter((name) => name !== '_internal' && !isPlanted(name));
  let series = 0;
  for (const name of own) {
    const counts = await query(`SHOW SERIES EXACT CARDINALITY ON ${quoted(name)}`);
    series += counts.reduce((sum, one) => sum + (number(one.values[0]?.[0]) ?? 0), 0);
  }
  return {
    writesTo: folders.flatMap((folder) => (folder ? [folder] : [])),
    fingerprint: database && clusterId(database),
    // The image makes an empty one of INFLUXDB_DB.
    empty: series === 0,
    count: series,
    contents: `${counted(own.length, 'database')}, ${series} series`,
    weaknesses: delayed(value('config-data', 'wal-fsync-delay')),
    evidence: [`${FIRST} says ${folders.filter(Boolean).join(', ')}`],
  };
}

function delayed(delay: string | undefined): Weakness[] {
  if (delay === undefined || delay === '0s') return [];
  const message = `what was confirmed in the last ${delay} is lost in a power failure`;
  return [{ setting: `wal-fsync-delay ${delay}`, message, weight: 'note' }];
}

async function readSecond(ask: Ask, port: number): Promise<Told> {
  const files = await openFiles(ask);
  const bolt = openIn(files, /^(.*\/[^/]+\.bolt)( \(deleted\))?$/);
  const found: string[] = bolt === undefined ? [] : [bolt];
  const evidence = bolt === undefined ? [] : [`the server has ${bolt} open`];
  const weaknesses: Weakness[] = [];
  if ((flag(ask.container.command, '--store') ?? ask.env('INFLUXD_STORE')) === 'memory')
    weaknesses.push({
      setting: 'store memory',
      message: 'users, buckets and dashboards are lost with every restart',
      weight: 'risk',
    });
  const told = { weaknesses, evidence };
  if (at((await asked(ask, { port, path: '/api/v2/setup' })).json, 'allowed') === true)
    return {
      ...told,
      writesTo: found,
      fingerprint: null,
      empty: true,
      count: 0,
      contents: 'not set up',
      evidence: [...evidence, 'it waits to be set up'],
    };
  const token = (await ask.secret('DOCKER_INFLUXDB_INIT_ADMIN_TOKEN')) ?? (await ask.secret('INFLUX_TOKEN'));
  if (token === undefined) throw new Unable('no token is known (DOCKER_INFLUXDB_INIT_ADMIN_TOKEN)');
  const headers = { Authorization: `Token ${token}` };
  const get = (path: string, also: readonly number[] = []) => asked(ask, { port, path, headers }, also);
  const config = at((await get('/api/v2/config', [401, 403, 404])).json, 'config');
  for (const key of ['engine-path', 'bolt-path', 'sqlite-path']) {
    const path = text(at(config, key));
    if (path === undefined || found.includes(path)) continue;
    found.push(path);
    evidence.push(`its configuration says ${key} ${path}`);
  }
  const orgs = list(at((await get('/api/v2/orgs?limit=100')).json, 'orgs'));
  const oldest = orgs
    .flatMap((one) => ({ id: text(at(one, 'id')) ?? '', created: text(at(one, 'createdAt')) ?? '' }))
    .sort((a, b) => (a.created < b.created ? -1 : 1))[0];
  const buckets = list(at((await get('/api/v2/buckets?limit=100')).json, 'buckets')).filter(
    (one) => at(one, 'type') !== 'system',
  );
  return {
    ...told,
    writesTo: found,
    fingerprint: oldest?.id ? `${oldest.id} ${oldest.created}` : null,
    // The first one is made with the set-up; how much is in them cannot be asked without reading it all.
    empty: buckets.length === 0 ? true : null,
    count: buckets.length,
    contents: counted(buckets.length, 'bucket'),
  };
}

export const INFLUXDB: Probe = {
  technologies: ['influxdb'],
  // 1.x was; 2.x is written by its documentation.
  proven: ({ evidence }) => evidence.some((line) => line.startsWith(FIRST)),
  async read(ask) {
    const port = portIn(ask);
    const major = await generation(ask, port);
    if (major === 1) return readFirst(ask, port);
    if (major === 2) return readSecond(ask, port);
    throw new Unable(`InfluxDB ${major} is not known`);
  },
  planting: {
    async refusal(ask) {
      const major = await generation(ask, portIn(ask));
      return major === 1 ? null : `planting is known for InfluxDB 1, not ${major}`;
    },
    async plant(ask, mark) {
      const port = portIn(ask);
      const query = await queries(ask, port);
      const name = PREFIX + mark;
      await query(`CREATE DATABASE ${quoted(name)} WITH DURATION 1d`, { method: 'POST' });
      const headers = await authorization(ask);
      await asked(ask, { port, path: `/write?db=${name}`, method: 'POST', headers, body: `p,mark=${mark} v=1` });
    },
    async find(ask, mark) {
      const query = await queries(ask, portIn(ask));
      const all = (await query('SHOW DATABASES')).flatMap(({ values }) => values.map(([name]) => name));
      if (!all.includes(PREFIX + mark)) return false;
      const found = await query(`SELECT v FROM ${quoted(PREFIX + mark)}.."p" WHERE "mark" = '${mark}'`);
      return found.some(({ values }) => values.length > 0);
    },
    async remove(ask, mark) {
      await (await queries(ask, portIn(ask)))(`DROP DATABASE ${quoted(PREFIX + mark)}`, { method: 'POST' });
    },
  } satisfies Planting,
};
