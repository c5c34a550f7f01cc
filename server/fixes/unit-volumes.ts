/** Mounts and volumes of Quadlet units. */
import * as path from 'node:path';
import type { Mount, Project, Service } from '../project/model.ts';
import { ownEntries, type QuadletUnit } from '../project/quadlet/model.ts';
import type { Edit } from '../rules/rule.ts';
import { eolOf, type Source } from '../syntax/source.ts';
import { insertAt, replaceSpan } from './edits.ts';
import { addUnitLine, entryAt, removeUnitLine } from './unit-lines.ts';

/** How a container names the volume that `<volume>.volume` makes. */
export const volumeUnit = (volume: string): string => `${volume}.volume`;

const MOUNT_KEYS = ['Volume', 'Mount', 'Tmpfs'];

/** A new unit beside `beside`, which makes the volume `systemd-<volume>`. */
export function newVolumeUnit(volume: string, beside: Source): Edit[] {
  const folder = path.posix.dirname(beside.path).replace(/\.d$/, '');
  const file = path.posix.join(/\.container$/.test(folder) ? path.posix.dirname(folder) : folder, volumeUnit(volume));
  return [insertAt({ path: file, text: '' }, 0, `[Volume]${eolOf(beside)}`)];
}

/** A line for the mount, and the unit of the volume. */
export function addUnitVolume(unit: QuadletUnit, target: string, volume: string): Edit[] | null {
  const line = isWritable(target) ? addUnitLine(unit, 'Volume', `${volumeUnit(volume)}:${target}`) : null;
  return line && [...line, ...newVolumeUnit(volume, unit.sources[0])];
}

/** A space, a colon or a character that systemd replaces would have to be written in another way. */
const isWritable = (target: string): boolean => /^\/[\w./@+-]*$/.test(target);

/** The line that a mount is written in. Null where it comes from the arguments of Podman. */
export function withoutUnitMount(unit: QuadletUnit, mount: Mount): Edit[] | null {
  const entry = entryAt(unit, mount.span, MOUNT_KEYS);
  return entry ? removeUnitLine(entry) : null;
}

/**
 * Whether the source can become a unit's: the arguments of Podman know no units, and `Mount=` would have to change its
 * type as well.
 */
export const takesVolumeUnit = (unit: QuadletUnit, { span, type }: Mount): boolean =>
  ownEntries(unit).some(
    (entry) =>
      (entry.key === 'Volume' || (entry.key === 'Mount' && type === 'volume')) &&
      entry.span.source === span.source &&
      entry.span.start <= span.start &&
      span.end <= entry.span.end,
  );

/** `Tmpfs=/data` becomes a `Volume=` in its place. */
export function unitTmpfsToVolume(unit: QuadletUnit, mount: Mount, volume: string): Edit[] | null {
  const entry = entryAt(unit, mount.span, ['Tmpfs']);
  if (!entry || !isWritable(mount.target)) return null;
  const line = replaceSpan(entry.span, `Volume=${volumeUnit(volume)}:${mount.target}`);
  return [line, ...newVolumeUnit(volume, unit.sources[0])];
}

/** Names that a file of the folder has already, with or without being a volume of the project. */
export const unitNames = (project: Project): string[] =>
  project.files.map(({ path: file }) => path.posix.basename(file).replace(/\.\w+$/, ''));

/** `db-data`, as people name units. */
export const unitVolumeBase = ({ name }: Service): string =>
  name.replace(/@.*$/, '').replace(/[^\w.-]+/g, '-') || 'data';
