/**
 * Apache Kafka, by its documentation (kafka-log-dirs, meta.properties). The id of the data is the `cluster.id` that
 * lies in each directory of logs.
 */
import { below, counted, firstLine, fullDisk, inShell, orNull, places, quoted, SILENT, TIMED } from './client.ts';
import { type Ask, type Planting, PREFIX, type Probe, type Told, Unable } from './probe.ts';

/** The tools would take the agents and ports of the server for their own, and make a folder for logs. */
const tool = (name: string, args: string): string => `${TIMED}
PATH="$PATH:/opt/kafka/bin:/opt/bitnami/kafka/bin"
unset JMX_PORT KAFKA_JMX_PORT KAFKA_JMX_OPTS KAFKA_OPTS
export LOG_DIR=/tmp KAFKA_HEAP_OPTS=-Xmx128m
c=; for p in ${name} ${name}.sh; do command -v "$p" >/dev/null 2>&1 && c=$p && break; done
[ -n "$c" ] || { echo 'there is no ${name} in the container' >&2; exit 3; }
$t "$c" --bootstrap-server localhost:9092 ${args}`;

interface Described {
  readonly directories: readonly string[];
  readonly topics: number;
}

/** One line of JSON among others: `{"version":1,"brokers":[{"broker":1,"logDirs":[{"logDir":...,"partitions":[...]}]}]}`. */
export function describedIn(text: string): Described | null {
  const line = text.split('\n').find((one) => one.startsWith('{"'));
  try {
    const { brokers } = JSON.parse(line ?? '') as {
      brokers: { logDirs: { logDir: string; partitions: { partition: string }[] }[] }[];
    };
    const logs = brokers.flatMap(({ logDirs }) => logDirs);
    const topics = logs.flatMap(({ partitions }) => partitions.map(({ partition }) => partition.replace(/-\d+$/, '')));
    return {
      directories: places(logs.map(({ logDir }) => logDir)),
      topics: new Set(topics.filter((topic) => !topic.startsWith('__'))).size,
    };
  } catch {
    return null;
  }
}

export function propertyIn(text: string, key: string): string | undefined {
  const line = new RegExp(`^[ \\t]*${key.replaceAll('.', '\\.')}[ \\t]*[=:][ \\t]*(.*?)[ \\t]*$`, 'm').exec(text);
  // A Java property escapes colons.
  return line?.[1]?.replaceAll('\\', '') || undefined;
}

const LARGEST = 256 * 1024;

const textOf = async (ask: Ask, at: string): Promise<string> =>
  Buffer.from((await ask.file(at, LARGEST)) ?? new Uint8Array()).toString('utf8');

/** What the server was started with: the last of its arguments is its configuration. */
async function configured(ask: Ask): Promise<string[]> {
  const script = `tr '\\0' '\\n' </proc/1/cmdline | grep '\\.properties$' | tail -n 1`;
  const said = await orNull(inShell(ask, script));
  const at = said?.stdout.trim().startsWith('/') ? said.stdout.trim() : '/opt/kafka/config/server.properties';
  const text = await textOf(ask, at);
  const value = propertyIn(text, 'log.dirs') ?? propertyIn(text, 'log.dir');
  return places((value ?? '').split(',').map((one) => (one.trim() ? below('/', one.trim()) : null)));
}

async function describe(ask: Ask): Promise<Described | null> {
  const said = await orNull(inShell(ask, tool('kafka-log-dirs', '--describe')));
  return said?.exitCode === 0 ? describedIn(said.stdout) : null;
}

async function read(ask: Ask): Promise<Told> {
  const described = await describe(ask);
  const own = await configured(ask);
  // Of a cluster the tool tells the directories of all its servers: ours are those that are here.
  const here: string[] = [];
  let cluster: string | undefined;
  for (const directory of places([...(described?.directories ?? []), ...own])) {
    const text = await textOf(ask, `${directory}/meta.properties`);
    if (text === '') continue;
    here.push(directory);
    cluster ??= propertyIn(text, 'cluster.id');
  }
  if (here.length === 0 && !described)
    throw new Unable('neither kafka-log-dirs nor its configuration told a directory');
  const topics = described?.topics ?? null;
  return {
    ...SILENT,
    writesTo: here.length > 0 ? here : own,
    fingerprint: cluster ?? null,
    empty: topics === null ? null : topics === 0,
    count: topics,
    contents: topics === null ? null : counted(topics, 'topic'),
    evidence: described
      ? []
      : ['Its tools did not reach it at localhost:9092: its directories are those of its configuration'],
  };
}

async function run(ask: Ask, name: string, args: string, input?: string): Promise<string> {
  const text = tool(name, args);
  const script =
    input === undefined
      ? text
      : text.replace(/\n([^\n]*)$/, (_, last) => `\nprintf '%s\\n' ${quoted(input)} | ${last}`);
  const { exitCode, stdout, stderr } = await inShell(ask, script);
  if (exitCode === 0) return stdout.trim();
  throw new Unable(firstLine(stderr) || firstLine(stdout) || `${name} failed with exit code ${exitCode}`);
}

const topicOf = (mark: string): string => `--topic ${PREFIX}${mark}`;

const isThere = async (ask: Ask, mark: string): Promise<boolean> =>
  (await run(ask, 'kafka-topics', '--list')).split('\n').some((line) => line.trim() === PREFIX + mark);

const planting: Planting = {
  refusal: async (ask) => fullDisk(ask, (await read(ask)).writesTo[0]),
  async plant(ask, mark) {
    await run(ask, 'kafka-topics', `--create ${topicOf(mark)} --partitions 1 --replication-factor 1`);
    // Only the message is in the directories of this server for certain: with ZooKeeper the topic is there.
    await run(ask, 'kafka-console-producer', `${topicOf(mark)} --producer-property acks=all`, mark);
  },
  async find(ask, mark) {
    if (!(await isThere(ask, mark))) return false;
    // By partition and offset, so that no group of consumers is left behind.
    const from = `${topicOf(mark)} --partition 0 --offset earliest --max-messages 1 --timeout-ms 5000`;
    return (await orNull(run(ask, 'kafka-console-consumer', from))) === mark;
  },
  async remove(ask, mark) {
    if (await isThere(ask, mark)) await run(ask, 'kafka-topics', `--delete ${topicOf(mark)}`);
  },
};

export const KAFKA: Probe = {
  technologies: ['kafka-apache', 'kafka-confluent', 'bitnami-kafka'],
  proven: false,
  read,
  planting,
};
