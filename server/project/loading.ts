/** Reading one file: text to trees that are ready to be merged. */
import { type Files, UnreadableFile } from '../files.ts';
import type { Problem, Source } from '../syntax/source.ts';
import { isNull, type MapNode } from '../syntax/tree.ts';
import { isBlank, moreDocuments, yamlOf } from './documents.ts';
import { readDotenv } from './dotenv-file.ts';
import type { Lookup } from './interpolate.ts';
import { prepareTree } from './prepare.ts';
import type { Surroundings } from './reader.ts';
import { type Touched, touched } from './touched.ts';

/** What is gathered while files are read. */
export interface Loading {
  readonly files: Files;
  readonly surroundings: Map<Source, Surroundings>;
  readonly sources: Source[];
  readonly problems: Problem[];
  /** Where there are syntax errors, by source: what stands around them is not complete. */
  readonly broken: Map<Source, Touched>;
  /** Files already read, by variables, directory and path: a base that ten services extend is read once. */
  readonly loaded: Map<Lookup, Map<string, LoadedFile>>;
  /** Files that services are extended from, put together once. */
  readonly bases: Map<LoadedFile, MapNode | undefined>;
}

export const startLoading = (files: Files): Loading => ({
  files,
  surroundings: new Map(),
  sources: [],
  problems: [],
  broken: new Map(),
  loaded: new Map(),
  bases: new Map(),
});

/** One file as it stands, before merging. */
export interface LoadedFile {
  readonly source: Source;
  /** Its documents: Compose lays them over one another like files. */
  readonly roots: readonly MapNode[];
}

/** The same file in other surroundings is another source. @throws UnreadableFile */
export function loadFile(loading: Loading, file: string, surroundings: Surroundings): LoadedFile {
  const known = loading.loaded.get(surroundings.lookup) ?? new Map<string, LoadedFile>();
  loading.loaded.set(surroundings.lookup, known);
  const id = `${surroundings.directory}\0${surroundings.filesFrom ?? ''}\0${file}`;
  const loaded = known.get(id) ?? readFile(loading, file, surroundings);
  known.set(id, loaded);
  return loaded;
}

function readFile(loading: Loading, file: string, surroundings: Surroundings): LoadedFile {
  const read = loading.files.read(file);
  const source = loading.surroundings.has(read) && loading.surroundings.get(read) !== surroundings ? { ...read } : read;
  const yaml = yamlOf(source);
  if (yaml.refused) throw new UnreadableFile(file, yaml.refused);
  const cause = yaml.problems[0]?.message;
  if (isNull(yaml.root ?? undefined) && cause) throw new UnreadableFile(file, `is not YAML: ${cause}`);
  if (isNull(yaml.root ?? undefined) && !isBlank(source.text)) throw new UnreadableFile(file, 'is empty');
  if (yaml.root && yaml.root.kind !== 'map')
    throw new UnreadableFile(file, 'is not a Compose file: it holds no mapping');
  loading.surroundings.set(source, surroundings);
  loading.sources.push(source);
  if (yaml.problems.length > 0) loading.broken.set(source, touched(yaml.problems));
  loading.problems.push(...yaml.problems);
  const prepare = (root: MapNode): MapNode => prepareTree(root, surroundings.lookup, loading.problems) as MapNode;
  const [directive, version] = /^%YAML[ \t]+(\S+)/.exec(source.text) ?? [];
  if (directive !== undefined && version !== '1.1') {
    loading.problems.push({
      span: { source, start: 0, end: directive.length },
      message: `Compose reads YAML 1.1 and stops at a file that says ${version}`,
    });
  }
  const roots = yaml.root?.kind === 'map' ? [prepare(yaml.root)] : [];
  for (const { source: part, root, problems } of moreDocuments(source)) {
    loading.surroundings.set(part, surroundings);
    if (problems.length > 0) loading.broken.set(part, touched(problems));
    loading.problems.push(...problems);
    if (root?.kind === 'map') roots.push(prepare(root));
    else
      loading.problems.push({
        span: { source: part, start: part.text.length, end: part.text.length },
        message: 'a document of this file holds no mapping',
      });
  }
  return { source, roots };
}

/**
 * Values of dotenv files, the later ones over the earlier. What is missing is left out, unless it is `required`; what
 * cannot be understood is a problem of its file. `exported`: the values go on into the environment of Compose itself.
 */
export function dotenvValues(
  loading: Loading,
  files: readonly string[],
  outer: Lookup,
  { required = false, exported = false }: { readonly required?: boolean; readonly exported?: boolean } = {},
): Map<string, string> {
  const values = new Map<string, string>();
  const lookup: Lookup = (name) => outer(name) ?? values.get(name);
  for (const file of files) {
    if (!required && loading.files.kind(file) !== 'file') continue;
    try {
      const parsed = readDotenv(loading.files.read(file), lookup);
      loading.problems.push(...parsed.problems.map((problem) => ({ ...problem, reference: true as const })));
      for (const { name, value, span } of parsed.entries) {
        if (name === '' && exported)
          loading.problems.push({
            span,
            message: 'this is neither a name nor a value: a last line must end',
            reference: true,
          });
        const known = value ?? lookup(name);
        if (known !== undefined) values.set(name, known);
      }
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      loading.problems.push({
        span: { source: { path: file, text: '' }, start: 0, end: 0 },
        message: error.message,
        reference: true,
      });
    }
  }
  return values;
}
