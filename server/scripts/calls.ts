/** What leads to a command (`sudo`, `ssh host`, `docker compose exec db`), and where the command itself begins. */
import type { Within, Word } from './model.ts';
import type { MappedWord } from './words.ts';

const baseName = (text: string): string => text.slice(text.lastIndexOf('/') + 1).replace(/\.exe$/, '');

/** Programs that run the words behind them, with the options that take a value. */
const WRAPPERS: Readonly<Record<string, RegExp>> = {
  sudo: /^(-[ugCDhpRrTt]|--(user|group|host|prompt))$/,
  doas: /^-[uC]$/,
  env: /^(-[uCS]|--unset|--chdir)$/,
  exec: /^-a$/,
  command: /^$/,
  builtin: /^$/,
  nohup: /^$/,
  setsid: /^$/,
  time: /^-[fo]$/,
  nice: /^-n$/,
  ionice: /^-[cnp]$/,
  stdbuf: /^-[ioe]$/,
  timeout: /^(-[ks]|--(kill-after|signal))$/,
  xargs: /^-[IaEdLnPs]$/,
  'cross-env': /^$/,
  dotenv: /^-[efv]$/,
  winpty: /^$/,
  call: /^$/,
  runuser: /^(-[ugc]|--user)$/,
  chronic: /^$/,
  flock: /^(-[wE]|--(timeout))$/,
};

const SHELLS = new Set(['sh', 'bash', 'zsh', 'dash', 'ash', 'ksh']);
const ENGINES = new Set(['docker', 'podman', 'nerdctl']);
const ENGINE_VALUED = /^(-[cHl]|--(context|host|log-level|config|connection|url|identity|root|namespace))$/;
const COMPOSE_VALUED =
  /^(-[fpcH]|--(file|project-name|profile|env-file|project-directory|workdir|ansi|progress|parallel|context|host|log-level|podman-args|podman-path))$/;
const EXEC_VALUED = /^(-[euw]|--(env|env-file|user|workdir|index|detach-keys|preserve-fds))$/;
const RUN_VALUED =
  /^(-[aehlmpuvwc]|--(add-host|annotation|attach|blkio-weight|cap-add|cap-drop|cgroup-parent|cgroupns|cidfile|cpu-\w+(-\w+)?|cpus|cpuset-\w+|device(-\S+)?|dns(-\S+)?|domainname|entrypoint|env|env-file|expose|gpus|group-add|health-\S+|hostname|ip6?|ipc|isolation|label(-file)?|link(-local-ip)?|log-driver|log-opt|mac-address|memory(-\S+)?|mount|name|net|network(-alias)?|oom-score-adj|pid|pids-limit|platform|pod|publish|pull|restart|runtime|secret|security-opt|shm-size|stop-signal|stop-timeout|storage-opt|sysctl|systemd|tmpfs|ulimit|user|userns|uts|volume(-driver)?|volumes-from|workdir|project-directory))$/;
const SSH_VALUED = /^-[BbcDEeFIiJLlmOopQRSWw]$/;

export const isAssignment = (text: string): boolean => /^[A-Za-z_]\w*\+?=/.test(text);

/** Index of the first word that is no option; `valued` are the options that take the next word. */
export function behindOptions(words: readonly { readonly text: string }[], from: number, valued: RegExp): number {
  let at = from;
  while (at < words.length && /^-./.test(words[at]!.text)) {
    if (words[at]!.text === '--') return at + 1;
    // `-itv x`: of flags that are written together the last may take a value.
    const { text } = words[at]!;
    const last = /^-[A-Za-z]{2,}$/.test(text) ? `-${text.at(-1)}` : text;
    at += valued.test(last) || valued.test(text) ? 2 : 1;
  }
  return at;
}

/** Where the program stands, behind what only leads to it. */
export function programAt(words: readonly MappedWord[]): number {
  let at = 0;
  for (;;) {
    while (at < words.length && isAssignment(words[at]!.text)) at++;
    const valued = at < words.length ? WRAPPERS[baseName(words[at]!.text)] : undefined;
    if (!valued || at + 1 >= words.length) return Math.min(at, words.length - 1);
    const name = baseName(words[at]!.text);
    // `command -v x` only looks for it.
    if (name === 'command' && /^-[vV]$/.test(words[at + 1]!.text)) return at;
    const next = behindOptions(words, at + 1, valued);
    if (next >= words.length) return at;
    at = name === 'timeout' || name === 'flock' ? next + 1 : next;
    if (at >= words.length) return words.length - 1;
  }
}

export type Inner =
  /** A text that a shell reads. */
  | { readonly text: MappedWord; readonly within: Pick<Within, 'kind' | 'name'> | null }
  /** Words that are run as they are. */
  | { readonly words: readonly MappedWord[]; readonly within: Pick<Within, 'kind' | 'name'> | null };

/** What a command (from its program on) runs in its turn. */
export function innerOf(words: readonly MappedWord[]): Inner | null {
  const name = baseName(words[0]?.text ?? '');
  if (SHELLS.has(name)) return shellText(words, 1, null);
  if (name === 'eval' && words[1]) return { text: words[1], within: null };
  if (name === 'su' || name === 'runuser') return shellText(words, 1, null);
  if (name === 'ssh') return overSsh(words);
  const compose = composeAt(words);
  if (compose > 0) return composeInner(words, compose);
  return ENGINES.has(name) ? engineInner(words) : null;
}

/** `sh -ec 'text'`. */
function shellText(
  words: readonly MappedWord[],
  from: number,
  within: Pick<Within, 'kind' | 'name'> | null,
): Inner | null {
  const flag = words.findIndex((word, i) => i >= from && /^(-[a-z]*c|--command)$/.test(word.text));
  const text = flag < 0 ? undefined : words[flag + 1];
  return text ? { text, within } : null;
}

function overSsh(words: readonly MappedWord[]): Inner | null {
  const host = behindOptions(words, 1, SSH_VALUED);
  const name = words[host];
  if (!name) return null;
  const within = { kind: 'host' as const, name };
  const rest = words.slice(behindOptions(words, host + 1, SSH_VALUED));
  if (rest.length === 0) return null;
  return rest.length === 1 ? { text: rest[0]!, within } : run(rest, within);
}

/** Words that are run in a container or elsewhere; a shell among them reads its text there. */
function run(words: readonly MappedWord[], within: Pick<Within, 'kind' | 'name'>): Inner {
  return { words, within };
}

/** Index of the subcommand of Compose, behind its options; 0 where the words are no call of it. */
export function composeAt(words: readonly { readonly text: string }[]): number {
  const name = baseName(words[0]?.text ?? '');
  if (/^(docker|podman)-compose$/.test(name)) return behindOptions(words, 1, COMPOSE_VALUED);
  if (!ENGINES.has(name)) return 0;
  const at = behindOptions(words, 1, ENGINE_VALUED);
  return words[at]?.text === 'compose' ? behindOptions(words, at + 1, COMPOSE_VALUED) : 0;
}

/** Index of the subcommand of the engine; 0 where the words are no call of one. */
export function engineAt(words: readonly { readonly text: string }[]): number {
  return ENGINES.has(baseName(words[0]?.text ?? '')) ? behindOptions(words, 1, ENGINE_VALUED) : 0;
}

/** Index of the image of `docker run` or `create`, and of the container of `exec`, behind the options. */
export const imageAt = (words: readonly { readonly text: string }[], subcommand: number): number =>
  behindOptions(words, subcommand + 1, RUN_VALUED);

function composeInner(words: readonly MappedWord[], at: number): Inner | null {
  const verb = words[at]?.text;
  if (verb !== 'exec' && verb !== 'run') return null;
  const service = verb === 'exec' ? behindOptions(words, at + 1, EXEC_VALUED) : imageAt(words, at);
  const name = words[service];
  const rest = words.slice(service + 1);
  return name && rest.length > 0 ? run(rest, { kind: 'service', name }) : null;
}

function engineInner(words: readonly MappedWord[]): Inner | null {
  let at = engineAt(words);
  if (words[at]?.text === 'container') at++;
  const verb = words[at]?.text;
  if (verb !== 'exec' && verb !== 'run') return null;
  const target = verb === 'exec' ? behindOptions(words, at + 1, EXEC_VALUED) : imageAt(words, at);
  const name = words[target];
  const rest = words.slice(target + 1);
  return name && rest.length > 0 ? run(rest, { kind: verb === 'exec' ? 'container' : 'one-off', name }) : null;
}

/** Programs that read a here-document or what is piped into them as commands. */
export function readsCommands(words: readonly Word[]): Pick<Within, 'kind' | 'name'> | 'here' | null {
  const name = baseName(words[0]?.text ?? '');
  if (SHELLS.has(name))
    return words.slice(1).every(({ text }) => text.startsWith('-') && !/c$/.test(text)) ? 'here' : null;
  if (name !== 'ssh') return null;
  const host = behindOptions(words, 1, SSH_VALUED);
  const rest = words.slice(host + 1).filter(({ text }) => !text.startsWith('-'));
  return words[host] && (rest.length === 0 || SHELLS.has(baseName(rest[0]!.text)))
    ? { kind: 'host', name: words[host] }
    : null;
}
