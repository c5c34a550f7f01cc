/** Programs that throw their own tables away whenever they start. */
import { spanOf } from '../../syntax/source.ts';
import { AtStart } from './at-start.ts';
import type { Database, Reset } from './model.ts';
import { type Outline, outlineOf, type Tongue } from './outline.ts';
import type { Program } from './reached.ts';

export const SQL: Database = {
  kind: 'server',
  families: /postgres|pgvector|postgis|timescale|mysql|mariadb|percona|mssql|cockroach|oracle|yugabyte/,
};
const MONGO: Database = { kind: 'server', families: /mongo/ };

interface Pattern {
  readonly tongue: Tongue;
  /** In the code without its texts. */
  readonly call: RegExp;
  /** Somewhere in the same file. */
  readonly with?: RegExp;
  /** Behind it, in the same function. */
  readonly followed?: RegExp;
  readonly unless?: RegExp;
  readonly does: (call: string) => string;
  readonly database: Database;
}

const ANEW = 'drops all tables and creates them anew';

const PATTERNS: readonly Pattern[] = [
  {
    tongue: 'script',
    call: /(?<![\w$.])[\w$.]+\.sync\s*\(\s*\{[^{}]*\bforce\s*:\s*true\b[^{}]*\}\s*\)/g,
    with: /sequelize/i,
    unless: /\bmatch\s*:/,
    does: (call) =>
      /(?:^|\.)[A-Z]\w*\.sync/.test(call) && !/equelize\.sync/.test(call)
        ? 'drops its table and creates it anew'
        : ANEW,
    database: SQL,
  },
  {
    tongue: 'script',
    call: /(?<![\w$.])dropSchema\s*:\s*true\b/g,
    with: /typeorm/i,
    does: () => 'drops all tables of the database',
    database: SQL,
  },
  {
    tongue: 'script',
    call: /(?<![\w$.])[\w$.]+\.dropDatabase\s*\(\s*\)/g,
    with: /mongoose|mongodb/i,
    does: () => 'drops the database',
    database: MONGO,
  },
  {
    tongue: 'python',
    call: /(?<![\w.])[\w.]+\.drop_all\b(?:\s*\([^()]*\))?/g,
    followed: /\.create_all\b/,
    does: () => ANEW,
    database: SQL,
  },
  {
    tongue: 'csharp',
    call: /(?<![\w.])[\w.()!]+\.EnsureDeleted(?:Async)?\s*\(\s*\)/g,
    does: () => 'deletes the database',
    database: SQL,
  },
  {
    tongue: 'go',
    call: /(?<![\w.])[\w.]+\.Migrator\(\)\.DropTable\s*\([^()]*\)/g,
    followed: /\.AutoMigrate\s*\(|\.CreateTable\s*\(/,
    does: () => 'drops tables and creates them anew',
    database: SQL,
  },
];

/** Databases that are made anew at every start anyway. */
const IN_MEMORY =
  /sqlite::memory:|["'`]:memory:["'`]|sqlite(?:\+\w+)?:\/\/\/?:memory:|sqlite(?:\+\w+)?:\/\/["'`]|UseInMemoryDatabase|mongodb-memory-server|file::memory:/;

/** Words without which none of it is there. */
export const MAY_RESET =
  /\bforce\s*:\s*true|\bdropSchema\b|\bdropDatabase\b|\bdrop_all\b|\bEnsureDeleted|\bDropTable\b|\bdrop\s+table\b/i;

export function* programResets(program: Program): Iterable<Reset> {
  if (program.files.some(({ text }) => IN_MEMORY.test(text))) return;
  const start = new AtStart(program);
  for (const outline of start.files) {
    if (!MAY_RESET.test(outline.source.text)) continue;
    yield* byCall(outline, start);
    yield* bySql(outline, start, program);
  }
}

function* byCall(outline: Outline, start: AtStart): Iterable<Reset> {
  const { tongue, code, source } = outline;
  for (const pattern of PATTERNS) {
    if (pattern.tongue !== tongue || (pattern.with && !pattern.with.test(source.text))) continue;
    for (const match of code.matchAll(pattern.call)) {
      const at = match.index;
      const written = source.text.slice(at, at + match[0].length);
      if (pattern.unless?.test(written)) continue;
      if (pattern.followed && !pattern.followed.test(code.slice(at, endOf(outline, at)))) continue;
      if (!start.comesTo(outline, at)) continue;
      yield {
        span: spanOf(source, at, at + match[0].length),
        what: written.replace(/\s+/g, ' '),
        does: pattern.does(match[0]),
        database: pattern.database,
      };
    }
  }
}

/** Of the function around it; else of the file. */
const endOf = ({ around, code }: Outline, at: number): number =>
  around(at).findLast(({ kind }) => kind === 'function')?.end ?? code.length;

const startOf = ({ around }: Outline, at: number): number =>
  around(at).findLast(({ kind }) => kind === 'function')?.start ?? 0;

const DROP = /\bdrop\s+table\s+(?:if\s+exists\s+)?(?:[\w"`[\]]+\.)?["`[]?(\w+)/gi;
/** Tables that nobody misses. */
const PASSING = /^(?:te?mp|cache|stag)|(?:_|^)(?:te?mp|cache|staging|backup|bak|old|new|fts)(?:_|$)/i;
/** A table is made anew beside the one that it takes the rows from. */
const CARRIED = /\brename\s+to\b|\binsert\s+(?:or\s+\w+\s+)?into\s+\S+\s*(?:\([^()]*\)\s*)?select\b/i;

function* bySql(outline: Outline, start: AtStart, program: Program): Iterable<Reset> {
  const { quoted, source } = outline;
  for (const match of quoted.matchAll(DROP)) {
    const name = match[1]!;
    const at = match.index;
    if (PASSING.test(name)) continue;
    const [from, to] = [startOf(outline, at), endOf(outline, at)];
    if (!creates(name).test(quoted.slice(at, to)) || CARRIED.test(quoted.slice(from, to))) continue;
    if (!isRun(outline, at, start)) continue;
    yield {
      span: spanOf(source, at, at + match[0].length),
      what: match[0].replace(/\s+/g, ' '),
      does: `deletes the table ${name}, which is then created anew,`,
      database: SQL,
      ...(isWritten(name, outline, [from, to], program) ? {} : { unsure: ' (nothing else here writes to it)' }),
    };
  }
}

const creates = (name: string): RegExp =>
  new RegExp(`\\bcreate\\s+table\\s+(?:if\\s+not\\s+exists\\s+)?(?:[\\w"\`[\\]]+\\.)?["\`[]?${name}\\b`, 'i');

/** The text stands in what is run, or is a value by a name that is handed over to what runs it. */
function isRun(outline: Outline, at: number, start: AtStart): boolean {
  const { code, texts } = outline;
  const first = texts.find(({ start, end }) => start <= at && at < end)?.start ?? at;
  const before = code.slice(Math.max(0, first - 120), first).trimEnd();
  const name =
    /(?:^|[\s;{(])(?:const|let|var|string|final)?\s*([A-Za-z_$][\w$]*)\s*(?::\s*[\w.[\]]+\s*)?(?::?=)[\s$@]*$/.exec(
      before,
    )?.[1];
  if (name === undefined || /^CommandText$/.test(name))
    return (
      !/(?:^|\W)(?:log|logger|print|printf|println|info|warn|debug|error)\w*\s*\($/i.test(before) &&
      start.comesTo(outline, lastOf(code, first))
    );
  const handed = new RegExp(`\\.\\w+\\s*\\(\\s*(?:\\w+\\s*,\\s*)?(?:\\w+\\()?${name}\\s*[,)]`, 'g');
  return [...code.matchAll(handed)].some(({ index }) => start.comesTo(outline, index));
}

/** What stands before a text: the text itself may begin on a line of its own. */
function lastOf(code: string, at: number): number {
  let last = at - 1;
  while (last > 0 && /\s/.test(code[last]!)) last--;
  return last;
}

/** Something else than the start writes to it. */
function isWritten(name: string, own: Outline, [from, to]: readonly [number, number], { all }: Program): boolean {
  const writes = new RegExp(
    `\\b(?:insert\\s+(?:or\\s+\\w+\\s+)?into|update)\\s+(?:[\\w"\`[\\]]+\\.)?["\`[]?${name}\\b`,
    'gi',
  );
  return all.some((source) => {
    if (!source.text.includes(name) && !source.text.toLowerCase().includes(name.toLowerCase())) return false;
    const outline = outlineOf(source);
    return (
      outline !== null &&
      [...outline.quoted.matchAll(writes)].some(({ index }) => source !== own.source || index < from || index >= to)
    );
  });
}
