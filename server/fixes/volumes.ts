/** New volumes and mounts in whichever way the project is written: rules need not know who runs it. */
import type { Mount, Project, Service } from '../project/model.ts';
import type { Edit } from '../rules/rule.ts';
import type { Source } from '../syntax/source.ts';
import { removeListItem } from './list.ts';
import { removeMapEntry } from './map.ts';
import * as compose from './named-volume.ts';
import {
  addUnitVolume,
  newVolumeUnit,
  takesVolumeUnit,
  unitNames,
  unitVolumeBase,
  volumeUnit,
  withoutUnitMount,
} from './unit-volumes.ts';

/** Mounts a new named volume at `target` and declares it; null where one of the two cannot be written. */
export function addNamedVolume(
  project: Project,
  service: Service,
  target: string,
  hint?: string,
): { edits: Edit[]; volume: string } | null {
  if (project.runtime === 'compose') return compose.addNamedVolume(project, service, target, hint);
  if (!service.unit || service.broken || isMounted(service, target)) return null;
  const volume = newVolumeName(project, service, target, hint);
  const edits = addUnitVolume(service.unit, target, volume);
  return edits && { edits, volume };
}

const isMounted = ({ mounts }: Service, target: string): boolean =>
  mounts.some((mount) => mount.target === target && mount.from === 'volumes');

/** Declares a volume whose mount stands in `source`. */
export function declareVolume(project: Project, source: Source, volume: string): Edit[] | null {
  if (project.runtime === 'quadlet') return newVolumeUnit(volume, source);
  const root = project.roots.get(source.path);
  return root ? compose.addTopLevelVolume(root, source, volume) : null;
}

/** What a mount writes for a volume that the project declares. */
export const volumeSource = (project: Project, volume: string): string =>
  project.runtime === 'quadlet' ? volumeUnit(volume) : volume;

/** Whether a volume that the project declares can be written as the source of this mount, as far as a unit goes. */
export const takesVolume = ({ unit }: Service, mount: Mount): boolean => !unit || takesVolumeUnit(unit, mount);

/** A key that the project does not use yet. */
export function newVolumeName(project: Project, service: Service, target: string, hint?: string): string {
  if (project.runtime === 'compose') return compose.newVolumeName(project, service, target, hint);
  const taken = new Set([...unitNames(project), ...project.volumes.keys()]);
  for (const { name } of project.volumes.values()) taken.add(name.replace(/^systemd-/, ''));
  const base = unitVolumeBase(service);
  const parts = target.split('/').flatMap((part) => part.replace(/^\.+/, '').replace(/[^\w.-]+/g, '-') || []);
  const names = ['data', parts.slice(-1).join('-'), parts.slice(-2).join('-')].map((last) => `${base}-${last}`);
  const found = [...(hint ? [hint] : []), ...names].find((name) => !taken.has(name));
  if (found !== undefined) return found;
  for (let i = 2; ; i++) if (!taken.has(`${base}-data-${i}`)) return `${base}-data-${i}`;
}

/** The entry or attribute that a mount is written in, taken out. Null where it is shared or inherited. */
export function withoutMount(service: Service, mount: Mount): Edit[] | null {
  if (service.unit) return withoutUnitMount(service.unit, mount);
  const owner = service.declarations.find(({ source }) => source === mount.span.source)?.node;
  const key = mount.from === 'tmpfs' ? 'tmpfs' : 'volumes';
  const entry = owner?.entries.get(key);
  if (!owner || !entry || entry.inherited || entry.alias) return null;
  if (entry.value.kind === 'scalar') return removeMapEntry(owner, key);
  if (entry.value.kind !== 'seq') return null;
  const index = entry.value.items.findIndex(({ value }) => value.span.start === mount.span.start);
  return index < 0 ? null : removeListItem(entry.value, index, { owner, key });
}
