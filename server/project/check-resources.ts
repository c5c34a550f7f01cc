/** What Compose refuses of top-level volumes, networks, secrets and configs. */
import type { Span } from '../syntax/source.ts';
import { valueAt as child, type MapNode, type Node } from '../syntax/tree.ts';
import { type Refuse, textAt } from './check-words.ts';
import { entriesOf, isTrue } from './reader.ts';
import { scalarOf } from './scalars.ts';

/** Ways to give a secret or a config its content, of which one must be chosen. */
const CONTENTS = { configs: ['file', 'environment', 'content'], secrets: ['file', 'environment'] } as const;

const KINDS = ['volumes', 'networks', 'secrets', 'configs'] as const;

export function checkResources(root: MapNode, refuse: Refuse): void {
  checkNames(root, refuse);
  for (const kind of KINDS) {
    for (const [name, { key, value }] of entriesOf(child(root, kind))) {
      if (kind === 'volumes') checkExternal(name, value, refuse);
      if (kind === 'secrets' || kind === 'configs') checkContent(kind, name, key.span, value, refuse);
    }
  }
}

/** What is external has one name. */
export function checkNames(root: MapNode, refuse: Refuse): void {
  for (const kind of KINDS) {
    for (const [name, { value }] of entriesOf(child(root, kind))) {
      const external = child(value, 'external');
      const named = child(external, 'name');
      const own = child(value, 'name');
      if (external && named && own && !isSame(named, own))
        refuse(external.span, `${kind}.${name} has two different names: name and external.name`);
    }
  }
}

/** As Compose compares what may be anything: 5 is not "5", and no collection is the same as another. */
function isSame(a: Node, b: Node): boolean {
  if (a.kind !== 'scalar' || b.kind !== 'scalar') return false;
  return scalarOf(a).kind === scalarOf(b).kind && textAt(a) === textAt(b);
}

const isExternal = (node: Node): boolean => {
  const external = child(node, 'external');
  return external?.kind === 'map' || isTrue(textAt(external));
};

function checkExternal(name: string, node: Node, refuse: Refuse): void {
  if (!isExternal(node)) return;
  for (const [key, entry] of entriesOf(node)) {
    if (key === 'external' || key === 'name' || key.startsWith('x-')) continue;
    refuse(entry.key.span, `the volume ${name} is external and sets ${key}: Compose takes one or the other`);
  }
}

function checkContent(kind: 'secrets' | 'configs', name: string, key: Span, node: Node, refuse: Refuse): void {
  const has = (attribute: string): boolean => child(node, attribute) !== undefined;
  const ways = CONTENTS[kind].filter(has);
  if (node.kind !== 'map') return;
  if (ways.length > 1) refuse(key, `${kind}.${name} sets ${ways.join(' and ')}: Compose takes one of them`);
  const filled = (attribute: string): boolean => textAt(child(node, attribute)) !== '' && has(attribute);
  const enough =
    kind === 'configs'
      ? ways.length > 0 || has('driver') || has('external')
      : isExternal(node) || filled('file') || filled('environment');
  if (!enough) refuse(key, `${kind}.${name} needs one of ${CONTENTS[kind].join(', ')}`);
}
