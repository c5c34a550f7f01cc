import type { Declaration, Mount, Project, Service, TopLevelVolume } from '../../server/project/model.ts';
import type { Source } from '../../server/syntax/source.ts';
import {
  valueAt as childOf,
  type Entry,
  isNull,
  type MapNode,
  type Node,
  type SeqNode,
} from '../../server/syntax/tree.ts';
import { parseYaml } from '../../server/syntax/yaml.ts';

export interface Read {
  readonly source: Source;
  readonly root: MapNode;
  /** The node at a path of keys and indexes. */
  readonly at: (...path: (string | number)[]) => Node;
  readonly map: (...path: (string | number)[]) => MapNode;
  readonly list: (...path: (string | number)[]) => SeqNode;
  readonly entry: (key: string, ...path: (string | number)[]) => Entry;
}

export function read(text: string, path = '/project/compose.yaml'): Read {
  const source: Source = { path, text };
  const { root } = parseYaml(source);
  if (root?.kind !== 'map') throw new Error('the file holds no mapping');
  const at = (...path: (string | number)[]): Node => {
    let node: Node | undefined = root;
    for (const step of path) {
      if (typeof step === 'string') node = childOf(node, step);
      else node = node?.kind === 'seq' ? node.items[step]?.value : undefined;
    }
    if (!node) throw new Error(`nothing at ${path.join('.')}`);
    return node;
  };
  const kind = <K extends Node['kind']>(node: Node, wanted: K): Extract<Node, { kind: K }> => {
    if (node.kind !== wanted) throw new Error(`a ${node.kind} where a ${wanted} is wanted`);
    return node as Extract<Node, { kind: K }>;
  };
  return {
    source,
    root,
    at,
    map: (...path) => kind(at(...path), 'map'),
    list: (...path) => kind(at(...path), 'seq'),
    entry: (key, ...path) => {
      const entry = kind(at(...path), 'map').entries.get(key);
      if (!entry) throw new Error(`no ${key}`);
      return entry;
    },
  };
}

/** What the fixes read of a project, from files by path: services, short-syntax mounts, volume keys, roots. */
export function projectOf(files: Readonly<Record<string, string>>, name = 'shop'): Project {
  const reads = Object.entries(files).map(([path, text]) => read(text, path));
  const declarations = new Map<string, Declaration[]>();
  const volumes = new Map<string, TopLevelVolume>();
  for (const { root, source } of reads) {
    for (const [key, entry] of entriesOf(root, 'services')) {
      const own = !entry.inherited && !entry.alias && entry.value.kind === 'map' ? entry.value : null;
      const list = declarations.get(key) ?? [];
      declarations.set(key, [...list, { source, key: entry.key.span, node: own }]);
    }
    for (const [key, entry] of entriesOf(root, 'volumes')) volumes.set(key, volumeOf(name, key, entry));
  }
  return {
    runtime: 'compose',
    name,
    directory: '/project',
    files: reads.map(({ source }) => source),
    services: [...declarations].map(([key, list]) => serviceOf(key, list as [Declaration, ...Declaration[]])),
    inactive: [],
    volumes,
    roots: new Map(reads.map(({ source, root }) => [source.path, root])),
    problems: [],
    incomplete: false,
  };
}

export function serviceIn(project: Project, name: string): Service {
  const service = project.services.find((one) => one.name === name);
  if (!service) throw new Error(`no service ${name}`);
  return service;
}

const entriesOf = (root: MapNode, key: string): [string, Entry][] => {
  const value = childOf(root, key);
  return value?.kind === 'map' ? [...value.entries] : [];
};

function volumeOf(project: string, key: string, entry: Entry): TopLevelVolume {
  const name = childOf(entry.value, 'name');
  return {
    key,
    name: name?.kind === 'scalar' && !isNull(name) ? name.text : `${project}_${key}`,
    external: false,
    driverOpts: new Map(),
    labels: new Map(),
    span: entry.key.span,
    entrySpan: entry.key.span,
    node: entry.value.kind === 'map' ? entry.value : null,
  };
}

function serviceOf(name: string, declarations: [Declaration, ...Declaration[]]): Service {
  const { key, source } = declarations[0];
  const mounts = declarations.flatMap(({ node }) => {
    const list = childOf(node ?? undefined, 'volumes');
    return list?.kind === 'seq' ? list.items.map(({ value }) => mountOf(value)) : [];
  });
  return {
    name,
    key,
    declarations,
    environment: new Map(),
    environmentGaps: [],
    mounts,
    replacedMounts: [],
    mountGaps: [],
    readOnly: false,
    init: false,
    profiles: [],
    labels: new Map(),
    labelEntries: new Map(),
    labelGaps: [],
    hooks: [],
    watches: [],
    replicas: 1,
    dependsOn: new Map(),
    broken: false,
    node: declarations[0].node ?? {
      kind: 'map',
      entries: new Map(),
      flow: true,
      span: { source, start: key.end, end: key.end },
    },
  };
}

function mountOf(node: Node): Mount {
  const text = (key: string): string => {
    const value = childOf(node, key);
    return value?.kind === 'scalar' ? value.text : '';
  };
  const parts = node.kind === 'scalar' ? node.text.split(':') : [text('source'), text('target')];
  const [first = '', second] = parts;
  return {
    type: 'volume',
    ...(second === undefined ? {} : { source: first }),
    target: second ?? first,
    targetText: second ?? first,
    readOnly: false,
    span: node.span,
    targetSpan: node.span,
    unresolved: [],
    from: 'volumes',
  };
}
