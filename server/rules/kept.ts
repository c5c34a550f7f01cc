/** Data that lasts, and where on the host or on the engine it lies. */
import * as path from 'node:path';
import type { Mount, Project, Service } from '../project/model.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import { coveringMount } from '../survival/backing.ts';
import type { BackingType, Confidence, Store } from '../survival/words.ts';
import { atMost } from './guards.ts';
import type { Severity } from './rule.ts';

const LASTING: ReadonlySet<BackingType> = new Set([
  'named-volume',
  'external-volume',
  'bind-mount',
  'network-volume',
] satisfies BackingType[]);

/** What matters to a service and is on a mount that outlives its container. */
export const isKept = (one: AnalysedStore): boolean => one.store.need === 'required' && isLasting(one);

const isLasting = ({ store, backing }: AnalysedStore): boolean =>
  store.kind === 'essential' && LASTING.has(backing.type);

/** What a server keeps only where it is told to, and a setting of this service tells it. */
const isChosen = ({ need, evidence: [first] }: Store): boolean =>
  need === 'optional' && (first.from === 'command' || first.from === 'environment');

/** The data of a server that the catalogue knows. */
export const keptByServer = ({ service, image, stores }: AnalysedService): readonly AnalysedStore[] =>
  service.broken || !image.match
    ? []
    : stores.filter(
        (one) =>
          one.store.role === 'server' &&
          one.store.technology === image.match?.family.id &&
          (isKept(one) || (isChosen(one.store) && isLasting(one))),
      );

/** What nobody has checked, and what only looks like it, is never more than an info. */
export const asSure = (severity: Severity, ...confidences: readonly (Confidence | undefined)[]): Severity =>
  confidences.includes('memory') ? atMost(severity, 'info') : severity;

export interface Place {
  readonly mount: Mount;
  /** The volume's name on the engine, or the path on the host. */
  readonly root: string;
  /** Path of the data below it. */
  readonly inside: string;
}

/** What systemd puts in the place of `%h` is the same wherever it stands: what is mounted is told by how it is written. */
export const isOpen = ({ unresolved }: Mount): boolean =>
  unresolved.some(({ variable }) => !/^%[A-Za-z]$/.test(variable));

/** Where a store lies outside the container; undefined where that cannot be told. */
export function placeOf(
  { store, backing }: AnalysedStore,
  { service }: AnalysedService,
  project: Project,
): Place | undefined {
  if (store.path === null) return undefined;
  const place = placeAt(store.path, service, project);
  return place?.mount.span === backing.span ? place : undefined;
}

/** Where any path of a container lies outside of it. */
export function placeAt(at: string, { mounts }: Service, project: Project): Place | undefined {
  const mount = coveringMount(at, mounts);
  if (mount?.source === undefined || isOpen(mount)) return undefined;
  const below = path.posix.relative(mount.target, at);
  if (mount.type === 'bind') return { mount, root: 'host', inside: path.posix.join(mount.source, below) };
  if (mount.type !== 'volume' || mount.source.includes('{{')) return undefined;
  const root = project.volumes.get(mount.source)?.name ?? `${project.name}_${mount.source}`;
  return { mount, root, inside: path.posix.join('/', mount.subpath ?? '', below) };
}

/** The major version in the words of the one who counts: `8.4` of MySQL is another series than `8.0`. */
export const isPinned = ({ image }: AnalysedService): boolean =>
  image.match !== undefined &&
  (image.match.version !== null || image.match.openTag === true || image.match.reference.digest !== null);
