/** What building a service of the copy anew takes, and whether it may be done. Asks only: nothing is built here. */
import type { Files } from '../../files.ts';
import type { Service } from '../../project/model.ts';
import { dockerfileSource } from '../../stores/image.ts';
import { readBuildContext } from '../../syntax/build-context.ts';
import type { Dockerfile, StageResult } from '../../syntax/dockerfile.ts';
import { dockerfileOf } from '../../syntax/dockerfile.ts';
import { rangeOf, type Source, type Span } from '../../syntax/source.ts';
import { valueAt } from '../../syntax/tree.ts';
import type { Image } from '../engine.ts';
import { textAt } from './tree.ts';

export interface BuildPlan {
  readonly service: string;
  /** A name that no image of the user's can have. */
  readonly tag: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly context: string;
  /** Its text: it may be written in the Compose file, or lie outside of the context. */
  readonly dockerfile: string;
  /** The ignore file that is in force; null where there is none. */
  readonly ignore: string | null;
  /** As the project has it, for finding the ignore file beside it. */
  readonly path: string | undefined;
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly network?: string;
}

/** A sentence without a full stop. */
export type Planned = BuildPlan | { readonly reason: string };

export interface Around {
  readonly files: Files;
  /** Of the copy. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Commands may be run. */
  readonly allowed: boolean;
  /** Null: it is not on the engine. */
  readonly image: (name: string) => Promise<Image | null>;
}

/** The project's name for the service may hold what the name of an image may not. */
export const imageTag = (copy: string, service: string): string =>
  `${copy}-${
    service
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'service'
  }:rebuilt`;

/** What a build may be handed beside its context; a drill hands over none of it. */
const HANDED = ['secrets', 'ssh', 'privileged', 'entitlements', 'additional_contexts'];

/** The service has `build`. */
export async function planBuild({ name, build, node }: Service, around: Around): Promise<Planned> {
  const { files } = around;
  if (!build) return { reason: 'It is not built' };
  const hole = build.unresolved[0];
  if (hole) return { reason: `${hole.variable} is not set, so what it is built from is not known` };
  if (build.remote) return { reason: 'It is built from an address, which is not fetched for a drill' };
  if (files.kind(build.context) !== 'directory') return { reason: `The folder ${build.context} is not there` };
  const handed = HANDED.find((key) => valueAt(valueAt(node, 'build'), key));
  if (handed) return { reason: `Its build asks for ${handed}, which a drill does not hand over` };
  const source = dockerfileSource(build, files);
  if (!source) return { reason: `Its Dockerfile ${build.dockerfile ?? ''} cannot be read` };
  const args = new Map([...build.args].map(([key, value]) => [key, value ?? around.env[key] ?? null]));
  const dockerfile = dockerfileOf(source);
  const stages = stagesOf(dockerfile, build.target, args);
  if (!stages) return { reason: `Its Dockerfile has no stage ${build.target ?? ''}`.trimEnd() };
  // Some builders go through all stages that stand before the one that is built.
  const before = Array.from({ length: stages[0]!.index + 1 }, (_, i) => dockerfile.stage(`${i}`, args) ?? []).flat();
  const refused = (await imagesMissing(stages, source, around)) ?? whatItRuns(before, source, around);
  if (refused !== null) return { reason: refused };
  const { ignoreFile } = readBuildContext(files, build.context, build.dockerfile);
  const network = textAt(node, 'build', 'network');
  return {
    service: name,
    tag: imageTag(around.name, name),
    labels: around.labels,
    context: build.context,
    dockerfile: withoutFrontend(source.text),
    ignore: ignoreFile?.text ?? null,
    path: build.dockerfile,
    ...(build.target ? { target: build.target } : {}),
    ...(network ? { network } : {}),
    args: Object.fromEntries([...args].flatMap(([key, value]) => (value === null ? [] : [[key, value]]))),
  };
}

/** The one that is built, and those that it copies from; null when there is no such stage. */
function stagesOf(dockerfile: Dockerfile, target: string | undefined, args: ReadonlyMap<string, string | null>) {
  const found = new Map<number, StageResult>();
  const wanted: (string | undefined)[] = [target];
  while (wanted.length > 0) {
    const stage = dockerfile.stage(wanted.pop(), args);
    if (!stage) return null;
    if (found.has(stage.index)) continue;
    found.set(stage.index, stage);
    for (const step of stage.steps)
      if (step.kind === 'copy' && step.copy.from && 'stage' in step.copy.from) wanted.push(`${step.copy.from.stage}`);
  }
  return [...found.values()];
}

/** Its first lines may name a program, an image, that is to read the rest. Those of Docker's own the engine has within it. */
const FRONTEND = /^(\s*#[^\n]*\n)*?\s*#[ \t]*syntax[ \t]*=[ \t]*(\S+)/i;
const OWN_FRONTEND = /^(docker\.io\/)?docker\/dockerfile(:1[^\s]*)?$/;

const withoutFrontend = (text: string): string =>
  FRONTEND.test(text) ? text.replace(/^[ \t]*#[ \t]*syntax[ \t]*=.*\n?/im, '') : text;

async function imagesMissing(
  stages: readonly StageResult[],
  { text }: Source,
  { image, allowed }: Around,
): Promise<string | null> {
  const frontend = FRONTEND.exec(text)?.[2];
  if (frontend !== undefined && !OWN_FRONTEND.test(frontend))
    return `Its Dockerfile is to be read by ${frontend}, which would be fetched`;
  const named = stages.flatMap(({ base, steps }) => [
    ...(base ? [base] : []),
    ...steps.flatMap((step) =>
      step.kind === 'copy' && step.copy.from && 'image' in step.copy.from
        ? [{ value: step.copy.from.image, unresolved: [] }]
        : [],
    ),
    ...steps.flatMap((step) => (step.kind === 'run' ? mountedFrom(step.run.mounts, stages) : [])),
  ]);
  for (const { value, unresolved } of named) {
    if (value === 'scratch') continue;
    if (unresolved.length > 0) return `Its base image is not known: ${unresolved[0]} is not set`;
    const found = await image(value);
    if (!found)
      return `Its base image ${value} is not on the engine, and is not fetched without being asked: docker pull ${value}`;
    if (found.triggers > 0 && !allowed) return notAllowed(`what ${value} holds back for those who build on it`);
  }
  return null;
}

/** `RUN --mount=type=bind,from=IMAGE`. */
const mountedFrom = (mounts: readonly string[] | undefined, stages: readonly StageResult[]) =>
  (mounts ?? []).flatMap((mount) => {
    const from = /(?:^|,)from=([^,]+)/.exec(mount)?.[1];
    const isStage = stages.some(
      ({ name, index }) => name?.toLowerCase() === from?.toLowerCase() || `${index}` === from,
    );
    return from === undefined || isStage ? [] : [{ value: from, unresolved: [] as string[] }];
  });

function whatItRuns(stages: readonly StageResult[], source: Source, { allowed }: Around): string | null {
  if (allowed) return null;
  for (const { steps } of stages) {
    for (const step of steps) {
      if (step.kind === 'run') return notAllowed(lineOf(step.run.span, source));
      const fetched =
        step.kind === 'copy' &&
        step.copy.instruction === 'ADD' &&
        step.copy.sources.some(({ value }) => /^[a-z][a-z0-9+.-]*:\/\/|^git@/i.test(value));
      if (fetched) return notAllowed(lineOf(step.copy.span, source));
    }
  }
  return null;
}

const lineOf = (span: Span, { text }: Source): string => {
  const words = text.slice(span.start, span.end).split('\n')[0]!.trim().slice(0, 80);
  return `line ${rangeOf(span).start.line + 1} of its Dockerfile: ${words}`;
};

const notAllowed = (what: string): string =>
  `Building it runs commands, which may fetch things (${what}): that is done only with --allow-build`;
