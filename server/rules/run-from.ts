/**
 * Files that are not run from their own folder. Another program puts them together with `--project-directory`, or behind a
 * `-f` of another folder: what they name relatively stands below a folder above, and not beside them.
 */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import type { Project, Service } from '../project/model.ts';
import { isWithin } from '../survival/backing.ts';

/** Folders above that may be the one. */
const MAX_ABOVE = 6;

const known = new WeakMap<Project, { readonly files: Files; readonly folder: string | undefined }>();

/** The folder that the paths of the project fit, where they do not fit its own. */
export function runFrom(project: Project, files: Files): string | undefined {
  const before = known.get(project);
  if (before?.files === files) return before.folder;
  const folder = project.runtime === 'compose' ? lookedFor(project, files) : undefined;
  known.set(project, { files, folder });
  return folder;
}

function lookedFor(project: Project, files: Files): string | undefined {
  const { directory } = project;
  const all = [...new Set([...project.services, ...project.inactive].flatMap((one) => named(one, directory)))];
  const missing = all.filter((at) => files.kind(path.posix.join(directory, at)) === 'missing');
  if (missing.length === 0) return undefined;
  // What stands beside the file says that it is run from there.
  const here = all.length - missing.length;
  for (const { folder, ours } of above(directory, files)) {
    // Outside of a repository a single name may be anybody's.
    const asked = missing.filter((at) => ours || at.includes('/'));
    // However many of them are there, they are fewer than those that are here.
    if (asked.length <= here) continue;
    if (asked.filter(presence(folder, asked, files)).length > here) return folder;
  }
  return undefined;
}

/** Folders far above may hold thousands of entries: for so few names they are not listed. */
const FEW = 16;

/** Whether there is something at a path below `folder`. Most have not even a folder of that name. */
function presence(folder: string, asked: readonly string[], files: Files): (at: string) => boolean {
  const tops = new Set(asked.map((at) => at.split('/', 1)[0]!));
  if (tops.size <= FEW) {
    const there = new Set([...tops].filter((top) => files.kind(path.posix.join(folder, top)) !== 'missing'));
    return (at) => there.has(at.split('/', 1)[0]!) && files.kind(path.posix.join(folder, at)) !== 'missing';
  }
  // A folder that may be entered, but not be listed, has no entries.
  const listed = files.list(folder).map(({ name }) => plain(name));
  const names = listed.length > 0 ? new Set(listed) : null;
  return (at) =>
    names?.has(plain(at.split('/', 1)[0]!)) !== false && files.kind(path.posix.join(folder, at)) !== 'missing';
}

/** Some systems take names for the same that are written differently. */
const plain = (name: string): string => name.normalize('NFC').toLowerCase();

/** Up to the folder that git tracks as a whole, which is the last. */
function above(directory: string, files: Files): { readonly folder: string; readonly ours: boolean }[] {
  const folders: string[] = [];
  let folder = directory;
  for (let i = 0; i < MAX_ABOVE; i++) {
    if (files.kind(path.posix.join(folder, '.git')) !== 'missing')
      return folders.map((one) => ({ folder: one, ours: true }));
    folder = path.posix.dirname(folder);
    if (folder === '/' || /^[A-Za-z]:\/?$/.test(folder)) break;
    folders.push(folder);
  }
  return folders.map((one) => ({ folder: one, ours: false }));
}

/** What the service names relatively, from the project's folder on. */
function named({ build, mounts }: Service, directory: string): string[] {
  const binds = mounts.flatMap(({ type, from, source, sourceText, unresolved }) =>
    type === 'bind' && from === 'volumes' && unresolved.length === 0 && /^\.{1,2}\//.test(sourceText ?? '')
      ? (source ?? [])
      : [],
  );
  const built = build && !build.remote && build.unresolved.length === 0 ? (build.dockerfile ?? build.context) : [];
  return [...binds, built]
    .flat()
    .filter((at) => at !== directory && isWithin(at, directory))
    .map((at) => path.posix.relative(directory, at));
}
