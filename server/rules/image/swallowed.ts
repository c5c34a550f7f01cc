/** Servers that the shell in front of them keeps the stop signal from. */
import * as path from 'node:path';
import type { Files } from '../../files.ts';
import type { AnalysedService } from '../../stores/model.ts';
import type { Command } from '../../syntax/shell.ts';
import { serverIn } from './servers.ts';
import { type Form, SHELLS, staysEverywhere } from './signals.ts';
import { type Start, startsOf } from './start.ts';
import type { LocatedText } from './texts.ts';

export interface Swallowed {
  /** The program, as people call it. */
  readonly server: string;
  readonly text: LocatedText;
  readonly command: Command;
  readonly script: boolean;
  readonly form: Form;
  readonly shell: string;
}

/** Commands after which nothing is certain: they catch signals, run other texts, or make way. */
const UNTOLD = new Set(['trap', 'source', '.', 'eval', 'exec']);
/** Files that are read for variables, and for nothing else. */
const HARMLESS = /(?:^|\/)(?:activate|\.?env|\.env\.\w+|\.bashrc|\.profile|profile|nvm\.sh|envvars)$/;
/** What a script waits in while the servers run in the background. */
const WAITS = /^(?:wait|tail -[fFn]|sleep (?:infinity|inf|\d{4,}))/;

/** What says most of a text: the command that it ends in. */
const PREFERRED: readonly Form[] = ['alone', 'last', 'redirected', 'piped', 'background', 'followed'];

/** One of each text: what it ends in, else what it leaves in the background. */
export function swallowed(analysed: AnalysedService, files: Files): Swallowed | undefined {
  const found = [...all(analysed, files)];
  return found.sort((a, b) => PREFERRED.indexOf(a.form) - PREFERRED.indexOf(b.form))[0];
}

/** Words by which a server looks at something, or prepares it, and ends. */
const ENDS =
  /^(?:-t|-T|-v|-V|--?version|--?help|-h|--test|--check\S*|--initialize\S*|--bootstrap|--single|--dry-run|--detach|--fix-perms)$/;

function* all(analysed: AnalysedService, files: Files): Iterable<Swallowed> {
  const start = startsOf(analysed, files).at(-1)!;
  if (start.kind !== 'shell' && start.kind !== 'script') return;
  const { text } = start;
  const { commands } = text;
  if (!text.whole || commands.some(isUntold)) return;
  const defined = new Set(
    [...text.text.matchAll(/^[ \t]*(?:function[ \t]+)?([\w-]+)[ \t]*\(\)/gm)].map(([, name]) => name),
  );
  for (const [at, command] of commands.entries()) {
    const form = formOf(commands, at, text.text);
    if (!form || !stays(form, start, analysed)) continue;
    const words = isHandedOn(command) ? start.handed : command.words;
    if (words.length === 0 || words[0]!.open || defined.has(words[0]!.text)) continue;
    if (words.some(({ text }) => ENDS.test(text))) continue;
    const server = serverIn(words, analysed, form === 'followed');
    if (server) yield { server, text, command, script: start.kind === 'script', form, shell: start.shell };
  }
}

function isUntold({ words }: Command): boolean {
  const [first, second] = words;
  if (!first || !UNTOLD.has(first.text)) return false;
  if (first.text === 'exec') return second !== undefined;
  return !(/^(?:source|\.)$/.test(first.text) && HARMLESS.test(second?.text ?? ''));
}

const isHandedOn = ({ words }: Command): boolean => words.length === 1 && /^\$[@*]$|^\$\{[@*]\}$/.test(words[0]!.text);

/** How the text ends in this command; undefined where it stands under a condition, or the text may go on without it. */
function formOf(commands: readonly Command[], at: number, text: string): Form | undefined {
  const command = commands[at]!;
  if (command.within.length > 0) return undefined;
  const rest = commands.slice(at + 1);
  const tail = text.slice(command.end);
  if (command.after === '&') return endsWaiting(rest) ? 'background' : undefined;
  if (command.before === '|') return rest.length === 0 ? 'piped' : undefined;
  if (command.after === '|') return rest.every(({ before }) => before === '|') ? 'piped' : undefined;
  if (rest.length > 0) return command.after === '||' ? undefined : 'followed';
  // Something that is no simple command stands behind it: `fi`, `done`.
  if (/^[ \t]*(?:&&|;)?[ \t]*(?:fi|done|esac|\})/m.test(tail)) return undefined;
  if (command.redirections.length > 0) return 'redirected';
  return at === 0 ? 'alone' : 'last';
}

/** The text goes on in the foreground: it waits, or something else runs there. */
const endsWaiting = (rest: readonly Command[]): boolean => {
  const last = rest.at(-1);
  return last !== undefined && last.within.length === 0 && WAITS.test(last.words.map(({ text }) => text).join(' '));
};

/** The shell stays in front of the program. A script file always does; of `-c` it depends on which shell it is. */
function stays(form: Form, start: Start & { readonly shell: string }, analysed: AnalysedService): boolean {
  if (start.kind === 'script' || staysEverywhere(form)) return true;
  const shell = start.shell === 'sh' ? shellOf(analysed) : start.shell;
  return (
    shell === 'dash' && isMeasured(analysed) && !SHELLS.find((one) => one.shell === 'dash')!.makesWay.includes(form)
  );
}

const DEBIAN = new Set([
  'debian',
  'python',
  'node',
  'golang',
  'ruby',
  'rust',
  'perl',
  'php',
  'buildpack-deps',
  'openjdk',
]);

/** What `/bin/sh` is; undefined where the image does not tell. */
function shellOf({ image }: AnalysedService): string | undefined {
  const tag = image.match?.reference.tag ?? '';
  if (/alpine/.test(tag) || /^(?:alpine|busybox)$/.test(image.match?.family.id ?? '')) return 'ash';
  return isMeasured({ image }) ? 'dash' : undefined;
}

/** Debian 12, whose dash was looked at. */
function isMeasured({ image }: Pick<AnalysedService, 'image'>): boolean {
  const { match } = image;
  if (!match || match.lookalike || !DEBIAN.has(match.family.id)) return false;
  const tag = match.reference.tag ?? '';
  return /bookworm/.test(tag) || (match.family.id === 'debian' && /^12(?:[.-]|$)/.test(tag));
}

export const shellName = ({ shell, script, text }: Swallowed): string =>
  script ? path.posix.basename(text.span.source.path) : shell;
