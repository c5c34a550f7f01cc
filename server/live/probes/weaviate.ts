/** Weaviate, by its documentation. Nothing in its API belongs to the data: nodes are named after hosts. */
import {
  asked,
  at,
  counted,
  flag,
  inContainer,
  isPlanted,
  list,
  number,
  openFiles,
  openIn,
  portOf,
  text,
} from './http.ts';
import { type Ask, type HttpRequest, type Planting, PREFIX, type Probe } from './probe.ts';

const PORT = 8080;
const OBJECT = '00000000-0000-4000-8000-000000000001';

function requests(ask: Ask): (path: string, more?: Partial<HttpRequest>) => HttpRequest {
  const port = portOf(flag(ask.container.command, '--port')) ?? PORT;
  const tls = flag(ask.container.command, '--scheme') === 'https';
  const on = /^(true|1|on|enabled)$/i.test(ask.env('AUTHENTICATION_APIKEY_ENABLED') ?? '');
  const keys = 'AUTHENTICATION_APIKEY_ALLOWED_KEYS';
  const first = ask.env(keys)?.split(',')[0]?.trim();
  // A single key stays a variable, which works through a shell in the container as well.
  const key = first === ask.env(keys) ? `\${${keys}}` : first;
  const headers = on && first ? { Authorization: `Bearer ${key}` } : {};
  return (path, more = {}) => ({ port, path, tls, headers, ...more });
}

/** Classes begin with a capital letter. */
const className = (mark: string): string => PREFIX[0]!.toUpperCase() + PREFIX.slice(1) + mark;

/** Null: not known. They are counted in the background, and in shards that are loaded: none may mean not yet. */
function objectsIn(shards: readonly unknown[], classes: number): number | null {
  if (shards.some((shard) => at(shard, 'loaded') === false)) return null;
  const objects = shards.reduce((sum: number, shard) => sum + (number(at(shard, 'objectCount')) ?? 0), 0);
  return objects === 0 && classes > 0 ? null : objects;
}

export const WEAVIATE: Probe = {
  technologies: ['weaviate'],
  proven: false,
  async read(ask) {
    const request = requests(ask);
    const { json } = await asked(ask, request('/v1/schema'));
    const classes = list(at(json, 'classes')).flatMap((one) => text(at(one, 'class')) ?? []);
    const own = classes.filter((name) => !isPlanted(name));
    const nodes = list(at((await asked(ask, request('/v1/nodes?output=verbose'), [404])).json, 'nodes'));
    const shards = nodes
      .flatMap((node) => list(at(node, 'shards')))
      .filter((shard) => !isPlanted(text(at(shard, 'class')) ?? ''));
    const objects = objectsIn(shards, own.length);
    const open = openIn(await openFiles(ask), /^(.*)\/(?:raft\/raft\.db|schema\.db|modules\.db|classifications\.db)$/);
    const set = ask.env('PERSISTENCE_DATA_PATH');
    const folder = open ?? inContainer(ask, set ?? './data');
    const evidence = open ? `the server has files in ${open} open` : set ? `PERSISTENCE_DATA_PATH is ${set}` : null;
    // Only a folder that has the server's own files is believed.
    const known = open ?? (await ask.stat(`${folder}/raft`)) ?? (await ask.stat(`${folder}/schema.db`));
    return {
      writesTo: known ? [folder] : [],
      fingerprint: null,
      empty: own.length === 0 ? true : objects === null ? null : false,
      count: objects,
      contents: `${counted(own.length, 'collection')}${objects === null ? '' : `, ${counted(objects, 'object')}`}`,
      weaknesses: [],
      evidence: [evidence ?? `without PERSISTENCE_DATA_PATH it writes to ${folder}`],
    };
  },
  planting: {
    async plant(ask, mark) {
      const request = requests(ask);
      const schema = { class: className(mark), vectorizer: 'none', properties: [{ name: 'mark', dataType: ['text'] }] };
      await asked(ask, request('/v1/schema', { method: 'POST', body: schema }));
      const body = { class: className(mark), id: OBJECT, properties: { mark }, vector: [1, 0] };
      await asked(ask, request('/v1/objects', { method: 'POST', body }));
    },
    async find(ask, mark) {
      // An unknown class is 422 to some releases.
      const path = `/v1/objects/${className(mark)}/${OBJECT}`;
      const { json } = await asked(ask, requests(ask)(path), [404, 422]);
      return at(json, 'properties', 'mark') === mark;
    },
    async remove(ask, mark) {
      await asked(ask, requests(ask)(`/v1/schema/${className(mark)}`, { method: 'DELETE' }), [400, 404]);
    },
  } satisfies Planting,
};
