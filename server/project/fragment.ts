import { valueAt as child, type MapNode, type Node } from '../syntax/tree.ts';
import { textOf } from './located.ts';
import type { Service } from './model.ts';
import { entriesOf } from './reader.ts';

/**
 * Whether the files are a part of a larger project: they name networks, services, configs or secrets that they do not
 * declare. Compose would refuse them alone, so what else they leave out is declared elsewhere, too.
 */
export function isFragment(root: MapNode, services: readonly Service[]): boolean {
  const names = new Set(services.map((service) => service.name));
  return services.some((service) => {
    const undeclared = (attribute: string): boolean =>
      namesIn(child(service.node, attribute)).some(
        (name) => name !== 'default' && child(child(root, attribute), name) === undefined,
      );
    return (
      undeclared('networks') ||
      undeclared('configs') ||
      undeclared('secrets') ||
      [...service.dependsOn.keys()].some((name) => !names.has(name))
    );
  });
}

/** Keys of a mapping, or the names in a list, whose items may be in long form with a `source`. */
function namesIn(node: Node | undefined): string[] {
  if (node?.kind === 'map') return entriesOf(node).map(([name]) => name);
  if (node?.kind !== 'seq') return [];
  return node.items.flatMap(({ value }) => {
    const named = value.kind === 'map' ? child(value, 'source') : value;
    return named?.kind === 'scalar' && textOf(named).unresolved.length === 0 ? [textOf(named).value] : [];
  });
}
