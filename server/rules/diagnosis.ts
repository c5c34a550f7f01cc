/** Why a store that does not survive does not survive: each store has one diagnosis, and each diagnosis one rule. */
import * as nodePath from 'node:path';
import { wrongMounts } from '../catalogue/match.ts';
import type { Files } from '../files.ts';
import type { Mount } from '../project/model.ts';
import { cleanTarget } from '../project/mounts.ts';
import { configurationFiles } from '../stores/configuration-file.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import { flatWords } from '../stores/words.ts';
import { coveringMount, isWithin } from '../survival/backing.ts';
import { HELPERS, isDataMount } from './data-mounts.ts';
import type { EmbeddedDatabase, KeyMaterial, Stack } from './families.ts';
import { queuesJobs } from './guards/caches.ts';
import { atMost, isCache, isRedisLike } from './guards.ts';
import type { RuleContext, Severity } from './rule.ts';
import { isSource } from './source-mounts.ts';
import { isMisplaced } from './swapped.ts';
import { valuesOf } from './values.ts';

export type Diagnosis =
  | { readonly kind: 'tmpfs'; readonly mount: Mount | undefined }
  /** A setting moves the data to a place outside all mounts. */
  | { readonly kind: 'moved' }
  /** Mounted above a `VOLUME` of the image, which shadows it. */
  | { readonly kind: 'parent'; readonly mount: Mount; readonly volume: string }
  | { readonly kind: 'below'; readonly mount: Mount }
  /** Mounted where this version of the image keeps nothing. */
  | {
      readonly kind: 'elsewhere';
      readonly mount: Mount;
      readonly why: string;
      readonly known: boolean;
      /** Nothing starts with this mount. */
      readonly refuses: boolean;
    }
  /** `- /path` without a source. */
  | { readonly kind: 'anonymous'; readonly mount: Mount }
  | { readonly kind: 'missing' }
  /** Swapped or misplaced mounts: `swapped-mount-sides` looks at mounts, not at stores, and says all there is to say. */
  | { readonly kind: 'swapped' }
  /** What follows is `missing` too, with a reason that says more; see claims.ts. */
  | { readonly kind: 'key'; readonly material: KeyMaterial; readonly kept: string }
  | { readonly kind: 'read-only' }
  | { readonly kind: 'fallback'; readonly database: EmbeddedDatabase }
  | { readonly kind: 'partial'; readonly kept: AnalysedStore }
  | { readonly kind: 'asymmetric'; readonly stack: Stack; readonly kept: AnalysedService }
  /** A relative URL of SQLite, beside a mount that it misses; `sure` where the working directory is known. */
  | { readonly kind: 'relative'; readonly mount: Mount; readonly sure: boolean };

/** Null when the store is held by something that lasts, or when it is not known what holds it. */
export function diagnose(analysed: AnalysedService, one: AnalysedStore, files: Files): Diagnosis | null {
  const { store, backing } = one;
  if (store.path === null || analysed.service.broken) return null;
  const path = store.path;
  const { mounts } = analysed.service;
  if (backing.type === 'tmpfs') return { kind: 'tmpfs', mount: coveringMount(path, mounts) };
  if (backing.type !== 'writable-layer' && backing.type !== 'anonymous-volume' && backing.type !== 'image') return null;
  if (isMisplaced(analysed, one)) return { kind: 'swapped' };
  const covering = coveringMount(path, mounts);
  if (covering && covering.type === 'image') return null;
  if (backing.type === 'anonymous-volume' && backing.span && covering) return { kind: 'anonymous', mount: covering };
  if (
    covering &&
    backing.type === 'anonymous-volume' &&
    backing.target !== undefined &&
    backing.target !== covering.target
  ) {
    return { kind: 'parent', mount: covering, volume: backing.target };
  }
  if (store.role === 'embedded') return { kind: 'missing' };
  const { from } = store.evidence[0];
  if (from === 'environment' || from === 'command' || from === 'configuration') return { kind: 'moved' };
  const candidates = mounts.filter(isDataMount);
  const values = valuesOf(analysed);
  const wrong = analysed.image.match ? wrongMounts(analysed.image.match, values) : [];
  for (const mount of candidates) {
    const known = wrong.find((one) => cleanTarget(one.path) === mount.target);
    if (known) return { kind: 'elsewhere', mount, why: known.why, known: true, refuses: known.refuses === true };
  }
  const below = candidates.find((mount) => isPartOf(mount, path) && !isSource(mount, analysed, files));
  if (below) return { kind: 'below', mount: below };
  // Who has found the right place for one part of the data means another by another name.
  const named = holdsAnother(analysed, one) ? nodePath.posix.basename(path) : null;
  const meant = candidates.find(
    (mount) =>
      (named === null || nodePath.posix.basename(mount.target) === named) &&
      looksMeant(mount, analysed) &&
      !isSource(mount, analysed, files),
  );
  return meant
    ? { kind: 'elsewhere', mount: meant, why: `${store.title} keeps nothing there`, known: false, refuses: false }
    : { kind: 'missing' };
}

const holdsAnother = ({ stores }: AnalysedService, { store: { technology, path } }: AnalysedStore): boolean =>
  stores.some(
    ({ store, backing }) =>
      store.role === 'server' &&
      store.technology === technology &&
      store.path !== path &&
      store.kind === 'essential' &&
      store.need === 'required' &&
      /^(named-volume|external-volume|bind-mount|network-volume)$/.test(backing.type),
  );

/** Below the data directory, and not one of the folders that are filled from outside: `import`, `conf`, `plugins`. */
const isPartOf = (mount: Mount, directory: string): boolean =>
  mount.target !== directory &&
  isWithin(mount.target, directory) &&
  !HELPERS.test(nodePath.posix.relative(directory, mount.target));

/** A named volume, or a folder called data or db: somebody wanted this to be the data. */
function looksMeant(mount: Mount, analysed: AnalysedService): boolean {
  // Where programs keep their data, and no library.
  const inside = mount.target.replace(/^\/var\/lib\//, '/');
  if (HELPERS.test(inside) && !/(^|\/)(data|db)(\/|$)/i.test(mount.target)) return false;
  // A mount alone makes a store of files: that says nothing about what this mount was meant for.
  const known = analysed.stores.some(
    ({ store }) =>
      store.evidence[0].from !== 'mount' &&
      store.path !== null &&
      (isWithin(store.path, mount.target) || isWithin(mount.target, store.path)),
  );
  if (known || analysed.image.match?.family.data.some((fact) => isWithin(mount.target, cleanTarget(fact.path))))
    return false;
  return (
    mount.source !== undefined &&
    (mount.type === 'volume' || /(^|[/._-])(data|db|storage)([/._-]|$)/i.test(mount.target))
  );
}

/** How grave: the kind of data and what was assumed limit a severity. What nobody has checked is a guard's matter. */
export function severityFor(
  severity: Severity,
  analysed: AnalysedService,
  one: AnalysedStore,
  { analysed: project, files }: RuleContext,
): Severity {
  const { store, backing } = one;
  const limits: Severity[] = [severity];
  if (store.kind === 'secret') limits.push('warning');
  if (store.kind === 'rebuildable' || store.kind === 'configuration' || store.need === 'optional') limits.push('info');
  // The worst that an assumption can hide is a volume without a name, and that is a warning where it outlives a stop.
  if (backing.reason !== undefined && project.project.runtime === 'compose') limits.push('warning');
  if (isRedisLike(analysed)) {
    if (isCache(analysed, project)) limits.push('info');
    // Jobs are more than a cache, and less than a database.
    else if (backing.type !== 'tmpfs') limits.push(queuesJobs(analysed, project) ? 'warning' : 'info');
  }
  if (store.role === 'server' && openConfiguration(analysed, one, files)) limits.push('info');
  return limits.reduce(atMost);
}

/**
 * A configuration file is mounted that we cannot read, and this image can be moved by one. A variable and a flag win
 * over the file.
 */
const openConfiguration = (analysed: AnalysedService, { store }: AnalysedStore, files: Files): boolean =>
  store.evidence[0].from !== 'environment' &&
  store.evidence[0].from !== 'command' &&
  (analysed.image.match?.family.relocations.some((move) => move.by === 'config') ?? false) &&
  configurationFiles(analysed.service, flatWords(analysed.argv), analysed.image.match?.family, files).some(
    ({ source }) => source === null,
  );
