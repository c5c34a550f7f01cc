/** Qdrant, by its documentation. */
import { asked, at, counted, inContainer, isPlanted, list, number, openFiles, openIn, portOf, text } from './http.ts';
import { type Ask, type HttpRequest, type Planting, PREFIX, type Probe, type Weakness } from './probe.ts';

const PORT = 6333;
const MOST_COUNTED = 100;

function requests(ask: Ask): (path: string, more?: Partial<HttpRequest>) => HttpRequest {
  const port = portOf(ask.env('QDRANT__SERVICE__HTTP_PORT')) ?? PORT;
  const tls = /^(true|1)$/i.test(ask.env('QDRANT__SERVICE__ENABLE_TLS') ?? '');
  const key = 'QDRANT__SERVICE__API_KEY';
  const headers = ask.env(key) ? { 'api-key': `\${${key}}` } : {};
  return (path, more = {}) => ({ port, path, tls, headers, ...more });
}

async function whereOf(ask: Ask): Promise<{ folder: string; evidence: string }> {
  const open = openIn(await openFiles(ask), /^(.*)\/(?:collections\/|raft_state\.json|aliases\/)/);
  if (open !== undefined) return { folder: open, evidence: `the server has files in ${open} open` };
  const set = ask.env('QDRANT__STORAGE__STORAGE_PATH');
  const folder = inContainer(ask, set ?? './storage');
  return { folder, evidence: set ? `QDRANT__STORAGE__STORAGE_PATH is ${set}` : `the usual place is ${folder}` };
}

/** Larger than a number can be. */
export const peerId = (state: string): string | null => /"(?:this_)?peer_id"\s*:\s*(\d+)/.exec(state)?.[1] ?? null;

export const QDRANT: Probe = {
  technologies: ['qdrant'],
  proven: false,
  async read(ask) {
    const request = requests(ask);
    const { json } = await asked(ask, request('/collections'));
    const names = list(at(json, 'result', 'collections'))
      .flatMap((one) => text(at(one, 'name')) ?? [])
      .filter((name) => !isPlanted(name));
    let points = 0;
    for (const name of names.slice(0, MOST_COUNTED)) {
      const count = request(`/collections/${encodeURIComponent(name)}/points/count`, {
        method: 'POST',
        body: { exact: true },
      });
      points += number(at((await asked(ask, count, [404])).json, 'result', 'count')) ?? 0;
    }
    const whole = names.length <= MOST_COUNTED;
    const { folder, evidence } = await whereOf(ask);
    // A configuration file may name another folder: only one that holds the server's own state is believed.
    const state = await ask.file(`${folder}/raft_state.json`, 4 * 1024 * 1024);
    const weaknesses: Weakness[] = [];
    if (/potential issue with the filesystem for storage path/i.test(await ask.logs(2000)))
      weaknesses.push({
        setting: 'file system of the storage path',
        message: 'the server warns that it may corrupt its data on this kind of file system',
        weight: 'risk',
      });
    return {
      writesTo: state ? [folder] : [],
      fingerprint: state && peerId(Buffer.from(state).toString('utf8')),
      empty: points > 0 ? false : whole ? true : null,
      count: whole ? points : null,
      contents: `${counted(names.length, 'collection')}, ${counted(points, 'point')}`,
      weaknesses,
      evidence: [state ? evidence : `there is no raft_state.json in ${folder}`],
    };
  },
  planting: {
    async plant(ask, mark) {
      const request = requests(ask);
      const path = `/collections/${PREFIX}${mark}`;
      const vectors = { vectors: { size: 4, distance: 'Dot' } };
      await asked(ask, request(path, { method: 'PUT', body: vectors }));
      const body = { points: [{ id: 1, vector: [1, 0, 0, 0], payload: { mark } }] };
      await asked(ask, request(`${path}/points?wait=true`, { method: 'PUT', body }));
    },
    async find(ask, mark) {
      const path = `/collections/${PREFIX}${mark}/points/1`;
      const { json } = await asked(ask, requests(ask)(path), [404]);
      return at(json, 'result', 'payload', 'mark') === mark;
    },
    async remove(ask, mark) {
      await asked(ask, requests(ask)(`/collections/${PREFIX}${mark}`, { method: 'DELETE' }), [404]);
    },
  } satisfies Planting,
};
