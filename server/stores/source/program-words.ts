/** What the words of a container say of the program they start. */
import * as path from 'node:path';

/** Started before the program, which they then become. */
const LAUNCHERS = new Set([
  'tini',
  'dumb-init',
  'catatonit',
  'exec',
  'gosu',
  'su-exec',
  'env',
  'nice',
  '--',
  '-g',
  '-s',
]);
/** What starts a program in ways of its own. */
const INTERPRETED = /(?:^|\/)(?:sh|bash|ash|dash|zsh|s6-svscan|supervisord|init)$|\.sh$/;

/** The program and its arguments; undefined where a script decides. */
function started(argv: readonly string[]): readonly string[] | undefined {
  const at = argv.findIndex((word) => !LAUNCHERS.has(path.posix.basename(word)));
  const words = at < 0 ? [] : argv.slice(at);
  return words[0] === undefined || INTERPRETED.test(words[0]) ? undefined : words;
}

/** `.` for a program named without a folder. */
export function programFolder(argv: readonly string[]): string | undefined {
  const program = started(argv)?.[0];
  if (program === undefined) return undefined;
  return program === 'go' ? '.' : path.posix.dirname(program);
}

/** `.` for a script named without a folder; undefined where no script is named. */
export function scriptFolder(argv: readonly string[]): string | undefined {
  const script = started(argv)?.find((word) => word.endsWith('.py'));
  return script === undefined ? undefined : path.posix.dirname(script);
}

/** The value of `-name x`, `--name=x`; null where it is not given, undefined where the words are not known. */
export function flagIn(argv: readonly string[], name: string): string | null | undefined {
  const words = started(argv);
  if (!words) return undefined;
  for (let i = words.length - 1; i > 0; i--) {
    const word = words[i]!.replace(/^--?/, '');
    if (!words[i]!.startsWith('-')) continue;
    if (word === name) return words[i + 1] ?? null;
    if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
  }
  return null;
}
