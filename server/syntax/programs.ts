/** Which program a command comes to, behind the programs that only start another one. */
import * as path from 'node:path';
import type { Word } from './shell.ts';

/** How many words a launcher takes for itself besides its options; `flags` are its options with a value of their own. */
interface Launcher {
  readonly takes: number;
  readonly flags?: RegExp;
}

/** Programs that become, or wait for, the program behind them. */
const LAUNCHERS: Readonly<Record<string, Launcher>> = {
  exec: { takes: 0, flags: /^-a$/ },
  env: { takes: 0, flags: /^-[uC]$/ },
  nice: { takes: 0, flags: /^-n$/ },
  ionice: { takes: 0, flags: /^-[cn]$/ },
  nohup: { takes: 0 },
  time: { takes: 0 },
  command: { takes: 0 },
  sudo: { takes: 0, flags: /^-[ugCp]$/ },
  gosu: { takes: 1 },
  'su-exec': { takes: 1 },
  setpriv: { takes: 0 },
  chpst: { takes: 0, flags: /^-[uUbemodfcrt]$/ },
  'cross-env': { takes: 0 },
  dotenv: { takes: 0, flags: /^-[efv]$/ },
  poetry: { takes: 0 },
  pipenv: { takes: 0 },
  uv: { takes: 0 },
  pdm: { takes: 0 },
  hatch: { takes: 0 },
  bundle: { takes: 0 },
  npx: { takes: 0, flags: /^(?:-p|--package)$/ },
  bunx: { takes: 0 },
};

/** `poetry run x`, `bundle exec x`: the launcher only with this word behind it. */
const SUBCOMMAND: Readonly<Record<string, string>> = {
  poetry: 'run',
  pipenv: 'run',
  uv: 'run',
  pdm: 'run',
  hatch: 'run',
  bundle: 'exec',
};

/** The words from the program itself on. */
export function programWords<W extends Pick<Word, 'text'>>(words: readonly W[]): readonly W[] {
  let rest = words;
  for (;;) {
    const name = path.posix.basename(rest[0]?.text ?? '');
    const launcher = Object.hasOwn(LAUNCHERS, name) ? LAUNCHERS[name] : undefined;
    const manager = /^(?:pnpm|yarn)$/.test(name) && /^(?:exec|dlx)$/.test(rest[1]?.text ?? '');
    if (manager) {
      rest = rest.slice(2);
      continue;
    }
    const word = SUBCOMMAND[name];
    if (!launcher || (word !== undefined && rest[1]?.text !== word)) return rest;
    let at = word === undefined ? 1 : 2;
    for (; at < rest.length; at++) {
      const { text } = rest[at]!;
      if (text === '--') {
        at++;
        break;
      }
      if (launcher.flags?.test(text)) at++;
      else if (!text.startsWith('-') && !/^[A-Za-z_]\w*=/.test(text)) break;
    }
    rest = rest.slice(at + launcher.takes);
  }
}

/** The program by its name alone and what it is told, in one line: `python manage.py migrate`; `python -m flask` is `flask`. */
export function commandLine(words: readonly Pick<Word, 'text'>[]): string {
  const texts = programWords(words).map(({ text }) => text);
  const [first = '', ...rest] = texts;
  const name = path.posix.basename(first).replace(/^(python|pypy|php|pip)[\d.]+$/, '$1');
  if (name === 'python' && rest[0] === '-m') return rest.slice(1).join(' ');
  // A script that is run by a path is meant by its name.
  const script = /^(?:python|ruby|php)$/.test(name) && rest[0] !== undefined && !rest[0].startsWith('-');
  return [name, ...(script ? [path.posix.basename(rest[0]!), ...rest.slice(1)] : rest)].join(' ');
}
