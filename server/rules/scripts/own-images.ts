/** `docker run` of an image that the project builds itself: which service it is the image of, and what that keeps. */
import * as path from 'node:path';
import { behindOptions } from '../../scripts/calls.ts';
import type { Command, Script, ScriptPart, Word } from '../../scripts/model.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { backingOf } from '../../survival/backing.ts';
import type { Backing } from '../../survival/words.ts';
import { isKept } from '../kept.ts';
import { knownValuesOf } from '../values.ts';
import { type Call, callOf, startsOf, valuesOf } from './about.ts';
import type { Started } from './runs.ts';
import { before } from './stopped.ts';

export interface OwnRun {
  readonly analysed: AnalysedService;
  readonly one: AnalysedStore;
  /** What holds the store in the container of this command. */
  readonly backing: Backing;
  /** By the name that Compose gives the image; false: by a build in the same script. */
  readonly named: boolean;
}

export function ownRunOf(
  started: Started,
  command: Command,
  part: ScriptPart,
  script: Script,
  analysed: AnalysedProject,
): OwnRun | null {
  const { image, mounts, words, environment } = started;
  // Another program of the image, or the same in another way.
  if (words.length > 0) return null;
  const named = analysed.services.find((service) => isNamed(image.text, service, analysed));
  const found = named ?? builtBefore(image, command, part, script, analysed);
  if (!found || !isStartedAlike(found, environment)) return null;
  const holders = {
    mounts,
    volumes: new Map(),
    declared: found.image.volumes.map((volume) => volume.path),
    declaredKnown: found.image.volumesKnown,
    gaps: [],
  };
  for (const one of found.stores) {
    const { store } = one;
    // Compose keeps it: that it counts nobody has to guess.
    if (store.path === null || store.confidence === 'memory' || !isKept(one)) continue;
    if (store.evidence.some(({ from }) => from === 'mount' || from === 'configuration' || from === 'command')) continue;
    const backing = backingOf(store.path, holders);
    if (['writable-layer', 'anonymous-volume', 'tmpfs'].includes(backing.type))
      return { analysed: found, one, backing, named: named !== undefined };
  }
  return null;
}

/** What Compose calls the image that it builds: as it is told, or after the project and the service. */
function isNamed(text: string, { service }: AnalysedService, { project }: AnalysedProject): boolean {
  if (!service.build || service.build.remote) return false;
  const name = nameOf(text);
  if (service.image)
    return service.image.unresolved.length === 0 && text !== '' && nameOf(service.image.value) === name;
  return project.name !== '' && [`${project.name}-${service.name}`, `${project.name}_${service.name}`].includes(name);
}

/** Without its tag: of one source they are all the same program. */
const nameOf = (text: string): string =>
  text
    .replace(/@sha256:\w+$/, '')
    .replace(/:[\w.-]+$/, '')
    .replace(/^docker\.io\/(library\/)?/, '');

/** `docker build -t app .` in front of it, in the folder and with the Dockerfile that a service is built of. */
function builtBefore(
  image: Word,
  command: Command,
  part: ScriptPart,
  script: Script,
  analysed: AnalysedProject,
): AnalysedService | undefined {
  for (const earlier of before(script, part, command).toReversed()) {
    const call = callOf(earlier);
    const args = call && argsOfBuild(call);
    if (!args || !valuesOf(args, ['-t', '--tag']).some(({ text, told }) => told && nameOf(text) === nameOf(image.text)))
      continue;
    return analysed.services.find((service) => isBuiltBy(args, earlier, script, service, analysed));
  }
  return undefined;
}

function argsOfBuild({ compose, verb, args }: Call): readonly Word[] | null {
  if (compose) return null;
  if (verb === 'build' || verb === 'image build') return args;
  return verb === 'buildx' && args[0]?.text === 'build' ? args.slice(1) : null;
}

const BUILD_VALUED =
  /^(-[ftmco]|--(add-host|allow|annotation|attest|build-arg|build-context|builder|cache-from|cache-to|file|iidfile|label|memory|metadata-file|network|no-cache-filter|output|platform|progress|provenance|sbom|secret|shm-size|ssh|tag|target|ulimit))$/;

function isBuiltBy(
  args: readonly Word[],
  { folder }: Command,
  script: Script,
  { service: { build } }: AnalysedService,
  { project }: AnalysedProject,
): boolean {
  const context = args[behindOptions(args, 0, BUILD_VALUED)];
  if (!build || build.remote || !build.dockerfile || !context?.told || folder === null) return false;
  const [file] = valuesOf(args, ['-f', '--file']);
  const [target] = valuesOf(args, ['--target']);
  if (target?.text !== build.target || file?.told === false) return false;
  return startsOf(script, project.directory).some((start) => {
    const at = path.posix.resolve(start, folder, context.text);
    const dockerfile = file ? path.posix.resolve(start, folder, file.text) : path.posix.join(at, 'Dockerfile');
    return at === build.context && dockerfile === build.dockerfile;
  });
}

/** What Compose tells the program of places it is told here as well: else it may look for them elsewhere. */
function isStartedAlike(analysed: AnalysedService, environment: ReadonlyMap<string, string | null>): boolean {
  const { service } = analysed;
  if (service.broken || service.command || service.entrypoint || service.workingDir) return false;
  if (service.environmentGaps.length > 0) return false;
  const values = knownValuesOf(analysed);
  const isPlace = (value: string | null | undefined): boolean => value == null || /[/\\:]/.test(value);
  for (const [name, value] of environment) if (isPlace(value) && values.get(name) !== value) return false;
  for (const name of service.environment.keys()) {
    const value = values.get(name);
    if (isPlace(value) && (value == null || environment.get(name) !== value)) return false;
  }
  return true;
}
