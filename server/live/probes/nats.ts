/** NATS with JetStream: asked by its monitoring port; planted in by its own protocol, which is text. */
import { partsOf } from './fingerprint.ts';
import { asked, at, counted, flag, inContainer, isPlanted, list, number, portOf, text } from './http.ts';
import {
  type Ask,
  type HttpAnswer,
  type HttpRequest,
  type Planting,
  PREFIX,
  type Probe,
  Unable,
  type Weakness,
} from './probe.ts';

const MONITOR = 8222;
const CLIENT = 4222;

async function configuration(ask: Ask): Promise<string> {
  const file = flag(ask.container.command, '-c', '--config', '-config');
  const bytes = file === undefined ? null : await ask.file(inContainer(ask, file), 256 * 1024);
  return bytes ? Buffer.from(bytes).toString('utf8') : '';
}

async function portsOf(ask: Ask): Promise<{ monitor: number; client: number }> {
  const { command } = ask.container;
  const config = await configuration(ask);
  const given = flag(command, '-m', '--http_port', '-http_port', '-ms', '--https_port');
  const written = /^\s*(?:http|http_port|monitor_port)\s*[:=]\s*["']?(\S+?)["']?\s*$/m.exec(config)?.[1];
  const listen = /^\s*(?:port|listen)\s*[:=]\s*["']?(\S+?)["']?\s*$/m.exec(config)?.[1];
  return {
    monitor: portOf(given) ?? portOf(written) ?? MONITOR,
    client: portOf(flag(command, '-p', '--port', '-port')) ?? portOf(listen) ?? CLIENT,
  };
}

export interface Stream {
  readonly name: string;
  readonly created: string;
  readonly memory: boolean;
  readonly messages: number;
}

export function streamsOf(jsz: unknown): Stream[] {
  const details = list(at(jsz, 'account_details')).flatMap((account) => list(at(account, 'stream_detail')));
  return details.flatMap((one): Stream[] => {
    const name = text(at(one, 'name'));
    if (name === undefined || isPlanted(name)) return [];
    return [
      {
        name,
        created: text(at(one, 'created')) ?? '',
        memory: at(one, 'config', 'storage') === 'memory',
        messages: number(at(one, 'state', 'messages')) ?? 0,
      },
    ];
  });
}

/**
 * Monitoring answers while streams are still being read from disk: some are missing then, and one has the time of this
 * start as that of its making. Clients are let in afterwards, and whether they are is asked first. Servers before 2.8
 * do not know the question.
 */
async function statusOf(ask: Ask): Promise<unknown> {
  const { monitor } = await portsOf(ask);
  const ready = await monitored(ask, { port: monitor, path: '/healthz?js-server-only=true' }, [404, 500, 503]);
  if (ready.status >= 500) throw new Unable('it has not finished starting');
  return (await monitored(ask, { port: monitor, path: '/jsz?streams=true&config=true&limit=1000' })).json;
}

async function monitored(ask: Ask, request: HttpRequest, also?: readonly number[]): Promise<HttpAnswer> {
  try {
    return await asked(ask, request, also);
  } catch (error) {
    if (!(error instanceof Unable)) throw error;
    throw new Unable(`its monitoring does not answer (-m ${MONITOR} switches it on): ${error.message}`);
  }
}

function weaknessesOf(ask: Ask, streams: readonly Stream[], off: boolean, status: unknown): Weakness[] {
  if (off) {
    const mounted = ask.container.mounts.some(({ type, readOnly }) => type === 'volume' && !readOnly);
    return [
      {
        setting: 'JetStream is off',
        message: 'the server keeps no message, and nothing in any volume, until it is started with -js',
        // Passing on without keeping is what many use it for.
        weight: mounted ? 'risk' : 'note',
      },
    ];
  }
  const memory = streams.filter((stream) => stream.memory).map(({ name }) => name);
  const found: Weakness[] = memory.map((name) => ({
    setting: `stream ${name}: storage memory`,
    message: 'its messages are lost with every restart',
    weight: 'risk',
  }));
  if (at(status, 'config', 'sync_always') !== true)
    found.push({
      setting: 'sync_interval',
      message:
        'messages are forced to disk every two minutes unless it says otherwise: a power failure takes the last ones',
      weight: 'note',
    });
  return found;
}

const PROMPT = 'CONNECT {"verbose":false,"pedantic":false,"name":"persistence"}';
const INBOX = '_INBOX.persistence';

/** One call of the JetStream API: what the server said. Secrets of a configuration file are not looked for. */
async function call(
  ask: Ask,
  subject: string,
  body: string,
  publish?: { subject: string; body: string },
): Promise<string> {
  const { client } = await portsOf(ask);
  const message = (to: string, reply: string, what: string): string[] => [
    `PUB ${to} ${reply ? `${reply} ` : ''}${Buffer.byteLength(what)}`,
    what,
  ];
  const lines = [
    PROMPT,
    `SUB ${INBOX} 1`,
    ...(publish ? message(publish.subject, INBOX, publish.body) : message(subject, INBOX, body)),
    'PING',
  ];
  const printed = `printf '%s\\r\\n' ${lines.map((line) => `'${line}'`).join(' ')}`;
  // Hanging up at once would cut the answer off.
  const script = `command -v nc >/dev/null || exit 127; { ${printed}; sleep 1; } | nc 127.0.0.1 ${client}`;
  const { stdout, exitCode } = await ask.attempt(['sh', '-c', script], { timeout: 8_000 });
  if (/^-ERR '?Authorization/im.test(stdout)) throw new Unable('the server asks for credentials');
  if (exitCode === 127) throw new Unable('there is no nc in the container to speak to the server with');
  if (!/^INFO /m.test(stdout)) throw new Unable(`no NATS server answers at port ${client}`);
  return stdout;
}

/** What came to the inbox. */
export const replyOf = (session: string): unknown => {
  const found = /^MSG _INBOX\.persistence [^\r\n]*\r?\n([^\r\n]*)/m.exec(session)?.[1];
  if (found === undefined) return undefined;
  try {
    return JSON.parse(found);
  } catch {
    return undefined;
  }
};

async function replied(
  ask: Ask,
  subject: string,
  body: string,
  publish?: { subject: string; body: string },
): Promise<unknown> {
  const reply = replyOf(await call(ask, subject, body, publish));
  if (reply === undefined) throw new Unable('JetStream does not answer');
  return reply;
}

function checked(reply: unknown): unknown {
  const code = at(reply, 'error', 'code');
  if (code !== undefined)
    throw new Unable(`JetStream refused (${code}: ${text(at(reply, 'error', 'description')) ?? ''})`);
  return reply;
}

export const NATS: Probe = {
  technologies: ['nats'],
  proven: true,
  ofParts: true,
  async read(ask) {
    const status = await statusOf(ask);
    const off = at(status, 'disabled') === true;
    const store = off ? undefined : text(at(status, 'config', 'store_dir'));
    const streams = streamsOf(status);
    const files = streams.filter(({ memory }) => !memory);
    const messages = files.reduce((sum, stream) => sum + stream.messages, 0);
    return {
      writesTo: store === undefined ? [] : [inContainer(ask, store)],
      fingerprint: partsOf(files.map(({ name, created }) => `${name}@${created}`)),
      empty: streams.length === 0,
      count: messages,
      contents: off ? 'no JetStream' : `${counted(streams.length, 'stream')}, ${counted(messages, 'message')}`,
      weaknesses: weaknessesOf(ask, streams, off, status),
      evidence: [off ? 'its monitoring says that JetStream is disabled' : `its monitoring says store_dir ${store}`],
    };
  },
  planting: {
    async refusal(ask) {
      return at(await statusOf(ask), 'disabled') === true ? 'JetStream is off' : null;
    },
    async plant(ask, mark) {
      const name = PREFIX + mark;
      const stream = JSON.stringify({ name, subjects: [name], storage: 'file', retention: 'limits', num_replicas: 1 });
      checked(await replied(ask, `$JS.API.STREAM.CREATE.${name}`, stream));
      checked(await replied(ask, '', '', { subject: name, body: mark }));
    },
    async find(ask, mark) {
      const reply = await replied(
        ask,
        `$JS.API.STREAM.MSG.GET.${PREFIX}${mark}`,
        `{"last_by_subj":"${PREFIX}${mark}"}`,
      );
      if (at(reply, 'error', 'code') === 404) return false;
      return Buffer.from(text(at(checked(reply), 'message', 'data')) ?? '', 'base64').toString('utf8') === mark;
    },
    async remove(ask, mark) {
      const reply = await replied(ask, `$JS.API.STREAM.DELETE.${PREFIX}${mark}`, '');
      if (at(reply, 'error', 'code') !== 404) checked(reply);
    },
  } satisfies Planting,
};
