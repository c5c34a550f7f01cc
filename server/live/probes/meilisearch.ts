/** Meilisearch, by its documentation. Writing is done by tasks, which are waited for. */
import {
  asked,
  at,
  counted,
  flag,
  inContainer,
  isPlanted,
  isRecord,
  number,
  openFiles,
  openIn,
  portOf,
  text,
} from './http.ts';
import { type Ask, type HttpRequest, type Planting, PREFIX, type Probe, Unable } from './probe.ts';

const PORT = 7700;
const KEY = 'MEILI_MASTER_KEY';
/** ms */
const PATIENCE = 10_000;

function requests(ask: Ask): (path: string, more?: Partial<HttpRequest>) => HttpRequest {
  const { command } = ask.container;
  const port = portOf(flag(command, '--http-addr') ?? ask.env('MEILI_HTTP_ADDR')) ?? PORT;
  const tls = ask.env('MEILI_SSL_CERT_PATH') !== undefined || flag(command, '--ssl-cert-path') !== undefined;
  const given = flag(command, '--master-key');
  const key = given ?? (ask.env(KEY) ? `\${${KEY}}` : undefined);
  const headers = key ? { Authorization: `Bearer ${key}` } : {};
  return (path, more = {}) => ({ port, path, tls, headers, ...more });
}

async function task(ask: Ask, request: HttpRequest, also: readonly number[] = []): Promise<void> {
  const { json, status } = await asked(ask, request, also);
  if (also.includes(status)) return;
  const id = number(at(json, 'taskUid')) ?? number(at(json, 'uid'));
  if (id === undefined) throw new Unable('the server gave the task no number');
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    const state = (await asked(ask, requests(ask)(`/tasks/${id}`))).json;
    const code = at(state, 'error', 'code');
    if (at(state, 'status') === 'succeeded' || code === 'index_not_found') return;
    if (at(state, 'status') === 'failed') throw new Unable(`a task failed (${text(code) ?? 'unknown'})`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Unable('a task was not done in time');
}

export const MEILISEARCH: Probe = {
  technologies: ['meilisearch'],
  proven: false,
  async read(ask) {
    const { json } = await asked(ask, requests(ask)('/stats'));
    const known = at(json, 'indexes');
    if (!isRecord(known)) throw new Unable('the server tells of no indexes');
    const indexes = Object.entries(known).filter(([name]) => !isPlanted(name));
    const documents = indexes.reduce((sum, [, one]) => sum + (number(at(one, 'numberOfDocuments')) ?? 0), 0);
    const open = openIn(await openFiles(ask), /^(.*)\/(?:tasks|auth|indexes\/[^/]+)\/(?:data|lock)\.mdb$/);
    const set = flag(ask.container.command, '--db-path') ?? ask.env('MEILI_DB_PATH');
    const folder = open ?? inContainer(ask, set ?? './data.ms');
    const version = await ask.file(`${folder}/VERSION`, 64);
    const id = await ask.file(`${folder}/instance-uid`, 64);
    return {
      writesTo: open !== undefined || version ? [folder] : [],
      // Not written where analytics are switched off.
      fingerprint: (id && Buffer.from(id).toString('latin1').trim()) || null,
      empty: documents === 0,
      count: documents,
      contents: `${counted(indexes.length, 'index', 'indexes')}, ${counted(documents, 'document')}`,
      weaknesses: [],
      evidence: [
        open
          ? `the server has files in ${open} open`
          : set
            ? `its path is set to ${set}`
            : `the usual place is ${folder}`,
        ...(version ? [`the data is of version ${Buffer.from(version).toString('latin1').trim()}`] : []),
      ],
    };
  },
  planting: {
    async plant(ask, mark) {
      const request = requests(ask);
      const uid = PREFIX + mark;
      await task(ask, request('/indexes', { method: 'POST', body: { uid, primaryKey: 'id' } }));
      const path = `/indexes/${uid}/documents`;
      await task(ask, request(path, { method: 'POST', body: [{ id: 'p', mark }] }));
    },
    async find(ask, mark) {
      const { json } = await asked(ask, requests(ask)(`/indexes/${PREFIX}${mark}/documents/p`), [404]);
      return at(json, 'mark') === mark;
    },
    async remove(ask, mark) {
      await task(ask, requests(ask)(`/indexes/${PREFIX}${mark}`, { method: 'DELETE' }), [404]);
    },
  } satisfies Planting,
};
