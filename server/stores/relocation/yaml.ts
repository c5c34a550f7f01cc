/** YAML and JSON: mappings become dotted keys, so that `path.data: /x` and `path: {data: /x}` are the same. */

import type { Node } from '../../syntax/tree.ts';
import { parseYaml } from '../../syntax/yaml.ts';
import type { ReadSettings, Setting } from './model.ts';

const MAX_DEPTH = 20;

export const readYaml: ReadSettings = (source) => {
  const settings: Setting[] = [];
  const { root } = parseYaml(source);
  if (root) collect(root, [], settings);
  return settings;
};

function collect(node: Node, path: readonly string[], into: Setting[]): void {
  if (path.length > MAX_DEPTH) return;
  if (node.kind === 'map') {
    for (const [key, { value }] of node.entries) collect(value, [...path, key], into);
  } else if (node.kind === 'seq') {
    // Of a list the first item: servers that take several places keep data in each.
    const first = node.items[0];
    if (first) collect(first.value, path, into);
  } else if (node.value !== null) {
    into.push({ key: path.join('.'), value: node.text, span: node.span });
  }
}
