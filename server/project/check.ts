/** What Compose refuses once the files are merged. */
import type { Problem } from '../syntax/source.ts';
import type { Project } from './model.ts';

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
