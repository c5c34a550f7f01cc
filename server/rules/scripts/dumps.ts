/** Dumps of databases in a script: where each goes, and whether anybody would notice that one failed. */
import * as path from 'node:path';
import type { Command, Script, ScriptPart, Word } from '../../scripts/model.ts';
import { textOf } from '../../syntax/source.ts';
import { callOf, flagIn, valuesOf } from './about.ts';

/** Programs that write a database to their output or to a file; what says which file. */
const DUMPS: Readonly<Record<string, readonly string[]>> = {
  pg_dump: ['-f', '--file'],
  pg_dumpall: ['-f', '--file'],
  mysqldump: ['-r', '--result-file'],
  'mariadb-dump': ['-r', '--result-file'],
  mongodump: ['-o', '--out', '--archive'],
};

/** Read what comes and write it on: they end well with nothing, too. */
const FILTERS =
  /^(gzip|pigz|bzip2|pbzip2|xz|pixz|zstd|pzstd|zstdmt|lz4|lzop|brotli|7z|gpg2?|age|openssl|tee|cat|pv|mbuffer|buffer|split|sed|awk|grep|tr|dd|head|tail)$/;
/** The same, and what they write is elsewhere. */
const SINKS = /^(aws|s3cmd|rclone|mc|gsutil|az|curl|s5cmd|b2)$/;

export interface Dump {
  readonly program: string;
  /** From what leads to it (`docker exec`) on. */
  readonly outer: Command;
  /** The last of its pipeline, whose status counts instead of its own; null where it stands alone. */
  readonly last: string | null;
  /** Where it goes; null where that is elsewhere or cannot be told. */
  readonly target: Word | null;
}

/** Null where the command is no dump, or one that nothing keeps. */
export function dumpOf(command: Command): Dump | null {
  const program = path.posix.basename(command.words[0].text);
  const options = Object.hasOwn(DUMPS, program) ? DUMPS[program] : undefined;
  if (!options || command.words.some(({ text }) => /^(--version|--help|-\?)$/.test(text))) return null;
  const leads = command.within.flatMap(({ by }) => by ?? []);
  const outer = leads[0] ?? command;
  const [file] = valuesOf(command.words, options);
  const stages = stagesOf(command, leads);
  if (!stages.every(({ words: [{ text }] }) => isOnward(path.posix.basename(text)))) return null;
  const left = [command, ...stages, ...leads].flatMap(({ redirects }) => redirects).find(isOutput)?.target;
  const kept = stages.length > 0 ? undefined : file;
  const target = left ?? kept ?? outputOf(stages.at(-1)) ?? null;
  if (!target && !stages.some(({ words: [{ text }] }) => SINKS.test(path.posix.basename(text)))) return null;
  if (target?.text.startsWith('/dev/')) return null;
  const last = stages.at(-1);
  return { program, outer, last: last ? path.posix.basename(last.words[0].text) : null, target };
}

const isOnward = (program: string): boolean => FILTERS.test(program) || SINKS.test(program);

/** What it is piped through, inside what leads to it and behind that. */
function stagesOf(command: Command, leads: readonly Command[]): Command[] {
  const stages: Command[] = [];
  for (const start of [command, ...leads]) {
    for (let at = start.pipedInto; at && !stages.includes(at); at = at.pipedInto) stages.push(at);
  }
  return stages;
}

const isOutput = ({ op, fd, target }: Command['redirects'][number]): boolean =>
  /^>{1,2}\|?$/.test(op) && (fd === null || fd === 1) && target !== null;

/** `gpg -o x`, `tee x`. */
function outputOf(stage: Command | undefined): Word | undefined {
  if (!stage) return undefined;
  const program = path.posix.basename(stage.words[0].text);
  if (program === 'tee') return stage.words.slice(1).find(({ text }) => !text.startsWith('-'));
  return valuesOf(stage.words, ['-o', '--output', '-out'])[0];
}

/** Without what is only said: comments, and what is printed. */
const done = (text: string): string =>
  text.replace(/^\s*#(?!!).*$|(^|\s)#\s.*$/gm, '').replace(/\b(echo|printf|log\w*|info|warn\w*)\b[^\n;&|]*/g, '');

/** The file that is left is looked at: its size, or what is in it. */
const LOOKS =
  /(\[|\btest)\s+(!\s+)?-s\s|\b(stat|wc\s+-c|du|find\b[^\n]*-size|filesize|size\w*)\b[^\n]*\n?[^\n]*(-[lg][te]\b|-eq 0|-ne 0|[<>]=? ?\d)|-size\b|-[lg][te]\s+"?\$?\{?(MIN|min)|dump complete|dump_complete|PGDMP|pg_restore\s+(-l\b|--list)|\b(zgrep|zcat|gunzip|gzip\s+-(l|dc|cd))\b|--dry-?run/;

/** Nobody asks how the dump ended. */
export function isUnchecked({ outer, last }: Dump, { span }: ScriptPart, { kind, source: file }: Script): boolean {
  // The rest of a Compose file is of other services.
  const text = done(kind === 'started' ? textOf(span) : file.text);
  if (LOOKS.test(text)) return false;
  if (last !== null) return !/pipefail|pipestatus/i.test(done(file.text));
  if (/\bset\s+-\w*e|\bset\s+-o\s+errexit|^#!.*\s-\w*e|\btrap\b[^\n]*\bERR\b|\bsh\s+-\w*e/m.test(text)) return false;
  const { source, start, end } = outer.span;
  const [front, behind] = [source.text.slice(0, start), source.text.slice(end)];
  if (/(\b(if|elif|while|until)|!|&&|\|\||\$\()[^\n;]*$/.test(front.slice(front.lastIndexOf('\n') + 1))) return false;
  return !/^[ \t]*(\\\n\s*)?(&&|\|\|)/.test(behind) && !/\$\?|\bcheck_/.test(behind.slice(0, 300));
}

export interface Clearing {
  readonly command: Command;
  /** `older`: backups of other days. `volume`: what was dumped itself. */
  readonly of: 'older' | 'volume';
  /** As it is called in a message. */
  readonly how: string;
}

/** What is deleted as if the dump were there: older backups (`find ... -mtime +7 -delete`), or the volume behind it. */
export function clearingOf(dump: Dump, command: Command, part: ScriptPart, script: Script): Clearing | null {
  return volumesBehind(command, part) ?? olderOnes(dump, script);
}

function volumesBehind(dump: Command, { commands }: ScriptPart): Clearing | null {
  const inner = new Set(dump.within.flatMap(({ by }) => by ?? []));
  for (const command of commands.slice(commands.indexOf(dump) + 1)) {
    const call = inner.has(command) || command.confirmed ? null : callOf(command);
    if (!call) continue;
    if (/^volume (rm|remove)$/.test(call.verb))
      return { command, of: 'volume', how: `${call.program} volume ${call.verb.slice(7)}` };
    if (call.compose && call.verb === 'down' && flagIn(call.args, 'v', '--volumes'))
      return { command, of: 'volume', how: `${call.program} down -v` };
  }
  return null;
}

function olderOnes({ target }: Dump, script: Script): Clearing | null {
  if (!target) return null;
  for (const { commands } of script.parts) {
    for (const command of commands) {
      const how = clears(command);
      if (how !== null && isAbove(how.at, target)) return { command, of: 'older', how: how.says };
    }
  }
  return null;
}

function clears(command: Command): { readonly at: Word | null; readonly says: string } | null {
  const program = path.posix.basename(command.words[0].text);
  const text = textOf(command.span);
  if (program === 'find') {
    if (!/-(mtime|mmin|ctime|cmin|newermt|daystart)\b/.test(text)) return null;
    const removes = /-delete\b|-exec(dir)?\s+(sudo\s+)?rm\b/.test(text) || leadsToRemoval(command);
    return removes ? { at: command.words[1] ?? null, says: 'find' } : null;
  }
  if (program === 'ls' && /\s-\w*t/.test(text) && leadsToRemoval(command))
    return { at: command.words.slice(1).find((word) => !word.text.startsWith('-')) ?? null, says: 'rm' };
  return null;
}

function leadsToRemoval(command: Command): boolean {
  for (let at = command.pipedInto; at; at = at.pipedInto) {
    if (/\brm\b/.test(textOf(at.span))) return true;
  }
  return false;
}

/** The folder that is cleared is the one that the dump goes to, as far as the words tell. */
function isAbove(at: Word | null, target: Word): boolean {
  const folder = (at?.text ?? '.').replace(/\/?[^/]*\*[^/]*$/, '').replace(/\/+$/, '');
  if (folder === '' || folder === '.') return !target.text.startsWith('/');
  return target.text.startsWith(`${folder}/`);
}

const BACKUP_NAME = /back-?up|dump|cron|nightly|daily|weekly/i;
/** What keeps older states of a file itself, or takes it elsewhere. */
const KEEPERS =
  /^(git|restic|borg(matic)?|kopia|duplicity|duplicati|rdiff-backup|rsnapshot|logrotate|savelog|zfs|btrfs|snapper)$/;

/** Run again and again, always to the same file, which nothing else in the script puts away. */
export function isOnlyCopy(dump: Dump, command: Command, part: ScriptPart, script: Script): boolean {
  const { target, program, outer } = dump;
  const isRegular = script.kind === 'crontab' || script.kind === 'systemd' || script.kind === 'started';
  if (!isRegular && ![path.posix.basename(script.source.path), part.name ?? ''].some((name) => BACKUP_NAME.test(name)))
    return false;
  // A folder of files is written file by file.
  if (program === 'mongodump' || !target?.told || target.each || outer.folder === null) return false;
  if (/^\/(tmp|dev|run|var\/tmp)\//.test(target.text) || /[$`*?\s]/.test(target.text)) return false;
  if ([command, outer].some(({ redirects }) => redirects.some(({ op }) => op === '>>'))) return false;
  const name = path.posix.basename(target.text);
  const own = new Set<Command>([
    command,
    outer,
    ...stagesOf(
      command,
      command.within.flatMap(({ by }) => by ?? []),
    ),
  ]);
  return !script.parts.some(({ commands }) =>
    commands.some(
      (one) =>
        !own.has(one) &&
        !command.within.some(({ by }) => by === one) &&
        (KEEPERS.test(path.posix.basename(one.words[0].text)) || (putsAway(one) && isSaid(one, name, target.text))),
    ),
  );
}

const putsAway = ({ words: [{ text }] }: Command): boolean =>
  !/^(echo|printf|rm|ls|test|\[+|chmod|chown|mkdir|touch|du|stat|wc)$/.test(path.posix.basename(text));

/** By its name, or by that of its folder. */
const isSaid = ({ span }: Command, name: string, target: string): boolean => {
  const text = textOf(span);
  const folder = path.posix.dirname(target);
  return text.includes(name) || (folder !== '.' && folder !== '/' && text.includes(folder)) || /\*/.test(text);
};
