/** Dockerfiles: instructions with exact places, and what a stage comes to. */
import type { Problem, Source, Span } from './source.ts';

export interface Value {
  /** After `ARG`/`ENV` substitution. */
  readonly value: string;
  readonly span: Span;
  /** Variables without a value; then `value` is not to be relied on. */
  readonly unresolved: readonly string[];
}

export interface CopyStep {
  readonly instruction: 'COPY' | 'ADD';
  readonly sources: readonly Value[];
  /** Here-documents: file names written in the Dockerfile itself, not read from the context. */
  readonly heredocs: readonly string[];
  /** Absolute in the image (WORKDIR applied); a trailing slash is kept: it makes the destination a directory. */
  readonly destination: Value;
  /** `--from`: a stage (by index) or an image; absent for the build context. */
  readonly from?: { readonly stage: number } | { readonly image: string };
  readonly flags: ReadonlyMap<string, string>;
  /** `--exclude` patterns. */
  readonly excludes: readonly string[];
  readonly span: Span;
}

export interface RunStep {
  /** Shell text with continuations joined, or the JSON words joined by spaces. */
  readonly text: string;
  readonly words: readonly string[] | null;
  readonly workdir: string;
  readonly user: string | null;
  readonly span: Span;
}

export interface Exec {
  /** JSON form: the words. Shell form: `['/bin/sh', '-c', text]`. */
  readonly words: readonly string[];
  readonly shell: boolean;
  readonly span: Span;
}

/** Steps of one stage in order, with what was in force at each. */
export type Step =
  | { readonly kind: 'copy'; readonly copy: CopyStep }
  | { readonly kind: 'run'; readonly run: RunStep }
  | { readonly kind: 'volume'; readonly paths: readonly Value[]; readonly span: Span }
  | { readonly kind: 'user'; readonly user: Value };

export interface StageResult {
  readonly source: Source;
  readonly index: number;
  readonly name: string | null;
  /** The image at the end of the FROM chain through this file's stages; null for `scratch`. */
  readonly base: Value | null;
  /** Stage indexes from the base to this one. */
  readonly chain: readonly number[];
  readonly environment: ReadonlyMap<string, Value>;
  /** Absolute; null until a WORKDIR stands: then the base image's. */
  readonly workdir: Value | null;
  readonly user: Value | null;
  readonly volumes: readonly Value[];
  readonly entrypoint: Exec | null;
  readonly command: Exec | null;
  /** Of the whole chain inside this file, base first. */
  readonly steps: readonly Step[];
}

export interface Dockerfile {
  readonly source: Source;
  readonly stages: readonly { readonly name: string | null; readonly from: Value; readonly span: Span }[];
  readonly problems: readonly Problem[];
  /**
   * What the stage `target` (name or index; the last one by default) comes to with these build arguments
   * (null: taken from the shell, so unknown). Null when there is no such stage.
   */
  stage(target?: string, args?: ReadonlyMap<string, string | null>): StageResult | null;
}
