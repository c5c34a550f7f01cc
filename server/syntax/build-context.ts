/** The files a build sees: the context directory less what `.dockerignore` leaves out, as the builder evaluates it. */
import type { Files } from '../files.ts';
import type { CopyStep } from './dockerfile.ts';
import type { Source } from './source.ts';

export interface BuildContext {
  readonly directory: string;
  /** The ignore file in force (`<Dockerfile>.dockerignore` wins over `.dockerignore`); null where there is none. */
  readonly ignoreFile: Source | null;
  /** Where `.dockerignore` lines are to be added, whether it exists or not. */
  readonly ignorePath: string;
  /** Context-relative paths with forward slashes, sorted; cut off at a limit (then `truncated`). */
  readonly files: readonly string[];
  readonly truncated: boolean;
  ignores(relativePath: string): boolean;
}

/** A file of the context and its place in the image. */
export interface CopiedFile {
  readonly file: string;
  readonly destination: string;
}

export type ReadBuildContext = (files: Files, directory: string, dockerfile: string | undefined) => BuildContext;
export type CopiedFiles = (context: BuildContext, step: CopyStep) => readonly CopiedFile[];
