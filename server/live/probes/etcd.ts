/**
 * etcd. Its image has no shell: everything is asked by `etcdctl`, the archive call and the server's own /debug/vars.
 * The ids of cluster and member are made of names and addresses, so they are the same in a wiped store and no
 * fingerprint; the revision begins anew.
 */
import { flagValue, flatWords } from '../../stores/words.ts';
import { below, counted, firstLine, fullDisk, inShell, orNull, places, quoted, SILENT, TIMED } from './client.ts';
import { type Ask, type Planting, PREFIX, type Probe, type Run, type Told, Unable, type Weakness } from './probe.ts';

const TIME = '--command-timeout=8s';

/** Where it asks for a user, the name and the password come from the container's own variables, by its shell. */
async function attempt(ask: Ask, args: readonly string[]): Promise<Run> {
  const argv = ['etcdctl', TIME, ...args];
  const locked = ask.env('ETCD_ROOT_PASSWORD') !== undefined && ask.env('ETCDCTL_USER') === undefined;
  const words = argv.map(quoted).join(' ');
  const inside = (variables: string): Promise<Run> => inShell(ask, `${TIMED}\n${variables} $t ${words}`);
  if (locked) return inside('ETCDCTL_API=3 ETCDCTL_USER="root:$ETCD_ROOT_PASSWORD"');
  const run = await ask.attempt(argv);
  // Before 3.4 it speaks version 2 unless told otherwise.
  if (run.exitCode !== 0 && isOld(`${run.stdout}\n${run.stderr}`)) return inside('ETCDCTL_API=3');
  return run;
}

const isOld = (text: string): boolean =>
  /flag provided but not defined: -command-timeout|No help topic for/i.test(text);

async function etcdctl(ask: Ask, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await attempt(ask, args);
  if (exitCode === 0) return stdout.trim();
  throw new Unable(reasonIn(stderr) || reasonIn(stdout) || `etcdctl failed with exit code ${exitCode}`);
}

/** Logged as JSON before the line that a person reads: `Error: context deadline exceeded`. */
export function reasonIn(text: string): string {
  const plain = text.split('\n').filter((line) => !/^\s*\{/.test(line));
  return firstLine((plain.find((line) => line.startsWith('Error:')) ?? plain.join('\n')).replace(/^Error:\s*/, ''));
}

/** Of numbers larger than JavaScript's: read from the text. */
export const numberIn = (json: string, key: string): string | null =>
  new RegExp(`"${key}"\\s*:\\s*"?(\\d+)`).exec(json)?.[1] ?? null;

/** The arguments that the server itself tells; a proxy or a start script may have changed those of the container. */
async function argumentsOf(ask: Ask): Promise<readonly string[]> {
  const said = await orNull(ask.http({ port: 2379, path: '/debug/vars', timeout: 5000 }));
  const words = (said?.json as { cmdline?: unknown } | undefined)?.cmdline;
  if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  return flatWords(ask.container.command);
}

const CONFIGURATION = 256 * 1024;

/** By precedence: a configuration file, and then nothing else counts; flags; variables; `NAME.etcd`. */
export function directoriesOf(
  words: readonly string[],
  env: (name: string) => string | undefined,
  configuration: string | null,
  workingDirectory: string,
): string[] {
  const inFile = (key: string): string | undefined =>
    configuration === null
      ? undefined
      : (new RegExp(`^${key}:[ \\t]*(['"]?)([^'"#\\n]+?)\\1[ \\t]*(#.*)?$`, 'm').exec(configuration)?.[2] ?? undefined);
  const setting = (key: string): string | undefined => {
    if (configuration !== null) return inFile(key);
    const variable = env(`ETCD_${key.toUpperCase().replaceAll('-', '_')}`);
    return flagValue(words, `--${key}`) ?? flagValue(words, `-${key}`) ?? (variable || undefined);
  };
  const data = setting('data-dir') ?? `${setting('name') ?? 'default'}.etcd`;
  const log = setting('wal-dir');
  return places([below(workingDirectory, data), log === undefined ? null : below(workingDirectory, log)]);
}

async function directories(ask: Ask, words: readonly string[]): Promise<string[]> {
  const env = (name: string): string | undefined => ask.env(name);
  const at = flagValue(words, '--config-file') ?? env('ETCD_CONFIG_FILE');
  const file = at ? await ask.file(below(ask.container.workingDirectory, at), CONFIGURATION) : null;
  const found = directoriesOf(words, env, file && Buffer.from(file).toString('utf8'), ask.container.workingDirectory);
  // A guess is not to be told as what the server does.
  return found[0] !== undefined && (await ask.stat(`${found[0]}/member/snap/db`)) ? found : [];
}

const UNSAFE: Weakness = {
  setting: '--unsafe-no-fsync',
  message: 'A power cut or a crash of the machine may destroy the store',
  weight: 'risk',
};

const isUnsafe = (words: readonly string[], env: Ask['env']): boolean =>
  words.some((word) => /^--?unsafe-no-fsync(=true)?$/.test(word)) || env('ETCD_UNSAFE_NO_FSYNC') === 'true';

export function toldBy(status: string, count: string): Pick<Told, 'empty' | 'count' | 'contents' | 'evidence'> {
  const keys = Number(numberIn(count, 'count') ?? 0);
  const revision = numberIn(status, 'revision');
  const version = /"version"\s*:\s*"([^"]+)"/.exec(status)?.[1];
  const learner = /"isLearner"\s*:\s*true/.test(status);
  return {
    empty: keys === 0,
    count: keys,
    contents: counted(keys, 'key'),
    evidence: [
      ...(version === undefined ? [] : [`etcd ${version}`]),
      ...(revision === null
        ? []
        : [`Its revision is ${revision}${revision === '1' ? ': nothing was ever written to this store' : ''}`]),
      ...(learner ? ['It is a learner, which holds a copy'] : []),
    ],
  };
}

async function read(ask: Ask): Promise<Told> {
  const status = await etcdctl(ask, 'endpoint', 'status', '--write-out=json');
  const count = await etcdctl(ask, 'get', '', '--prefix', '--keys-only', '--limit=1', '--write-out=json');
  const words = await argumentsOf(ask);
  return {
    ...SILENT,
    ...toldBy(status, count),
    writesTo: await directories(ask, words),
    weaknesses: isUnsafe(words, (name) => ask.env(name)) ? [UNSAFE] : [],
  };
}

/** Seconds. Killed between the two calls of a planting, it is in no record that could lead to it: it ends by itself. */
const LEASE = '3600';

const planting: Planting = {
  async refusal(ask) {
    const alarms = await etcdctl(ask, 'alarm', 'list');
    if (/NOSPACE/.test(alarms)) return 'it has no space left';
    if (/CORRUPT/.test(alarms)) return 'it found its own data corrupt';
    const status = await etcdctl(ask, 'endpoint', 'status', '--write-out=json');
    if (/"isLearner"\s*:\s*true/.test(status)) return 'it is a learner, which takes no writes';
    return fullDisk(ask, (await directories(ask, await argumentsOf(ask)))[0]);
  },
  async plant(ask, mark) {
    const granted = await etcdctl(ask, 'lease', 'grant', LEASE);
    const lease = /lease ([0-9a-f]+) granted/.exec(granted)?.[1];
    if (lease === undefined) throw new Unable(`lease grant was answered with ${firstLine(granted) || 'nothing'}`);
    await etcdctl(ask, 'put', PREFIX + mark, mark, `--lease=${lease}`);
  },
  find: async (ask, mark) => (await etcdctl(ask, 'get', PREFIX + mark, '--print-value-only')) === mark,
  async remove(ask, mark) {
    const found = await etcdctl(ask, 'get', PREFIX + mark, '--write-out=json');
    const lease = BigInt(numberIn(found, 'lease') ?? 0);
    if (lease > 0n) await etcdctl(ask, 'lease', 'revoke', lease.toString(16));
    await etcdctl(ask, 'del', PREFIX + mark);
  },
};

export const ETCD: Probe = { technologies: ['etcd', 'bitnami-etcd'], proven: true, read, planting };
