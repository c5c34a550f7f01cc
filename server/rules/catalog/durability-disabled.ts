import type { Files } from '../../files.ts';
import { configurationFiles, configured } from '../../stores/configuration-file.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { splitsWords } from '../../stores/split-words.ts';
import { flatWords } from '../../stores/words.ts';
import type { Span } from '../../syntax/source.ts';
import { withoutWords, wordSpan } from '../command-words.ts';
import { evicting } from '../evicted-jobs.ts';
import { asSure, keptByServer } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Fix, Rule, Severity } from '../rule.ts';

/** A setting that makes a server answer before the data is on the disk. */
interface Weak {
  /** Families, by what they are built on. */
  readonly servers: RegExp;
  /** `name=value`, as the server understands it: lower case, with `_` in names. */
  readonly setting: RegExp;
  /** Its name in configuration files. */
  readonly key?: string;
  readonly severity: Severity;
  readonly loss: string;
  /** It does more than that: what else it does has to be written out before it can go. */
  readonly bundle?: true;
}

const POSTGRES = /^(postgres|pgvector|postgis|postgres-.+|timescaledb.*|supabase-postgres|bitnami-postgresql)$/;
const MYSQL = /^(mysql|mariadb|percona-server|bitnami-mysql|bitnami-mariadb|linuxserver-mariadb)$/;
const OFF = '(off|false|no|0)';

const WEAK: readonly Weak[] = [
  {
    servers: POSTGRES,
    setting: new RegExp(`^fsync=${OFF}$`),
    key: 'fsync',
    severity: 'warning',
    loss: 'a power cut or a crash of the host can leave the whole cluster damaged beyond repair',
  },
  {
    servers: POSTGRES,
    setting: new RegExp(`^full_page_writes=${OFF}$`),
    key: 'full_page_writes',
    severity: 'warning',
    loss: 'a page that a power cut leaves half-written cannot be repaired',
  },
  {
    servers: POSTGRES,
    setting: new RegExp(`^synchronous_commit=${OFF}$`),
    key: 'synchronous_commit',
    severity: 'info',
    loss: 'a crash or kill loses the commits of the last moments, though they were confirmed',
  },
  {
    servers: MYSQL,
    setting: /^innodb_flush_log_at_trx_commit=0$/,
    key: 'innodb_flush_log_at_trx_commit',
    severity: 'info',
    loss: 'a crash or kill loses about the last second of commits, though they were confirmed',
  },
  {
    servers: MYSQL,
    setting: /^innodb_flush_log_at_trx_commit=2$/,
    key: 'innodb_flush_log_at_trx_commit',
    severity: 'info',
    loss: 'a power cut loses about the last second of commits, though they were confirmed',
  },
  {
    servers: MYSQL,
    setting: new RegExp(`^(innodb_doublewrite=${OFF}|skip_innodb_doublewrite)$`),
    key: 'innodb_doublewrite',
    severity: 'warning',
    loss: 'a page that a power cut leaves half-written cannot be repaired',
  },
  {
    servers: /^(mongo|bitnami-mongodb)$/,
    setting: /^nojournal$/,
    severity: 'warning',
    loss: 'a crash or kill loses everything since the last checkpoint, up to a minute',
  },
  {
    servers: /^(etcd|bitnami-etcd)$/,
    setting: /^unsafe_no_fsync(=true)?$/,
    severity: 'warning',
    loss: 'a power cut or a crash of the host can leave the store damaged beyond repair',
  },
  {
    servers: /^redpanda$/,
    setting: /^unsafe_bypass_fsync(=true|=1)?$/,
    severity: 'warning',
    loss: 'a power cut or a crash of the host can lose messages that were confirmed',
  },
  {
    // It stands for `--unsafe-bypass-fsync` and more.
    servers: /^redpanda$/,
    setting: /^mode=(dev-)?container$/,
    severity: 'warning',
    loss: 'a power cut or a crash of the host can lose messages that were confirmed',
    bundle: true,
  },
];

interface Found {
  readonly weak: Weak;
  readonly written: string;
  readonly span: Span;
  readonly fixes: () => Fix[];
}

/** `-c fsync=off`, `--fsync=off`, `--innodb-flush-log-at-trx-commit 2`: each setting with the words it takes. */
function* settingsIn(
  words: readonly string[],
): Iterable<{ readonly text: string; readonly at: number; readonly count: number }> {
  for (const [at, word] of words.entries()) {
    const next = words[at + 1];
    const named = /^--?([a-z][\w-]*)(?:=(.*))?$/i.exec(word);
    if (word === '-c' && next !== undefined) yield { text: normal(next), at, count: 2 };
    else if (word === '-F') yield { text: 'fsync=off', at, count: 1 };
    else if (named && named[2] === undefined && next !== undefined && !next.startsWith('-')) {
      yield { text: normal(`${named[1]}=${next}`), at, count: 2 };
      yield { text: normal(named[1]!), at, count: 1 };
    } else if (named) yield { text: normal(word.replace(/^--?/, '')), at, count: 1 };
  }
}

function normal(text: string): string {
  const [name = '', ...value] = text.split('=');
  const left = name.trim().toLowerCase().replaceAll('-', '_');
  return value.length === 0
    ? left
    : `${left}=${value
        .join('=')
        .trim()
        .toLowerCase()
        .replace(/^["']|["']$/g, '')}`;
}

function* inCommand(analysed: AnalysedService, known: readonly Weak[]): Iterable<Found> {
  const { command } = analysed.service;
  if (!command) return;
  const flat = flatWords(command.words);
  const plain = flat === command.words;
  const items = plain && splitsWords(analysed) ? partsOf(flat) : flat.map((text, item) => ({ text, item }));
  const words = items.map(({ text }) => text);
  for (const { text, at, count } of settingsIn(words)) {
    const weak = known.find(({ setting }) => setting.test(text));
    if (!weak) continue;
    const written = words.slice(at, at + count).join(' ');
    const indexes = [...new Set(items.slice(at, at + count).map(({ item }) => item))];
    const alone = items.filter(({ item }) => indexes.includes(item)).length === count;
    yield {
      weak,
      written,
      span: plain ? wordSpan(analysed.service, indexes.at(-1)!)! : command.span,
      fixes: () => {
        const edits = plain && alone && !weak.bundle ? withoutWords(analysed.service, indexes) : null;
        return edits ? [{ title: `Remove ${written}`, safety: 'safe', edits }] : [];
      },
    };
  }
}

/** What the words are once the entrypoint has taken them apart, each with the item that it stands in. */
const partsOf = (words: readonly string[]) =>
  words.flatMap((word, item) => word.split(/\s+/).map((text) => ({ text, item })));

function* inConfiguration(analysed: AnalysedService, known: readonly Weak[], files: Files): Iterable<Found> {
  const { service, image, argv } = analysed;
  for (const { source } of configurationFiles(service, flatWords(argv), image.match?.family, files)) {
    if (!source) continue;
    for (const weak of known) {
      const found = weak.key === undefined ? undefined : configured(source, weak.key);
      if (!found || !weak.setting.test(normal(`${weak.key}=${found.value}`))) continue;
      yield { weak, written: `${weak.key} = ${found.value}`, span: found.span, fixes: () => [] };
    }
  }
}

const rule: Rule = {
  name: 'durability-disabled',
  severity: 'warning',
  summary: 'A database is told not to wait for the disk, or a queue to throw keys away when its memory is full.',
  rationale:
    'Settings such as `fsync=off` make a server fast because it confirms what is not written yet. That is right for tests, whose data is thrown away. With data on a volume a power cut then loses confirmed changes, or leaves files that no server opens again. Redis that may throw away any key when its memory is full (`allkeys-lru` and its like) is right as a cache: as the broker of a worker it loses jobs, and nobody is told.',
  bad: 'services:\n  db:\n    image: postgres:16\n    command: postgres -c fsync=off -c max_connections=200\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  good: 'services:\n  db:\n    image: postgres:16\n    command: postgres -c max_connections=200\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  fixSafety: 'safe',
  fixNote: 'The files stay as they are: the server only waits for the disk again.',
  since: '0.2.0',
  references: [
    'https://www.postgresql.org/docs/current/runtime-config-wal.html',
    'https://dev.mysql.com/doc/refman/8.4/en/innodb-parameters.html',
    'https://redis.io/docs/latest/develop/reference/eviction/',
    'https://docs.redpanda.com/streaming/24.1/reference/rpk/rpk-redpanda/rpk-redpanda-start/',
  ],
  *check({ analysed: project, files }) {
    for (const analysed of project.services) {
      const evicts = evicting(analysed, project, files);
      if (evicts)
        yield {
          severity: 'warning',
          message: `${evicts.written}: when its memory is full, ${analysed.image.match!.family.title} throws away keys of any kind, jobs of ${evicts.worker.service.name} among them`,
          span: evicts.span,
          service: analysed.service.name,
          related: [],
          fixes: () => [],
        };
      const id = analysed.image.match?.family.id;
      const known = WEAK.filter(({ servers }) => id !== undefined && servers.test(id));
      const kept = known.length > 0 ? keptByServer(analysed)[0] : undefined;
      if (!kept || analysed.image.match?.lookalike) continue;
      for (const { weak, written, span, fixes } of [
        ...inCommand(analysed, known),
        ...inConfiguration(analysed, known, files),
      ]) {
        yield {
          severity: asSure(weak.severity, kept.store.confidence),
          message: `${written}: ${kept.store.title} gives up a safeguard of ${kept.store.path}, and ${weak.loss}`,
          span,
          service: analysed.service.name,
          store: kept.store,
          related: relatedOf(kept),
          fixes,
        };
      }
    }
  },
};

export default rule;
