/** One file laid over another, attribute by attribute, as Compose merges them. */
import type { Entry, MapNode, Node, ScalarNode, SeqItem, SeqNode } from '../syntax/tree.ts';

/** Attributes of a service that are replaced as a whole. */
const REPLACED = new Set(['command', 'entrypoint']);

/** Attributes that may be a mapping or a list of `KEY=value`. */
const MAPPINGS = new Set(['environment', 'labels', 'annotations', 'sysctls', 'args', 'additional_contexts', 'extra_hosts']);

/** Lists that may be written as one scalar. */
const LISTS = new Set(['env_file', 'tmpfs', 'dns', 'dns_opt', 'dns_search']);

const RESET = '!reset';
const OVERRIDE = '!override';

/**
 * Lays `over` over `base`. `path` are the keys from the root, so that attributes can follow their own rules.
 * Nodes keep the places they came from; neither tree is changed.
 */
export function mergeNodes(base: Node | undefined, over: Node, path: readonly string[]): Node {
  if (base === undefined || over.tag === OVERRIDE || isEmptyNode(base)) return withoutResets(over);
  if (isEmptyNode(over) && over.tag === undefined) return base;
  const service = path[0] === 'services' && path.length >= 3;
  const key = path.at(-1) ?? '';
  if (service && path.length === 3 && REPLACED.has(key)) return over;
  if (service && path.length === 4 && path[2] === 'healthcheck' && key === 'test') return over;
  if (service && path.length === 3 && key === 'build') return mergeBuild(base, over, path);
  if (service && path.length === 3 && key === 'depends_on') return mergeMaps(dependencies(base), dependencies(over), path);
  if (MAPPINGS.has(key) && (service || path[0] === 'volumes')) return mergeMaps(asMapping(base), asMapping(over), path);
  if (service && path.length === 3 && key === 'networks') return mergeMaps(listAsKeys(base), listAsKeys(over), path);
  if (service && path.length === 3 && LISTS.has(key)) return append(asList(base), asList(over));
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, path);
  if (base.kind === 'seq' && over.kind === 'seq') return append(base, over);
  return over;
}

const isEmptyNode = (node: Node): boolean => node.kind === 'scalar' && node.value === null;

function mergeMaps(base: Node, over: Node, path: readonly string[]): Node {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    if (entry.value.tag === RESET) {
      entries.delete(key);
      continue;
    }
    const before = entries.get(key);
    const value = mergeNodes(before?.value, entry.value, [...path, key]);
    // The first file that names a thing is where it is looked for.
    entries.set(key, before ? { ...before, value } : { ...entry, value });
  }
  return { ...base, entries };
}

/** Drops what is tagged `!reset`: alone in a file it has the same effect. */
export function withoutResets(node: Node): Node {
  if (node.kind !== 'map') return node;
  let changed = false;
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    if (entry.value.tag === RESET) {
      changed = true;
      continue;
    }
    const value = withoutResets(entry.value);
    if (value !== entry.value) changed = true;
    entries.set(key, value === entry.value ? entry : { ...entry, value });
  }
  return changed ? { ...node, entries } : node;
}

const append = (base: SeqNode, over: SeqNode): SeqNode => ({ ...base, items: [...base.items, ...over.items] });

const asList = (node: Node): SeqNode =>
  node.kind === 'seq' ? node : { kind: 'seq', items: [{ value: node }], span: node.span, flow: false };

function mergeBuild(base: Node, over: Node, path: readonly string[]): Node {
  return mergeMaps(longBuild(base), longBuild(over), path);
}

function longBuild(node: Node): Node {
  if (node.kind !== 'scalar') return node;
  return { kind: 'map', entries: new Map([['context', entry('context', node)]]), span: node.span, flow: false };
}

const entry = (key: string, value: Node): Entry => ({
  key: { kind: 'scalar', value: key, text: key, span: value.span },
  value,
  inherited: false,
});

/** `[A=1, B]` as `{A: 1, B: null}`, each value with its exact place. */
export function asMapping(node: Node): Node {
  if (node.kind !== 'seq') return node;
  const entries = new Map<string, Entry>();
  for (const item of node.items) {
    if (item.value.kind !== 'scalar') continue;
    const [key, value] = splitPair(item.value);
    entries.set(key.text, { key, value, inherited: false });
  }
  return { kind: 'map', entries, span: node.span, flow: node.flow, ...(node.tag ? { tag: node.tag } : {}) };
}

/** `KEY=value` as two scalars that stand inside the one. A key with a `$` is kept whole: its end is not known yet. */
function splitPair(pair: ScalarNode): [ScalarNode, ScalarNode] {
  const equals = pair.text.indexOf('=');
  if (equals < 0) return [pair, { ...pair, value: null, text: '' }];
  const at = pair.textStart;
  const part = (from: number, to: number): ScalarNode => {
    const text = pair.text.slice(from, to);
    if (at === undefined) return { kind: 'scalar', value: text, text, span: pair.span };
    const span = { source: pair.span.source, start: at + from, end: at + to };
    return { kind: 'scalar', value: text, text, span, textStart: at + from };
  };
  return [part(0, equals), part(equals + 1, pair.text.length)];
}

function listAsKeys(node: Node): Node {
  if (node.kind !== 'seq') return node;
  const entries = new Map<string, Entry>();
  for (const { value } of node.items as readonly SeqItem[]) {
    if (value.kind !== 'scalar') continue;
    entries.set(value.text, { key: value, value: { ...value, value: null, text: '' }, inherited: false });
  }
  return { kind: 'map', entries, span: node.span, flow: node.flow } satisfies MapNode;
}

const STARTED: ScalarNode['value'] = 'service_started';

function dependencies(node: Node): Node {
  const map = listAsKeys(node);
  if (node.kind !== 'seq' || map.kind !== 'map') return map;
  const entries = new Map<string, Entry>();
  for (const [key, one] of map.entries) {
    const condition: ScalarNode = { kind: 'scalar', value: STARTED, text: 'service_started', span: one.key.span };
    const value: MapNode = { kind: 'map', entries: new Map([['condition', entry('condition', condition)]]), span: one.key.span, flow: true };
    entries.set(key, { ...one, value });
  }
  return { ...map, entries };
}
