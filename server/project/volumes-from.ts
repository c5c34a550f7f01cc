/** `volumes_from`: mounts that are taken from other services. */
import type { Problem } from '../syntax/source.ts';
import { valueAt as child } from '../syntax/tree.ts';
import type { Mount, Service } from './model.ts';
import type { Reader } from './reader.ts';

const NOT_LENT: ReadonlySet<Mount['from']> = new Set(['tmpfs', 'configs', 'secrets']);

/** Adds what `volumes_from` brings; a container outside the project leaves a gap. */
export function addVolumesFrom(reader: Reader, services: ReadonlyMap<string, Service>): Map<string, Service> {
  const done = new Map<string, Service>();
  const open = new Set<string>();
  const visit = (service: Service): Service => {
    const known = done.get(service.name);
    if (known) return known;
    if (open.has(service.name)) return service;
    open.add(service.name);
    const borrowed = reader.list(child(service.node, 'volumes_from'));
    if (borrowed.length === 0) {
      done.set(service.name, service);
      return service;
    }
    const own = new Set(service.mounts.map((mount) => mount.target));
    const mounts: Mount[] = [...service.mounts];
    const gaps: Problem[] = [...service.mountGaps];
    const lenders: string[] = [];
    let { broken } = service;
    for (const text of borrowed) {
      const [first, second, third] = text.value.split(':');
      if (first === 'container') {
        gaps.push({ span: text.span, message: `the volumes of the container ${second} are not known here` });
        continue;
      }
      const from = services.get(first!);
      if (!from) continue;
      const readOnly = (third ?? second) === 'ro';
      const lender = visit(from);
      lenders.push(lender.name, ...(lender.lenders ?? []));
      broken ||= lender.broken;
      for (const mount of lender.mounts) {
        // Short-form tmpfs is memory of the container's own: the engine lends volumes and binds.
        if (own.has(mount.target) || NOT_LENT.has(mount.from)) continue;
        own.add(mount.target);
        mounts.push({
          ...mount,
          from: 'volumes_from',
          readOnly: mount.readOnly || readOnly,
          span: text.span,
          targetSpan: text.span,
        });
      }
    }
    const result = { ...service, broken, mounts, mountGaps: gaps, ...(lenders.length > 0 ? { lenders } : {}) };
    done.set(service.name, result);
    return result;
  };
  for (const service of services.values()) visit(service);
  return done;
}
