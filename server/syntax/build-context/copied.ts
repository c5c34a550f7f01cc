/** Where COPY and ADD put the files of a build context. */
import * as posix from 'node:path/posix';
import type { BuildContext, CopiedFile } from '../build-context.ts';
import type { CopyStep, Value } from '../dockerfile.ts';
import { Draft, ImageTree } from './image-tree.ts';
import { patternsOf } from './patterns.ts';
import { isIgnored, type Match, matchesOf, withParents } from './sources.ts';

const REMOTE = /^(?:https?|git|ssh):\/\/|^git@/;
const ARCHIVE = /\.(?:tar(?:\.(?:gz|bz2|xz|zst))?|tgz|tbz2?|txz)$/i;

const isOn = (step: CopyStep, flag: string): boolean => step.flags.get(flag)?.toLowerCase() === 'true';

/** Docker takes these for repositories: COPY refuses them, ADD asks a server for them. `./` before them helps. */
const REPOSITORY = /^(?!\.\.?\/)[^/{}|?#\s\]]*\/[^?#]*\.git(?:[?#]|$)/;

/** What one step brings, and the image with it. */
interface Brought {
  readonly files: readonly CopiedFile[];
  readonly image: ImageTree;
}

const known = new WeakMap<BuildContext, WeakMap<CopyStep, Brought>>();

/** Found out once for a step in a context: several rules ask. Nothing where the builder refuses the step. */
export function copied(context: BuildContext, step: CopyStep): readonly CopiedFile[] {
  const steps = known.get(context) ?? new WeakMap<CopyStep, Brought>();
  known.set(context, steps);
  const asked: CopyStep[] = [];
  // The earliest first: each adds to the image of the one before it, which nobody else adds to.
  for (let one: CopyStep | null | undefined = step; one && !steps.has(one); one = one.after) asked.push(one);
  for (const one of asked.reverse()) {
    const before = one.after && steps.get(one.after);
    const image = before ? before.image : new ImageTree(one.onNothing === true);
    for (const workdir of one.workdirs ?? []) image.open(workdir);
    steps.set(one, { files: bringing(context, one, image), image });
  }
  return steps.get(step)!.files;
}

function bringing(context: BuildContext, step: CopyStep, image: ImageTree): readonly CopiedFile[] {
  const destination = posix.resolve('/', step.destination.value);
  const draft = step.from ? null : drafted(context, step, destination, image);
  if (step.from) image.open(step.intoDirectory ? destination : posix.dirname(destination));
  if (!draft) return [];
  image.add(draft);
  return [...draft.files].flatMap(([place, file]) => (file === null ? [] : { file, destination: place }));
}

/** Null where the builder refuses the step. */
function drafted(context: BuildContext, step: CopyStep, destination: string, image: ImageTree): Draft | null {
  if (step.malformed || context.refused) return null;
  const matches: Match[] = [];
  for (const { value } of step.sources.filter(isLocal)) {
    if (REPOSITORY.test(value)) return null;
    const found = isOn(step, 'parents') ? withParents(context, value) : matchesOf(context, value);
    if (!found) return null;
    matches.push(...found);
  }
  const before = placeBefore(step, destination, image, matches.length + step.heredocs.length > 1);
  const { patterns: excludes, refused } = patternsOf(step.excludes);
  if (refused) return null;
  const draft = new Draft(image);
  let directory = step.destination.value.endsWith('/') || before === 'directory';
  let isFile = before === 'file';
  for (const match of matches) {
    const intoIt = match.content || unpacked(step, match.name);
    // The builder ends: files do not become directories.
    if (intoIt && isFile && !directory) return null;
    directory ||= intoIt;
    isFile ||= !directory && match.files.length > 0;
    if (directory && !draft.open(destination)) return null;
    for (const folder of match.folders) {
      if (!isIgnored(excludes, folder) && !draft.open(posix.join(destination, folder))) return null;
    }
    for (const { file, relative } of match.files) {
      if (isIgnored(excludes, relative)) continue;
      if (!draft.put(directory ? posix.join(destination, relative) : destination, file)) return null;
    }
  }
  for (const name of step.heredocs) {
    if (!draft.put(directory ? posix.join(destination, name) : destination, null)) return null;
  }
  return draft;
}

const isLocal = ({ value }: Value): boolean => !REMOTE.test(value);

/** The builder unpacks archives into the destination; which files that makes is not known here. */
const unpacked = (step: CopyStep, file: string): boolean =>
  step.instruction === 'ADD'
    ? step.flags.get('unpack')?.toLowerCase() !== 'false' && ARCHIVE.test(file)
    : isOn(step, 'unpack');

/**
 * What the image has at a place. The base's directories are not known here; but who copies several files to one place
 * knows that it is a directory, for otherwise only the last would be left.
 */
function placeBefore(step: CopyStep, place: string, image: ImageTree, several: boolean): 'directory' | 'file' | null {
  return image.kind(place) ?? (several && !step.onNothing ? 'directory' : null);
}
