/** What holds a path of a container, by the container's own mounts. */
import type { Project } from '../project/model.ts';
import { isElsewhere, isWithin, volumeType } from '../survival/backing.ts';
import { fate } from '../survival/fate.ts';
import { type Backing, EVENTS, type Runtime } from '../survival/words.ts';
import type { MountPoint, Volume } from './engine.ts';
import type { Fates } from './model.ts';

export interface Observed {
  readonly backing: Backing;
  readonly mount?: MountPoint;
  readonly volume?: Volume;
}

const ANONYMOUS = /^[0-9a-f]{64}$/;
const ANONYMOUS_LABEL = 'com.docker.volume.anonymous';

/** Docker labels only some of them, Podman none: the name tells. */
export const isAnonymous = (name: string, volume?: Volume): boolean =>
  ANONYMOUS.test(name) || volume?.labels[ANONYMOUS_LABEL] !== undefined;

export function coveringPoint(path: string, mounts: readonly MountPoint[]): MountPoint | undefined {
  let found: MountPoint | undefined;
  for (const mount of mounts) {
    if (isWithin(path, mount.target) && (!found || mount.target.length > found.target.length)) found = mount;
  }
  return found;
}

export function observe(
  path: string,
  mounts: readonly MountPoint[],
  volumes: ReadonlyMap<string, Volume>,
  declared: Project['volumes'],
): Observed {
  const mount = coveringPoint(path, mounts);
  if (!mount) {
    if (isWithin(path, '/dev/shm')) return { backing: { type: 'tmpfs', target: '/dev/shm' } };
    return { backing: { type: 'writable-layer' } };
  }
  const place = { target: mount.target, ...(mount.readOnly ? { readOnly: true } : {}) };
  switch (mount.type) {
    case 'tmpfs':
      return { backing: { type: 'tmpfs', ...place }, mount };
    case 'bind':
    case 'npipe':
      return { backing: { type: 'bind-mount', source: mount.source ?? '', ...place }, mount };
    case 'image':
      return { backing: { type: 'image', ...place }, mount };
    case 'cluster':
      return { backing: { type: 'external-volume', source: mount.name ?? '', ...place }, mount };
    case 'other':
      return {
        backing: { type: 'unknown', ...place, reason: 'the engine does not say what kind of mount it is' },
        mount,
      };
    case 'volume':
      return ofVolumeMount(mount, volumes, declared, place);
  }
}

function ofVolumeMount(
  mount: MountPoint,
  volumes: ReadonlyMap<string, Volume>,
  declared: Project['volumes'],
  place: Pick<Backing, 'target' | 'readOnly'>,
): Observed {
  const name = mount.name ?? '';
  const volume = volumes.get(name);
  const found = { mount, ...(volume ? { volume } : {}) };
  if (name === '' || isAnonymous(name, volume)) return { backing: { type: 'anonymous-volume', ...place }, ...found };
  const external = [...declared.values()].some((one) => one.name === name && one.external);
  const driver = volume?.driver || mount.driver;
  const kind = { external, driverOpts: new Map(Object.entries(volume?.options ?? {})), ...(driver ? { driver } : {}) };
  const elsewhere = isElsewhere(kind) ? { elsewhere: true } : {};
  return { backing: { type: volumeType(kind), source: name, ...place, ...elsewhere }, ...found };
}

export const fatesOf = (backing: Backing, runtime: Runtime): Fates =>
  Object.fromEntries(EVENTS.map((event) => [event, fate(backing, event, runtime)])) as Fates;

/** Data that the image brought lies in the writable layer like any other. */
export const agree = (predicted: Backing, observed: Backing): boolean | null =>
  predicted.type === 'unknown' || observed.type === 'unknown' ? null : plain(predicted) === plain(observed);

const plain = ({ type }: Backing): string => (type === 'image' ? 'writable-layer' : type);

const WORDS: Readonly<Record<Backing['type'], string>> = {
  'writable-layer': 'the writable layer',
  'anonymous-volume': 'an anonymous volume',
  'named-volume': 'the volume',
  'external-volume': 'the external volume',
  'bind-mount': 'the folder',
  'network-volume': 'the network volume',
  tmpfs: 'a tmpfs, which is memory',
  image: 'the image',
  unknown: 'something unknown',
};

/** `the volume shop_db`, `the writable layer`. */
export function backingWords({ type, source, reason }: Backing): string {
  if (type === 'unknown' && reason !== undefined) return `something unknown (${reason})`;
  return source === undefined || source === '' ? WORDS[type] : `${WORDS[type]} ${source}`;
}
