/** Folders of the host behind a mount: of a bind, or of a volume that is bound to one by its `driver_opts`. */
import * as path from 'node:path';
import type { Mount, Project, Service } from '../project/model.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import { coveringMount } from '../survival/backing.ts';
import { isOpen, type Place } from './kept.ts';

/** `o: bind` with a `device`, which is absolute where the engine finds it: Compose has resolved the relative ones. */
export function boundFolder({ type, source }: Mount, { volumes, runtime, directory }: Project): string | undefined {
  const volume = type === 'volume' && source !== undefined ? volumes.get(source) : undefined;
  if (!volume || volume.external || runtime !== 'compose' || (volume.driver ?? 'local') !== 'local') return undefined;
  const device = volume.driverOpts.get('device');
  const options = (volume.driverOpts.get('o') ?? '').split(',').map((option) => option.trim());
  if (!device || !options.includes('bind') || device.includes('$')) return undefined;
  const folder = path.posix.normalize(device);
  // Of a variable that is not set here the project's own folder is left.
  if (folder.replace(/\/$/, '') === directory) return undefined;
  return path.posix.isAbsolute(device) || /^[A-Za-z]:/.test(device) ? folder : undefined;
}

/** The folder of the host that a mount shows; undefined where it shows none. */
export const hostFolder = (mount: Mount, project: Project): string | undefined =>
  mount.type === 'bind' ? mount.source : boundFolder(mount, project);

/** Where a store lies on the host; undefined where it lies on no folder of it. */
export function hostPlaceOf(
  { store, backing }: AnalysedStore,
  { service }: AnalysedService,
  project: Project,
): Place | undefined {
  if (store.path === null || (backing.type !== 'bind-mount' && !hasBound(project))) return undefined;
  const place = hostPlaceAt(store.path, service, project);
  return place?.mount.span === backing.span ? place : undefined;
}

const bound = new WeakMap<Project, boolean>();

/** Whether a volume of the project may be a folder of the host: of most projects none is. */
export function hasBound(project: Project): boolean {
  let found = bound.get(project);
  if (found === undefined) {
    found = [...project.volumes.values()].some(({ driverOpts }) => driverOpts.has('device'));
    bound.set(project, found);
  }
  return found;
}

export function hostPlaceAt(at: string, { mounts }: Service, project: Project): Place | undefined {
  const mount = coveringMount(at, mounts);
  const folder = mount === undefined || isOpen(mount) ? undefined : hostFolder(mount, project);
  if (mount === undefined || folder === undefined) return undefined;
  const below = path.posix.join(mount.subpath ?? '', path.posix.relative(mount.target, at));
  return { mount, root: 'host', inside: path.posix.join(folder, below) };
}
