/** What Compose refuses once the files are merged. */
import type { Problem } from '../syntax/source.ts';
import { type MapNode, type Node, valueOf } from '../syntax/tree.ts';
import type { Project, Service } from './model.ts';
import { entriesOf } from './reader.ts';

export function checkProject(project: Project): Problem[] {
  const problems: Problem[] = [];
  for (const service of project.services) {
    if (!service.image && !service.build && !service.broken) {
      problems.push({ span: service.key, message: `the service ${service.name} has neither an image nor a build section` });
    }
    for (const mount of service.mounts) {
      if (mount.type === 'volume' && mount.from === 'volumes' && mount.source && mount.unresolved.length === 0 && !project.volumes.has(mount.source)) {
        problems.push({ span: mount.sourceSpan ?? mount.span, message: `the service ${service.name} uses the volume ${mount.source}, which is not declared` });
      }
    }
  }
  for (const volume of project.volumes.values()) {
    if (!volume.external || !volume.node) continue;
    for (const [key, entry] of volume.node.entries) {
      if (key === 'external' || key === 'name' || key.startsWith('x-')) continue;
      problems.push({ span: entry.key.span, message: `the volume ${volume.key} is external and sets ${key}: Compose takes one or the other` });
    }
  }
  return problems;
}

/**
 * Whether the files are a part of a larger project: they name networks, services, configs or secrets that they do not
 * declare. Compose would refuse them alone, so what else they leave out is declared elsewhere, too.
 */
export function isFragment(root: MapNode, services: readonly Service[]): boolean {
  const names = new Set(services.map((service) => service.name));
  return services.some((service) => {
    const undeclared = (attribute: string): boolean =>
      namesIn(valueOf(service.node, attribute)).some((name) => name !== 'default' && valueOf(valueOf(root, attribute), name) === undefined);
    return undeclared('networks') || undeclared('configs') || undeclared('secrets') || [...service.dependsOn.keys()].some((name) => !names.has(name));
  });
}

/** Keys of a mapping, or the names in a list, whose items may be in long form with a `source`. */
function namesIn(node: Node | undefined): string[] {
  if (node?.kind === 'map') return entriesOf(node).map(([name]) => name);
  if (node?.kind !== 'seq') return [];
  return node.items.flatMap(({ value }) => {
    const named = value.kind === 'map' ? valueOf(value, 'source') : value;
    return named?.kind === 'scalar' && !named.text.includes('$') ? [named.text] : [];
  });
}
