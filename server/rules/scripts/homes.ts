/** Folders that a script runs the project in, wherever they are: what lies there is called as it is here. */
import * as path from 'node:path';
import { type Command, type Script, UNKNOWN, type Word } from '../../scripts/model.ts';
import type { AnalysedProject } from '../../stores/model.ts';
import { textOf } from '../../syntax/source.ts';
import { callOf, valuesOf } from './about.ts';
import { copyOf } from './copies.ts';

/** `data/*` and `data/.[!.]*`: all that is in it. */
export const CONTENT = /\/(\.?\*|\.\[!\.\]\*|\{,\.\}\*|\{\*,\.\*\})$/;

const COMPOSE_NAME = /(^|\/)(docker-)?compose[\w.-]*\.ya?ml$/i;

/**
 * A folder as the script calls it: `/opt/shop`, or `$APP_DIR` where only running it would tell. Null for what is relative, and
 * for what no two words can be compared by.
 */
export function calledAs(word: Word, text = word.text): string | null {
  const said = text.includes(UNKNOWN) ? textOf(word.span) : text;
  const plain = said
    .replace(/["']/g, '')
    .replace(/\\\$/g, '$')
    .replace(/\$\{(\w+)\}/g, '$$$1')
    .replace(/^[\w.$-]+(@[\w.$-]+)?:(?=[/~$])/, '')
    .replace(CONTENT, '');
  if (!/^[/~$]/.test(plain) || /[`(){}*?\s]|\$\W/.test(plain)) return null;
  return path.posix.normalize(plain).replace(/(.)\/+$/, '$1');
}

const known = new WeakMap<Script, ReadonlySet<string>>();

export function homesOf(script: Script, { project }: AnalysedProject): ReadonlySet<string> {
  let homes = known.get(script);
  if (!homes) {
    const files = new Set(project.files.map((file) => path.posix.basename(file.path)));
    homes = new Set(script.parts.flatMap(({ commands }) => [...runsIn(commands, files), ...broughtTo(script, files)]));
    known.set(script, homes);
  }
  return homes;
}

/** `cd x && docker compose up`, `docker compose -f x/compose.yaml up`. */
function runsIn(commands: readonly Command[], files: ReadonlySet<string>): string[] {
  const found: string[] = [];
  let entered: string | null = null;
  for (const command of commands) {
    const to = enteredBy(command);
    if (to !== undefined) {
      entered = to && calledAs(to);
      continue;
    }
    const call = callOf(command);
    if (!call?.compose) continue;
    const named = valuesOf(call.options, ['-f', '--file']);
    const [directory] = valuesOf(call.options, ['--project-directory']);
    if (named.length === 0 && !directory && entered !== null) found.push(entered);
    found.push(...calledOrNone(directory));
    for (const word of named) {
      const at = calledAs(word);
      if (at && files.has(path.posix.basename(at))) found.push(path.posix.dirname(at));
    }
  }
  return found;
}

/** The Compose file is copied there, and the folder is entered. */
function broughtTo({ parts }: Script, files: ReadonlySet<string>): string[] {
  const commands = parts.flatMap((part) => part.commands);
  const entered = new Set(commands.flatMap((command) => calledOrNone(enteredBy(command))));
  return commands
    .flatMap((command) => {
      const copy = copyOf(command);
      if (!copy?.to || !copy.from.some(({ text }) => files.has(path.posix.basename(text)))) return [];
      return calledOrNone(copy.to).map((at) => (COMPOSE_NAME.test(at) ? path.posix.dirname(at) : at));
    })
    .filter((at) => entered.has(at));
}

const calledOrNone = (word: Word | null | undefined): string[] => {
  const called = word ? calledAs(word) : null;
  return called === null ? [] : [called];
};

/** Undefined for what enters no folder, null where it cannot be told which. */
export function enteredBy({ words: [first, ...rest] }: Command): Word | null | undefined {
  if (first.text === 'popd') return null;
  if (first.text !== 'cd' && first.text !== 'pushd') return undefined;
  return rest.find(({ text }) => !text.startsWith('-')) ?? null;
}
