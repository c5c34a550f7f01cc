/**
 * Eclipse Mosquitto. What it keeps, and where, is told by its configuration file alone, and nothing in its data is an
 * id. Everything is in memory: with `persistence true` it is saved at a clean stop, from time to time, and on SIGUSR1
 * (man mosquitto.conf, man mosquitto).
 */
import { setTimeout as wait } from 'node:timers/promises';
import { flagValue, flatWords } from '../../stores/words.ts';
import {
  below,
  counted,
  firstLine,
  fullDisk,
  inShell,
  orNull,
  output,
  places,
  processOf,
  quoted,
  SILENT,
  TIMED,
} from './client.ts';
import { type Ask, type Planting, PREFIX, type Probe, type Told, Unable, type Weakness } from './probe.ts';

export interface Settings {
  readonly persistent: boolean;
  /** With `persistence true`. */
  readonly file: string;
  /** Seconds, or changes; 0: at a clean stop alone. */
  readonly interval: number;
  readonly onChanges: boolean;
  readonly anonymous: boolean;
  readonly port: string;
}

/** The last one counts. Version 2 lets everybody in only where no listener is defined, who then is on the same machine. */
export function settingsIn(text: string, workingDirectory: string): Settings {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/));
  const last = (key: string): string | undefined => lines.findLast(([name]) => name === key)?.[1];
  const listener = lines.find(([name, port]) => (name === 'listener' || name === 'port') && port !== '0')?.[1];
  const location = last('persistence_location');
  const file = last('persistence_file') ?? 'mosquitto.db';
  return {
    persistent: last('persistence') === 'true' || last('persistence') === '1',
    file: below(workingDirectory, location === undefined ? file : below(location, file)),
    interval: Number(last('autosave_interval') ?? 1800),
    onChanges: last('autosave_on_changes') === 'true',
    anonymous: last('allow_anonymous') === undefined ? listener === undefined : last('allow_anonymous') === 'true',
    port: listener !== undefined && /^\d+$/.test(listener) ? listener : '1883',
  };
}

const LARGEST = 256 * 1024;

async function configuration(ask: Ask): Promise<string> {
  const words = flatWords(ask.container.command);
  const at = flagValue(words, '-c') ?? flagValue(words, '--config-file');
  if (at === undefined) return '';
  const bytes = await ask.file(below(ask.container.workingDirectory, at), LARGEST);
  if (!bytes) throw new Unable(`its configuration file ${at} could not be read`);
  const text = Buffer.from(bytes).toString('utf8');
  const folder = /^[ \t]*include_dir[ \t]+(\S+)/m.exec(text)?.[1];
  if (folder === undefined) return text;
  const included = await ask.archive(folder, { entries: 100, bytesEach: LARGEST, bytesTotal: 4 * LARGEST });
  const files = (included?.entries ?? []).filter(({ kind, path }) => kind === 'file' && /^[^/]+\.conf$/.test(path));
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return [text, ...files.map(({ bytes: content }) => Buffer.from(content).toString('utf8'))].join('\n');
}

const settingsOf = async (ask: Ask): Promise<Settings> =>
  settingsIn(await configuration(ask), ask.container.workingDirectory);

export function weaknessesOf({ persistent, interval, onChanges }: Settings): Weakness[] {
  if (!persistent) {
    const message =
      'Nothing is written to disk: each stop loses retained messages, subscriptions and what waits for clients';
    return [{ setting: 'persistence false', message, weight: 'risk' }];
  }
  const when = interval === 0 ? 'only at a clean stop' : `every ${interval} ${onChanges ? 'changes' : 'seconds'}`;
  return [
    {
      setting: `autosave_interval ${interval}`,
      message: `It is saved ${when}: a crash or a kill loses what came after`,
      weight: 'note',
    },
  ];
}

const MOST = 10_000;

/**
 * Every broker retains its version. As the last of what is subscribed to, it tells that all before it was delivered, and
 * not that the client had no time to connect.
 */
const VERSION = '$SYS/broker/version';

/**
 * How many clients are away, for which something may be kept, is told only in the minute after it has changed (seen with
 * 2.0.11): later, a broker without retained messages may or may not be empty.
 */
const AWAY = "-t '$SYS/broker/clients/disconnected' -t '$SYS/broker/clients/inactive'";

/** An `x` for each retained message of users and an `s` at the end, then the clients that are away. */
const count = (port: string): string => `${TIMED}
command -v mosquitto_sub >/dev/null 2>&1 || { echo 'there is no mosquitto_sub in the container' >&2; exit 3; }
$t mosquitto_sub -p ${port} -t '#' -t '${VERSION}' --retained-only -F %t -W 3 -C ${MOST} 2>/dev/null |
sed 's/^$SYS.*/s/;t
s/.*/x/' | tr -d '\\n'
echo
$t mosquitto_sub -p ${port} ${AWAY} -C 1 -W 3 2>/dev/null
exit 0`;

export function contentsIn(text: string): Pick<Told, 'empty' | 'count' | 'contents'> {
  const [messages = '', away = ''] = text.split('\n').map((line) => line.trim());
  const retained = messages.replace(/s$/, '').length;
  if (!/^x*s$/.test(messages) && retained < MOST) return { empty: null, count: null, contents: null };
  const waiting = /^\d+$/.test(away) ? Number(away) : null;
  return {
    empty: retained > 0 || (waiting ?? 0) > 0 ? false : waiting === 0 ? true : null,
    count: retained,
    contents: `${counted(retained, 'retained message')}${retained >= MOST ? ' or more' : ''}`,
  };
}

async function read(ask: Ask): Promise<Told> {
  const settings = await settingsOf(ask);
  const said = settings.anonymous ? await orNull(inShell(ask, count(settings.port))) : null;
  const saved = settings.persistent ? await ask.stat(settings.file) : null;
  return {
    ...SILENT,
    ...(said?.exitCode === 0 ? contentsIn(said.stdout) : {}),
    writesTo: settings.persistent ? places([settings.file.replace(/\/[^/]*$/, '') || '/']) : [],
    weaknesses: weaknessesOf(settings),
    evidence: [
      ...(settings.persistent ? [saved ? `It last saved at ${saved.modified}` : 'It has not saved anything yet'] : []),
      ...(settings.anonymous ? [] : ['It wants a login, so its content is not known']),
    ],
  };
}

const POLL = 100;
const PATIENCE = 8000;

/** A server that keeps nothing of its own accord has nowhere to save to. */
async function save(ask: Ask, { persistent, file }: Settings): Promise<void> {
  if (!persistent) return;
  const process = await processOf(ask, ['mosquitto']);
  if (!process) throw new Unable('its process was not found');
  const before = await ask.stat(file);
  output(await inShell(ask, `kill -USR1 ${process.id}`), 'kill');
  for (const end = Date.now() + PATIENCE; ; await wait(POLL)) {
    const now = await ask.stat(file);
    if (now && (now.modified !== before?.modified || now.size !== before.size)) return;
    if (Date.now() > end) throw new Unable('it did not save although it was told to');
  }
}

async function publish(ask: Ask, { port }: Settings, mark: string, ...message: string[]): Promise<void> {
  const words = ['mosquitto_pub', '-p', port, '-t', PREFIX + mark, '-r', '-q', '1', ...message];
  output(await inShell(ask, `${TIMED}\n$t ${words.map(quoted).join(' ')}`), 'mosquitto_pub');
}

const planting: Planting = {
  async refusal(ask) {
    const settings = await settingsOf(ask);
    if (!settings.anonymous) return 'it wants a login, and its client takes one on its command line alone';
    return settings.persistent ? fullDisk(ask, settings.file.replace(/\/[^/]*$/, '') || '/') : null;
  },
  async plant(ask, mark) {
    const settings = await settingsOf(ask);
    await publish(ask, settings, mark, '-m', mark);
    await save(ask, settings);
  },
  async find(ask, mark) {
    const { port } = await settingsOf(ask);
    const topics = `-t ${quoted(PREFIX + mark)} -t '${VERSION}'`;
    const script = `${TIMED}\n$t mosquitto_sub -p ${port} ${topics} --retained-only -F '%t %p' -C 2 -W 4`;
    const { stdout, stderr } = await inShell(ask, script);
    if (stdout.split('\n').some((line) => line === `${PREFIX}${mark} ${mark}`)) return true;
    if (stdout.includes(VERSION)) return false;
    throw new Unable(firstLine(stderr) || 'it did not answer in time');
  },
  async remove(ask, mark) {
    const settings = await settingsOf(ask);
    await publish(ask, settings, mark, '-n');
    await save(ask, settings);
  },
};

export const MOSQUITTO: Probe = { technologies: ['mosquitto'], proven: true, read, planting };
