/** Where the files of a build context, and of bind-mounted source folders, stand in a service's container. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import type { Mount, Service } from '../project/model.ts';
import { isWithin } from '../survival/backing.ts';
import { type BuildContext, copiedFiles, copiedOf, readBuildContext } from '../syntax/build-context.ts';
import type { CopyStep, StageResult, Step } from '../syntax/dockerfile.ts';
import type { Building } from './source/plain/built.ts';

/** Container path -> absolute path on the host. */
export type Placement = ReadonlyMap<string, string>;

const MAX_PLACED = 20_000;

export interface Placed {
  /** What the image holds, from the context. */
  readonly image: Placement;
  /** What the running container sees: bind mounts hide and add files. */
  readonly running: Placement;
  /** Of these on the host the files that nothing but a bind mount brings. */
  readonly mounted: ReadonlySet<string>;
  readonly context: BuildContext | null;
  /** Where the sources stand that other stages build the program of: what these stages hold, from the context. */
  readonly built: Placement;
  /** Of these on the host the JavaScript and TypeScript that was compiled into a folder which the image takes over. */
  readonly scripts: ReadonlySet<string>;
  /** Texts of RUN in the stages whose files reach the image, and what `COPY --from` takes from them. */
  readonly building: Pick<Building, 'commands' | 'copied'>;
}

/** Reads the context only when the service builds one from a directory of the workspace. */
export function placeFiles(service: Service, stage: StageResult | undefined, files: Files): Placed {
  const { build } = service;
  const context =
    build && stage && !build.remote && build.unresolved.length === 0 && files.kind(build.context) === 'directory'
      ? readBuildContext(files, build.context, build.dockerfile)
      : null;
  const image = context && stage ? imageFiles(context, stage, new Set()) : new Map<string, string>();
  const made = stage ? stagesOf(stage) : [];
  const built = new Map<string, string>();
  for (const other of made.slice(1))
    if (context) for (const [at, host] of imageFiles(context, other, new Set())) built.set(at, host);
  const commands = made.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === 'run' ? [step.run.text] : [])));
  const taken = made.flatMap(({ steps }) => steps.flatMap(takenFromStages));
  const copied = taken.flatMap(({ sources, destination }) => [...sources, destination].map(({ value }) => value));
  const sources = taken.flatMap((copy) => copy.sources.map(({ value }) => value));
  const scripts = compiledInto(sources, built);
  const running = withBinds(image, service, files);
  const brought = new Set([...image.values(), ...built.values()]);
  const mounted = new Set([...running.values()].filter((host) => !brought.has(host)));
  return { image, running, mounted, context, built, scripts, building: { commands, copied } };
}

/** What compilers of JavaScript write to, beside the sources. */
const OUTPUT = /^\/(?:.+\/)?(?:dist|build|out|lib|\.output|\.next)(?:\/(?:standalone|src|server))?\/?\.?$/;
const SCRIPT = /\.(?:[mc]?ts|tsx|[mc]?js|jsx)$/;

/** The sources beside a folder that is taken over, where the context has no such folder. */
function compiledInto(sources: readonly string[], built: Placement): Set<string> {
  const roots = sources
    .filter((from) => OUTPUT.test(from) && ![...built.keys()].some((at) => isWithin(at, path.posix.resolve(from))))
    .map((from) => from.replace(/\/(?:dist|build|out|lib|\.output|\.next)(?:\/[^/]*)*$/, '') || '/');
  if (roots.length === 0) return new Set();
  const inside = ([at]: readonly [string, string]): boolean =>
    SCRIPT.test(at) && !at.includes('/node_modules/') && roots.some((root) => isWithin(at, root));
  return new Set([...built].filter(inside).map(([, host]) => host));
}

const takenFromStages = (step: Step): CopyStep[] =>
  step.kind === 'copy' && step.copy.from && 'stage' in step.copy.from ? [step.copy] : [];

/** The stage, and those that it copies from, directly or not. */
function stagesOf(stage: StageResult): StageResult[] {
  const found = [stage];
  for (const one of found) {
    for (const step of one.steps) {
      if (step.kind !== 'copy' || !step.copy.from || !('stage' in step.copy.from)) continue;
      const { stage: index } = step.copy.from;
      const other = found.some((known) => known.index === index) ? null : stage.other(index);
      if (other) found.push(other);
    }
  }
  return found;
}

/** Copies of one stage's chain, in order; `COPY --from` brings what stands at its sources in the other stage. */
function imageFiles(context: BuildContext, stage: StageResult, open: Set<number>): Map<string, string> {
  const placed = new Map<string, string>();
  if (open.has(stage.index)) return placed;
  open.add(stage.index);
  for (const step of stage.steps) {
    if (step.kind !== 'copy' || placed.size > MAX_PLACED) continue;
    const { copy } = step;
    if (!copy.from) {
      for (const { file, destination } of copiedFiles(context, copy))
        placed.set(destination, path.posix.join(context.directory, file));
    } else if ('stage' in copy.from) {
      const other = stage.other(copy.from.stage);
      const there = other ? imageFiles(context, other, open) : new Map<string, string>();
      for (const { file, destination } of copiedOf([...there.keys()], copy)) placed.set(destination, there.get(file)!);
    }
  }
  open.delete(stage.index);
  return placed;
}

/** Folders whose content is no source of the application. */
const SKIPPED = new Set([
  'node_modules',
  '.git',
  '.venv',
  'venv',
  '__pycache__',
  'dist',
  'build',
  '.next',
  'target',
  'vendor',
  'site-packages',
]);

function withBinds(image: Placement, service: Service, files: Files): Placement {
  const binds = service.mounts.filter(
    (mount) => mount.type === 'bind' && mount.source !== undefined && mount.unresolved.length === 0,
  );
  const covering = service.mounts.filter((mount) => mount.from !== 'configs' && mount.from !== 'secrets');
  const running = new Map([...image].filter(([at]) => isSeen(at, covering)));
  for (const bind of binds) {
    const source = bind.source!;
    if (
      !isWithin(source, path.posix.dirname(service.declarations[0].source.path)) ||
      files.kind(source) !== 'directory'
    )
      continue;
    for (const file of walk(files, source, MAX_PLACED)) {
      const at = path.posix.join(bind.target, file.slice(source.length + 1));
      const hidden = covering.some(
        (mount) => mount !== bind && mount.target.length > bind.target.length && isWithin(at, mount.target),
      );
      if (!hidden) running.set(at, file);
    }
  }
  return running;
}

/** A volume is filled with what the image holds there; all else hides it. */
function isSeen(at: string, covering: readonly Mount[]): boolean {
  const over = covering.filter((mount) => isWithin(at, mount.target));
  const nearest = over.reduce<Mount | undefined>(
    (near, mount) => (near && near.target.length >= mount.target.length ? near : mount),
    undefined,
  );
  return nearest === undefined || (nearest.type === 'volume' && !nearest.nocopy && nearest.subpath === undefined);
}

function walk(files: Files, directory: string, limit: number): string[] {
  const found: string[] = [];
  const queue = [directory];
  while (queue.length > 0 && found.length < limit) {
    const folder = queue.shift()!;
    for (const { name, kind } of files.list(folder)) {
      if (kind === 'file') found.push(`${folder}/${name}`);
      else if (kind === 'directory' && !SKIPPED.has(name)) queue.push(`${folder}/${name}`);
    }
  }
  return found;
}
