/** Where COPY and ADD put the files of a build context. */
import * as posix from 'node:path/posix';
import type { BuildContext, CopiedFile } from '../build-context.ts';
import type { CopyStep, Value } from '../dockerfile.ts';
import type { Pattern } from './patterns.ts';
import { globMatcher, judge, patternsOf } from './patterns.ts';

/** A file and where it goes: relative to a directory, or under its own name. */
interface Match {
  readonly file: string;
  readonly relative: string;
  /** From a source that is a directory: its content goes to the destination, whatever that is so far. */
  readonly content: boolean;
}

/** Directories an image has unless it is empty; a file copied to one of them goes into it. */
const USUAL_DIRECTORIES = new Set(
  (
    '/ /bin /dev /etc /home /lib /media /mnt /opt /root /run /sbin /srv /tmp /usr /usr/bin /usr/lib /usr/local ' +
    '/usr/local/bin /usr/sbin /usr/share /var /var/cache /var/lib /var/log /var/tmp'
  ).split(' '),
);

const REMOTE = /^(?:https?|git|ssh):\/\/|^git@/;
const ARCHIVE = /\.(?:tar(?:\.(?:gz|bz2|xz|zst))?|tgz|tbz2?|txz)$/i;

const isOn = (step: CopyStep, flag: string): boolean => step.flags.get(flag)?.toLowerCase() === 'true';

export function copiedFiles(context: BuildContext, step: CopyStep): readonly CopiedFile[] {
  if (step.from) return [];
  const { value } = step.destination;
  const destination = posix.resolve('/', value);
  const directory =
    step.intoDirectory || step.sources.length > 1 || value.endsWith('/') || USUAL_DIRECTORIES.has(destination);
  const excludes = patternsOf(step.excludes);
  const placed = new Map<string, CopiedFile>();
  for (const source of step.sources.filter(isLocal)) {
    const matches = isOn(step, 'parents') ? withParents(context, source.value) : matchesOf(context, source.value);
    const several = matches.length > 1;
    for (const { file, relative, content } of matches) {
      if (isIgnored(excludes, relative)) continue;
      const inside = content || directory || several || unpacked(step, file);
      const at = inside ? posix.join(destination, relative) : destination;
      placed.set(at, { file, destination: at });
    }
  }
  return [...placed.values()];
}

const isLocal = ({ value }: Value): boolean => !REMOTE.test(value);

/** The builder unpacks archives into the destination; which files that makes is not known here. */
const unpacked = (step: CopyStep, file: string): boolean =>
  step.instruction === 'ADD'
    ? step.flags.get('unpack')?.toLowerCase() !== 'false' && ARCHIVE.test(file)
    : isOn(step, 'unpack');

const contextPath = (source: string): string => posix.resolve('/', source).slice(1);

function matchesOf(context: BuildContext, source: string): Match[] {
  return pathsMatching(context, contextPath(source)).flatMap((found): Match[] => {
    // The builder follows a source that is a link, though no link below one.
    const real = context.realPath?.(found) ?? found;
    if (isFile(context.files, real)) return [{ file: real, relative: posix.basename(found), content: false }];
    return filesBelow(context, real).map((file) => ({ file, relative: below(file, real), content: true }));
  });
}

const fileSets = new WeakMap<readonly string[], ReadonlySet<string>>();

function isFile(files: readonly string[], path: string): boolean {
  let set = fileSets.get(files);
  if (!set) {
    set = new Set(files);
    fileSets.set(files, set);
  }
  return set.has(path);
}

/** Files and directories of the context that a source names; a directory ends the search below it. */
function pathsMatching(context: BuildContext, path: string): string[] {
  const matches = /[*?[]/.test(path) ? globMatcher(path) : null;
  if (!matches) return [path];
  const depth = path.split('/').length;
  const candidates = new Set(context.files.map((file) => file.split('/').slice(0, depth).join('/')));
  return [...candidates].filter(matches);
}

/** `--parents`: paths are kept from the context root, or from `/./`, on. */
function withParents(context: BuildContext, source: string): Match[] {
  const pivot = source.indexOf('/./');
  const base = pivot < 0 ? '' : contextPath(source.slice(0, pivot));
  const pattern = contextPath(pivot < 0 ? source : source.slice(pivot + 3));
  const patterns = pattern === '' ? patternsOf(['**']) : patternsOf([pattern]);
  return pathsMatching(context, base).flatMap((root) =>
    filesBelow(context, root)
      .map((file) => ({ file, relative: below(file, root), content: true }))
      .filter(({ relative }) => isIgnored(patterns, relative)),
  );
}

const filesBelow = (context: BuildContext, directory: string): readonly string[] =>
  directory === '' ? context.files : context.files.filter((file) => file.startsWith(`${directory}/`));

const below = (file: string, directory: string): string => (directory === '' ? file : file.slice(directory.length + 1));

/** Whether the patterns take a path, by itself or by a directory above it. */
export function isIgnored(patterns: readonly Pattern[], path: string): boolean {
  if (patterns.length === 0) return false;
  let verdict = null;
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
    verdict = judge(patterns, path.slice(0, end), verdict);
  }
  return judge(patterns, path, verdict).ignored;
}
