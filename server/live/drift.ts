/** Where the mounts of a container are not those of the files: it was made from older ones. */
import type { Mount, Project, Service } from '../project/model.ts';
import type { Image, MountPoint, Volume } from './engine.ts';
import { isAnonymous } from './observe.ts';

export interface Drift {
  readonly target: string;
  readonly kind: 'missing' | 'other' | 'extra';
  /** `the volume shop_db`, as the files say; absent for `extra`. */
  readonly expected?: string;
  /** As the container has it; absent for `missing`. */
  readonly actual?: string;
  readonly mount?: MountPoint;
}

export interface DriftInput {
  readonly service: Service;
  readonly mounts: readonly MountPoint[];
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly declared: Project['volumes'];
  /** Null when it is gone: what it declares is not known. */
  readonly image: Image | null;
  readonly podman: boolean;
  /** The engine names host paths as this machine does. */
  readonly local: boolean;
  readonly realPath: (path: string) => string;
}

export function driftOf(input: DriftInput): Drift[] {
  const { service, mounts, image } = input;
  if (service.broken) return [];
  const byTarget = new Map(mounts.map((mount) => [mount.target, mount]));
  const drifts: Drift[] = [];
  for (const mount of service.mounts) {
    if (mount.unresolved.length > 0 || mount.type === 'config' || mount.type === 'secret') continue;
    const drift = compare(mount, byTarget.get(mount.target), input);
    if (drift) drifts.push({ target: mount.target, ...drift });
  }
  if (service.mountGaps.length > 0 || !image) return drifts;
  const known = new Set([...service.mounts.map(({ target }) => target), ...image.volumes]);
  for (const mount of mounts) {
    // Only volumes: an engine and its tools add host files of their own.
    if (mount.type !== 'volume' || known.has(mount.target)) continue;
    drifts.push({ target: mount.target, kind: 'extra', actual: actualWords(mount, input), mount });
  }
  return drifts;
}

type Difference = Omit<Drift, 'target'> | null;

function compare(expected: Mount, actual: MountPoint | undefined, input: DriftInput): Difference {
  const differs = (words: string): Difference =>
    actual
      ? { kind: 'other', expected: words, actual: actualWords(actual, input), mount: actual }
      : { kind: 'missing', expected: words };
  switch (expected.type) {
    case 'tmpfs':
      // Podman does not tell of every tmpfs.
      return actual?.type === 'tmpfs' || (!actual && input.podman) ? null : differs('a tmpfs');
    case 'bind': {
      const source = expected.source ?? '';
      if (actual?.type === 'bind' && samePath(source, actual.source ?? '', input)) return null;
      return differs(`the folder ${source}`);
    }
    case 'volume': {
      if (expected.source === undefined) {
        // podman-compose gives it a name of its own.
        return actual?.type === 'volume' &&
          (input.podman || isAnonymous(actual.name ?? '', input.volumes.get(actual.name ?? '')))
          ? null
          : differs('an anonymous volume');
      }
      const name = input.declared.get(expected.source)?.name ?? expected.source;
      if (actual?.type === 'volume' && actual.name === name) return null;
      return differs(`the volume ${name}`);
    }
    default:
      return null;
  }
}

/** Virtual machines see host paths below a folder of their own (`/host_mnt`, `/run/desktop/mnt/host`). */
const samePath = (one: string, other: string, { local, realPath }: DriftInput): boolean =>
  one === other || (local ? realPath(one) === realPath(other) : other.endsWith(one.replace(/^[A-Za-z]:/, '')));

function actualWords(mount: MountPoint, { volumes }: DriftInput): string {
  if (mount.type === 'volume') {
    const name = mount.name ?? '';
    return isAnonymous(name, volumes.get(name)) ? `an anonymous volume (${name.slice(0, 12)})` : `the volume ${name}`;
  }
  if (mount.type === 'bind') return `the folder ${mount.source ?? ''}`;
  return mount.type === 'tmpfs' ? 'a tmpfs' : `a mount of type ${mount.type}`;
}
