/** `include`: whole projects taken in, each in its own surroundings. */
import * as path from 'node:path';
import { UnreadableFile } from '../files.ts';
import { isNull, type MapNode, type Node, valueOf } from '../syntax/tree.ts';
import { dotenvValues, type Loading, loadFile, mergeFiles } from './load.ts';
import { mergeNodes } from './merge.ts';
import type { Text } from './model.ts';
import { asMap, Reader, type Surroundings } from './reader.ts';

const REMOTE = /^(https?:|git@|git:|ssh:|oci:)/;
const open = new WeakMap<Loading, string[]>();

/** What the `include` section of `root` brings; undefined where there is none. */
export function readIncludes(loading: Loading, root: MapNode, surroundings: Surroundings): MapNode | undefined {
  const node = valueOf(root, 'include');
  if (node?.kind !== 'seq') return undefined;
  let merged: Node | undefined;
  for (const { value } of node.items) {
    const included = includeOne(loading, value, surroundings);
    if (included) merged = merged ? mergeNodes(merged, included, []) : included;
  }
  return asMap(merged);
}

function includeOne(loading: Loading, node: Node, surroundings: Surroundings): MapNode | undefined {
  const reader = new Reader(loading.surroundings);
  const paths = reader.list(reader.text(node) ? node : valueOf(node, 'path'));
  const refuse = (at: Text | undefined, message: string): undefined => {
    loading.problems.push({ span: at?.span ?? node.span, message });
    return undefined;
  };
  const first = paths[0];
  if (!first) return isNull(node) ? undefined : refuse(undefined, 'an include names no file');
  for (const text of paths) {
    if (text.unresolved.length > 0) return refuse(text, `the include is named by ${text.unresolved[0]!.variable}, which is not set`);
    if (REMOTE.test(text.value)) return refuse(text, `${text.value} is remote: it is not fetched, so what it brings is not known`);
  }
  const files = paths.map((text) => path.posix.resolve(surroundings.directory, text.value));
  const stack = open.get(loading) ?? [];
  if (stack.includes(files[0]!)) return refuse(first, `the include of ${first.value} leads back to itself`);
  const written = reader.textAt(node, 'project_directory');
  const directory = written ? path.posix.resolve(surroundings.directory, written.value) : path.posix.dirname(files[0]!);
  const inner = { directory, lookup: includeLookup(loading, reader, node, directory, surroundings) };
  open.set(loading, [...stack, files[0]!]);
  try {
    const loaded = files.map((file, index) => {
      try {
        return loadFile(loading, file, inner);
      } catch (error) {
        if (!(error instanceof UnreadableFile)) throw error;
        refuse(paths[index], `the included file ${paths[index]!.value} ${error.message}`);
        return null;
      }
    });
    const readable = loaded.filter((file) => file !== null);
    return readable.length > 0 ? mergeFiles(loading, readable, inner) : undefined;
  } finally {
    open.set(loading, stack);
  }
}

/** Variables of the including project win over those of the include's own environment files. */
function includeLookup(loading: Loading, reader: Reader, node: Node, directory: string, outer: Surroundings): Surroundings['lookup'] {
  const written = reader.list(valueOf(node, 'env_file')).map((text) => path.posix.resolve(outer.directory, text.value));
  const files = written.length > 0 ? written : [path.posix.join(directory, '.env')];
  const values = new Map<string, string>();
  for (const file of files) for (const [name, value] of dotenvValues(loading, file, outer.lookup)) values.set(name, value);
  return (name) => outer.lookup(name) ?? values.get(name);
}
