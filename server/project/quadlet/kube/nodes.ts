/** Looking around in Kubernetes YAML. */
import type { Problem } from '../../../syntax/source.ts';
import { entryOf, type Node, type ScalarNode, valueAt } from '../../../syntax/tree.ts';
import type { Text, Unresolved } from '../../model.ts';

export const at = (node: Node | undefined, ...keys: readonly string[]): Node | undefined =>
  keys.reduce<Node | undefined>((inner, key) => valueAt(inner, key), node);

export const has = (node: Node | undefined, key: string): boolean => entryOf(node, key) !== undefined;

export const items = (node: Node | undefined): readonly Node[] =>
  node?.kind === 'seq' ? node.items.map(({ value }) => value) : [];

/** Undefined for what is no scalar, and for null. */
export const scalarAt = (node: Node | undefined, ...keys: readonly string[]): ScalarNode | undefined => {
  const found = at(node, ...keys);
  return found?.kind === 'scalar' && found.value !== null ? found : undefined;
};

export const stringAt = (node: Node | undefined, ...keys: readonly string[]): string | undefined =>
  scalarAt(node, ...keys)?.text;

export const textOf = (scalar: ScalarNode): Text => ({
  value: scalar.text,
  scalar,
  span: scalar.span,
  unresolved: variablesIn(scalar),
});

/** `$(NAME)` takes what the container's environment says. */
export const variablesIn = ({ text, span }: ScalarNode): Unresolved[] =>
  [...text.matchAll(/\$\(([A-Za-z_]\w*)\)/g)].map(([, variable]) => ({ variable: variable!, span }));

export const flagAt = (node: Node | undefined, ...keys: readonly string[]): boolean =>
  scalarAt(node, ...keys)?.value === true;

/** `metadata.labels` and the like. */
export const stringsAt = (node: Node | undefined, ...keys: readonly string[]): [string, ScalarNode][] => {
  const found = at(node, ...keys);
  if (found?.kind !== 'map') return [];
  return [...found.entries].flatMap(([key, { value }]) => (value.kind === 'scalar' ? [[key, value]] : []));
};

export const problemAt = (node: Node, message: string): Problem => ({ span: node.span, message });
