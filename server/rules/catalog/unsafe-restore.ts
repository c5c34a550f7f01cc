import * as path from 'node:path';
import type { Command, Script, ScriptPart, Word } from '../../scripts/model.ts';
import { asSure } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Finding, Rule, RuleContext } from '../rule.ts';
import { type Copy, copyOf } from '../scripts/copies.ts';
import { unlessElsewhere } from '../scripts/embedded.ts';
import { mannerOf } from '../scripts/manner.ts';
import { type Hit, hitsIn, hitsOf, inService } from '../scripts/places.ts';
import { before, handlesLog } from '../scripts/stopped.ts';
import { namesOfWriters, type Writer, writersOf } from '../scripts/writers.ts';

const rule: Rule = {
  name: 'unsafe-restore',
  about: 'script',
  severity: 'warning',
  summary: 'A backup is put over a database in a way that leaves the old content, or none.',
  rationale:
    'SQLite keeps the newest commits in `<file>-wal`. A backup that is copied over the main file alone is read together with the old log: the old content comes back, and `PRAGMA integrity_check` says ok. A program that closes its database takes the log away with it; one that is killed leaves it. Moved away alone, the database loses what is in its log. A file that `.backup` wrote is no SQL, so `sqlite3 db < file` fails. A server whose files are replaced while it runs mixes old and new pages.',
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
        const found = readsBinary(command) ?? replaces(context, script, part, command);
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
  const hit = moved ?? target;
  if (!hit) return byName(script, part, copy, command);
  const writers = writersOf(hit, earlier, analysed);
  const running = writers.filter(({ stand }) => stand === 'running');
  const file = path.posix.basename(hit.one.store.path ?? '');
  const cares = hit.one.store.technology !== 'sqlite' || handlesLog(part, script, file);
  if (running.length === 0 && cares) return null;
  // A new file beside the database, such as its settings.
  if (hit.covers === 'part') return null;
  if (hit.above && !isAmong(hit, copy)) return null;
  const ended = writers.every(({ stand }) => stand === 'stopped');
  const named = !hit.above || isNamedBackup(script, part, copy);
  return ofHit(hit, command, copy, { named, moved: moved !== undefined, running, ended, cares, file });
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
  { analysed, one, unless, called }: Hit,
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
