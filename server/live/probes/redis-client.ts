/** Talks to Redis and its kin through the client in their container. */
import { flagValue, flatWords } from '../../stores/words.ts';
import { chosen, firstLine, inShell, quoted, sections, TIMED } from './client.ts';
import { type Ask, Unable } from './probe.ts';

const VARIABLES = ['REDISCLI_AUTH', 'REDIS_PASSWORD', 'VALKEY_PASSWORD', 'KEYDB_PASSWORD', 'DFLY_requirepass'];
const FILES = ['REDIS_PASSWORD_FILE', 'VALKEY_PASSWORD_FILE'];
const PORTS = ['REDIS_PORT_NUMBER', 'VALKEY_PORT_NUMBER', 'DFLY_port'];

/** The first that is set, as the shell writes it. */
const anyOf = (names: readonly string[], otherwise = ''): string =>
  names.reduceRight((rest, name) => `\${${name}:-${rest}}`, otherwise);

/** `--requirepass "$PASS"`, which a shell in the container has expanded. */
const VARIABLE = /--requirepass[\s=]+["']?\$\{?([A-Za-z_]\w*)\}?/;

interface Peer {
  readonly port: string | undefined;
  readonly configuration: string | undefined;
  readonly variable: string | undefined;
}

export function peerOf(command: readonly string[]): Peer {
  const words = flatWords(command);
  const port = flagValue(words, '--port');
  return {
    port: port !== undefined && /^\d+$/.test(port) && port !== '0' ? port : undefined,
    configuration: words.find((word) => /^\/.*\.conf$/.test(word)),
    variable: VARIABLE.exec(command.join(' '))?.[1],
  };
}

/**
 * The password never leaves the container: its shell takes it from the variables or the configuration file, or from the
 * arguments of the first process. Those of the server itself are gone once it has set its title (`redis-server *:6379`).
 */
function script({ port, configuration, variable }: Peer, commands: readonly string[]): string {
  const file = quoted(configuration ?? '');
  const given = 'REDIS_ARGS REDISSTACK_ARGS REDIS_EXTRA_FLAGS VALKEY_EXTRA_FLAGS';
  return `${TIMED}
${chosen('redis-cli', 'valkey-cli', 'keydb-cli')}
said() { [ -z ${file} ] || sed -n "s/^[[:space:]]*$1[[:space:]][[:space:]]*//p" ${file} 2>/dev/null | tail -n 1 | tr -d "\\"'\\r"; }
word() { tr '\\0 ' '\\n\\n' | sed -n '/^--requirepass$/{n;p;q;}' | tr -d "\\"'"; }
a=${anyOf([...VARIABLES, ...(variable === undefined ? [] : [variable])])}
f=${anyOf(FILES)}
[ -n "$a" ] || [ -z "$f" ] || a=$(cat "$f" 2>/dev/null)
[ -n "$a" ] || a=$(printf '%s ' ${given.replace(/\w+/g, '"$$$&"')} | word)
[ -n "$a" ] || a=$(said requirepass)
[ -n "$a" ] || a=$(word </proc/1/cmdline)
p=${port ?? anyOf(PORTS)}
[ -n "$p" ] || p=$(said port)
[ -z "$a" ] || export REDISCLI_AUTH="$a"
printf '%s\\n' ${commands.map(quoted).join(' ')} | $t "$c" -p "\${p:-6379}"`;
}

/** Thrown where the server wants a password that cannot be had. */
export class Locked extends Unable {}

const LOCKED = /^(NOAUTH|WRONGPASS|ERR invalid password|ERR operation not permitted)|AUTH failed: WRONGPASS/m;

/** @returns by name what each command was answered, in lines @throws Unable */
export async function talk(ask: Ask, commands: Readonly<Record<string, string>>): Promise<Map<string, string[]>> {
  const lines = Object.entries(commands).flatMap(([name, command]) => [`ECHO @${name}`, command]);
  const { exitCode, stdout, stderr } = await inShell(
    ask,
    script(peerOf(ask.container.command), [...lines, 'ECHO @end']),
  );
  const found = sections(stdout);
  if (found.has('end')) return found;
  const all = `${stdout}\n${stderr}`;
  if (LOCKED.test(all)) throw new Locked('the server wants a password, and the container has none that can be used');
  if (exitCode === 124 || exitCode === 143) throw new Unable('the server did not answer in time');
  throw new Unable(firstLine(stdout) || firstLine(stderr) || `the client failed with exit code ${exitCode}`);
}

/** `name:value` of INFO. */
export const infoOf = (lines: readonly string[] = []): ReadonlyMap<string, string> =>
  new Map(
    lines.flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon < 1 || line.startsWith('#') ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()]];
    }),
  );

/** Of CONFIG GET; undefined when it is forbidden, renamed, or has no such setting. */
export const settingOf = (name: string, lines: readonly string[] = []): string | undefined =>
  lines[0] === name ? (lines[1] ?? '') : undefined;
