/**
 * ZooKeeper, by its documentation (Administrator's Guide: AdminServer, four letter words, zoo.cfg). It writes to two
 * places, snapshots and the log of transactions. Nothing in its data is an id.
 */
import { flatWords } from '../../stores/words.ts';
import {
  below,
  chosen,
  counted,
  firstLine,
  fullDisk,
  inShell,
  orNull,
  output,
  places,
  quoted,
  SILENT,
  TIMED,
} from './client.ts';
import { type Ask, type Planting, PREFIX, type Probe, type Told, Unable, type Weakness } from './probe.ts';

export interface Facts {
  readonly data: string | null;
  readonly log: string | null;
  /** With those of the server itself. */
  readonly nodes: number | null;
  readonly mode: string | null;
  readonly transaction: string | null;
  readonly version: string | null;
}

const NOTHING: Facts = { data: null, log: null, nodes: null, mode: null, transaction: null, version: null };

const textAt = (value: unknown, ...keys: string[]): string | null => {
  for (const key of keys) {
    const found = (value as Record<string, unknown> | null | undefined)?.[key];
    if (typeof found === 'string' || typeof found === 'number') return String(found);
  }
  return null;
};

/** `/data/version-2`, where `/data` is configured. */
const configured = (path: string | null): string | null => path?.replace(/\/version-2\/?$/, '') ?? null;

export function fromAdmin(configuration: unknown, server: unknown): Facts {
  const stats = (server as { server_stats?: unknown } | null | undefined)?.server_stats;
  const nodes = textAt(server, 'node_count') ?? textAt(stats, 'node_count');
  return {
    data: configured(textAt(configuration, 'data_dir', 'dataDir')),
    log: configured(textAt(configuration, 'data_log_dir', 'dataLogDir')),
    nodes: nodes === null ? null : Number(nodes),
    mode: textAt(stats, 'server_state'),
    transaction: textAt(stats, 'last_processed_zxid'),
    version: textAt(server, 'version')?.split('-')[0] ?? null,
  };
}

/** The answer to `srvr`: `Zookeeper version: 3.8.0-...`, `Zxid: 0x7`, `Mode: standalone`, `Node count: 5`. */
export function fromSrvr(text: string): Partial<Facts> {
  const of = (name: string): string | null => new RegExp(`^${name}: *(\\S+)`, 'm').exec(text)?.[1] ?? null;
  const nodes = of('Node count');
  if (nodes === null) return {};
  return {
    nodes: Number(nodes),
    mode: of('Mode'),
    transaction: of('Zxid'),
    version: of('Zookeeper version')?.split('-')[0] ?? null,
  };
}

/** zoo.cfg: `dataDir=/data`. */
export function fromFile(text: string, workingDirectory: string): Pick<Facts, 'data' | 'log'> & { forced: boolean } {
  const of = (key: string): string | null => {
    const value = new RegExp(`^[ \\t]*${key}[ \\t]*=[ \\t]*(.+?)[ \\t]*$`, 'm').exec(text)?.[1];
    return value === undefined ? null : below(workingDirectory, value);
  };
  return { data: of('dataDir'), log: of('dataLogDir'), forced: !/^[ \t]*forceSync[ \t]*=[ \t]*no\b/m.test(text) };
}

const FILES = ['/conf/zoo.cfg', '/etc/kafka/zookeeper.properties', '/opt/bitnami/zookeeper/conf/zoo.cfg'];
const LARGEST = 64 * 1024;

async function configurationFile(ask: Ask): Promise<string> {
  const named = flatWords(ask.container.command).find((word) => /^\/.*\.(cfg|properties)$/.test(word));
  for (const at of named === undefined ? FILES : [named, ...FILES]) {
    const bytes = await ask.file(at, LARGEST);
    if (bytes) return Buffer.from(bytes).toString('utf8');
  }
  return '';
}

async function admin(ask: Ask): Promise<Facts> {
  const get = async (path: string): Promise<unknown> => {
    const said = await orNull(ask.http({ port: 8080, path, timeout: 4000 }));
    return said?.status === 200 ? said.json : undefined;
  };
  const configuration = await get('/commands/configuration');
  return configuration === undefined ? NOTHING : fromAdmin(configuration, await get('/commands/srvr'));
}

async function srvr(ask: Ask): Promise<Partial<Facts>> {
  const script = `${TIMED}\n${chosen('nc', 'ncat')}\necho srvr | $t "$c" -w 3 127.0.0.1 2181`;
  const said = await orNull(inShell(ask, script));
  return said ? fromSrvr(said.stdout) : {};
}

async function facts(ask: Ask): Promise<Facts & { forced: boolean }> {
  const told = await admin(ask);
  const asked = told.nodes === null ? { ...told, ...(await srvr(ask)) } : told;
  const file = fromFile(await configurationFile(ask), ask.container.workingDirectory);
  if (asked.data === null && asked.nodes === null && file.data === null)
    throw new Unable('neither its admin server nor the command srvr answered');
  return { ...asked, data: asked.data ?? file.data, log: asked.log ?? file.log, forced: file.forced };
}

/** `/`, /zookeeper, and below it `config` and `quota`, with `quota`'s own: an untouched server has five, old ones four. */
const OWN = 5;

const UNFORCED: Weakness = {
  setting: 'forceSync no',
  message: 'A power cut loses transactions that were confirmed',
  weight: 'risk',
};

async function read(ask: Ask): Promise<Told> {
  const { data, log, nodes, mode, transaction, version, forced } = await facts(ask);
  const count = nodes === null ? null : Math.max(0, nodes - OWN);
  return {
    ...SILENT,
    writesTo: places([data, log]),
    empty: count === null ? null : count === 0,
    count,
    contents: count === null ? null : counted(count, 'node'),
    weaknesses: forced ? [] : [UNFORCED],
    evidence: [
      ...(version === null ? [] : [`ZooKeeper ${version}${mode === null ? '' : `, ${mode}`}`]),
      ...(transaction === null ? [] : [`Its last transaction is ${transaction}`]),
      ...(data !== null && log !== null && log !== data ? [`Its log of transactions is kept apart, in ${log}`] : []),
    ],
  };
}

const MISSING = /Node does not exist|NoNode/;

async function client(ask: Ask, ...args: string[]): Promise<string> {
  const words = args.map(quoted).join(' ');
  const script = `${TIMED}\n${chosen('zkCli.sh', 'zookeeper-shell')}
case $c in zkCli.sh) $t zkCli.sh -server 127.0.0.1:2181 ${words} ;; *) $t "$c" 127.0.0.1:2181 ${words} ;; esac 2>&1`;
  const run = await inShell(ask, script);
  // Its log comes with its answer; some versions end with 1 where a node is not there.
  return MISSING.test(run.stdout) ? run.stdout : output(run, 'the client of ZooKeeper');
}

const planting: Planting = {
  async refusal(ask) {
    const { data, mode } = await facts(ask);
    if (mode === 'read-only') return 'it is read-only';
    return fullDisk(ask, data ?? undefined);
  },
  async plant(ask, mark) {
    const said = await client(ask, 'create', `/${PREFIX}${mark}`, mark);
    if (!new RegExp(`Created /${PREFIX}${mark}`).test(said)) throw new Unable(firstLine(said.split('\n').at(-1) ?? ''));
  },
  async find(ask, mark) {
    const said = await client(ask, 'get', `/${PREFIX}${mark}`);
    return !MISSING.test(said) && new RegExp(`^${mark}$`, 'm').test(said);
  },
  remove: async (ask, mark) => {
    await client(ask, 'delete', `/${PREFIX}${mark}`);
  },
};

export const ZOOKEEPER: Probe = {
  technologies: ['zookeeper', 'cp-zookeeper', 'bitnami-zookeeper'],
  proven: false,
  read,
  planting,
};
