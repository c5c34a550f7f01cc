import type { Mount, TopLevelVolume } from '../project/model.ts';
import type { Backing, BackingType } from './words.ts';

/** What decides where a path of a container lies. */
export interface Holders {
  /** One per target. */
  readonly mounts: readonly Mount[];
  readonly volumes: ReadonlyMap<string, TopLevelVolume>;
  /** `VOLUME`s of the image. */
  readonly declared: readonly string[];
  /** These are memory, and no volumes. */
  readonly inMemory?: boolean;
  /** False: the image may declare more. */
  readonly declaredKnown: boolean;
  /** Mounts that cannot be told; any of them may hold the path. */
  readonly gaps: readonly string[];
  /** Whether the image was built with a path in it. */
  readonly baked?: (path: string) => boolean;
}

/** `inner` is `outer` or lies below it. */
export const isWithin = (inner: string, outer: string): boolean =>
  inner === outer || outer === '/' || inner.startsWith(`${outer}/`);

/** The mount that holds `path`: of those at or above it the deepest. */
export function coveringMount(path: string, mounts: readonly Mount[]): Mount | undefined {
  let found: Mount | undefined;
  for (const mount of mounts) {
    if (isWithin(path, mount.target) && (!found || mount.target.length > found.target.length)) found = mount;
  }
  return found;
}

/**
 * What holds `path` (absolute, cleaned). A `VOLUME` of the image between a mount and the path wins over the mount:
 * the engine puts an anonymous volume there.
 */
export function backingOf(path: string, holders: Holders): Backing {
  const mount = coveringMount(path, holders.mounts);
  const declared = deepestOf(holders.declared, path);
  if (declared !== undefined && (!mount || declared.length > mount.target.length)) {
    if (!mount && holders.gaps[0] !== undefined) return { type: 'unknown', reason: holders.gaps[0] };
    return { type: holders.inMemory ? 'tmpfs' : 'anonymous-volume', target: declared };
  }
  if (mount) return ofMount(mount, holders.volumes);
  if (isWithin(path, '/dev/shm')) return { type: 'tmpfs', target: '/dev/shm' };
  if (holders.gaps[0] !== undefined) return { type: 'unknown', reason: holders.gaps[0] };
  const assumed = holders.declaredKnown ? {} : { reason: 'the image may declare a volume here' };
  return { type: holders.baked?.(path) ? 'image' : 'writable-layer', ...assumed };
}

function deepestOf(targets: readonly string[], path: string): string | undefined {
  let found: string | undefined;
  for (const target of targets)
    if (isWithin(path, target) && (found === undefined || target.length > found.length)) found = target;
  return found;
}

function ofMount(mount: Mount, volumes: ReadonlyMap<string, TopLevelVolume>): Backing {
  const hole = mount.unresolved[0];
  const unset = hole && `${hole.variable} is not set`;
  switch (mount.type) {
    case 'tmpfs':
      return at(mount, 'tmpfs', undefined);
    case 'bind':
    case 'npipe':
    case 'config':
    case 'secret':
      if (mount.source === undefined && unset) return at(mount, 'unknown', undefined, unset);
      return at(mount, 'bind-mount', mount.source, unset);
    case 'image':
      return at(mount, 'image', mount.source);
    case 'cluster':
      return at(mount, 'external-volume', mount.source);
    case 'volume':
      return ofNamed(mount, volumes, unset);
  }
}

function ofNamed(mount: Mount, volumes: ReadonlyMap<string, TopLevelVolume>, unset: string | undefined): Backing {
  const { source } = mount;
  if (source === undefined) return at(mount, 'anonymous-volume', undefined);
  const volume = volumes.get(source);
  if (volume) return { ...at(mount, volumeType(volume), source), ...(isElsewhere(volume) ? { elsewhere: true } : {}) };
  if (unset) return at(mount, 'unknown', undefined, unset);
  if (!VOLUME_NAME.test(source)) return at(mount, 'unknown', undefined, `${source} is neither a path nor a name`);
  return at(mount, 'named-volume', source);
}

function at(mount: Mount, type: BackingType, source: string | undefined, reason?: string): Backing {
  const backing: { -readonly [K in keyof Backing]: Backing[K] } = { type, target: mount.target, span: mount.span };
  if (source !== undefined) backing.source = source;
  if (mount.readOnly) backing.readOnly = true;
  if (reason !== undefined) backing.reason = reason;
  return backing;
}

/** What the engine takes for the name of a volume. */
const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

const NETWORK = new Set(['nfs', 'nfs4', 'cifs', 'smb', 'smb3', 'glusterfs', 'ceph', 'sshfs', '9p']);
const NETWORK_DRIVER = /nfs|cifs|rclone|sshfs|netapp|gluster|ceph|rexray|s3|efs|azurefile|longhorn|portworx/i;

/** What tells one kind of volume from another: of one in a file, or of one that an engine has. */
type VolumeKind = Pick<TopLevelVolume, 'external' | 'driver' | 'driverOpts'>;

export function volumeType({ external, driver, driverOpts }: VolumeKind): BackingType {
  if (external) return 'external-volume';
  const type = driverOpts.get('type') ?? '';
  if (NETWORK.has(type) || NETWORK_DRIVER.test(driver ?? '')) return 'network-volume';
  return type === 'tmpfs' ? 'tmpfs' : 'named-volume';
}

/** A named volume whose content is a directory of the host: removing the volume leaves the directory. */
export function isElsewhere(volume: VolumeKind): boolean {
  if (volumeType(volume) !== 'named-volume') return false;
  const { driverOpts } = volume;
  const bound = (driverOpts.get('o') ?? '').split(',').includes('bind');
  return bound || (driverOpts.get('device') !== undefined && /^(none|bind)?$/.test(driverOpts.get('type') ?? ''));
}
