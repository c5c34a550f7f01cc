/** `extends`: a service laid over another one, of this file or of another. */
import * as path from 'node:path';
import { UnreadableFile } from '../files.ts';
import { valueAt as child, type Entry, isNull, type MapNode, type Node } from '../syntax/tree.ts';
import { BASE_FILE } from './base-attributes.ts';
import { checkBinds } from './check-binds.ts';
import { checkNames } from './check-resources.ts';
import { TypeChecker } from './check-types.ts';
import type { Refuse } from './check-words.ts';
import { type LoadedFile, type Loading, loadFile } from './loading.ts';
import { textOf } from './located.ts';
import { mergeNodes, withoutResets } from './merge.ts';
import type { Text } from './model.ts';
import { isRemoteFile } from './paths.ts';
import { asMap, entriesOf, filesFrom, type Surroundings, surroundingsFor } from './reader.ts';

/** Where services are looked up: the tree of a file, and what its paths are relative to. */
interface Place {
  readonly root: MapNode;
  readonly surroundings: Surroundings;
  /** As Compose tells files apart when it looks for cycles: the first one, and others by the name they are called by. */
  readonly name: string;
}

/** `root` with the bases of its services merged in. Missing bases and cycles become problems at the reference. */
export function expandServices(loading: Loading, root: MapNode, surroundings: Surroundings): MapNode {
  const services = root.entries.get('services');
  if (!services || !entriesOf(services.value).some(([, entry]) => child(entry.value, 'extends'))) return root;
  const place = { root, surroundings, name: '' };
  const done = new Map<string, MapNode>();
  const entries = new Map<string, Entry>();
  for (const [name, entry] of entriesOf(services.value)) {
    const node = asMap(entry.value);
    entries.set(name, node ? { ...entry, value: expand({ loading, done }, place, name, node, []) } : entry);
  }
  const expanded: MapNode = { ...(services.value as MapNode), entries };
  return { ...root, entries: new Map(root.entries).set('services', { ...services, value: expanded }) };
}

interface Work {
  readonly loading: Loading;
  /** Services of the file itself, so that a fault in a chain is told once. */
  readonly done: Map<string, MapNode>;
}

function expand(work: Work, place: Place, name: string, node: MapNode, seen: readonly string[]): MapNode {
  const known = place.name === '' ? work.done.get(name) : undefined;
  if (known) return known;
  const result = expandOnce(work, place, name, node, seen);
  if (place.name === '') work.done.set(name, result);
  return result;
}

function expandOnce(work: Work, place: Place, name: string, node: MapNode, seen: readonly string[]): MapNode {
  const reference = child(node, 'extends');
  if (!reference) return node;
  const own = without(node, 'extends');
  const refuse = (message: string, at: Text | undefined = undefined): MapNode => {
    work.loading.problems.push({ span: at?.span ?? reference.span, message, reference: true });
    return own;
  };
  const base = textOr(reference) ?? textOr(child(reference, 'service'));
  const file = textOr(child(reference, 'file'));
  if (!base) return refuse('extends names no service');
  const target = file ? otherFile(work.loading, place, file, refuse) : place;
  if (!target) return own;
  const entry = asMap(child(target.root, 'services'))?.entries.get(base.value);
  if (!entry)
    return refuse(`extends names the service ${base.value}, which is not in ${file?.value ?? 'this file'}`, base);
  const id = `${target.name}#${name}`;
  if (seen.includes(id)) {
    return refuse(
      `the service ${name} extends itself: ${[...seen, id].map((one) => one.split('#').at(-1)).join(' -> ')}`,
    );
  }
  if (seen.length > LONGEST) return refuse(`the chain of services that ${name} extends is too long to be followed`);
  if (isNull(entry.value)) return own;
  const baseNode = asMap(entry.value);
  if (!baseNode) return refuse(`the service ${base.value} that is extended is not a mapping`, base);
  const whole = expand(work, target, base.value, baseNode, [...seen, id]);
  return asMap(mergeNodes(withoutResets(whole), own, ['services', name], work.loading.problems)) ?? own;
}

const LONGEST = 1000;

type RefuseReference = (message: string, at?: Text) => MapNode;

function otherFile(loading: Loading, from: Place, file: Text, refuse: RefuseReference): Place | undefined {
  if (isRemoteFile(file.value)) {
    refuse(`${file.value} is remote: it is not fetched, so what is extended is not known`, file);
    return undefined;
  }
  const target = path.posix.resolve(filesFrom(from.surroundings), file.value);
  const surroundings = surroundingsFor(file.value, from.surroundings);
  try {
    const root = baseOf(loading, loadFile(loading, target, surroundings));
    if (root && asMap(child(root, 'services'))) return { root, surroundings, name: target };
    refuse(`the file ${file.value} has no services to extend`, file);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    const hole = file.unresolved[0];
    refuse(
      hole ? `extends names its file by ${hole.variable}, which is not set` : `the file ${file.value} ${error.message}`,
      file,
    );
  }
  return undefined;
}

/** The documents of a file laid over one another. All of it must be what Compose can read, whatever is extended. */
function baseOf(loading: Loading, file: LoadedFile): MapNode | undefined {
  if (loading.bases.has(file)) return loading.bases.get(file);
  const [first, ...more] = file.roots;
  const root = more.reduce((one, other) => one && asMap(mergeNodes(one, other, [], loading.problems)), first);
  if (root) {
    new TypeChecker(loading.problems).check(root, BASE_FILE, '');
    const refuse: Refuse = (span, message) => loading.problems.push({ span, message });
    checkNames(root, refuse);
    checkBinds(root, refuse);
  }
  loading.bases.set(file, root);
  return root;
}

const textOr = (node: Node | undefined): Text | undefined =>
  node?.kind === 'scalar' && node.value !== null ? textOf(node) : undefined;

function without(node: MapNode, key: string): MapNode {
  const entries = new Map(node.entries);
  entries.delete(key);
  return { ...node, entries };
}
