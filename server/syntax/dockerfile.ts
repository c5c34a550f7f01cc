/** Dockerfiles: instructions with exact places, and what a stage comes to. */
import { readInstructions } from './dockerfile/instructions.ts';
import { problemsOf } from './dockerfile/problems.ts';
import { basesOf, evaluateStage } from './dockerfile/stage.ts';
import { findStage, planOf } from './dockerfile/stages.ts';
import type { Problem, Source, Span } from './source.ts';

export interface Value {
  /** After `ARG`/`ENV` substitution. */
  readonly value: string;
  /** The word as written, quotes included; a JSON string without its quotes. */
  readonly span: Span;
  /**
   * Variables without a value; then `value` is not to be relied on: they stand in it as `${NAME}`.
   * `WORKDIR` for a path below the base image's working directory, which is taken to be `/`.
   */
  readonly unresolved: readonly string[];
}

export interface CopyStep {
  readonly instruction: 'COPY' | 'ADD';
  readonly sources: readonly Value[];
  /** Here-documents: file names written in the Dockerfile itself, not read from the context. */
  readonly heredocs: readonly string[];
  /** Absolute in the image (WORKDIR applied); a trailing slash is kept: it makes the destination a directory. */
  readonly destination: Value;
  /** The destination is a directory: by its slash, or since an earlier WORKDIR, COPY or ADD made it one. */
  readonly intoDirectory?: boolean;
  /** The builder refuses a word of it: a quote or a substitution does not end. */
  readonly malformed?: boolean;
  /** Built on `scratch`: there is nothing but what the steps before this one made. */
  readonly onNothing?: boolean;
  /** Directories that WORKDIR made since the copy before this one. */
  readonly workdirs?: readonly string[];
  /** The copy before this one. */
  readonly after?: CopyStep | null;
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
  /** Values of `--mount`: what is written below them is not in the image. */
  readonly mounts?: readonly string[];
  /** Absolute; `/` until a WORKDIR stands. */
  readonly workdir: string;
  readonly user: string | null;
  readonly span: Span;
}

export interface Exec {
  /** JSON form: the words. Shell form: the words of SHELL, `['/bin/sh', '-c']` by default, and the text. */
  readonly words: readonly string[];
  readonly shell: boolean;
  /** The arguments. */
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
  /** Absolute paths, each once. */
  readonly volumes: readonly Value[];
  readonly entrypoint: Exec | null;
  /** Null also where an ENTRYPOINT took away the one the base came with. */
  readonly command: Exec | null;
  /** Of the whole chain inside this file, base first. */
  readonly steps: readonly Step[];
  /** Another stage of this file in the same build; null where there is none. */
  other(index: number): StageResult | null;
}

export interface Dockerfile {
  readonly source: Source;
  readonly stages: readonly { readonly name: string | null; readonly from: Value; readonly span: Span }[];
  readonly problems: readonly Problem[];
  /**
   * What the stage `target` (name or index; the last one by default) comes to with these build arguments
   * (null: taken from the shell, so unknown). Null when there is no such stage. A stage whose name is `replaced` by a
   * context of the build is not carried out: the chain ends with its name as the base. The same for the same question.
   */
  stage(target?: string, args?: ReadonlyMap<string, string | null>, replaced?: ReadonlySet<string>): StageResult | null;
}

const dockerfiles = new WeakMap<Source, Dockerfile>();

/** Parsed once for each text. */
export function dockerfileOf(source: Source): Dockerfile {
  let parsed = dockerfiles.get(source);
  if (!parsed) {
    parsed = parseDockerfile(source);
    dockerfiles.set(source, parsed);
  }
  return parsed;
}

/** Never throws: what cannot be read is left out and, where the builder refuses it, listed in `problems`. */
export function parseDockerfile(source: Source): Dockerfile {
  const list = readInstructions(source);
  const plan = planOf(source, list);
  const defaults = basesOf(plan, new Map());
  const stages = new Map<string, StageResult | null>();
  const dockerfile: Dockerfile = {
    source,
    stages: plan.stages.map(({ name, span }, i) => ({ name, from: defaults[i]!, span })),
    problems: [...list.problems, ...problemsOf(plan)].sort((a, b) => a.span.start - b.span.start),
    stage(target, args = new Map(), replaced = new Set()) {
      const key = JSON.stringify([target, [...args], [...replaced]]);
      const known = stages.get(key);
      if (known !== undefined) return known;
      const index = target ? findTarget(target) : plan.stages.length - 1;
      const other = (one: number) => dockerfile.stage(String(one), args, replaced);
      const stage = index < 0 ? null : { ...evaluateStage(plan, index, args, replaced), other };
      stages.set(key, stage);
      return stage;
    },
  };
  return dockerfile;

  function findTarget(target: string): number {
    const named = findStage(plan, target);
    if (named >= 0 || !/^\d+$/.test(target)) return named;
    return Number(target) < plan.stages.length ? Number(target) : -1;
  }
}
