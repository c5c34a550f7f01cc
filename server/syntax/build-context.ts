/** The files a build sees: the context directory less what `.dockerignore` leaves out, as the builder evaluates it. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import { slashed, UnreadableFile } from '../files.ts';
import { copiedFiles as copied } from './build-context/copied.ts';
import type { Verdict } from './build-context/patterns.ts';
import { judge, parseIgnoreFile } from './build-context/patterns.ts';
import { walkContext } from './build-context/walk.ts';
import type { CopyStep } from './dockerfile.ts';
import type { Source } from './source.ts';

export interface BuildContext {
  readonly directory: string;
  /** The ignore file in force (`<Dockerfile>.dockerignore` wins over `.dockerignore`); null where there is none. */
  readonly ignoreFile: Source | null;
  /** Where `.dockerignore` lines are to be added, whether it exists or not. */
  readonly ignorePath: string;
  /** Context-relative paths with forward slashes, sorted; cut off at a limit (then `truncated`). Read when first asked for. */
  readonly files: readonly string[];
  readonly truncated: boolean;
  ignores(relativePath: string): boolean;
  /** Where in the context a path leads once links are followed; null outside it or where nothing is. */
  realPath?(relativePath: string): string | null;
}

/** A file of the context and its place in the image. */
export interface CopiedFile {
  readonly file: string;
  readonly destination: string;
}

export type ReadBuildContext = (files: Files, directory: string, dockerfile: string | undefined) => BuildContext;
export type CopiedFiles = (context: BuildContext, step: CopyStep) => readonly CopiedFile[];

/**
 * Without a Dockerfile's path it is taken to be the context's `Dockerfile`. Directories and ignore files that
 * cannot be read count as empty.
 */
export const readBuildContext: ReadBuildContext = (files, given, dockerfile) => {
  const directory = slashed(given).replace(/(.)\/+$/, '$1');
  const beside = `${slashed(path.resolve(directory, dockerfile ?? 'Dockerfile'))}.dockerignore`;
  const common = path.posix.join(directory, '.dockerignore');
  const ignoreFile = textFile(files, beside) ?? textFile(files, common);
  const patterns = parseIgnoreFile(ignoreFile?.text ?? '');
  const verdicts = new Map<string, Verdict>();
  let root: string | null = null;
  let walked: ReturnType<typeof walkContext> | undefined;
  const walk = () => {
    walked ??= walkContext(files, directory, patterns);
    return walked;
  };
  const verdictOf = (at: string): Verdict => {
    const known = verdicts.get(at);
    if (known) return known;
    const slash = at.lastIndexOf('/');
    const verdict = judge(patterns, at, slash < 0 ? null : verdictOf(at.slice(0, slash)));
    verdicts.set(at, verdict);
    return verdict;
  };
  return {
    directory,
    ignoreFile,
    ignorePath: ignoreFile?.path ?? common,
    get files() {
      return walk().files;
    },
    get truncated() {
      return walk().truncated;
    },
    ignores(relativePath) {
      const at = path.posix.resolve('/', slashed(relativePath)).slice(1);
      return at !== '' && verdictOf(at).ignored;
    },
    realPath(relativePath) {
      root ??= files.realPath(directory);
      const real = files.realPath(path.posix.join(directory, relativePath));
      return root !== null && real?.startsWith(`${root}/`) ? real.slice(root.length + 1) : null;
    },
  };
};

function textFile(files: Files, file: string): Source | null {
  if (files.kind(file) !== 'file') return null;
  try {
    return files.read(file);
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}

const known = new WeakMap<BuildContext, WeakMap<CopyStep, readonly CopiedFile[]>>();

/** Found out once for a step in a context: several rules ask. */
export const copiedFiles: CopiedFiles = (context, step) => {
  const steps = known.get(context) ?? new WeakMap<CopyStep, readonly CopiedFile[]>();
  known.set(context, steps);
  const files = steps.get(step) ?? copied(context, step);
  steps.set(step, files);
  return files;
};
