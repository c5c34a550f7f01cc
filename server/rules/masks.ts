/** Volumes without a name that are there for something else than keeping data. */
import type { Mount } from '../project/model.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import { coveringMount } from '../survival/backing.ts';

/** Folders that are masked on purpose, so that a bind mount of the code does not hide or fill them. */
const MASKS =
  /(^|\/)(node_modules|\.venv|venv|vendor|target|\.next|\.nuxt|\.svelte-kit|__pycache__|dist|build|out|\.cache|\.git|\.turbo|bower_components|obj|bin|tmp|logs?|var|coverage|_build|deps|elm-stuff|\.gradle|\.m2|\.cargo|\.yarn|\.pnpm-store)$/i;

export function isMask(mount: Mount, { service }: AnalysedService): boolean {
  if (MASKS.test(mount.target)) return true;
  const above = coveringMount(
    mount.target,
    service.mounts.filter((other) => other !== mount),
  );
  return above?.type === 'bind';
}

/** A body of data of its own lies there, and another finding is about that. */
export const holdsStore = (mount: Mount, stores: readonly AnalysedStore[]): boolean =>
  stores.some(
    ({ backing, store }) =>
      store.evidence[0].from !== 'mount' && (backing.span === mount.span || store.path === mount.target),
  );

/** `- /path`, `Volume=/path` */
export const isNameless = (mount: Mount): boolean =>
  mount.type === 'volume' && mount.from === 'volumes' && mount.source === undefined && mount.unresolved.length === 0;
