/** Mounts whose two sides are swapped, or that stand among the variables. */
import type { EnvironmentEntry, Mount } from '../project/model.ts';
import { cleanTarget } from '../project/mounts.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import { isWithin } from '../survival/backing.ts';

/** Folders of hosts, where no image keeps anything. */
const HOST_LIKE = /^\/(home|Users|srv|mnt|media|volume\d|opt\/(stacks|docker|appdata))\/|^[A-Za-z]:[\\/]/;

/** `/var/lib/mysql:./data`: the engine refuses a target that is not absolute. */
export const hasRelativeTarget = (mount: Mount): boolean =>
  mount.from === 'volumes' &&
  mount.unresolved.length === 0 &&
  /^(\.{1,2}(\/|$)|~)/.test(mount.targetText) &&
  mount.sourceText?.startsWith('/') === true;

const isUnmounted = ({ backing }: AnalysedStore): boolean =>
  backing.type === 'writable-layer' || backing.type === 'anonymous-volume';

/** The image's own directory on the left, a folder of a host on the right. */
export const isTurned = (mount: Mount, { stores }: AnalysedService): boolean =>
  mount.type === 'bind' &&
  mount.from === 'volumes' &&
  mount.unresolved.length === 0 &&
  HOST_LIKE.test(mount.target) &&
  stores.some(
    (one) =>
      one.store.role === 'server' &&
      one.store.confidence !== 'memory' &&
      one.store.path !== null &&
      one.store.path === cleanTarget(mount.source ?? '') &&
      !isWithin(one.store.path, mount.target) &&
      isUnmounted(one),
  );

/** `- ./data:/data` below `environment:`. */
const MOUNT = /^((?:\.{0,2}|~)\/[^\s:=]*|[A-Za-z0-9][\w.-]*):(\/(?!\/)[^\s:=]+)(:(?:ro|rw|z|Z))?$/;

export interface PastedMount {
  readonly source: string;
  readonly target: string;
}

export function pastedMount({ name, value, from, unresolved }: EnvironmentEntry): PastedMount | undefined {
  if (from !== 'environment' || unresolved.length > 0 || value !== null) return undefined;
  const match = MOUNT.exec(name);
  return match ? { source: match[1]!, target: match[2]! } : undefined;
}

/** What a pasted mount was meant to hold. */
export const wouldHold = ({ target }: PastedMount, one: AnalysedStore): boolean =>
  one.store.path !== null && isWithin(one.store.path, cleanTarget(target)) && isUnmounted(one);

/** The store is not held because of such a mount, or the container does not start at all. */
export const isMisplaced = (analysed: AnalysedService, one: AnalysedStore): boolean => {
  const { mounts, environment } = analysed.service;
  if (mounts.some((mount) => isRefused(mount))) return true;
  if (mounts.some((mount) => one.store.path === cleanTarget(mount.source ?? '') && isTurned(mount, analysed)))
    return true;
  return [...environment.values()].some((entry) => {
    const mount = pastedMount(entry);
    return mount !== undefined && wouldHold(mount, one);
  });
};

/** Any target that is no absolute path, of Linux or of Windows: the engine says so at once, and nothing is written. */
export const isRefused = (mount: Mount): boolean =>
  mount.from === 'volumes' && mount.unresolved.length === 0 && !/^(\/|\\|[A-Za-z]:)/.test(mount.targetText);
