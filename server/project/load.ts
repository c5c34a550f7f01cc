/** Files to project: read, include, extend, merge, and give every value its type. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import { slashed, UnreadableFile } from '../files.ts';
import type { Problem, Source } from '../syntax/source.ts';
import { type Entry, isNull, type MapNode, type Node, valueOf } from '../syntax/tree.ts';
import type { YamlFile } from '../syntax/yaml.ts';
import { yamlOf } from './documents.ts';
import { readDotenv } from './environment.ts';
import { expandServices } from './extends.ts';
import { readIncludes } from './include.ts';
import type { Lookup } from './interpolate.ts';
import { mergeNodes, withoutResets } from './merge.ts';
import type { Declaration, Project, Service } from './model.ts';
import { directoryProjectName, normaliseProjectName } from './name.ts';
import { asMap, entriesOf, Reader, type Surroundings } from './reader.ts';
import { addVolumesFrom, type RawService, readService } from './service.ts';
import { checkProject, isFragment } from './check.ts';
import { readTopLevelVolumes } from './volumes.ts';

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
}

/** What is gathered while files are read. */
export interface Loading {
  readonly files: Files;
  readonly surroundings: Map<Source, Surroundings>;
  readonly sources: Source[];
  readonly problems: Problem[];
  /** Syntax errors by source: what stands around them is not complete. */
  readonly broken: Map<Source, readonly Problem[]>;
}

/** One file as it stands, before merging. */
export interface LoadedFile {
  readonly yaml: YamlFile;
  readonly root: MapNode;
}

/** @throws UnreadableFile when one of `options.files` cannot be read or holds no mapping. */
export function loadProject(files: Files, options: LoadOptions): Project {
  const first = options.files[0];
  if (first === undefined) throw new Error('a project needs a file');
  const directory = options.directory ?? path.posix.dirname(slashed(first));
  const loading: Loading = { files, surroundings: new Map(), sources: [], problems: [], broken: new Map() };
  const lookup = variables(loading, directory, options);
  const surroundings = { directory, lookup };
  const own = options.files.map((file) => loadFile(loading, file, surroundings));
  const merged = mergeFiles(loading, own, surroundings);
  if (!merged.entries.has('services')) throw new UnreadableFile(first, 'is not a Compose file: it has no services');
  return assemble(loading, merged, own, surroundings, options);
}

/** The shell's variables, then those of `.env`. */
function variables(loading: Loading, directory: string, options: LoadOptions): Lookup {
  const shell: Readonly<Record<string, string | undefined>> = { ...(options.shell ?? {}), PWD: directory };
  const fromShell: Lookup = (name) => shell[name];
  const values = new Map<string, string>();
  for (const file of options.envFiles ?? [path.posix.join(directory, '.env')]) {
    for (const [name, value] of dotenvValues(loading, file, (name) => fromShell(name) ?? values.get(name))) values.set(name, value);
  }
  return (name) => fromShell(name) ?? values.get(name);
}

/** Values of a dotenv file; none where it is missing, and a problem where it cannot be understood. */
export function dotenvValues(loading: Loading, file: string, lookup: Lookup): Map<string, string> {
  const values = new Map<string, string>();
  if (loading.files.kind(file) === 'missing') return values;
  try {
    const source = loading.files.read(file);
    const parsed = readDotenv(source, lookup);
    loading.problems.push(...parsed.problems);
    for (const { name, value } of parsed.entries) {
      const known = value ?? lookup(name);
      if (known !== undefined) values.set(name, known);
    }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    loading.problems.push({ span: { source: { path: file, text: '' }, start: 0, end: 0 }, message: error.message });
  }
  return values;
}

/** Reads one file into `loading`. The same file in other surroundings is another source. @throws UnreadableFile */
export function loadFile(loading: Loading, file: string, surroundings: Surroundings): LoadedFile {
  const read = loading.files.read(file);
  const source = loading.surroundings.has(read) && loading.surroundings.get(read) !== surroundings ? { ...read } : read;
  const yaml = yamlOf(source);
  if (yaml.root === null || isNull(yaml.root)) {
    const cause = yaml.problems[0]?.message;
    throw new UnreadableFile(file, cause ? `is not YAML: ${cause}` : 'is empty');
  }
  const root = asMap(yaml.root);
  if (!root) throw new UnreadableFile(file, 'is not a Compose file: it holds no mapping');
  loading.surroundings.set(source, surroundings);
  if (!loading.sources.includes(source)) loading.sources.push(source);
  if (yaml.problems.length > 0) loading.broken.set(source, yaml.problems);
  loading.problems.push(...yaml.problems);
  return { yaml, root };
}

/** Each file with its includes and extends resolved, then laid over one another. */
export function mergeFiles(loading: Loading, own: readonly LoadedFile[], surroundings: Surroundings): MapNode {
  let merged: Node | undefined;
  for (const file of own) {
    const included = readIncludes(loading, file.root, surroundings);
    const expanded = expandServices(loading, file.root, surroundings);
    const whole = included ? mergeNodes(included, expanded, []) : expanded;
    merged = merged ? mergeNodes(merged, whole, []) : withoutResets(whole);
  }
  return asMap(merged) ?? own[0]!.root;
}

function assemble(
  loading: Loading,
  merged: MapNode,
  own: readonly LoadedFile[],
  { directory, lookup }: Surroundings,
  options: LoadOptions,
): Project {
  const reader = new Reader(loading.surroundings);
  const nameText = own.map((file) => reader.textAt(file.root, 'name')).findLast((text) => text !== undefined);
  const given = options.projectName ?? lookup('COMPOSE_PROJECT_NAME');
  const name = given ? normaliseProjectName(given) : (nameText?.value ?? directoryProjectName(directory));
  const declarations = declarationsOf(loading);
  const services = new Map<string, Service>();
  for (const [key, entry] of entriesOf(valueOf(merged, 'services'))) {
    const raw = rawService(loading, key, entry, declarations);
    if (raw) services.set(key, readService(reader, loading.files, raw));
  }
  const all = [...addVolumesFrom(reader, services).values()];
  const profiles = new Set(options.profiles ?? lookup('COMPOSE_PROFILES')?.split(',').map((p) => p.trim()) ?? []);
  const active = (service: Service): boolean =>
    service.profiles.length === 0 || profiles.has('*') || service.profiles.some((profile) => profiles.has(profile));
  const project: Project = {
    name,
    ...(nameText ? { nameSpan: nameText.span } : {}),
    directory,
    files: loading.sources,
    services: all.filter(active),
    inactive: all.filter((service) => !active(service)),
    volumes: readTopLevelVolumes(reader, merged, name),
    roots: new Map(loading.sources.flatMap((source) => rootOf(source))),
    problems: [],
    incomplete: all.some((service) => !service.image && !service.build && !service.broken) || isFragment(merged, all),
  };
  return { ...project, problems: [...loading.problems, ...reader.problems, ...checkProject(project)] };
}

const rootOf = (source: Source): [string, MapNode][] => {
  const root = asMap(yamlOf(source).root ?? undefined);
  return root ? [[source.path, root]] : [];
};

/** Every place a service of this name is written, in the order the files were read. */
function declarationsOf(loading: Loading): Map<string, Declaration[]> {
  const found = new Map<string, Declaration[]>();
  for (const source of loading.sources) {
    const services = valueOf(yamlOf(source).root ?? undefined, 'services');
    for (const [name, entry] of entriesOf(services)) {
      const declaration = { source, key: entry.key.span, node: entry.alias ? null : (asMap(entry.value) ?? null) };
      found.set(name, [...(found.get(name) ?? []), declaration]);
    }
  }
  return found;
}

function rawService(loading: Loading, name: string, entry: Entry, declarations: Map<string, Declaration[]>): RawService | undefined {
  const node = asMap(entry.value);
  if (!node) return undefined;
  const own = declarations.get(name)?.filter((one) => one.source.path === entry.key.span.source.path) ?? [];
  const others = declarations.get(name)?.filter((one) => !own.includes(one)) ?? [];
  const [first, ...rest] = [...own, ...others];
  if (!first) return undefined;
  const all: [Declaration, ...Declaration[]] = [first, ...rest];
  return { name, node, declarations: all, broken: all.some((declaration) => isBroken(loading, declaration)) };
}

/** A syntax error between this service's key and the end of its value. */
function isBroken(loading: Loading, declaration: Declaration): boolean {
  const errors = loading.broken.get(declaration.source);
  if (!errors) return false;
  const end = declaration.node?.span.end ?? declaration.key.end;
  return errors.some((error) => error.span.end >= declaration.key.start && error.span.start <= end + 1);
}
