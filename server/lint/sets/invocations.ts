/** Calls of Compose in shell text: which files are given with `-f`, and where. */
import { type Step, stepsOf } from './shell.ts';
import { ARGUMENTS, isTold, SCRIPT_FOLDER } from './shell-marks.ts';
import { assign, type Variables } from './shell-variables.ts';

export interface Invocation {
  /** As written; a mark stands for the folder of the script. */
  readonly files: readonly string[];
  /** The literal folder that the script had entered, relative to where it began; null where it cannot be told. */
  readonly folder: string | null;
  readonly projectName?: string;
  readonly profiles: readonly string[];
  /** Null without `--env-file`; those that cannot be told are left out. */
  readonly envFiles: readonly string[] | null;
  readonly directory?: string;
}

const KEYWORDS = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', '{', '}', 'time', 'eval']);
const WRAPPERS = new Set(['sudo', 'env', 'exec', 'command', 'nohup', 'nice', 'cross-env', 'winpty', 'call', 'timeout']);
const SHELLS = new Set(['sh', 'bash', 'zsh', 'dash', 'ash']);
const DECLARES = new Set(['export', 'local', 'readonly', 'declare', 'typeset']);
const ENGINES = new Set(['docker', 'podman', 'nerdctl']);
const MAX_NESTING = 4;

const commandName = (word: string): string => word.slice(word.lastIndexOf('/') + 1).replace(/\.exe$/, '');

/** @param given variables that hold from the start: of the Makefile, of the step */
export function invocationsOf(text: string, given: ReadonlyMap<string, string> = new Map()): Invocation[] {
  return [...calls(text, new Map(given), '', 0)];
}

function* calls(text: string, variables: Variables, start: string, nesting: number): Generator<Invocation> {
  let folder: string | null = start;
  const outer: (string | null)[] = [];
  const pushed: (string | null)[] = [];
  for (const step of stepsOf(text, variables)) {
    if ('opens' in step) {
      if (step.opens) outer.push(folder);
      else if (outer.length > 0) folder = outer.pop()!;
      continue;
    }
    const words = withoutKeywords(step);
    const [first = '', second = ''] = words;
    if (first === 'cd' || first === 'pushd') {
      pushed.push(folder);
      folder = enter(folder, words.slice(1).find((word) => !/^(-[LP]|--)$/.test(word)) ?? '~');
    } else if (first === 'popd') folder = pushed.pop() ?? null;
    else if (DECLARES.has(first))
      assign(
        words.slice(1).filter((word) => !word.startsWith('-')),
        variables,
      );
    else if (first === 'alias') {
      for (const word of words.slice(1)) yield* nested(word.slice(word.indexOf('=') + 1), variables, folder, nesting);
    } else if (/^[A-Za-z_]\w*\+?=/.test(first) && words.every((word) => /^[A-Za-z_]\w*\+?=/.test(word))) {
      assign(words, variables);
    } else if (SHELLS.has(commandName(first)) && /^-[a-z]*c$/.test(second)) {
      yield* nested(words[2] ?? '', variables, folder, nesting);
    } else if (first.endsWith('concurrently')) {
      for (const word of words.slice(1)) if (/\s/.test(word)) yield* nested(word, variables, folder, nesting);
    } else {
      const call = callOf(words, variables, folder);
      if (call) yield call;
    }
  }
}

function* nested(text: string, variables: Variables, folder: string | null, nesting: number): Generator<Invocation> {
  if (nesting < MAX_NESTING && folder !== null) yield* calls(text, new Map(variables), folder, nesting + 1);
}

function withoutKeywords(step: Exclude<Step, { opens: boolean }>): readonly string[] {
  let from = 0;
  while (KEYWORDS.has(step[from] ?? '')) from++;
  return step.slice(from);
}

function enter(folder: string | null, to: string): string | null {
  if (!isTold(to) || /^[~/-]/.test(to)) return null;
  if (to.startsWith(SCRIPT_FOLDER)) return to;
  return folder === null ? null : folder === '' ? to : `${folder}/${to}`;
}

function callOf(words: readonly string[], outer: Variables, folder: string | null): Invocation | null {
  const variables = new Map(outer);
  let rest = assign(words, variables);
  while (WRAPPERS.has(commandName(rest[0] ?? ''))) {
    rest = rest.slice(1);
    // `sudo -E -u deploy`, `timeout 60`: to the next assignment or command.
    while (/^-/.test(rest[0] ?? '')) rest = rest.slice(/^-[ugnCh]$/.test(rest[0]!) ? 2 : 1);
    if (/^\d+[smh]?$/.test(rest[0] ?? '')) rest = rest.slice(1);
    rest = assign(rest, variables);
  }
  return composeCall(rest, variables, folder) ?? afterDashes(rest, variables, folder);
}

/** `doppler run -- docker compose ...` and its like. */
function afterDashes(words: readonly string[], variables: Variables, folder: string | null): Invocation | null {
  const dashes = words.indexOf('--');
  return dashes > 0 ? composeCall(words.slice(dashes + 1), variables, folder) : null;
}

function composeCall(words: readonly string[], variables: Variables, folder: string | null): Invocation | null {
  const name = commandName(words[0] ?? '');
  if (/^(docker|podman)-compose$/.test(name)) return optionsOf(words.slice(1), variables, folder);
  if (!ENGINES.has(name)) return null;
  let at = 1;
  while (words[at]?.startsWith('-'))
    at += /^(-[cHl]|--(context|host|log-level|config|connection))$/.test(words[at]!) ? 2 : 1;
  if (words[at] === 'stack') return stackCall(words.slice(at + 1), folder);
  return words[at] === 'compose' ? optionsOf(words.slice(at + 1), variables, folder) : null;
}

const VALUED =
  /^(-f|--file|-p|--project-name|--profile|--env-file|--project-directory|--workdir|--ansi|--progress|--parallel|-c|--context|-H|--host|--log-level|--podman-args|--podman-path)$/;

/** Null when it names no file, or when which files cannot be told. */
function optionsOf(words: readonly string[], variables: Variables, folder: string | null): Invocation | null {
  const found = { file: [] as string[], profile: [] as string[], 'env-file': [] as string[] };
  let projectName: string | undefined;
  let directory: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    // "$@" is what is called, behind the options that are written out; other words may hold more options.
    if (word === ARGUMENTS || !/^[-\uE001\uE002]/.test(word)) break;
    if (!word.startsWith('-')) return null;
    const [option, value] = VALUED.test(word) ? [word, words[++at] ?? ''] : attached(word);
    if (option === '-f' || option === '--file') found.file.push(value);
    else if (option === '--profile') found.profile.push(value);
    else if (option === '--env-file') found['env-file'].push(value);
    else if (option === '-p' || option === '--project-name') projectName = value;
    else if (option === '--project-directory' || option === '--workdir') directory = value;
  }
  const separator = variables.get('COMPOSE_PATH_SEPARATOR') ?? ':';
  const files = found.file.length > 0 ? found.file : (variables.get('COMPOSE_FILE')?.split(separator) ?? []);
  if (!areFiles(files)) return null;
  if (directory !== undefined && !isTold(directory)) return null;
  const name = projectName ?? variables.get('COMPOSE_PROJECT_NAME');
  const profiles = found.profile.length > 0 ? found.profile : (variables.get('COMPOSE_PROFILES')?.split(',') ?? []);
  return {
    files,
    folder,
    ...(name !== undefined && name !== '' && isTold(name) ? { projectName: name } : {}),
    profiles: profiles.filter((profile) => profile !== '' && isTold(profile)),
    envFiles:
      found['env-file'].length > 0 ? found['env-file'].filter((file) => isTold(file) && !/^[/~]/.test(file)) : null,
    ...(directory === undefined ? {} : { directory }),
  };
}

const STACK_VALUED = /^(--orchestrator|--resolve-image|--namespace)$/;

/** `docker stack deploy -c a.yml,b.yml name`. */
function stackCall(words: readonly string[], folder: string | null): Invocation | null {
  let at = 0;
  while (words[at]?.startsWith('-')) at += STACK_VALUED.test(words[at]!) ? 2 : 1;
  if (words[at] !== 'deploy' && words[at] !== 'up') return null;
  const files: string[] = [];
  let projectName: string | undefined;
  for (at++; at < words.length; at++) {
    const [option, value] = attached(words[at]!);
    if (!option.startsWith('-')) projectName ??= option;
    else if (option !== '-c' && option !== '--compose-file') at += STACK_VALUED.test(words[at]!) ? 1 : 0;
    else files.push(...(value === '' ? (words[++at] ?? '') : value).split(','));
  }
  if (!areFiles(files)) return null;
  const named = projectName !== undefined && isTold(projectName) ? { projectName } : {};
  return { files, folder, ...named, profiles: [], envFiles: null };
}

/** Paths in the workspace, as far as can be told. */
const areFiles = (files: readonly string[]): boolean =>
  files.length > 0 && files.every((file) => isTold(file) && !/^(-|\/|~|\w+:|$)/.test(file));

/** `-fa.yml`, `--file=a.yml`. */
function attached(word: string): [string, string] {
  const long = /^(--[\w-]+)=(.*)$/s.exec(word);
  if (long) return [long[1]!, long[2]!];
  const short = /^(-[fpc])=?(.+)$/s.exec(word);
  return short ? [short[1]!, short[2]!] : [word, ''];
}
