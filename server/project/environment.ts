/** The environment of a service: `env_file`, then `environment` over it. */
import { type Files, UnreadableFile } from '../files.ts';
import { parseDotenv } from '../syntax/dotenv.ts';
import { valueAt as child, isNull, type Node } from '../syntax/tree.ts';
import { readDotenv } from './dotenv-file.ts';
import { exampleOf } from './examples.ts';
import type { Lookup } from './interpolate.ts';
import { isPairList } from './merge.ts';
import type { EnvironmentEntry, EnvironmentGap, Text } from './model.ts';
import { absolutePath } from './paths.ts';
import { isTrue, lastOfEach, type Reader } from './reader.ts';

export interface Environment {
  readonly entries: ReadonlyMap<string, EnvironmentEntry>;
  readonly gaps: readonly EnvironmentGap[];
  /** By name: what would be set if those files that are missing were as their examples are. */
  readonly examples: ReadonlyMap<string, EnvironmentEntry>;
}

/** The variables of a project. */
export interface Variables {
  /** Environment files see no others, wherever they are named. */
  readonly lookup: Lookup;
  /** What the example of its `.env` sets, while there is no `.env`. */
  readonly example: (name: string) => EnvironmentEntry | undefined;
}

export function readEnvironment(
  reader: Reader,
  files: Files,
  service: Node,
  { lookup: outer, example }: Variables,
): Environment {
  const entries = new Map<string, EnvironmentEntry>();
  const gaps: EnvironmentGap[] = [];
  const examples = new Map<string, EnvironmentEntry>();
  const lookup: Lookup = (name) => entries.get(name)?.value ?? outer(name);
  for (const file of environmentFiles(reader, service)) {
    const path = absolutePath(file.path.value, reader.surroundingsOf(file.path.scalar));
    const fail = (cause: string, optional = false): void => {
      const message = `the environment file ${file.path.value} ${cause}`;
      gaps.push({ span: file.path.span, message, ...(optional ? { optional } : {}) });
    };
    if (file.format && file.format.value !== 'raw')
      fail(`has the format ${file.format.value}, which Compose does not know`);
    try {
      const source = files.read(path);
      const parsed = file.format ? parseDotenv(source, null) : readDotenv(source, lookup);
      for (const { span, message } of parsed.problems) gaps.push({ span, message });
      const found = parsed.entries.map(({ name, value, span, unresolved }): EnvironmentEntry => {
        const holes = unresolved.map((variable) => ({ variable, span }));
        return { name, value: value ?? lookup(name) ?? null, span, unresolved: holes, from: 'env_file' };
      });
      for (const entry of found) if (entry.value !== null) entries.set(entry.name, entry);
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      const hole = file.path.unresolved[0];
      if (hole) fail(`is named by ${hole.variable}, which is not set`);
      else {
        // Whoever names a file has it somewhere: what may be missing here is kept out of git as well.
        fail(error.message, !file.required && files.kind(path) === 'missing');
        for (const [name, entry] of exampleOf(path, files, lookup)) examples.set(name, entry);
      }
    }
  }
  for (const mapping of pairsIn(service)) refusePadded(reader, mapping);
  const node = child(service, 'environment');
  for (const [name, { text, value, span }] of reader.mapping(node)) {
    // What an included file's own variables are is known to its lists only.
    const own = node && isPairList(node) ? reader.surroundingsOf(text?.scalar ?? node).lookup(name) : undefined;
    const passed = value ?? own ?? outer(name) ?? null;
    const unresolved = text?.unresolved ?? [];
    entries.set(name, { name, value: passed, span, unresolved, from: 'environment' });
    examples.delete(name);
    const taken =
      passed === null ? name : passed === '' && unresolved.length === 1 ? unresolved[0]!.variable : undefined;
    const given = taken === undefined ? undefined : example(taken);
    if (given) examples.set(name, { ...given, name });
  }
  return { entries, gaps, examples };
}

/** What is read as variables wherever it is a list of `KEY=value`. */
const pairsIn = (service: Node): (Node | undefined)[] => [
  child(service, 'environment'),
  child(child(service, 'build'), 'args'),
  ...['post_start', 'pre_stop'].flatMap((when) => {
    const hooks = child(service, when);
    return hooks?.kind === 'seq' ? hooks.items.map(({ value }) => child(value, 'environment')) : [];
  }),
];

/** `- DEBUG = true`: a mapping may have such a key, and a list may not. */
function refusePadded(reader: Reader, node: Node | undefined): void {
  if (!node || !isPairList(node)) return;
  for (const [name, { span }] of reader.mapping(node))
    if (/[\t\n\v\f\r ]$/.test(name))
      reader.problems.push({
        span,
        message: `the name of the environment variable ${name.trim()} ends in white space`,
        written: true,
      });
}

interface EnvironmentFile {
  readonly path: Text;
  readonly required: boolean;
  readonly format: Text | undefined;
}

function environmentFiles(reader: Reader, service: Node): EnvironmentFile[] {
  const node = child(service, 'env_file');
  if (!node || isNull(node)) return [];
  const items = node.kind === 'seq' ? node.items.map((item) => item.value) : [node];
  const files = items.flatMap((item) => {
    const path = reader.text(item) ?? reader.textAt(item, 'path');
    if (!path) return [];
    const required = reader.textAt(item, 'required');
    const format = reader.textAt(item, 'format');
    return {
      path,
      required: required === undefined || isTrue(required.value),
      format: format?.value ? format : undefined,
    };
  });
  // One name in two folders is two files.
  return lastOfEach(files, ({ path }) => `${reader.surroundingsOf(path.scalar).directory}\0${path.value}`);
}
