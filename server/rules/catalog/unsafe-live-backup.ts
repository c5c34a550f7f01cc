import * as path from 'node:path';
import type { Command, Each, Script, ScriptPart, Word } from '../../scripts/model.ts';
import { textOf } from '../../syntax/source.ts';
import { asSure } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Finding, Fix, Rule, RuleContext } from '../rule.ts';
import { type Kept, keptInstead } from '../scripts/absent.ts';
import { type Copy, copyOf } from '../scripts/copies.ts';
import { unlessElsewhere } from '../scripts/embedded.ts';
import { insideOf, runnerOf } from '../scripts/inside.ts';
import { mannerOf } from '../scripts/manner.ts';
import { type Hit, hitsIn, hitsOf, inService, turnsOf } from '../scripts/places.ts';
import { isListing } from '../scripts/readings.ts';
import { before, isStopped } from '../scripts/stopped.ts';
import { listed, namesOfWriters, type Writer, writersOf } from '../scripts/writers.ts';

/** By its name a file of SQLite's, and no copy of one. */
const SQLITE_FILE = /(^|\/)[^/]*\.(sqlite3?|db3?)$/i;
const COPY_NAME =
  /backup|bak|dump|template|seed|example|fixture|empty|sample|initial|snapshot|archive|restore|copy|old/i;
const BACKUP_NAME = /backup|bak\b|dump|snapshot|archive/i;

const TOOLS: Readonly<Record<string, string>> = {
  postgres: 'pg_dump, or pg_basebackup for the whole cluster',
  mysql: 'mysqldump --single-transaction',
  mariadb: 'mariadb-dump --single-transaction',
  mongo: 'mongodump',
  sqlite: 'sqlite3 <file> ".backup <copy>" or VACUUM INTO',
  qdrant: 'a snapshot (POST /collections/<name>/snapshots)',
  elasticsearch: 'a snapshot repository',
  influxdb: 'influx backup',
  neo4j: 'neo4j-admin database dump',
  clickhouse: 'BACKUP DATABASE',
};

const rule: Rule = {
  name: 'unsafe-live-backup',
  about: ['script', 'started'],
  severity: 'warning',
  summary: 'The files of a database are copied while it writes to them.',
  rationale:
    'A copy of files takes time, and the database writes on: the copy holds parts of several moments. With SQLite in WAL mode the newest commits are in the `-wal` file alone; a copy of the main file can hold no table at all, and `PRAGMA integrity_check` still says ok. The fault shows on the day the backup is needed.',
  bad: '#!/bin/sh\n# backup.sh; compose.yaml mounts ./data at /data, where the app keeps app.db\ncp data/app.db backups/app.db\n',
  good: '#!/bin/sh\nsqlite3 data/app.db ".backup \'backups/app.db\'"\n',
  fixSafety: 'migration',
  fixNote:
    'The new command needs the tool of the database where the script runs, so it is offered one by one and never applied unseen.',
  since: '0.2.0',
  references: ['https://www.sqlite.org/backup.html', 'https://www.postgresql.org/docs/current/backup-file.html'],
  *check(context) {
    if (!context.script) return;
    const runner = runnerOf(context.script, context.analysed);
    const script = runner ? insideOf(context.script, runner) : context.script;
    for (const part of script.parts) {
      const copier = script.kind === 'started' ? part.name : (runner?.service.name ?? null);
      for (const command of part.commands) {
        const copy = copyOf(command);
        if (!copy || copy.how === 'unpack' || copy.how === 'move') continue;
        yield* judge(context, script, part, command, copy, copier);
      }
    }
  },
};

function* judge(
  context: RuleContext,
  script: Script,
  part: ScriptPart,
  command: Command,
  copy: Copy,
  copier: string | null,
): Iterable<Omit<Finding, 'rule'>> {
  const { analysed } = context;
  if (mannerOf(script, part, command) === 'test') return;
  const earlier = before(script, part, command);
  for (const word of copy.from) {
    const there = inService(word, analysed);
    const at = copy.inFolder && !word.text.startsWith('/') ? copy.inFolder : word;
    const hits = there
      ? hitsIn(there.service, there.at, analysed)
      : hitsOf(word, command, script, analysed, copy.inFolder);
    // What a service copies of its own before its program runs, nobody writes to yet.
    if (copier !== null && hits[0]?.analysed.service.name === copier) return;
    if (hits.length > 0 && !isWrittenBefore(word, earlier)) {
      const all = hits
        // A part of a server's files, such as its settings, may be copied at any time.
        .filter(({ covers, one }) => covers !== 'part' || one.store.role !== 'server')
        // Of a folder that holds more than the data, it may be the data that is left out.
        .filter(({ above }) => !above || !leavesOut(command))
        .map((hit) => ({ hit, writers: writersOf(hit, earlier, analysed, copier).filter(isRunning) }))
        .filter(({ writers }) => writers.length > 0);
      const [live] = all;
      if (!live) continue;
      const turns = turnsOf(at, command);
      yield turns.length > 0 ? ofLoop(all, turns, command, copy) : ofHit(live.hit, live.writers, word, command, copy);
      return;
    }
    if (analysed.services.length === 0 && isOfAnyVolume(turnsOf(at, command)) && !isStopped(earlier, null, analysed)) {
      yield ofAnyVolume(command, copy);
      return;
    }
    const instead =
      hits.length === 0 && !there && copier === null && isBackup(part, script, copy)
        ? keptInstead(word, command, script, context, earlier)
        : [];
    if (instead.length > 0) {
      yield ofNothing(instead, word, command, copy);
      return;
    }
    if (
      hits.length === 0 &&
      !there &&
      isByName(word, part, script, copy) &&
      !isWrittenBefore(word, earlier) &&
      !isStopped(earlier, null, analysed)
    ) {
      yield {
        severity: 'info',
        message: `${copy.program} of ${path.posix.basename(word.text)}: if it is a SQLite database in use, the copy may lack the newest commits (they are in ${path.posix.basename(word.text)}-wal) or be torn; sqlite3 ".backup" and VACUUM INTO copy it whole`,
        span: command.span,
        related: [],
        fixes: () => [],
      };
      return;
    }
  }
}

const leavesOut = ({ words }: Command): boolean => words.some(({ text }) => /^(-X|--exclude)/.test(text));

const toolOf = ({ technology }: Hit['one']['store']): string | undefined =>
  TOOLS[technology.replace(/^(bitnami-)?(postgres|mysql|mariadb|mongo).*$/, '$2')];

const isRunning = ({ stand }: Writer): boolean => stand === 'running';

/** Who only has the folder mounted is named where nobody else is left. */
function surest(writers: readonly Writer[]): readonly Writer[] {
  const sure = writers.filter((writer) => writer.sure);
  return sure.length > 0 ? sure : writers;
}

function ofHit(hit: Hit, writers: readonly Writer[], word: Word, command: Command, copy: Copy): Omit<Finding, 'rule'> {
  const { analysed, one, unless, called, among } = hit;
  const { store } = one;
  const tool = toolOf(store);
  const names = namesOfWriters(surest(writers));
  const instead = tool ? `: use ${tool}, or stop ${names} first` : `: stop ${names} first`;
  const sure = unless === undefined && called === undefined && !among && writers.some((writer) => writer.sure);
  const provided = called === undefined ? '' : `, if ${called} is its container`;
  return {
    severity: sure ? asSure('warning', store.confidence) : 'info',
    message: `${copy.program} copies the files of ${store.title} (${store.path})${among ? ', its database among them,' : ''} while ${names} may be writing to them, and the copy may not be readable${unless ? unlessElsewhere(unless) : ''}${provided}${instead}`,
    span: command.span,
    service: analysed.service.name,
    store,
    related: relatedOf(one),
    fixes: () => backupInstead(hit, word, command, copy),
  };
}

interface Live {
  readonly hit: Hit;
  readonly writers: readonly Writer[];
}

/** One line for all that a loop comes to. */
function ofLoop(
  all: readonly Live[],
  turns: readonly Each[],
  command: Command,
  { program }: Copy,
): Omit<Finding, 'rule'> {
  const [{ hit: first }] = all as [Live];
  const writers = [...new Map(all.flatMap((live) => live.writers).map((one) => [one.analysed, one])).values()];
  const names = namesOfWriters(writers);
  const stores = all.map(
    ({ hit: { one, analysed } }) => `${one.store.title} (${one.store.path} of ${analysed.service.name})`,
  );
  const tools = [...new Set(all.flatMap(({ hit }) => toolOf(hit.one.store) ?? []))];
  const sure = all.filter(
    // Of all volumes on the machine those of a server are known to be written to.
    ({ hit }) =>
      hit.unless === undefined &&
      hit.called === undefined &&
      !hit.among &&
      (!turns.some(isOfEngine) || hit.one.store.role === 'server'),
  );
  const instead = [...tools.map((tool) => `use ${tool}`), `stop ${names} first`].join(', or ');
  return {
    severity: sure.some(({ hit }) => asSure('warning', hit.one.store.confidence) === 'warning') ? 'warning' : 'info',
    message: `${program} copies in turn the files of ${listed([...new Set(stores)])} while ${names} may be writing to them, and the copies may not be readable: ${instead}`,
    span: command.span,
    service: first.analysed.service.name,
    store: first.one.store,
    related: all.flatMap(({ hit }) => relatedOf(hit.one)),
    fixes: () => [],
  };
}

const isOfEngine = ({ values }: Each): boolean => isListing(values);

const isOfAnyVolume = (turns: readonly Each[]): boolean =>
  turns.some(({ values }) => isListing(values) && values.of === 'volumes');

/** No project is around it: what is in the volumes nobody knows, but that they are those of what runs. */
const ofAnyVolume = (command: Command, { program }: Copy): Omit<Finding, 'rule'> => ({
  severity: 'info',
  message: `${program} copies one volume of the engine after the other while containers may be writing to them: the files of a database among them may not be readable in the copy; stop its container first, or use the tool of the database`,
  span: command.span,
  related: [],
  fixes: () => [],
});

/** Nobody knows what is made there by hand, so it is no more than an info. */
function ofNothing(kept: readonly Kept[], word: Word, command: Command, { program }: Copy): Omit<Finding, 'rule'> {
  const [{ analysed, one }] = kept as [Kept];
  const where = kept.map(
    ({ one: { store, backing }, analysed: { service } }) =>
      `${store.title} is in the volume ${backing.source} (${store.path} of ${service.name})`,
  );
  return {
    severity: 'info',
    message: `${program} of ${word.text}: neither the repository nor a mount of the services has it, and unless something else makes it nothing is backed up; ${listed([...new Set(where)])}`,
    span: command.span,
    service: analysed.service.name,
    store: one.store,
    related: kept.flatMap((other) => relatedOf(other.one)),
    fixes: () => [],
  };
}

/** `sqlite3 a ".backup 'b'"` in the place of `cp a b`, on the machine that both are on. */
function backupInstead({ one, covers }: Hit, word: Word, command: Command, { program, to, from }: Copy): Fix[] {
  if (one.store.technology !== 'sqlite' || covers !== 'file' || program !== 'cp' || from.length !== 1 || !to) return [];
  if (command.within.length > 0 || command.redirects.length > 0 || command.assignments.length > 0) return [];
  const [source, target] = [textOf(word.span), textOf(to.span)];
  // Quotes in quotes, and a folder as the target, need a person.
  if (!/^[\w./-]+$/.test(source) || !/^[\w./-]+\.\w+$/.test(target) || word.span.source !== to.span.source) return [];
  const written = textOf(command.span);
  if (!/^cp( -[a-z]+)? [\w./-]+ [\w./-]+$/.test(written) || !isPlain(command)) return [];
  return [
    {
      title: `Copy it with sqlite3 .backup`,
      safety: 'migration',
      edits: [
        {
          source: command.span.source,
          start: command.span.start,
          end: command.span.end,
          newText: `sqlite3 ${source} ".backup '${target}'"`,
        },
      ],
      steps: [
        'Install sqlite3 where this script runs: sqlite3 --version',
        'Apply this change',
        `Run the script, then see that the copy holds your tables: sqlite3 ${target} .tables`,
      ],
    },
  ];
}

/** Double quotes can stand there as they are: no JSON, no quoted text of another shell. */
const isPlain = ({ span }: Command): boolean =>
  !/\.json$/i.test(span.source.path) && !/\.ya?ml$/i.test(span.source.path);

/** What an earlier command made: `sqlite3 app.db ".backup copy.db"`, `pg_dump > x`. */
const isWrittenBefore = ({ text }: Word, earlier: readonly Command[]): boolean =>
  earlier.some(
    (command) =>
      command.redirects.some(({ op, target }) => op.startsWith('>') && target?.text === text) ||
      (/\.backup|vacuum into|\.clone/i.test(textOf(command.span)) &&
        textOf(command.span).includes(path.posix.basename(text))),
  );

/** Nothing of the project is known to be there: only what is plainly meant as a backup. */
function isByName({ text, told, span }: Word, part: ScriptPart, script: Script, copy: Copy): boolean {
  if (!SQLITE_FILE.test(text) || COPY_NAME.test(textOf(span)) || copy.program.endsWith(' cp')) return false;
  if (!told && !/\/[\w.-]+$/.test(text)) return false;
  return isBackup(part, script, copy);
}

/** By the name of what it is part of, or of where the copy goes. */
function isBackup({ name }: ScriptPart, { source }: Script, { how, to }: Copy): boolean {
  const named = [to?.text ?? '', name ?? '', path.posix.basename(source.path)];
  return (
    (how === 'pack' || how === 'copy') && named.some((one) => BACKUP_NAME.test(one)) && !SQLITE_RESTORE.test(name ?? '')
  );
}

const SQLITE_RESTORE = /restore|recover|rollback|import/i;

export default rule;
