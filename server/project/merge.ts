/** One file laid over another, attribute by attribute, as Compose merges them. */
import type { Problem } from '../syntax/source.ts';
import {
  valueAt as child,
  type Entry,
  identityOf,
  isNull,
  type MapNode,
  type Node,
  type ScalarNode,
  type SeqNode,
} from '../syntax/tree.ts';
import { partAsScalar, textOf } from './located.ts';

type Rule = 'replace' | 'mapping' | 'hosts' | 'list' | 'build' | 'dependencies' | 'names' | 'logging';

/** Attributes that do not merge as their kind of value does. `*` is any key. */
const RULES = new Map<string, Rule>(
  Object.entries({
    replace: ['command', 'entrypoint', 'healthcheck.test', 'ulimits.*'],
    mapping: [
      'environment',
      'labels',
      'annotations',
      'sysctls',
      'deploy.labels',
      'build.args',
      'build.additional_contexts',
      'build.labels',
    ],
    hosts: ['extra_hosts', 'build.extra_hosts'],
    list: ['env_file', 'label_file', 'tmpfs', 'dns', 'dns_opt', 'dns_search'],
    build: ['build'],
    dependencies: ['depends_on'],
    names: ['networks'],
    logging: ['logging'],
  }).flatMap(([rule, attributes]) => attributes.map((attribute): [string, Rule] => [attribute, rule as Rule])),
);

function ruleFor(path: readonly string[]): Rule | undefined {
  if (path[0] === 'services' && (path.length === 3 || path.length === 4)) {
    const [, , first, second] = path;
    return second === undefined ? RULES.get(first!) : (RULES.get(`${first}.${second}`) ?? RULES.get(`${first}.*`));
  }
  return path.length === 3 && path[2] === 'labels' && (path[0] === 'volumes' || path[0] === 'networks')
    ? 'mapping'
    : undefined;
}

const RESET = '!reset';
const OVERRIDE = '!override';

/**
 * Lays `over` over `base`. `path` are the keys from the root, so that attributes can follow their own rules.
 * Nodes keep the places they came from; neither tree is changed.
 */
export function mergeNodes(base: Node | undefined, over: Node, path: readonly string[], problems: Problem[]): Node {
  if (base === undefined || over.tag === OVERRIDE) return withoutResets(over);
  const rule = ruleFor(path);
  if (rule) return MERGERS[rule](base, over, path, problems);
  if (isNull(over)) return base;
  if (base.kind === 'scalar') return withoutResets(over);
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, path, problems);
  if (base.kind === 'seq' && over.kind === 'seq') return append(base, over);
  const what = base.kind === 'map' ? 'a mapping' : 'a list';
  problems.push({
    span: over.span,
    message: `${path.join('.')} is ${what} in what this is laid over, so it must be one here, too`,
  });
  return over;
}

const MERGERS: Readonly<Record<Rule, (base: Node, over: Node, path: readonly string[], problems: Problem[]) => Node>> =
  {
    replace: (_, over) => over,
    mapping(base, over, path, problems) {
      // Compose makes lists of both, and of volumes' labels it takes none that repeats itself.
      if (path[0] === 'volumes') refuseRepeated(asMapping(base, /=/), asMapping(over, /=/), path, problems);
      return layEntries(base, over, /=/);
    },
    hosts: (base, over) => layEntries(base, over, /[=:]/),
    list: (base, over) => append(asList(base), asList(over)),
    build: (base, over, path, problems) => mergeMaps(longBuild(base), longBuild(over), path, problems),
    dependencies: (base, over, path, problems) => mergeMaps(dependencies(base), dependencies(over), path, problems),
    names: (base, over, path, problems) => mergeMaps(listAsKeys(base), listAsKeys(over), path, problems),
    logging(base, over, path, problems) {
      // Compose crashes.
      if (isNull(over)) problems.push({ span: over.span, message: `${path.join('.')} cannot be empty here` });
      const [one, other] = [base, over].map((node) => child(node, 'driver'));
      const differ = one?.kind === 'scalar' && other?.kind === 'scalar' && textOf(one).value !== textOf(other).value;
      return differ ? over : mergeMaps(base, over, path, problems);
    },
  };

function mergeMaps(base: Node, over: Node, path: readonly string[], problems: Problem[]): Node {
  if (isNull(over)) return base;
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map<string, Entry>(base.entries);
  for (const [key, entry] of over.entries) {
    if (entry.value.tag === RESET) {
      entries.delete(key);
      continue;
    }
    const before = key.startsWith('x-') ? undefined : entries.get(key);
    const value = mergeNodes(before?.value, entry.value, [...path, key], problems);
    // The first file that names a thing is where it is looked for.
    entries.set(key, before ? { ...before, value } : { ...entry, value });
  }
  return { ...base, entries, ...(over.damaged ? { damaged: true } : {}) };
}

/** Values that stand for themselves: the later one counts, even where it is nothing. */
function layEntries(base: Node, over: Node, separator: RegExp): Node {
  if (isNull(over)) return base;
  const [below, above] = [asMapping(base, separator), asMapping(over, separator)];
  if (below.kind !== 'map' || above.kind !== 'map') return over;
  const entries = new Map(below.entries);
  for (const [key, entry] of above.entries) {
    if (entry.value.tag !== RESET) entries.set(key, entry);
    else if (!isPairList(base)) entries.delete(key);
  }
  const node: MapNode = { ...below, entries };
  lists.add(node);
  return node;
}

function refuseRepeated(base: Node, over: Node, path: readonly string[], problems: Problem[]): void {
  if (base.kind !== 'map' || over.kind !== 'map') return;
  for (const [key, { key: written, value }] of over.entries) {
    const before = base.entries.get(key)?.value;
    if (before?.kind !== 'scalar' || value.kind !== 'scalar' || isNull(before) !== isNull(value)) continue;
    if (textOf(before).value !== textOf(value).value) continue;
    problems.push({
      span: written.span,
      message: `${path.join('.')} repeats ${key}, which is already set to the same`,
    });
  }
}

const lists = new WeakSet<Node>();

/** Written as a list of `KEY=value`, or merged: Compose makes a list of what it merges. */
export const isPairList = (node: Node): boolean => node.kind === 'seq' || lists.has(node);

/** Drops what is tagged `!reset`: alone in a file it has the same effect. */
export function withoutResets(node: Node): Node {
  if (node.kind === 'scalar' || identityOf(node)) return node;
  if (node.kind === 'seq') {
    const items = node.items.filter(({ value }) => value.tag !== RESET);
    return items.length === node.items.length ? node : { ...node, items };
  }
  let entries: Map<string, Entry> | undefined;
  for (const [key, entry] of node.entries) {
    const reset = entry.value.tag === RESET;
    const value = reset ? entry.value : withoutResets(entry.value);
    if (!reset && value === entry.value) continue;
    entries ??= new Map(node.entries);
    if (reset) entries.delete(key);
    else entries.set(key, { ...entry, value });
  }
  return entries ? { ...node, entries } : node;
}

const append = (base: SeqNode, over: SeqNode): SeqNode => ({ ...base, items: [...base.items, ...over.items] });

function asList(node: Node): SeqNode {
  if (node.kind === 'seq') return node;
  return { kind: 'seq', items: isNull(node) ? [] : [{ value: node }], span: node.span, flow: false };
}

function longBuild(node: Node): Node {
  if (node.kind !== 'scalar' || isNull(node)) return node;
  return { kind: 'map', entries: new Map([['context', entry('context', node)]]), span: node.span, flow: false };
}

const entry = (key: string, value: Node): Entry => ({
  key: { kind: 'scalar', value: key, text: key, span: value.span },
  value,
  inherited: false,
});

/** `[A=1, B]` as `{A: 1, B: null}`, each value with its exact place. */
function asMapping(node: Node, separator: RegExp): Node {
  if (node.kind !== 'seq') return node;
  const entries = new Map<string, Entry>();
  for (const { value: item } of node.items) {
    if (item.kind !== 'scalar') continue;
    const text = textOf(item);
    const equals = text.value.search(separator);
    const end = equals < 0 ? text.value.length : equals;
    const key = partAsScalar(text, 0, end);
    const value: ScalarNode =
      equals < 0 ? { ...nothing(item), span: item.span } : partAsScalar(text, equals + 1, text.value.length);
    entries.set(key.text, { key, value, inherited: false });
  }
  return { kind: 'map', entries, span: node.span, flow: node.flow, ...(node.tag ? { tag: node.tag } : {}) };
}

const nothing = (node: Node): ScalarNode => ({ kind: 'scalar', value: null, text: '', span: node.span });

function listAsKeys(node: Node): Node {
  if (node.kind !== 'seq') return node;
  const entries = new Map<string, Entry>();
  for (const { value } of node.items) {
    if (value.kind === 'scalar')
      entries.set(textOf(value).value, { key: value, value: nothing(value), inherited: false });
  }
  return { kind: 'map', entries, span: node.span, flow: node.flow } satisfies MapNode;
}

function dependencies(node: Node): Node {
  const map = listAsKeys(node);
  if (node.kind !== 'seq' || map.kind !== 'map') return map;
  const entries = new Map<string, Entry>();
  for (const [key, one] of map.entries) {
    const condition: ScalarNode = {
      kind: 'scalar',
      value: 'service_started',
      text: 'service_started',
      span: one.key.span,
    };
    const required: ScalarNode = { kind: 'scalar', value: true, text: 'true', span: one.key.span };
    const long = new Map([
      ['condition', entry('condition', condition)],
      ['required', entry('required', required)],
    ]);
    entries.set(key, { ...one, value: { kind: 'map', entries: long, span: one.key.span, flow: true } });
  }
  return { ...map, entries };
}
