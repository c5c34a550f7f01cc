import * as path from 'node:path';
import type { Command, Script, ScriptPart, Word } from '../../scripts/model.ts';
import { textOf } from '../../syntax/source.ts';
import { asSure } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Finding, Fix, Rule, RuleContext } from '../rule.ts';
import { type Copy, copyOf } from '../scripts/copies.ts';
import { mannerOf } from '../scripts/manner.ts';
import { type Hit, hitsIn, hitsOf, inService } from '../scripts/places.ts';
import { before, isStopped } from '../scripts/stopped.ts';

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
    const { script } = context;
    for (const part of script?.parts ?? []) {
      for (const command of part.commands) {
        const copy = copyOf(command);
        if (!script || !copy || copy.how === 'unpack' || copy.how === 'move') continue;
        yield* judge(context, script, part, command, copy);
      }
    }
  },
};

function* judge(
  { analysed }: RuleContext,
  script: Script,
  part: ScriptPart,
  command: Command,
  copy: Copy,
): Iterable<Omit<Finding, 'rule'>> {
  if (mannerOf(script, part, command) === 'test') return;
  const earlier = before(script, part, command);
  for (const word of copy.from) {
    const there = inService(word, analysed);
    const [hit] = there
      ? hitsIn(there.service, there.at, analysed)
      : hitsOf(word, command, script, analysed, copy.inFolder);
    // What a service copies of its own before its program runs, nobody writes to yet.
    if (script.kind === 'started' && hit?.analysed.service.name === part.name) return;
    if (hit && !isWrittenBefore(word, earlier)) {
      // A part of a server's files, such as its settings, may be copied at any time.
      if (hit.covers === 'part' && hit.one.store.role === 'server') continue;
      if (!isStopped(earlier, hit.analysed, analysed)) yield ofHit(hit, word, command, copy);
      return;
    }
    if (
      !hit &&
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

function ofHit(hit: Hit, word: Word, command: Command, copy: Copy): Omit<Finding, 'rule'> {
  const { analysed, one } = hit;
  const { store } = one;
  const family = store.technology.replace(/^(bitnami-)?(postgres|mysql|mariadb|mongo).*$/, '$2');
  const tool = TOOLS[family];
  const instead = tool
    ? `: use ${tool}, or stop ${analysed.service.name} first`
    : `: stop ${analysed.service.name} first`;
  return {
    severity: asSure('warning', store.confidence),
    message: `${copy.program} copies the files of ${store.title} (${store.path}) while ${analysed.service.name} may be writing to them, and the copy may not be readable${instead}`,
    span: command.span,
    service: analysed.service.name,
    store,
    related: relatedOf(one),
    fixes: () => backupInstead(hit, word, command, copy),
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
function isByName(
  { text, told, span }: Word,
  { name }: ScriptPart,
  { source }: Script,
  { how, to, program }: Copy,
): boolean {
  if (!SQLITE_FILE.test(text) || COPY_NAME.test(textOf(span)) || program.endsWith(' cp')) return false;
  if (!told && !/\/[\w.-]+$/.test(text)) return false;
  const named = [to?.text ?? '', name ?? '', path.posix.basename(source.path)];
  return (
    (how === 'pack' || how === 'copy') && named.some((one) => BACKUP_NAME.test(one)) && !SQLITE_RESTORE.test(name ?? '')
  );
}

const SQLITE_RESTORE = /restore|recover|rollback|import/i;

export default rule;
