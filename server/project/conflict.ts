/** Whether two definitions of one thing are the same to Compose, which compares them in its canonical form. */
import type { Node } from '../syntax/tree.ts';
import type { Loading } from './loading.ts';
import { textOf } from './located.ts';
import { scalarOf } from './scalars.ts';

/** Attributes that are rewritten in what is included, before it is compared. */
const REWRITTEN = new Set([
  'build',
  'depends_on',
  'env_file',
  'networks',
  'volumes',
  'dns',
  'devices',
  'secrets',
  'configs',
  'ports',
  'gpus',
]);

/** Attributes that hold paths, which are made relative to the project first. */
const WITH_PATHS = new Set(['build', 'env_file', 'label_file', 'volumes', 'file', 'driver_opts', 'develop']);

/** An included definition against one that another include brought. */
export function sameInIncludes(loading: Loading, one: Node, other: Node): boolean {
  if (one === other) return true;
  const [here, there] = [one, other].map((node) => loading.surroundings.get(node.span.source)?.directory);
  return sameValue(one, other, (key) => here === there || !WITH_PATHS.has(key));
}

/** An included definition, which is canonical by then, against one of the including file, which is as written. */
export const sameAsWritten = (included: Node, written: Node): boolean =>
  sameValue(included, written, (key, value) => !REWRITTEN.has(key) || isLong(value));

const isLong = (node: Node): boolean =>
  node.kind === 'map' || (node.kind === 'seq' && node.items.every(({ value }) => value.kind === 'map'));

type Comparable = (key: string, value: Node) => boolean;

function sameValue(one: Node, other: Node, comparable: Comparable): boolean {
  if (one.kind === 'scalar') {
    if (other.kind !== 'scalar' || scalarOf(one).kind !== scalarOf(other).kind) return false;
    return textOf(one).value === textOf(other).value;
  }
  if (one.kind === 'seq') {
    if (other.kind !== 'seq' || one.items.length !== other.items.length) return false;
    return one.items.every(({ value }, index) => sameValue(value, other.items[index]!.value, comparable));
  }
  if (other.kind !== 'map' || one.entries.size !== other.entries.size) return false;
  return [...one.entries].every(([key, { value }]) => {
    const match = other.entries.get(key)?.value;
    return match !== undefined && comparable(key, match) && sameValue(value, match, comparable);
  });
}
