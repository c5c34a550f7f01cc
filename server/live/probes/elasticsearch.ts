/** Elasticsearch and OpenSearch, by their documentation. */
import { asked, at, counted, isPlanted, list, portOf, text } from './http.ts';
import { type Ask, type HttpRequest, type Planting, PREFIX, type Probe, Unable, type Weakness } from './probe.ts';

const PORT = 9200;
const NETWORK = /^(nfs\d?|cifs|smb\w*|9p|fuse.*|virtiofs|glusterfs|ceph)$/i;

type Requests = (path: string, more?: Partial<HttpRequest>) => HttpRequest;

const isTrue = (value: string | undefined): boolean => /^true$/i.test(value ?? '');
const isFalse = (value: string | undefined): boolean => /^false$/i.test(value ?? '');

/** By what is known of its settings; where that is wrong, the other. */
function schemes(ask: Ask): boolean[] {
  const plain =
    isFalse(ask.env('xpack.security.enabled')) ||
    isFalse(ask.env('xpack.security.http.ssl.enabled')) ||
    isTrue(ask.env('DISABLE_SECURITY_PLUGIN')) ||
    isTrue(ask.env('plugins.security.disabled'));
  return plain ? [false, true] : [true, false];
}

async function headersOf(ask: Ask): Promise<Record<string, string>> {
  const users: readonly (readonly [name: string, user: string])[] = [
    ['ELASTIC_PASSWORD', ask.env('ELASTIC_USERNAME') ?? ask.env('ELASTIC_USER') ?? 'elastic'],
    ['ELASTICSEARCH_PASSWORD', 'elastic'],
    ['OPENSEARCH_INITIAL_ADMIN_PASSWORD', 'admin'],
    ['OPENSEARCH_PASSWORD', 'admin'],
  ];
  for (const [name, user] of users) {
    const password = await ask.secret(name);
    if (password !== undefined)
      return { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  }
  return {};
}

async function serverOf(ask: Ask): Promise<{ request: Requests; root: unknown }> {
  const port = portOf(ask.env('http.port') ?? ask.env('ELASTICSEARCH_PORT_NUMBER')) ?? PORT;
  const headers = await headersOf(ask);
  let first: Unable | undefined;
  for (const tls of schemes(ask)) {
    const request: Requests = (path, more = {}) => ({ port, path, tls, headers, ...more });
    try {
      return { request, root: (await asked(ask, request('/'))).json };
    } catch (error) {
      if (!(error instanceof Unable)) throw error;
      first = /credentials/.test(error.message) ? error : (first ?? error);
    }
  }
  throw first ?? new Unable('it was not asked');
}

/** Those with a dot are the server's own, but for what holds data streams. */
const isUsers = (name: string): boolean =>
  (!name.startsWith('.') || /^\.ds-(?![.]|ilm-history)/.test(name)) &&
  !/^(security-auditlog|top_queries)-/.test(name) &&
  !isPlanted(name);

export const ELASTICSEARCH: Probe = {
  technologies: ['elasticsearch', 'opensearch', 'bitnami-elasticsearch'],
  proven: false,
  async read(ask) {
    const { request, root } = await serverOf(ask);
    const cluster = text(at(root, 'cluster_uuid'));
    if (cluster === '_na_') throw new Unable('its cluster has not formed yet');
    const nodes = at((await asked(ask, request('/_nodes/_local/stats/fs'))).json, 'nodes');
    const disks = Object.values(nodes ?? {}).flatMap((node) => list(at(node, 'fs', 'data')));
    const rows = await asked(
      ask,
      request('/_cat/indices?format=json&h=index,docs.count&expand_wildcards=open,closed,hidden'),
    );
    const indices = list(rows.json).filter((row) => isUsers(text(at(row, 'index')) ?? '.'));
    // One that is closed, or whose shards are not back yet, has no number.
    const counts = indices.map((row) => Number(at(row, 'docs.count') ?? Number.NaN));
    const known = counts.filter(Number.isFinite);
    const documents = known.reduce((sum, count) => sum + count, 0);
    const evidence = disks.map(
      (disk) => `it stores in ${at(disk, 'path')}, which is on ${at(disk, 'type') ?? 'an unknown file system'}`,
    );
    return {
      writesTo: disks.flatMap((disk) => text(at(disk, 'path')) ?? []),
      fingerprint: cluster ?? null,
      empty: indices.length === 0 ? true : documents > 0 ? false : null,
      count: known.length === counts.length ? documents : null,
      contents: `${counted(indices.length, 'index', 'indices')}, ${counted(documents, 'document')}`,
      weaknesses: [...networkDisks(disks), ...(await asynchronous(ask, request))],
      evidence,
    };
  },
  planting: {
    async plant(ask, mark) {
      const { request } = await serverOf(ask);
      const settings = {
        settings: { number_of_shards: 1, number_of_replicas: 0, 'index.translog.durability': 'request' },
      };
      await asked(ask, request(`/${PREFIX}${mark}`, { method: 'PUT', body: settings }));
      const path = `/${PREFIX}${mark}/_doc/1?refresh=true`;
      await asked(ask, request(path, { method: 'PUT', body: { mark } }));
    },
    async find(ask, mark) {
      const { request } = await serverOf(ask);
      const { json } = await asked(ask, request(`/${PREFIX}${mark}/_doc/1`), [404]);
      return at(json, '_source', 'mark') === mark;
    },
    async remove(ask, mark) {
      const { request } = await serverOf(ask);
      await asked(ask, request(`/${PREFIX}${mark}`, { method: 'DELETE' }), [404]);
    },
  } satisfies Planting,
};

const networkDisks = (disks: readonly unknown[]): Weakness[] =>
  disks.flatMap((disk) => {
    const type = text(at(disk, 'type')) ?? '';
    if (!NETWORK.test(type)) return [];
    const message = 'Lucene relies on locks and ordering that such file systems do not promise: indices may be damaged';
    return [{ setting: `file system ${type}`, message, weight: 'risk' as const }];
  });

async function asynchronous(ask: Ask, request: Requests): Promise<Weakness[]> {
  const path = '/_all/_settings/index.translog.durability?flat_settings=true';
  const { json } = await asked(ask, request(path), [400, 403, 404]);
  const names = Object.entries(json ?? {}).flatMap(([name, index]) =>
    isUsers(name) && at(index, 'settings', 'index.translog.durability') === 'async' ? [name] : [],
  );
  if (names.length === 0) return [];
  return [
    {
      setting: 'index.translog.durability async',
      message: `what was confirmed in the last seconds is lost in a crash (${names.slice(0, 3).join(', ')})`,
      weight: 'risk',
    },
  ];
}
