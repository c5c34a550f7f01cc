/** Whether a service stands still when a command is run, as far as the commands before it tell. */
import type { Command, Script, ScriptPart } from '../../scripts/model.ts';
import type { AnalysedProject, AnalysedService } from '../../stores/model.ts';
import { textOf } from '../../syntax/source.ts';
import { type Call, callOf, flagIn, serviceNamed, valuesOf } from './about.ts';

/** What is run before `command`: in its part, in what the part depends on, and in a script above it. */
export function before(script: Script, part: ScriptPart, command: Command): readonly Command[] {
  const own = part.commands.slice(0, Math.max(0, part.commands.indexOf(command)));
  if (script.kind === 'shell' || script.kind === 'markdown')
    return script.parts.flatMap(({ commands }) => commands.filter((one) => one.span.start < command.span.start));
  const first = script.parts.filter(({ name }) => name !== null && part.after.includes(name));
  return [...first.flatMap(({ commands }) => commands), ...own];
}

const STOPS = new Set(['stop', 'down', 'pause', 'kill', 'rm']);
const STARTS = new Set(['start', 'up', 'restart', 'unpause']);

/** Scripts and units that are named for it. */
const STOP_WORD = /(^|[-_./:\s])(stop|down|pause|halt|shutdown|quiesce|freeze|offline|maintenance)([-_./:\s]|$)/i;
const START_WORD = /(^|[-_./:\s])(start|up|restart|unpause|resume|online)([-_./:\s]|$)/i;

/** Freezes what is on disk, or brings it into a state that may be copied. */
const SNAPSHOT =
  /\b(lvcreate|fsfreeze|xfs_freeze|wal_checkpoint|pg_backup_start|pg_start_backup|FLUSH TABLES WITH READ LOCK|fsyncLock|BGSAVE|snapshot)\b|\b(zfs|btrfs)\b.*\bsnapshot\b/i;

/**
 * `stopped`: asked to end, with time to close its files. `killed`: ended at once. `paused`: it keeps its files open, and
 * writes nothing.
 */
export type Stand = 'running' | 'paused' | 'killed' | 'stopped';

export const isStopped = (
  all: readonly Command[],
  service: AnalysedService | null,
  analysed: AnalysedProject,
): boolean => standOf(all, service, analysed) !== 'running';

export function standOf(all: readonly Command[], service: AnalysedService | null, analysed: AnalysedProject): Stand {
  let stand: Stand = 'running';
  for (const command of all) {
    const text = textOf(command.span);
    if (SNAPSHOT.test(text)) stand = 'stopped';
    const call = callOf(command);
    if (!call) {
      if (
        /^(echo|printf|#)/.test(command.words[0].text) ||
        command.within.some(({ kind }) => kind === 'service' || kind === 'one-off')
      )
        continue;
      const said = command.words.map((word) => word.text).join(' ');
      if (/^(ssh|sh|bash)$/.test(command.words[0].text) && /\s/.test(command.words.at(-1)!.text)) continue;
      if (STOP_WORD.test(said)) stand = /pause|freeze|quiesce/i.test(said) ? 'paused' : 'stopped';
      else if (START_WORD.test(said) && /systemctl|service|make|just|task|npm|\.sh/.test(said)) stand = 'running';
      continue;
    }
    const concerns = isFor(call, service, analysed);
    // What has ended already is not killed by what removes it.
    if (STOPS.has(call.verb) && concerns) stand = stand === 'stopped' ? stand : endOf(call);
    else if (STARTS.has(call.verb) && concerns) stand = 'running';
  }
  return stand;
}

function endOf({ verb, args, compose }: Call): Stand {
  if (verb === 'pause') return 'paused';
  if (verb === 'kill') return 'killed';
  // Compose removes what has ended or ends it first; the engine is told to remove what runs.
  if (verb === 'rm') return !compose && flagIn(args, 'f', '--force') ? 'killed' : 'stopped';
  const time = valuesOf(args, ['-t', '--time', '--timeout']).map(({ text }) => text);
  return time.includes('0') || args.some(({ text }) => text === '-t0') ? 'killed' : 'stopped';
}

/** The command names this service, or none, or something that cannot be told. */
function isFor({ args }: Call, service: AnalysedService | null, analysed: AnalysedProject): boolean {
  const names = args.filter(({ text }) => !text.startsWith('-') && !/^\d+$/.test(text));
  if (names.length === 0 || !service || names.some(({ told }) => !told)) return true;
  const known = names.map((name) => serviceNamed(name, analysed));
  return known.some((one) => one === service) || known.every((one) => one === undefined);
}

/** Somebody takes care of the files beside the database: `rm -f app.db-wal`, `mv app.db* old/`. */
export const handlesLog = (part: ScriptPart, script: Script, base: string): boolean =>
  (script.kind === 'shell' ? script.parts.flatMap(({ commands }) => commands) : part.commands).some((command) => {
    const text = textOf(command.span);
    if (/^(echo|printf)$/.test(command.words[0].text)) return false;
    return (
      /-(wal|shm)\b|\{wal,shm\}|-journal\b/.test(text) ||
      text.includes(`${base}*`) ||
      text.includes(`${base}-*`) ||
      text.includes(`${base}"*`) ||
      text.includes(`${base}"-*`) ||
      /wal_checkpoint|journal_mode=delete/i.test(text)
    );
  });
