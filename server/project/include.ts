/** `include`: whole projects taken in, each in its own surroundings. */
import * as path from 'node:path';
import { UnreadableFile } from '../files.ts';
import { valueAt as child, type Entry, isNull, type MapNode, type Node } from '../syntax/tree.ts';
import { sameAsWritten, sameInIncludes } from './conflict.ts';
import { dotenvValues, type LoadedFile, type Loading, loadFile } from './loading.ts';
import type { Text } from './model.ts';
import { isRemoteFile } from './paths.ts';
import { asMap, filesFrom, Reader, type Surroundings, surroundingsFor } from './reader.ts';

/** Lays files over one another, their own includes taken in. `open` are the files that are being read. */
export type MergeFiles = (
  files: readonly LoadedFile[],
  surroundings: Surroundings,
  open: readonly string[],
) => MapNode | undefined;

const KINDS = ['services', 'volumes', 'networks', 'secrets', 'configs'];

/** `root` with what its `include` section names. What is defined on both sides must be the same. */
export function withIncludes(
  loading: Loading,
  root: MapNode,
  surroundings: Surroundings,
  open: readonly string[],
  merge: MergeFiles,
): MapNode {
  const include = child(root, 'include');
  if (!include) return root;
  const entries = new Map(root.entries);
  entries.delete('include');
  let whole: MapNode = { ...root, entries };
  if (isNull(include)) return whole;
  if (include.kind !== 'seq') {
    loading.problems.push({ span: include.span, message: 'include must be a list' });
    return whole;
  }
  const brought = new Set<Node>();
  for (const { value } of include.items) {
    const included = includeOne(loading, value, surroundings, open, merge);
    if (included) whole = withResources(loading, whole, included, value, brought);
  }
  return whole;
}

/** `brought` gathers the definitions that come from includes. */
function withResources(loading: Loading, whole: MapNode, included: MapNode, at: Node, brought: Set<Node>): MapNode {
  const entries = new Map(whole.entries);
  for (const kind of KINDS) {
    const theirs = asMap(child(included, kind));
    if (!theirs) continue;
    const before = entries.get(kind);
    const ours = asMap(before?.value);
    if (before && !ours) {
      const { span } = isNull(before.value) ? before.key : before.value;
      loading.problems.push({ span, message: `${kind} must be a mapping where an include brings some` });
    }
    const merged = new Map<string, Entry>(theirs.entries);
    for (const [name, entry] of ours?.entries ?? []) {
      const other = theirs.entries.get(name)?.value;
      const same =
        other &&
        (brought.has(entry.value) ? sameInIncludes(loading, other, entry.value) : sameAsWritten(other, entry.value));
      if (same === false) {
        loading.problems.push({
          span: at.span,
          message: `this brings ${kind}.${name}, which is defined differently elsewhere`,
        });
      }
      merged.set(name, entry);
    }
    for (const { value } of theirs.entries.values()) brought.add(value);
    const value: MapNode = { ...(ours ?? theirs), entries: merged };
    entries.set(kind, before ? { ...before, value } : { ...included.entries.get(kind)!, value });
  }
  return { ...whole, entries };
}

function includeOne(
  loading: Loading,
  node: Node,
  outer: Surroundings,
  open: readonly string[],
  merge: MergeFiles,
): MapNode | undefined {
  const reader = new Reader(loading.surroundings);
  const refuse = (at: Text | undefined, message: string): undefined => {
    loading.problems.push({ span: at?.span ?? node.span, message, reference: true });
    return undefined;
  };
  if (!isNull(node) && node.kind !== 'map' && !reader.text(node))
    return refuse(undefined, 'an include is neither a path nor a mapping');
  const pathNode = reader.text(node) ? node : child(node, 'path');
  const paths = reader.list(pathNode);
  const first = paths[0];
  if (!first) return undefined;
  for (const text of paths) {
    if (isRemoteFile(text.value))
      return refuse(text, `${text.value} is remote: it is not fetched, so what it brings is not known`);
  }
  const files = paths.map((text) => path.posix.resolve(filesFrom(outer), text.value));
  if (open.includes(files[0]!) || open.length > DEEPEST)
    return refuse(first, `the include of ${first.value} leads back to itself`);
  const written = reader.textAt(node, 'project_directory')?.value;
  const place = written ? projectIn(loading, written, outer) : surroundingsFor(first.value, outer);
  const inner = { ...place, lookup: includeLookup(loading, reader, node, filesFrom(place), outer) };
  const loaded: LoadedFile[] = [];
  files.forEach((file, index) => {
    try {
      loaded.push(loadFile(loading, file, inner));
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      const text = paths[index]!;
      const hole = text.unresolved[0];
      refuse(
        text,
        hole
          ? `the include is named by ${hole.variable}, which is not set`
          : `the included file ${text.value} ${error.message}`,
      );
    }
  });
  return merge(loaded, inner, open);
}

const DEEPEST = 100;

/** Of a folder that is not there Compose takes the one above, though not for the files that are named in it. */
function projectIn(loading: Loading, written: string, outer: Surroundings): Surroundings {
  const directory = path.posix.resolve(outer.directory, written);
  const from = path.posix.resolve(filesFrom(outer), written);
  if (path.posix.isAbsolute(written) || loading.files.kind(from) === 'directory')
    return { directory, lookup: outer.lookup };
  return { ...outer, directory: path.posix.dirname(directory), filesFrom: from };
}

/** Variables of the including project win over those of the include's own environment files. */
function includeLookup(
  loading: Loading,
  reader: Reader,
  node: Node,
  directory: string,
  outer: Surroundings,
): Surroundings['lookup'] {
  const written = reader.list(child(node, 'env_file'));
  for (const text of written) {
    const kind = loading.files.kind(path.posix.resolve(outer.directory, text.value));
    if (kind === 'file') continue;
    loading.problems.push({
      span: text.span,
      message: `the environment file ${text.value} ${kind === 'missing' ? 'does not exist' : 'is not a file'}`,
    });
  }
  const named = written.map((text) => path.posix.resolve(outer.directory, text.value));
  const values = dotenvValues(loading, named.length > 0 ? named : [path.posix.join(directory, '.env')], outer.lookup);
  return (name) => outer.lookup(name) ?? values.get(name);
}
