/** The files below a context directory that its ignore file does not leave out. */
import type { Files } from '../../files.ts';
import type { Pattern, Verdict } from './patterns.ts';
import { judge, mayBringBackBelow } from './patterns.ts';

export const MAX_FILES = 20_000;
const MAX_ENTRIES = 200_000;

export interface Walked {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly links: readonly string[];
  readonly truncated: boolean;
}

interface Folder {
  /** Relative to the context; empty for the context itself. */
  readonly path: string;
  readonly verdict: Verdict | null;
}

/**
 * Breadth first, so that the limit cuts off what lies deepest; repositories' own files come last of all.
 * Links are listed, never followed: the builder copies the links themselves. Sockets and pipes are left out.
 */
export function walkContext(files: Files, directory: string, patterns: readonly Pattern[]): Walked {
  const found: string[] = [];
  const folders: string[] = [];
  const links: string[] = [];
  const repositories: Folder[] = [];
  let level: Folder[] = [{ path: '', verdict: null }];
  let entries = 0;
  while (level.length > 0) {
    const below: Folder[] = [];
    for (const { path, verdict: parent } of level) {
      for (const { name, kind } of files.list(path === '' ? directory : `${directory}/${path}`)) {
        if (found.length >= MAX_FILES || ++entries > MAX_ENTRIES)
          return { files: found.sort(), folders, links, truncated: true };
        const entry = path === '' ? name : `${path}/${name}`;
        if (kind === 'other') continue;
        const verdict = judge(patterns, entry, parent);
        if (kind !== 'directory') {
          if (!verdict.ignored) found.push(entry);
          if (!verdict.ignored && kind === 'link') links.push(entry);
          continue;
        }
        if (!verdict.ignored) folders.push(entry);
        if (!verdict.ignored || mayBringBackBelow(patterns, entry)) {
          (name === '.git' ? repositories : below).push({ path: entry, verdict });
        }
      }
    }
    level = below.length > 0 ? below : repositories.splice(0);
  }
  return { files: found.sort(), folders, links, truncated: false };
}
