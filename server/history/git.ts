/** History from the files of a `.git` directory, as they lie on the disk. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { slashed } from '../files.ts';
import type { History, Past } from './model.ts';
import { type Repository, repositoryAt } from './repository.ts';

/** The library reads whole packs and a whole index into memory: of larger repositories nothing is known. */
const MAX_PACKS_BYTES = 64 * 1024 * 1024;
const MAX_INDEX_BYTES = 16 * 1024 * 1024;

interface Known {
  readonly stamp: string;
  readonly reading: Promise<Past | null>;
  /** Set when it has been read. */
  past?: Past | null;
}

/**
 * One reading a repository and set of files, until a commit, a checkout or `git add` changes something.
 * @param once for a command: where the repositories are and how they stand is looked at once
 */
export function gitHistory({ once = false }: { readonly once?: boolean } = {}): History {
  const known = new Map<string, Known>();
  const tops = new Map<string, string | null>();
  const stamps = new Map<string, string>();
  const repositories = new Map<string, { readonly stamp: string; readonly repository: Repository }>();
  const repositoryOf = (top: string, stamp: string): Repository => {
    const before = repositories.get(top);
    if (before?.stamp === stamp) return before.repository;
    const repository = repositoryAt(top);
    repositories.set(top, { stamp, repository });
    return repository;
  };
  return {
    past(files) {
      if (!once) {
        tops.clear();
        stamps.clear();
      }
      const top = files[0] === undefined ? null : topOf(path.posix.dirname(slashed(files[0])), tops);
      if (top === null) return null;
      const stamp = stamps.get(top) ?? stampOf(top);
      stamps.set(top, stamp);
      const key = files.join('\0');
      const before = known.get(key);
      if (before?.stamp === stamp) return before.past === undefined ? before.reading : before.past;
      const now: Known = { stamp, reading: read(repositoryOf(top, stamp), top, files).catch(() => null) };
      known.set(key, now);
      void now.reading.then((past) => {
        now.past = past;
      });
      return now.reading;
    },
  };
}

/**
 * The folder with `.git`, at or above `folder`. Where that is a file, in worktrees and submodules, the repository is
 * elsewhere: nothing is known.
 */
function topOf(folder: string, known: Map<string, string | null>): string | null {
  const before = known.get(folder);
  if (before !== undefined) return before;
  const stat = fs.statSync(path.posix.join(folder, '.git'), { throwIfNoEntry: false });
  const above = path.posix.dirname(folder);
  const top = stat
    ? stat.isDirectory() && isSmall(folder)
      ? folder
      : null
    : above === folder
      ? null
      : topOf(above, known);
  known.set(folder, top);
  return top;
}

/** What changes with each commit, checkout and `git add`. */
const stampOf = (top: string): string =>
  ['HEAD', 'index', 'logs/HEAD', 'packed-refs']
    .map((name) => {
      const stat = fs.statSync(path.posix.join(top, '.git', name), { throwIfNoEntry: false });
      return stat ? `${stat.mtimeMs}:${stat.size}` : '-';
    })
    .join(' ');

function isSmall(top: string): boolean {
  const size = (file: string): number => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const packs = path.posix.join(top, '.git', 'objects', 'pack');
  const names = fs.existsSync(packs) ? fs.readdirSync(packs) : [];
  const total = names.reduce((sum, name) => sum + size(path.posix.join(packs, name)), 0);
  return total <= MAX_PACKS_BYTES && size(path.posix.join(top, '.git', 'index')) <= MAX_INDEX_BYTES;
}

async function read(repository: Repository, top: string, files: readonly string[]): Promise<Past> {
  const texts = new Map<string, string | null>();
  for (const file of files) {
    const inside = path.posix.relative(top, file);
    texts.set(file, inside.startsWith('..') ? null : await repository.textAtHead(inside));
  }
  return pastOf(top, texts, await repository.index());
}

const pastOf = (top: string, texts: Past['texts'], index: readonly string[]): Past => ({
  top,
  texts,
  tracked: (at) => {
    const inside = path.posix.relative(top, at);
    const below = inside === '' ? '' : `${inside}/`;
    return index.filter((file) => file === inside || file.startsWith(below)).map((file) => path.posix.join(top, file));
  },
});
