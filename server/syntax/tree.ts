/** The located tree: what a YAML file says, each value with the place it was written at. */
import type { Source, Span } from './source.ts';

export type Node = ScalarNode | MapNode | SeqNode;

interface Base {
  /** From the first to behind the last character of the value, without its key, its anchor and trailing comments. */
  readonly span: Span;
  /** An explicit tag such as `!reset` or `!override`. */
  readonly tag?: string;
  /** A part of it could not be read: what it does not hold may have been meant all the same. */
  readonly damaged?: true;
}

export interface ScalarNode extends Base {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The value as Compose's string: for plain scalars the text as written. Empty for null. */
  readonly text: string;
  /** Offset in the source of `text[0]`, when the text stands there letter by letter; otherwise undefined. */
  readonly textStart?: number;
}

export interface Entry {
  readonly key: ScalarNode;
  readonly value: Node;
  /** Came through `<<`: it is written in another place than the map that shows it. */
  readonly inherited: boolean;
  /** The value is an alias `*name`: where the alias stands; `value` is the anchored node. */
  readonly alias?: Span;
}

export interface MapNode extends Base {
  readonly kind: 'map';
  /** With merge keys resolved: own entries first, in order, then inherited ones. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly flow: boolean;
}

export interface SeqItem {
  readonly value: Node;
  readonly alias?: Span;
}

export interface SeqNode extends Base {
  readonly kind: 'seq';
  readonly items: readonly SeqItem[];
  readonly flow: boolean;
}

const identities = new WeakMap<Node, object>();

/**
 * Of a value whose text stands for itself, without variables, aliases or tags: the same object each time that this text is
 * read, wherever it stands by then. What was found out of it once, and says nothing of places, holds again.
 */
export const identityOf = (node: Node): object | undefined => identities.get(node);

export const identify = (node: Node, identity: object): void => void identities.set(node, identity);

export const entryOf = (node: Node | undefined, key: string): Entry | undefined =>
  node?.kind === 'map' ? node.entries.get(key) : undefined;

export const valueAt = (node: Node | undefined, key: string): Node | undefined => entryOf(node, key)?.value;

export const isNull = (node: Node | undefined): boolean =>
  node === undefined || (node.kind === 'scalar' && node.value === null);

/** Whether a part of what stands in `node`, also by aliases, could not be read. */
export function isDamaged(node: Node, seen = new Set<Node>()): boolean {
  if (node.damaged) return true;
  if (node.kind === 'scalar' || seen.has(node)) return false;
  seen.add(node);
  const children = node.kind === 'map' ? node.entries.values() : node.items;
  for (const { value } of children) if (isDamaged(value, seen)) return true;
  return false;
}

/**
 * The span of `text.slice(from, to)` inside a scalar; the whole scalar where quotes, escapes or folding
 * make the text differ from what is written.
 */
export function partOf(scalar: ScalarNode, from: number, to: number): Span {
  if (scalar.textStart === undefined) return scalar.span;
  return { source: scalar.span.source, start: scalar.textStart + from, end: scalar.textStart + to };
}

export const nullAt = (source: Source, at: number): ScalarNode => ({
  kind: 'scalar',
  value: null,
  text: '',
  span: { source, start: at, end: at },
});
