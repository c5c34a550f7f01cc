/** The files a build sees: the context directory less what `.dockerignore` leaves out, as the builder evaluates it. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import { slashed, UnreadableFile } from '../files.ts';
import { copied } from './build-context/copied.ts';
import type { Verdict } from './build-context/patterns.ts';
import { judge, parseIgnoreFile } from './build-context/patterns.ts';
import { type Walked, walkContext } from './build-context/walk.ts';
import type { CopyStep } from './dockerfile.ts';
import type { Source } from './source.ts';

export interface BuildContext {
  readonly directory: string;
  /** The ignore file in force (`<Dockerfile>.dockerignore` wins over `.dockerignore`); null where there is none. */
  readonly ignoreFile: Source | null;
  /** Where `.dockerignore` lines are to be added, whether it exists or not. */
  readonly ignorePath: string;
  /** The builder refuses a line of the ignore file, and so every build. */
  readonly refused?: boolean;
  /** Context-relative paths with forward slashes, sorted; cut off at a limit (then `truncated`). Read when first asked for. */
  readonly files: readonly string[];
  /** Directories that are not left out themselves, empty ones too. */
  readonly folders?: readonly string[];
  /** Those of the files that are links. */
  readonly links?: readonly string[];
  readonly truncated: boolean;
  ignores(relativePath: string): boolean;
  /** What one of the links says; null for what is none. */
  link?(relativePath: string): string | null;
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
  const { patterns, refused } = parseIgnoreFile(ignoreFile?.text ?? '');
  const verdicts = new Map<string, Verdict>();
  let walked: Walked | undefined;
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
    refused,
    get files() {
      return walk().files;
    },
    get folders() {
      return walk().folders;
    },
    get links() {
      return walk().links;
    },
    get truncated() {
      return walk().truncated;
    },
    ignores(relativePath) {
      const at = path.posix.resolve('/', slashed(relativePath)).slice(1);
      return at !== '' && verdictOf(at).ignored;
    },
    link: (relativePath) => files.link(path.posix.join(directory, relativePath)),
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

/** What a step takes of a place that has these files, such as another stage: `file` is one of them. */
export function copiedOf(files: readonly string[], step: CopyStep): readonly CopiedFile[] {
  const all: BuildContext = {
    directory: '/',
    ignoreFile: null,
    ignorePath: '/.dockerignore',
    files: files.map((file) => file.replace(/^\//, '')),
    truncated: false,
    ignores: () => false,
  };
  const { from: _, destination, ...here } = step;
  const directory = step.intoDirectory && !destination.value.endsWith('/');
  const into = directory ? { ...destination, value: `${destination.value}/` } : destination;
  return copied(all, { ...here, destination: into, after: null }).map(({ file, destination }) => ({
    file: `/${file}`,
    destination,
  }));
}

/** Empty where the builder refuses the step for good; a source that is merely not there may yet be made. */
export const copiedFiles: CopiedFiles = (context, step) => copied(context, step);
