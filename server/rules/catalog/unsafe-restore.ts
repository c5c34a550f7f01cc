import * as path from 'node:path';
import type { Command, Script, ScriptPart, Word } from '../../scripts/model.ts';
import { asSure, keptByServer } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Finding, Rule, RuleContext } from '../rule.ts';
import { type Copy, copyOf } from '../scripts/copies.ts';
import { unlessElsewhere } from '../scripts/embedded.ts';
import { mannerOf } from '../scripts/manner.ts';
import { type Hit, hitsIn, hitsOf, inService } from '../scripts/places.ts';
import { removalOf } from '../scripts/removals.ts';
import { replayOf } from '../scripts/replays.ts';
import { before, handlesLog } from '../scripts/stopped.ts';
import { namesOfWriters, type Writer, writersOf } from '../scripts/writers.ts';

const rule: Rule = {
  name: 'unsafe-restore',
  about: 'script',
  severity: 'warning',
  summary: 'A backup is put over a database in a way that leaves the old content, or none.',
  rationale:
    'SQLite keeps the newest commits in `<file>-wal`. A backup that is copied over the main file alone is read together with the old log: the old content comes back, and `PRAGMA integrity_check` says ok. A program that closes its database takes the log away with it; one that is killed leaves it. Moved away alone, the database loses what is in its log. A file that `.backup` wrote is no SQL, so `sqlite3 db < file` fails. A server whose files are replaced while it runs mixes old and new pages. A plain dump that `psql` reads into a database with tables in it fails line by line, and psql ends well all the same.',
  bad: '#!/bin/sh\n# restore.sh; compose.yaml mounts ./data at /data, where the app keeps app.db\ncp backups/app.db data/app.db\n',
  good: '#!/bin/sh\ndocker compose stop app\nmkdir -p before\nmv data/app.db data/app.db-wal data/app.db-shm before/\ncp backups/app.db data/app.db\ndocker compose start app\n',
  fixSafety: 'none',
  since: '0.2.0',
  references: ['https://www.sqlite.org/wal.html', 'https://www.sqlite.org/howtocorrupt.html'],
  *check(context) {
    const { script } = context;
    for (const part of script?.parts ?? []) {
      for (const command of part.commands) {
        if (!script || mannerOf(script, part, command) === 'test') continue;
        const found =
          readsBinary(command) ?? replays(context, script, part, command) ?? replaces(context, script, part, command);
        if (found) yield found;
      }
    }
  },
};

type Found = Omit<Finding, 'rule'>;

const BINARY = /\.(sqlite3?|db3?|s3db)$/i;

/** `sqlite3 db < backup.sqlite`. */
function readsBinary(command: Command): Found | null {
  const name = path.posix.basename(command.words[0].text);
  if (name !== 'sqlite3' && name !== 'sqlite') return null;
  const input = command.redirects.find(({ op }) => op === '<')?.target ?? pipedFile(command);
  if (!input || !BINARY.test(input.text) || /\.(sql|dump)\b/i.test(input.text)) return null;
  return {
    severity: /\.(db|db3)$/i.test(input.text) ? 'info' : 'warning',
    message: `${name} reads SQL here, and ${path.posix.basename(input.text)} is by its name a database file: nothing is restored. Use .restore, or copy the file while nothing has it open; "<" is for what .dump wrote`,
    span: input.span,
    related: [],
    fixes: () => [],
  };
}

function pipedFile({ pipedFrom }: Command): Word | undefined {
  if (!pipedFrom || !/^(cat|pv)$/.test(pipedFrom.words[0].text)) return undefined;
  return pipedFrom.words.findLast(({ text }) => !text.startsWith('-'));
}

function replays({ analysed, files }: RuleContext, script: Script, part: ScriptPart, command: Command): Found | null {
  const found = replayOf(command, part, script, analysed, files);
  if (!found) return null;
  const { message, service } = found;
  const kept = keptByServer(service)[0];
  return {
    severity: 'info',
    message,
    span: command.span,
    service: service.service.name,
    related: kept ? relatedOf(kept) : [],
    fixes: () => [],
  };
}

function replaces({ analysed }: RuleContext, script: Script, part: ScriptPart, command: Command): Found | null {
  const copy = copyOf(command);
  if (!copy || copy.how === 'pack') return null;
  const earlier = before(script, part, command);
  const hitAt = (word: Word): Hit | undefined => {
    const there = inService(word, analysed);
    return (there ? hitsIn(there.service, there.at, analysed) : hitsOf(word, command, script, analysed))[0];
  };
  const moved = copy.how === 'move' ? copy.from.map(hitAt).find((hit) => hit !== undefined) : undefined;
  const to = copy.to ?? (copy.how === 'unpack' ? enteredBy(command) : null);
  const target = to ? targetOf({ ...copy, to }, hitAt) : undefined;
  // Unpacked where the script is run: told by what is taken out of the archive, or by what was deleted for it.
  const named = to || copy.how !== 'unpack' ? undefined : (membersAt(copy, hitAt) ?? deletedFor(command, part, hitAt));
  const hit = moved ?? target ?? named;
  if (!hit) return byName(script, part, copy, command);
  const writers = writersOf(hit, earlier, analysed);
  const running = writers.filter(({ stand }) => stand === 'running');
  const file = path.posix.basename(hit.one.store.path ?? '');
  const cares =
    hit.one.store.technology !== 'sqlite' || handlesLog(part, script, file) || isCleared(hit, earlier, hitAt);
  if (running.length === 0 && cares) return null;
  // A new file beside the database, such as its settings.
  if (hit.covers === 'part') return null;
  if (hit.above && !named && !isAmong(hit, copy)) return null;
  const ended = writers.every(({ stand }) => stand === 'stopped');
  const isNamed = (!hit.above && hit !== named) || isNamedBackup(script, part, copy);
  return ofHit(hit, command, copy, { named: isNamed, moved: moved !== undefined, running, ended, cares, file });
}

const membersAt = ({ members = [] }: Copy, hitAt: (word: Word) => Hit | undefined): Hit | undefined =>
  members.map(hitAt).find((hit) => hit !== undefined && hit.covers !== 'part');

/** The log was deleted with all that is in the folder. */
const isCleared = ({ one }: Hit, earlier: readonly Command[], hitAt: (word: Word) => Hit | undefined): boolean =>
  earlier.some((command) => {
    const removal = removalOf(command);
    return removal?.paths.some((word) => {
      const hit = removal.deep || word.text.endsWith('/*') ? hitAt(word) : undefined;
      return hit?.one === one && hit.covers === 'all';
    });
  });

/** `rm -rf data/*`, and then an archive is unpacked. */
function deletedFor(
  command: Command,
  { commands }: ScriptPart,
  hitAt: (word: Word) => Hit | undefined,
): Hit | undefined {
  const earlier = commands.slice(0, Math.max(0, commands.indexOf(command)));
  const [last] = earlier.flatMap((one) => removalOf(one)?.paths.flatMap((word) => hitAt(word) ?? []) ?? []).slice(-1);
  return last && last.covers !== 'part' ? last : undefined;
}

/** An archive is unpacked in the folder that was entered: with `cd`, or as the container's own. */
function enteredBy({ words, folder, within }: Command): Word | null {
  const isInside = within.at(-1)?.kind === 'one-off';
  return folder || isInside ? { text: '.', told: true, span: words[0].span } : null;
}

/** Of an archive that only some files are taken out of, whether the database is among them. */
const isAmong = ({ one }: Hit, { members = [] }: Copy): boolean =>
  members.length === 0 ||
  members.some(({ text }) => `${one.store.path}/`.includes(`/${text.replace(/^[./]+|[/*]+$/g, '')}/`));

/** Unpacked far above the database: that it is in the archive is known by what the script or the archive is called. */
const isNamedBackup = ({ source }: Script, { name }: ScriptPart, { from }: Copy): boolean =>
  [path.posix.basename(source.path), name ?? '', ...from.map(({ text }) => path.posix.basename(text))].some((text) =>
    BACKUP.test(text),
  );

/** What is copied lands on the database: its file, its folder, or a file of its name in the folder. */
function targetOf(copy: Copy, hitAt: (word: Word) => Hit | undefined): Hit | undefined {
  const hit = hitAt(copy.to!);
  if (hit?.covers !== 'all') return hit;
  if (!hit.one.store.isFile && hit.one.store.technology !== 'sqlite')
    return copy.how === 'unpack' || copy.from.some(({ text }) => /(\/\.?|\*)$/.test(text)) ? hit : undefined;
  const file = path.posix.basename(hit.one.store.path ?? '');
  return copy.how !== 'unpack' && copy.from.some(({ text }) => path.posix.basename(text) === file) ? hit : undefined;
}

interface Circumstances {
  /** What is unpacked is a backup of it. */
  readonly named: boolean;
  readonly moved: boolean;
  /** Who may write to it at that moment. */
  readonly running: readonly Writer[];
  /** All who may write to it were asked to end: SQLite takes the log away with the last connection that is closed. */
  readonly ended: boolean;
  readonly cares: boolean;
  readonly file: string;
}

function ofHit(
  { analysed, one, unless, called, among }: Hit,
  command: Command,
  copy: Copy,
  { named, moved, running, ended, cares, file }: Circumstances,
): Found {
  const { store } = one;
  const { name } = analysed.service;
  const names = namesOfWriters(running);
  const first = running.length === 0 ? '' : `stop ${names} first`;
  const then = cares ? '' : `move ${file}, ${file}-wal and ${file}-shm away together`;
  const why = cares
    ? `${names} may still have it open and ${running.length > 1 ? 'write' : 'writes'} on`
    : ofLog(file, moved, ended);
  const sure =
    unless === undefined &&
    called === undefined &&
    !among &&
    named &&
    !ended &&
    (running.length === 0 || running.some((writer) => writer.sure));
  return {
    severity: sure ? asSure('warning', store.confidence) : 'info',
    message: `${copy.program} ${moved ? 'moves' : 'replaces'} the files of ${store.title} (${store.path}): ${why}${unless ? unlessElsewhere(unless) : ''}${providedThat(called, named)}; ${[first, then].filter((text) => text !== '').join(', and ')}`,
    span: command.span,
    service: name,
    store,
    related: relatedOf(one),
    fixes: () => [],
  };
}

/** What is not known for certain. */
function providedThat(called: string | undefined, named: boolean): string {
  const unknown = [
    ...(called === undefined ? [] : [`${called} is its container`]),
    ...(named ? [] : ['the archive holds them']),
  ];
  return unknown.length === 0 ? '' : `, if ${unknown.join(' and ')}`;
}

/** What a log does that is left behind; after a clean end there is none. */
function ofLog(file: string, moved: boolean, ended: boolean): string {
  const log = `${file}-wal`;
  if (moved)
    return ended
      ? `where its program was killed before it closed the file, what was committed last is in ${log}, which stays behind and is thrown away when a new ${file} is made`
      : `what was committed last is in ${log}, which stays behind and is thrown away when a new ${file} is made`;
  return ended
    ? `where its program was killed before it closed the file, an old ${log} is left there and read into it, and the old content comes back`
    : `an old ${log} that is left there is read into it, and the old content comes back`;
}

const BACKUP = /backup|bak\b|dump|snapshot|restore/i;

/** Nothing is known of what lies there: a backup by its name, over a database by its name. */
function byName(script: Script, part: ScriptPart, { how, from, to, program }: Copy, command: Command): Found | null {
  if (how !== 'copy' || from.length !== 1 || !to || !/^(cp|install)$/.test(program)) return null;
  const [source] = from as [Word];
  if (!BACKUP.test(source.text) || BACKUP.test(to.text) || !/\.(sqlite3?|db3?)$/i.test(to.text)) return null;
  const file = path.posix.basename(to.text);
  if (handlesLog(part, script, file)) return null;
  return {
    severity: 'info',
    message: `${program} over ${file}: if it is a SQLite database, an old ${file}-wal that is left beside it is read into the backup, and the old content comes back; stop what uses it, and move ${file}, ${file}-wal and ${file}-shm away together first`,
    span: command.span,
    related: [],
    fixes: () => [],
  };
}

export default rule;
