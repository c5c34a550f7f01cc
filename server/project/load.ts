/** Files to project: read, include, extend, merge, and give every value its type. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import { slashed, UnreadableFile } from '../files.ts';
import type { Source } from '../syntax/source.ts';
import { valueAt as child, isNull, type MapNode, type Node } from '../syntax/tree.ts';
import { FILE } from './attributes.ts';
import { checkProject } from './check.ts';
import { TypeChecker } from './check-types.ts';
import { declarationsOf, rawService } from './declarations.ts';
import { moreDocuments, yamlOf } from './documents.ts';
import type { Variables } from './environment.ts';
import { exampleOf } from './examples.ts';
import { expandServices } from './extends.ts';
import { isFragment } from './fragment.ts';
import { withIncludes } from './include.ts';
import type { Lookup } from './interpolate.ts';
import { dotenvValues, type LoadedFile, type Loading, loadFile, startLoading } from './loading.ts';
import { mergeNodes, withoutResets } from './merge.ts';
import type { Project, Service } from './model.ts';
import { projectName } from './name.ts';
import { asMap, entriesOf, Reader, type Surroundings } from './reader.ts';
import { readService } from './service.ts';
import { readTopLevelVolumes } from './volumes.ts';
import { addVolumesFrom } from './volumes-from.ts';

export interface LoadOptions {
  /** Absolute, base first. */
  readonly files: readonly string[];
  readonly projectName?: string;
  readonly profiles?: readonly string[];
  /** The shell Compose would be run from. */
  readonly shell?: Readonly<Record<string, string | undefined>>;
  /** Instead of `.env` in the project directory. */
  readonly envFiles?: readonly string[];
  readonly directory?: string;
  /** Where Compose would be run, for `$PWD`; without it, in the project directory. */
  readonly workingDirectory?: string;
}

/** @throws UnreadableFile when one of `options.files` cannot be read or holds no mapping. */
export function loadProject(files: Files, options: LoadOptions): Project {
  const first = options.files[0];
  if (first === undefined) throw new Error('a project needs a file');
  const directory = options.directory ?? path.posix.dirname(slashed(first));
  const loading = startLoading(files);
  const variables = variablesOf(loading, directory, options);
  const sources = options.files.map((file) => files.read(file));
  const documents = sources.flatMap((source) => [yamlOf(source), ...moreDocuments(source)]);
  const naming = projectName(options, directory, documents, variables);
  // Compose sets the variable, whatever it was.
  const lookup: Lookup = (name) => (name === 'COMPOSE_PROJECT_NAME' ? naming.name : variables(name));
  loading.problems.push(...naming.problems);
  const surroundings = { directory, lookup };
  const own = options.files.map((file) => loadFile(loading, file, surroundings));
  const merged = merge(loading, own, surroundings, []);
  if (!merged) throw new UnreadableFile(first, 'is empty');
  if (!KINDS.some((kind) => merged.entries.has(kind))) {
    throw new UnreadableFile(first, 'is not a Compose file: it has no services');
  }
  return assemble(loading, merged, naming, surroundings, options);
}

const KINDS = ['name', 'services', 'volumes', 'networks', 'secrets', 'configs', 'include'];

/** The shell's variables, then those of `.env`. */
function variablesOf(loading: Loading, directory: string, options: LoadOptions): Lookup {
  // Asking the environment of a process for all it has costs more than most files ask for.
  const { shell = {}, workingDirectory = directory } = options;
  const fromShell: Lookup = (name) =>
    name === 'PWD' ? workingDirectory : Object.hasOwn(shell, name) ? shell[name] : undefined;
  const files = options.envFiles ?? [path.posix.join(directory, '.env')];
  const values = dotenvValues(loading, files, fromShell, { required: options.envFiles !== undefined, exported: true });
  return (name) => fromShell(name) ?? values.get(name);
}

/** Read when somebody asks: most projects set all that they name. */
function exampleLookup(files: Files, directory: string, lookup: Lookup, options: LoadOptions): Variables['example'] {
  const file = path.posix.join(directory, '.env');
  let entries: ReturnType<typeof exampleOf> | undefined;
  return (name) => {
    if (options.envFiles || files.kind(file) !== 'missing') return undefined;
    entries ??= exampleOf(file, files, lookup);
    return entries.get(name);
  };
}

/** Each file with its includes and extends resolved, then laid over one another. Each result must be of the right types. */
function merge(
  loading: Loading,
  own: readonly LoadedFile[],
  surroundings: Surroundings,
  open: readonly string[],
): MapNode | undefined {
  const types = new TypeChecker(loading.problems);
  let merged: Node | undefined;
  for (const { source, roots } of own) {
    for (const root of roots) {
      const expanded = expandServices(loading, root, surroundings);
      const whole = withIncludes(loading, expanded, surroundings, [...open, source.path], (files, inner, before) =>
        merge(loading, files, inner, before),
      );
      merged = merged ? mergeNodes(merged, whole, [], loading.problems) : withoutResets(whole);
      types.check(merged, FILE, '');
    }
  }
  return asMap(merged);
}

function assemble(
  loading: Loading,
  merged: MapNode,
  { name, span }: ReturnType<typeof projectName>,
  { directory, lookup }: Surroundings,
  options: LoadOptions,
): Project {
  const reader = new Reader(loading.surroundings);
  const declarations = declarationsOf(loading);
  const variables = { lookup, example: exampleLookup(loading.files, directory, lookup, options) };
  const services = new Map<string, Service>();
  for (const [key, entry] of entriesOf(child(merged, 'services'))) {
    const raw = rawService(loading, key, entry, declarations);
    if (raw) services.set(key, readService(reader, loading.files, raw, variables));
  }
  const all = [...addVolumesFrom(reader, services).values()];
  const profiles = new Set(
    options.profiles ?? (lookup('COMPOSE_PROFILES') ?? '').split(',').map((profile) => profile.trim()),
  );
  const active = (service: Service): boolean =>
    service.profiles.length === 0 || profiles.has('*') || service.profiles.some((profile) => profiles.has(profile));
  const project: Project = {
    runtime: 'compose',
    name,
    ...(span ? { nameSpan: span } : {}),
    directory,
    files: loading.sources,
    services: all.filter(active),
    inactive: all.filter((service) => !active(service)),
    volumes: readTopLevelVolumes(reader, merged, name),
    roots: new Map(loading.sources.flatMap((source) => rootOf(source))),
    problems: [],
    incomplete:
      all.some((service) => !service.image && !service.build && !service.broken) ||
      isFragment(merged, all) ||
      isUnsure(merged),
  };
  return {
    ...project,
    problems: distinct([...loading.problems, ...reader.problems, ...checkProject(project, merged)]),
  };
}

/** Volumes may be meant that cannot be read: a file that is being typed. */
function isUnsure(merged: MapNode): boolean {
  const volumes = child(merged, 'volumes');
  return merged.damaged === true || (!isNull(volumes) && (volumes?.kind !== 'map' || volumes.damaged === true));
}

/** A fault in a base that two services extend is one fault. */
function distinct(problems: Project['problems']): Project['problems'] {
  const byPlace = new Map(
    problems.map((problem) => [`${problem.span.source.path}\0${problem.span.start}\0${problem.message}`, problem]),
  );
  return [...byPlace.values()];
}

const rootOf = (source: Source): [string, MapNode][] => {
  const root = asMap(yamlOf(source).root ?? undefined);
  return root ? [[source.path, root]] : [];
};
