/**
 * RabbitMQ. `rabbitmqctl` needs no password: it has the cookie of the node. Names of nodes and clusters follow the
 * hostname and stay the same in a wiped store; `internal_cluster_id` is made with the data.
 */
import { chosen, counted, firstLine, fullDisk, inShell, orNull, places, quoted, SILENT } from './client.ts';
import { type Ask, type Planting, PREFIX, type Probe, type Told, Unable, type Weakness } from './probe.ts';

/**
 * The first program that needs the cookie makes it. A client that comes before the server, as root, makes one that the
 * server may not read, and on a fresh volume it then never starts: so nothing is asked where there is none yet.
 */
async function control(ask: Ask, ...args: string[]): Promise<string> {
  const script = `[ -s "\${HOME:-/var/lib/rabbitmq}/.erlang.cookie" ] || { echo 'the node is not up yet' >&2; exit 6; }
${chosen('rabbitmqctl', '/opt/rabbitmq/sbin/rabbitmqctl', '/opt/bitnami/rabbitmq/sbin/rabbitmqctl')}
exec "$c" -q -t 9 ${args.map(quoted).join(' ')}`;
  const { exitCode, stdout, stderr } = await inShell(ask, script);
  if (exitCode === 0) return stdout.trim();
  throw new Unable(reasonIn(`${stderr}\n${stdout}`) || `rabbitmqctl failed with exit code ${exitCode}`);
}

/** Its errors come with pages of advice, and after what the shell says of locales. */
export function reasonIn(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^\s*Error:\s*|^\s*\* /, '').trim())
    .filter((line) => line !== '' && !/warning: setlocale/.test(line));
  return firstLine(lines.join('\n'));
}

/**
 * One call instead of many, as each takes a second to start. What a version does not know stays out, and a node that is
 * still starting is not bothered with more.
 */
const FACTS = `case rabbit:is_running() of false -> ["running=false"]; true ->
T = fun(F) -> try F() catch _:_ -> unknown end end,
S = fun(K, V) -> case V of unknown -> []; not_found -> [];
  _ when is_integer(V) -> [K ++ "=" ++ integer_to_list(V)];
  _ when is_atom(V) -> [K ++ "=" ++ atom_to_list(V)];
  _ when is_binary(V) -> [K ++ "=" ++ binary_to_list(V)];
  _ when is_list(V) -> [K ++ "=" ++ V]; _ -> [] end end,
Q = T(fun() -> rabbit_amqqueue:list() end),
D = T(fun() -> [X || X <- Q, amqqueue:is_durable(X)] end),
V = T(fun() -> [X || X <- Q, not amqqueue:is_durable(X), amqqueue:get_exclusive_owner(X) =:= none] end),
N = fun(L) when is_list(L) -> length(L); (_) -> unknown end,
lists:append([
["running=true"],
S("directory", case T(fun() -> rabbit:data_dir() end) of unknown -> T(fun() -> rabbit_mnesia:dir() end); A -> A end),
S("raft", case application:get_env(ra, data_dir) of {ok, R} -> R; _ -> unknown end),
S("id", T(fun() -> rabbit_runtime_parameters:value_global(internal_cluster_id) end)),
S("version", T(fun() -> rabbit_misc:version() end)),
S("node", node()),
S("durable", N(D)), S("transient", N(V)),
S("messages", T(fun() -> lists:sum([element(4, E) || E <- ets:tab2list(queue_coarse_metrics)]) end)),
S("exchanges", T(fun() -> length([E || E <- rabbit_exchange:list(),
  case element(4, element(2, E)) of <<>> -> false; <<"amq.", _/binary>> -> false; _ -> true end]) end)),
S("users", T(fun() -> length(rabbit_auth_backend_internal:list_users()) end)),
S("vhosts", T(fun() -> length(rabbit_vhost:list_names()) end)),
S("alarms", T(fun() -> length([A2 || A2 <- rabbit_alarm:get_alarms(), element(1, element(1, A2)) =:= resource_limit]) end))
]) end.`;

/** `["directory=/var/lib/...",\n "id=..."]`: a long text is broken into several, one under the other. */
export function factsIn(text: string): ReadonlyMap<string, string> {
  const whole = text.replace(/"\s*\n\s*"/g, '');
  const words = [...whole.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word]) => word!.replace(/\\(.)/g, '$1'));
  return new Map(
    words.flatMap((word): [string, string][] => {
      const equals = word.indexOf('=');
      return equals < 1 ? [] : [[word.slice(0, equals), word.slice(equals + 1)]];
    }),
  );
}

type Facts = ReadonlyMap<string, string>;

const numberOf = (facts: Facts, name: string): number | null => {
  const value = facts.get(name);
  return value === undefined ? null : Number(value);
};

async function ask(of: Ask): Promise<Facts> {
  const facts = factsIn(await control(of, 'eval', FACTS.replaceAll('\n', ' ')));
  // Until then it knows of no queues and has no id yet.
  if (facts.get('running') !== 'true') throw new Unable('the node is still starting');
  if (!facts.has('directory')) throw new Unable('the node did not tell its directory');
  return facts;
}

export function contentsOf(facts: Facts): Pick<Told, 'empty' | 'count' | 'contents'> {
  const durable = numberOf(facts, 'durable');
  if (durable === null) return { empty: null, count: null, contents: null };
  const messages = numberOf(facts, 'messages');
  const least: readonly (readonly [name: string, untouched: number])[] = [
    ['transient', 0],
    ['messages', 0],
    ['exchanges', 0],
    ['users', 1],
    ['vhosts', 1],
  ];
  const touched = durable > 0 || least.some(([name, untouched]) => (numberOf(facts, name) ?? 0) > untouched);
  const waiting = messages === null ? '' : `, ${counted(messages, 'message')}`;
  return { empty: !touched, count: durable, contents: `${counted(durable, 'durable queue')}${waiting}` };
}

/** A container that was given no hostname has its id for one, and the next container has another id. */
export function weaknessesOf(facts: Facts, container: string): Weakness[] {
  const found: Weakness[] = [];
  const node = facts.get('node') ?? '';
  if (/^[0-9a-f]{12}$/.test(node.split('@')[1] ?? '') && container.startsWith(node.split('@')[1]!))
    found.push({
      setting: `node name ${node}`,
      message:
        'Its directory is named after the id of this container: the next container starts with an empty one beside it',
      weight: 'risk',
    });
  const transient = numberOf(facts, 'transient') ?? 0;
  if (transient > 0)
    found.push({
      setting: counted(transient, 'queue that is not durable').replace(
        'queue that is not durables',
        'queues that are not durable',
      ),
      message: 'They go with each restart, and with them their messages',
      weight: 'note',
    });
  return found;
}

/** Directories of other nodes: what earlier containers had. The suffixes are those of helpers that lie beside them. */
export const othersIn = (list: string, own: string): string[] =>
  list
    .split('\n')
    .map((line) => line.trim())
    .filter((name) => /^[^/@\s]+@[^/@\s]+$/.test(name) && name !== own)
    .filter((name) => !/-(feature_flags|plugins-expand|rename|upgrade-backup)$|\.pid$/.test(name));

async function read(of: Ask): Promise<Told> {
  const facts = await ask(of);
  const directory = facts.get('directory')!;
  const list = await orNull(of.attempt(['ls', '-1', directory.replace(/\/[^/]*$/, '') || '/']));
  const others = othersIn(list?.exitCode === 0 ? list.stdout : '', directory.split('/').at(-1)!);
  return {
    ...SILENT,
    ...contentsOf(facts),
    writesTo: places([directory, facts.get('raft')]),
    fingerprint: facts.get('id') ?? null,
    weaknesses: weaknessesOf(facts, of.container.id),
    evidence: [
      `RabbitMQ ${facts.get('version') ?? ''}, node ${facts.get('node') ?? ''}`,
      ...(others.length === 0
        ? []
        : [`Beside its directory lies that of ${others.slice(0, 3).join(', ')}, which no node uses now`]),
    ],
  };
}

/** A global parameter: durable in the same store as queues, written by a documented command, and read by nobody else. */
const planting: Planting = {
  async refusal(of) {
    const facts = await ask(of);
    if ((numberOf(facts, 'alarms') ?? 0) > 0) return 'it has an alarm for memory or disk space';
    return fullDisk(of, facts.get('directory'));
  },
  plant: async (of, mark) => {
    await control(of, 'set_global_parameter', PREFIX + mark, `"${mark}"`);
  },
  find: async (of, mark) => (await control(of, 'list_global_parameters')).includes(PREFIX + mark),
  async remove(of, mark) {
    if (await planting.find(of, mark)) await control(of, 'clear_global_parameter', PREFIX + mark);
  },
};

export const RABBITMQ: Probe = { technologies: ['rabbitmq', 'bitnami-rabbitmq'], proven: true, read, planting };
