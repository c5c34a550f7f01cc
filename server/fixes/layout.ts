/** How a file is written, where the located tree does not say: ends without trailing comments, shared anchors, errors. */
import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type Node as YamlNode,
} from 'yaml';
import { readingOf } from '../syntax/readings.ts';
import { positionAt, type Source } from '../syntax/source.ts';
import type { MapNode, Node, SeqNode } from '../syntax/tree.ts';
import { trimLineEnd } from './lines.ts';

/** `[start, end)` of the source. */
type Place = readonly [start: number, end: number];

/** Where the last thing of a value ends, without trailing comments. */
export interface Tail {
  /** For block scalars: before the line end of their last line. */
  readonly offset: number;
  /** The last thing is a block scalar: a deeper comment below it would become part of it. */
  readonly block: boolean;
  /** ... which keeps its trailing lines (`|+`): blank lines below it are part of it. */
  readonly keep: boolean;
}

interface Layout {
  readonly root: YamlNode | null;
  readonly errors: readonly Place[];
  /** Anchored values that an alias shows elsewhere. */
  readonly shared: readonly Place[];
  /** Collections in flow style by the offset of their bracket. */
  readonly flows: ReadonlyMap<number, YamlNode>;
  /** Collections in block style by the offset of their first key or dash. */
  readonly blocks: ReadonlyMap<number, YamlNode>;
  readonly aliases: ReadonlyMap<Alias, YamlNode>;
  /** How far most lists stand to the right of their key. */
  readonly listOffset: number | undefined;
}

const layouts = new WeakMap<Source, Layout>();

/** Worked out once a source, and only when a fix is asked for. */
function layoutOf(source: Source): Layout {
  let layout = layouts.get(source);
  if (!layout) {
    layout = readLayout(source);
    layouts.set(source, layout);
  }
  return layout;
}

const OPTIONS = { uniqueKeys: false, merge: false, prettyErrors: false, strict: false, logLevel: 'silent' } as const;

function readLayout(source: Source): Layout {
  const document = readingOf(source) ?? (parseAllDocuments(source.text, OPTIONS) as unknown as Document.Parsed[])[0];
  const root = (document?.contents ?? null) as YamlNode | null;
  const errors = document?.errors.map((error) => error.pos) ?? [];
  return { root, errors, ...collectionsIn(source, root) };
}

type Collections = Omit<Layout, 'root' | 'errors'>;

function collectionsIn(source: Source, root: YamlNode | null): Collections {
  const blocks = new Map<number, YamlNode>();
  const flows = new Map<number, YamlNode>();
  const aliases = new Map<Alias, YamlNode>();
  const shared: Place[] = [];
  const listOffsets: number[] = [];
  const anchors = new Map<string, YamlNode>();
  /** In the order of the text: an alias shows what is anchored above it. */
  const visit = (node: YamlNode | null, key?: YamlNode): void => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (!target) return;
      shared.push(placeOf(target));
      aliases.set(node, target);
      return;
    }
    if (isScalar(node) || isCollection(node)) if (node.anchor) anchors.set(node.anchor, node);
    if (!isCollection(node)) return;
    const [start] = placeOf(node);
    (node.flow ? flows : blocks).set(start, node);
    if (!node.flow && isSeq(node) && isScalar(key))
      listOffsets.push(columnOf(source, start) - columnOf(source, placeOf(key)[0]));
    for (const item of node.items as (YamlNode | Pair<YamlNode, YamlNode | null>)[]) {
      if (!isPair(item)) visit(item);
      else {
        visit(item.key);
        visit(item.value, item.key);
      }
    }
  };
  visit(root);
  return { shared, flows, blocks, aliases, listOffset: mostCommon(listOffsets) };
}

function mostCommon(numbers: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const n of numbers) counts.set(n, (counts.get(n) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

const placeOf = (node: YamlNode): Place => [node.range?.[0] ?? 0, node.range?.[1] ?? 0];

export const columnOf = (source: Source, offset: number): number => positionAt(source, offset).character;

export const usualListOffset = (source: Source): number | undefined => layoutOf(source).listOffset;

/** The document holds nothing but comments. */
export function isEmptyDocument(source: Source): boolean {
  const { root, errors } = layoutOf(source);
  return (
    errors.length === 0 &&
    (root === null || (isScalar(root) && root.value === null && root.range?.[0] === root.range?.[1]))
  );
}

export const isRoot = (source: Source, node: Node): boolean => {
  const { root } = layoutOf(source);
  return root !== null && placeOf(root)[0] === node.span.start;
};

/** Units have no anchors, and one that is broken is not edited: see unit-lines.ts. */
const isUnit = ({ path }: Source): boolean => /\.(container|volume|pod|kube|build|image|network|conf)$/.test(path);

/** A syntax error stands on one of the lines of `[start, end)`, or on the line before or after. */
export function isBroken(source: Source, start: number, end: number): boolean {
  if (isUnit(source)) return false;
  const line = (offset: number): number => positionAt(source, offset).line;
  const from = line(start) - 1;
  const to = line(end) + 1;
  return layoutOf(source).errors.some((error) => line(error[0]) <= to && line(error[1]) >= from);
}

/** An edit there would show wherever an alias repeats the text, or would take an anchor away from its aliases. */
export const isShared = (source: Source, start: number, end = start): boolean =>
  !isUnit(source) &&
  layoutOf(source).shared.some(([from, to]) => from < Math.max(end, start + 1) && start < Math.max(to, from + 1));

export const inFlow = (source: Source, offset: number): boolean =>
  [...layoutOf(source).flows.values()].map(placeOf).some(([start, end]) => start < offset && offset < end);

/** Tail of a value; null where the tree is of another text. */
export function tailOf(source: Source, node: Node): Tail | null {
  if (node.kind === 'scalar') return scalarTail(source, node.span.start, node.span.end);
  if (node.flow) return { offset: node.span.end, block: false, keep: false };
  const yaml = layoutOf(source).blocks.get(node.span.start);
  return yaml ? yamlTail(source, yaml) : null;
}

/** A merge key of `map` has `key` too: without its own entry the map would show that one. */
export function inheritsToo(source: Source, map: MapNode, key: string): boolean {
  const { blocks, flows, aliases } = layoutOf(source);
  const seen = new Set<YamlNode>();
  const merges = (yaml: YamlNode | undefined): boolean =>
    isMap(yaml) && yaml.items.some((pair) => nameOf(pair as Pair) === '<<' && brings(pair.value as YamlNode | null));
  const brings = (value: YamlNode | null | undefined): boolean => {
    const yaml = isAlias(value) ? aliases.get(value) : value;
    if (!yaml || seen.has(yaml)) return false;
    seen.add(yaml);
    if (isSeq(yaml)) return yaml.items.some((item) => brings(item as YamlNode));
    return isMap(yaml) && (yaml.items.some((pair) => nameOf(pair as Pair) === key) || merges(yaml));
  };
  return merges((map.flow ? flows : blocks).get(map.span.start));
}

const nameOf = (pair: Pair): string | undefined =>
  isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : undefined;

export interface BlockItem {
  /** Of its key, or of its value in a list: anchors and tags stand before it. */
  readonly start: number;
  readonly tail: Tail;
}

/** The entries of a block collection as written, `<<` among them. */
export function blockItems(source: Source, node: MapNode | SeqNode): BlockItem[] | null {
  const yaml = layoutOf(source).blocks.get(node.span.start);
  if (!isCollection(yaml)) return null;
  return (yaml.items as (YamlNode | Pair<YamlNode, YamlNode | null>)[]).map((item) => {
    const first = isPair(item) ? (item.key as YamlNode) : item;
    return { start: placeOf(first)[0], tail: itemTail(source, item) };
  });
}

function yamlTail(source: Source, node: YamlNode): Tail {
  if (isCollection(node) && !node.flow) {
    const last = node.items[node.items.length - 1] as YamlNode | Pair<YamlNode, YamlNode | null> | undefined;
    if (last) return itemTail(source, last);
  }
  const [start, end] = placeOf(node);
  return isScalar(node) && isBlockScalar(node)
    ? scalarTail(source, start, end)
    : { offset: end, block: false, keep: false };
}

const itemTail = (source: Source, item: YamlNode | Pair<YamlNode, YamlNode | null>): Tail =>
  yamlTail(source, isPair(item) ? (item.value ?? (item.key as YamlNode)) : item);

const isBlockScalar = (scalar: Scalar): boolean => scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED';

function scalarTail(source: Source, start: number, end: number): Tail {
  const header = /^[|>]([0-9+-]*)/.exec(source.text.slice(start, start + 4));
  if (!header) return { offset: end, block: false, keep: false };
  return { offset: trimLineEnd(source.text, end), block: true, keep: header[1]!.includes('+') };
}
