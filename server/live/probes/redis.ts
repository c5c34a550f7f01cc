/**
 * Redis and what speaks like it. There is no id that belongs to the data: `run_id` and the time of the last save are
 * those of the process.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { counted, fullDisk, places, SILENT, workingDirectory } from './client.ts';
import { type Ask, type Planting, PREFIX, type Probe, type Told, Unable, type Weakness } from './probe.ts';
import { infoOf, Locked, settingOf, talk } from './redis-client.ts';

/** One by one: only Redis 7 takes several names. */
const SETTINGS = [
  'dir',
  'save',
  'appendfsync',
  'maxmemory',
  'maxmemory-policy',
  'stop-writes-on-bgsave-error',
] as const;
type Setting = (typeof SETTINGS)[number];

const PROCESSES = ['redis-server', 'valkey-server', 'keydb-server', 'dragonfly'];

export interface Facts {
  readonly info: ReadonlyMap<string, string>;
  /** Undefined: not told. */
  readonly setting: (name: Setting) => string | undefined;
}

async function ask(of: Ask): Promise<Facts> {
  const settings = Object.fromEntries(SETTINGS.map((name) => [name, `CONFIG GET ${name}`]));
  const answers = await talk(of, { info: 'INFO', ...settings });
  const info = infoOf(answers.get('info'));
  if (info.get('redis_mode') === 'sentinel') throw new Unable('it is a sentinel, which holds no data');
  if (info.get('loading') === '1') throw new Unable('the server is still reading its data');
  if (info.size === 0) throw new Unable(`INFO was answered with ${answers.get('info')?.[0] || 'nothing'}`);
  return { info, setting: (name) => settingOf(name, answers.get(name)) };
}

/** Of all databases: `db0:keys=12,expires=0,avg_ttl=0`. */
export function keysOf(info: Facts['info']): number {
  let keys = 0;
  for (const [name, value] of info) if (/^db\d+$/.test(name)) keys += Number(/^keys=(\d+)/.exec(value)?.[1] ?? 0);
  return keys;
}

const appends = ({ info }: Facts): boolean => info.get('aof_enabled') === '1';
/** Nothing is ever written: every stop empties it. */
const savesNothing = (facts: Facts): boolean => !appends(facts) && facts.setting('save') === '';

export function weaknessesOf(facts: Facts, isCache: boolean): Weakness[] {
  const { info, setting } = facts;
  const found: Weakness[] = [];
  const add = (weight: Weakness['weight'], what: string, message: string): void => {
    found.push({ setting: what, message, weight });
  };
  const policy = setting('maxmemory-policy') ?? info.get('maxmemory_policy') ?? '';
  const limited = (setting('maxmemory') ?? info.get('maxmemory') ?? '0') !== '0';
  const evicts = limited && policy.startsWith('allkeys');
  if (savesNothing(facts)) {
    const weight = isCache || evicts ? 'note' : 'risk';
    add(weight, 'save "", appendonly no', 'Nothing is written to disk: each stop of the container loses everything');
  } else if (info.get('aof_enabled') === '0') {
    const points = setting('save');
    const when = points === undefined ? '' : ` (save ${points})`;
    add('note', 'appendonly no', `A crash or a kill loses what came after the last snapshot${when}`);
  }
  if (appends(facts) && setting('appendfsync') === 'no')
    add(
      'note',
      'appendfsync no',
      'A power cut loses what the operating system had not yet written, about half a minute',
    );
  if (info.get('rdb_last_bgsave_status') === 'err')
    add('risk', 'rdb_last_bgsave_status err', 'The last snapshot failed: what came after the one before is on no disk');
  if (info.get('aof_last_write_status') === 'err')
    add('risk', 'aof_last_write_status err', 'The last write to the append-only file failed');
  if (evicts) add('note', `maxmemory-policy ${policy}`, 'Keys are dropped whenever the memory that it may use is full');
  if (setting('stop-writes-on-bgsave-error') === 'no')
    add('note', 'stop-writes-on-bgsave-error no', 'Writes are accepted also while snapshots fail');
  return found;
}

const TITLES: readonly (readonly [key: string, title: string])[] = [
  ['dragonfly_version', 'Dragonfly'],
  ['valkey_version', 'Valkey'],
  ['redis_version', 'Redis'],
];

export function evidenceOf({ info, setting }: Facts): string[] {
  const version = TITLES.flatMap(([key, title]) => {
    const value = info.get(key);
    return value === undefined ? [] : [`${title} ${value.replace(/^df-v?/, '')}`];
  });
  const loaded = info.get('rdb_last_load_keys_loaded');
  const from = loaded !== undefined && loaded !== '0' && info.get('aof_enabled') === '0';
  return [
    ...version.slice(0, 1),
    ...(setting('dir') === undefined ? ['CONFIG is not allowed; its directory is the one that the process is in'] : []),
    ...(from ? [`It read ${counted(Number(loaded), 'key')} from disk when it started`] : []),
    ...(info.get('role') === 'slave' ? ['It is a replica'] : []),
  ];
}

async function read(of: Ask): Promise<Told> {
  try {
    const facts = await ask(of);
    const keys = keysOf(facts.info);
    return {
      ...SILENT,
      writesTo: places([facts.setting('dir') ?? (await workingDirectory(of, PROCESSES))]),
      empty: keys === 0,
      count: keys,
      contents: counted(keys, 'key'),
      weaknesses: weaknessesOf(facts, of.store.kind === 'cache'),
      evidence: evidenceOf(facts),
    };
  } catch (error) {
    const directory = error instanceof Locked ? await workingDirectory(of, PROCESSES) : null;
    if (directory === null) throw error;
    const evidence = 'The server wants a password that is not in the variables of the container';
    return { ...SILENT, writesTo: [directory], evidence: [evidence] };
  }
}

/** ms */
const POLL = 200;
const PATIENCE = 60_000;
/** Longer than a postponed write of the append-only file takes. */
const APPENDED = 2500;
/** Bytes; a snapshot of more would be a burden. */
const LARGE = 2 * 1024 ** 3;

async function one(of: Ask, command: string): Promise<string> {
  return (await talk(of, { answer: command })).get('answer')?.[0] ?? '';
}

/** As durable as the server keeps anything of its own accord. */
async function save(of: Ask): Promise<void> {
  const facts = await ask(of);
  if (savesNothing(facts)) return;
  if (appends(facts)) {
    const said = await one(of, 'WAITAOF 1 0 3000');
    if (!/^[1-9]/.test(said)) await wait(APPENDED);
    return;
  }
  const end = Date.now() + PATIENCE;
  const idle = async (): Promise<ReadonlyMap<string, string>> => {
    for (;;) {
      const { info } = await ask(of);
      if (info.get('rdb_bgsave_in_progress') !== '1') return info;
      if (Date.now() > end) throw new Unable('the snapshot took too long');
      await wait(POLL);
    }
  };
  await idle();
  const said = await one(of, 'BGSAVE');
  if (!/started|scheduled/i.test(said)) throw new Unable(`BGSAVE was answered with ${said || 'nothing'}`);
  const info = await idle();
  if (info.get('rdb_last_bgsave_status') !== 'ok') throw new Unable('the snapshot failed');
}

const planting: Planting = {
  async refusal(of) {
    const facts = await ask(of);
    const { info } = facts;
    if (info.get('role') === 'slave') return 'it is a replica';
    if (info.get('cluster_enabled') === '1') return 'it is a part of a cluster';
    if (info.get('rdb_last_bgsave_status') === 'err') return 'its last snapshot failed';
    if (!appends(facts) && Number(info.get('used_memory')) > LARGE)
      return 'a snapshot of so much data would be a burden';
    return fullDisk(of, facts.setting('dir'));
  },
  async plant(of, mark) {
    const said = await one(of, `SET ${PREFIX}${mark} ${mark} EX 86400`);
    if (said !== 'OK') throw new Unable(`SET was answered with ${said || 'nothing'}`);
    await save(of);
  },
  find: async (of, mark) => (await one(of, `GET ${PREFIX}${mark}`)) === mark,
  async remove(of, mark) {
    const said = await one(of, `DEL ${PREFIX}${mark}`);
    if (!/^\d+$/.test(said)) throw new Unable(`DEL was answered with ${said || 'nothing'}`);
    // What was saved comes back with the next start, also when the key itself is gone by now.
    await save(of);
  },
};

export const REDIS: Probe = {
  technologies: ['redis', 'valkey', 'redis-stack', 'bitnami-redis', 'bitnami-valkey'],
  proven: true,
  read,
  planting,
};

export const KEYDB: Probe = { technologies: ['keydb'], proven: false, read, planting };

/** How it saves, and what INFO says of it, is its own. */
export const DRAGONFLY: Probe = { technologies: ['dragonfly'], proven: false, read };
