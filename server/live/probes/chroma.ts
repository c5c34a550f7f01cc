/** Chroma, as a server: 1.x and late 0.x by /api/v2, before that by /api/v1. */

import { readEmbedded } from './chroma-file.ts';
import { partsOf } from './fingerprint.ts';
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

const PORT = 8000;
const TENANT = '/api/v2/tenants/default_tenant';
const V2 = `${TENANT}/databases/default_database`;
/** Each is counted by a request of its own. */
const MOST_COUNTED = 100;

interface Server {
  /** Before `/collections`, by database. */
  readonly databases: readonly string[];
  readonly request: (path: string, more?: Partial<HttpRequest>) => HttpRequest;
}

interface Collection {
  readonly id: string;
  readonly name: string;
  readonly database: string;
}

async function portOfChroma(ask: Ask): Promise<number> {
  const { command } = ask.container;
  const given = flag(command, '--port') ?? ask.env('CHROMA_PORT') ?? ask.env('CHROMA_SERVER_HTTP_PORT');
  const port = portOf(given) ?? portOf(/^\s*port:\s*["']?(\d+)/m.exec(await configuration(ask))?.[1]);
  return port ?? PORT;
}

/** `run FILE`, as the image does. */
async function configuration(ask: Ask): Promise<string> {
  const { command } = ask.container;
  const file = command.find((word) => /\.ya?ml$/.test(word) && !word.startsWith('-'));
  const bytes = file === undefined ? null : await ask.file(inContainer(ask, file), 64 * 1024);
  return bytes ? Buffer.from(bytes).toString('utf8') : '';
}

/** Users and passwords of `basic` stand hashed in a file: with those nothing can be asked. */
function credentials(ask: Ask): Record<string, string> {
  const token = 'CHROMA_SERVER_AUTHN_CREDENTIALS';
  const old = 'CHROMA_SERVER_AUTH_CREDENTIALS';
  const name = ask.env(token) ? token : ask.env(old) ? old : null;
  if (name === null) return {};
  const header = ask.env('CHROMA_AUTH_TOKEN_TRANSPORT_HEADER') ?? ask.env('CHROMA_SERVER_AUTH_TOKEN_TRANSPORT_HEADER');
  return /x.chroma.token/i.test(header ?? '')
    ? { 'X-Chroma-Token': `\${${name}}` }
    : { Authorization: `Bearer \${${name}}` };
}

async function serverOf(ask: Ask): Promise<Server> {
  const port = await portOfChroma(ask);
  const headers = credentials(ask);
  const request: Server['request'] = (path, more = {}) => ({ port, path, headers, ...more });
  // The newer ones answer 410 to everything below /api/v1.
  const { status } = await asked(ask, request('/api/v2/heartbeat'), [404, 405]);
  if (status !== 200) {
    await asked(ask, request('/api/v1/heartbeat'));
    return { databases: ['/api/v1'], request };
  }
  const found = await asked(ask, request(`${TENANT}/databases`), [404, 405]);
  const names = list(found.json).flatMap((one) => text(at(one, 'name')) ?? []);
  const databases = names.map((name) => `${TENANT}/databases/${encodeURIComponent(name)}`);
  return { databases: databases.length > 0 ? databases : [V2], request };
}

async function collectionsOf(ask: Ask, { databases, request }: Server): Promise<Collection[]> {
  const found: Collection[] = [];
  for (const database of databases) {
    const { json } = await asked(ask, request(`${database}/collections`));
    if (!Array.isArray(json)) throw new Unable('the server lists no collections');
    for (const one of json) {
      const [id, name] = [text(at(one, 'id')), text(at(one, 'name'))];
      if (id !== undefined && name !== undefined) found.push({ id, name, database });
    }
  }
  return found;
}

/** The open file tells the truth; without a shell in the container the log does, until it is too long. */
async function whereOf(ask: Ask): Promise<{ folders: string[]; deleted: boolean; evidence: string[] }> {
  const files = await openFiles(ask);
  const folder = openIn(files, /^(.*)\/chroma\.sqlite3( \(deleted\))?$/);
  if (folder !== undefined) {
    // It may have made a new one at the same place since, with nothing in it.
    const deleted = files.includes(`${folder}/chroma.sqlite3 (deleted)`);
    const evidence = deleted ? [] : [`the server has ${folder}/chroma.sqlite3 open`];
    return { folders: [folder], deleted, evidence };
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the banner is coloured
  const log = (await ask.logs(2000)).replace(/\x1b\[[0-9;]*m/g, '');
  // With a configuration file it shows that one, as it took it.
  const said = [...log.matchAll(/(?:Saving data to: |^\s*persist_path: "?)([^\s"]+)/gm)].at(-1)?.[1];
  const told = said ?? flag(ask.container.command, '--path');
  if (told === undefined) return { folders: [], deleted: false, evidence: [] };
  const from = said === undefined ? 'its command says --path' : 'its log says that it saves to';
  return { folders: [inContainer(ask, told)], deleted: false, evidence: [`${from} ${told}`] };
}

const isTrue = (value: string | undefined): boolean => /^(true|1|yes|on)$/i.test(value ?? '');

function weaknessesOf(ask: Ask, deleted: boolean): Weakness[] {
  const found: Weakness[] = [];
  if (deleted)
    found.push({
      setting: 'chroma.sqlite3 (deleted)',
      message: 'the file that the server has open was deleted, so everything is lost when it stops',
      weight: 'risk',
    });
  if (isTrue(ask.env('CHROMA_ALLOW_RESET')) || isTrue(ask.env('ALLOW_RESET')))
    found.push({
      setting: 'ALLOW_RESET',
      message: 'one call of the API deletes everything, and everybody who reaches the server may make it',
      weight: 'note',
    });
  return found;
}

type Held = Omit<Told, 'writesTo' | 'weaknesses'>;

const NOTHING_TOLD: Held = { fingerprint: null, empty: null, count: null, contents: null, evidence: [] };

async function heldBy(ask: Ask): Promise<Held> {
  const server = await serverOf(ask);
  const all = (await collectionsOf(ask, server)).filter(({ name }) => !isPlanted(name));
  let records = 0;
  for (const { id, database } of all.slice(0, MOST_COUNTED)) {
    // One that is deleted meanwhile holds nothing.
    const { json, status } = await asked(ask, server.request(`${database}/collections/${id}/count`), [404]);
    records += status === 404 ? 0 : (number(json) ?? 0);
  }
  const whole = all.length <= MOST_COUNTED;
  return {
    fingerprint: partsOf(all.map(({ id }) => id)),
    // Programs make their collections anew at their start: one without records is no data.
    empty: records > 0 ? false : whole ? true : null,
    count: whole ? records : null,
    contents: `${counted(all.length, 'collection')}, ${whole ? '' : 'more than '}${counted(records, 'record')}`,
    evidence: [`the API tells of ${counted(all.length, 'collection')}`],
  };
}

export const CHROMA: Probe = {
  technologies: ['chroma'],
  proven: true,
  ofParts: true,
  async read(ask) {
    // What listens there is the program itself, or nobody.
    if (ask.store.role === 'embedded') return readEmbedded(ask);
    const held = await heldBy(ask).catch((error: unknown) => {
      if (error instanceof Unable) return error;
      throw error;
    });
    const { folders, deleted, evidence } = await whereOf(ask);
    // Whatever it opens anew of a deleted file fails, so that it may answer this and not that: the file is what is to be told.
    if (held instanceof Unable && !deleted) throw held;
    const told = held instanceof Unable ? { ...NOTHING_TOLD, evidence: [held.message] } : held;
    return {
      ...told,
      writesTo: folders,
      weaknesses: weaknessesOf(ask, deleted),
      evidence: [...evidence, ...told.evidence],
    };
  },
  planting: {
    refusal: async ({ store }) => (store.role === 'embedded' ? 'it is a part of the program, without a server' : null),
    leaves: 'the folder of its vectors, which Chroma keeps when a collection is deleted',
    async plant(ask, mark) {
      const { databases, request } = await serverOf(ask);
      const base = `${databases[0]}/collections`;
      const body = { name: PREFIX + mark, get_or_create: true };
      const { json } = await asked(ask, request(base, { method: 'POST', body }));
      const id = text(at(json, 'id'));
      if (id === undefined) throw new Unable('the server gave the collection no id');
      const record = { ids: ['p'], embeddings: [[1, 0]], documents: [mark] };
      await asked(ask, request(`${base}/${id}/upsert`, { method: 'POST', body: record }));
    },
    async find(ask, mark) {
      const server = await serverOf(ask);
      const one = (await collectionsOf(ask, server)).find(({ name }) => name === PREFIX + mark);
      if (!one) return false;
      const body = { ids: ['p'], include: ['documents'] };
      const path = `${one.database}/collections/${one.id}/get`;
      const { json } = await asked(ask, server.request(path, { method: 'POST', body }), [404]);
      return at(json, 'documents', 0) === mark;
    },
    async remove(ask, mark) {
      const server = await serverOf(ask);
      for (const { name, database } of await collectionsOf(ask, server)) {
        if (name !== PREFIX + mark) continue;
        await asked(ask, server.request(`${database}/collections/${name}`, { method: 'DELETE' }), [404]);
      }
    },
  } satisfies Planting,
};
