import type { Mount, TopLevelVolume } from '../project/model.ts';
import type { Backing } from './words.ts';

/** What decides where a path of a container lies. */
export interface Holders {
  /** One per target. */
  readonly mounts: readonly Mount[];
  readonly volumes: ReadonlyMap<string, TopLevelVolume>;
  /** `VOLUME`s of the image. */
  readonly declared: readonly string[];
  /** False: the image may declare more. */
  readonly declaredKnown: boolean;
  /** Mounts that cannot be told; any of them may hold the path. */
  readonly gaps: readonly string[];
  /** The image was built with this path in it. */
  readonly baked?: boolean;
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
  const declared = holders.declared.filter((target) => isWithin(path, target)).sort((a, b) => b.length - a.length)[0];
  if (declared !== undefined && (!mount || declared.length > mount.target.length)) {
    if (!mount && holders.gaps[0] !== undefined) return { type: 'unknown', reason: holders.gaps[0] };
    return { type: 'anonymous-volume', target: declared };
  }
  if (mount) return ofMount(mount, holders.volumes);
  if (isWithin(path, '/dev/shm')) return { type: 'tmpfs', target: '/dev/shm' };
  if (holders.gaps[0] !== undefined) return { type: 'unknown', reason: holders.gaps[0] };
  const assumed = holders.declaredKnown ? {} : { reason: 'the image may declare a volume here' };
  return { type: holders.baked ? 'image' : 'writable-layer', ...assumed };
}

function ofMount(mount: Mount, volumes: ReadonlyMap<string, TopLevelVolume>): Backing {
  const place = { target: mount.target, span: mount.span, ...(mount.readOnly ? { readOnly: true } : {}) };
  const named = mount.source !== undefined ? { source: mount.source } : {};
  const hole = mount.unresolved[0];
  switch (mount.type) {
    case 'tmpfs':
      return { type: 'tmpfs', ...place };
    case 'bind':
    case 'npipe':
    case 'config':
    case 'secret':
      if (mount.source === undefined && hole)
        return { type: 'unknown', ...place, reason: `${hole.variable} is not set` };
      return { type: 'bind-mount', ...place, ...named, ...(hole ? { reason: `${hole.variable} is not set` } : {}) };
    case 'image':
      return { type: 'image', ...place, ...named };
    case 'cluster':
      return { type: 'external-volume', ...place, ...named };
    case 'volume':
      if (mount.source === undefined) return { type: 'anonymous-volume', ...place };
      if (hole && !volumes.has(mount.source))
        return { type: 'unknown', ...place, reason: `${hole.variable} is not set` };
      if (!volumes.has(mount.source) && !VOLUME_NAME.test(mount.source))
        return { type: 'unknown', ...place, reason: `${mount.source} is neither a path nor a name` };
      return { ...ofVolume(mount.source, volumes.get(mount.source)), ...place };
  }
}

/** What the engine takes for the name of a volume. */
const VOLUME_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

const NETWORK = new Set(['nfs', 'nfs4', 'cifs', 'smb', 'smb3', 'glusterfs', 'ceph', 'sshfs', '9p']);
const NETWORK_DRIVER = /nfs|cifs|rclone|sshfs|netapp|gluster|ceph|rexray|s3|efs|azurefile|longhorn|portworx/i;

function ofVolume(source: string, volume: TopLevelVolume | undefined): Backing {
  if (!volume) return { type: 'named-volume', source };
  if (volume.external) return { type: 'external-volume', source };
  const options = volume.driverOpts;
  const type = options.get('type') ?? '';
  if (NETWORK.has(type) || NETWORK_DRIVER.test(volume.driver ?? '')) return { type: 'network-volume', source };
  if (type === 'tmpfs') return { type: 'tmpfs', source };
  const bound =
    (options.get('o') ?? '').split(',').includes('bind') ||
    (options.get('device') !== undefined && /^(none|bind)?$/.test(type));
  return bound ? { type: 'named-volume', source, elsewhere: true } : { type: 'named-volume', source };
}
