/** What a Kubernetes pod mounts, as `podman kube play` makes it. */
import * as path from 'node:path';
import type { Problem } from '../../../syntax/source.ts';
import { type Node, partOf, type ScalarNode } from '../../../syntax/tree.ts';
import type { Mount, MountType, TopLevelVolume } from '../../model.ts';
import { cleanTarget } from '../../mounts.ts';
import type { Units } from '../units.ts';
import { at, flagAt, has, items, problemAt, scalarAt, stringAt, stringsAt } from './nodes.ts';

/** What stands behind a name in `volumes:` of a pod. */
export interface PodVolume {
  readonly type: MountType;
  readonly source?: string;
  readonly written?: ScalarNode;
  readonly createHostPath?: boolean;
  readonly unresolved: Mount['unresolved'];
}

export interface PodVolumes {
  readonly known: ReadonlyMap<string, PodVolume>;
  /** Volumes of kinds that Podman does not know, or that are not read here. */
  readonly unknown: ReadonlyMap<string, string>;
}

/** @param directory where Podman runs, which is where relative paths start; null where that is not known */
export function readPodVolumes(spec: Node | undefined, units: Units, directory: string | null): PodVolumes {
  const known = new Map<string, PodVolume>();
  const unknown = new Map<string, string>();
  for (const volume of items(at(spec, 'volumes'))) {
    const name = stringAt(volume, 'name');
    if (name === undefined) continue;
    const read = readVolume(volume, units, directory);
    if (typeof read === 'string') unknown.set(name, read);
    else known.set(name, read);
  }
  return { known, unknown };
}

function readVolume(volume: Node, units: Units, directory: string | null): PodVolume | string {
  const host = scalarAt(volume, 'hostPath', 'path');
  if (host) return hostPath(host, stringAt(volume, 'hostPath', 'type'), units, directory);
  const claim = scalarAt(volume, 'persistentVolumeClaim', 'claimName');
  if (claim) return named(claim, units);
  // Memory, or a volume without a name of its own: Podman removes it with the pod.
  if (has(volume, 'emptyDir'))
    return { type: stringAt(volume, 'emptyDir', 'medium') === 'Memory' ? 'tmpfs' : 'volume', unresolved: [] };
  const files: readonly [string, string, MountType][] = [
    ['configMap', 'name', 'config'],
    ['secret', 'secretName', 'secret'],
    ['image', 'reference', 'image'],
  ];
  for (const [key, field, type] of files) {
    const source = scalarAt(volume, key, field);
    if (source) return { type, source: source.text, written: source, unresolved: [] };
  }
  return 'is of a kind that Podman does not know';
}

/** A path without a slash is the name of a volume. */
function hostPath(written: ScalarNode, type: string | undefined, units: Units, directory: string | null): PodVolume {
  const { text } = written;
  if (!text.includes('/')) return named(written, units);
  const created = { createHostPath: /OrCreate$/.test(type ?? '') };
  if (path.posix.isAbsolute(text)) return { type: 'bind', source: text, written, unresolved: [], ...created };
  if (directory !== null)
    return { type: 'bind', source: path.posix.join(directory, text), written, unresolved: [], ...created };
  return { type: 'bind', written, unresolved: [{ variable: 'SetWorkingDirectory', span: written.span }], ...created };
}

function named(written: ScalarNode, units: Units): PodVolume {
  const key = units.keyOf(written.text);
  if (key === written.text && !units.claims.has(key)) units.claims.set(key, bareClaim(written));
  return { type: 'volume', source: key, written, unresolved: [] };
}

const bareClaim = (written: ScalarNode): TopLevelVolume => ({
  key: written.text,
  name: written.text,
  external: false,
  driverOpts: new Map(),
  labels: new Map(),
  span: written.span,
  entrySpan: written.span,
  node: null,
});

const DRIVER_OPTIONS: readonly [string, string][] = [
  ['type', 'volume.podman.io/type'],
  ['device', 'volume.podman.io/device'],
  ['o', 'volume.podman.io/mount-options'],
];

/** A PersistentVolumeClaim is a volume of Podman's; what it is made of stands in annotations. */
export function readClaim(document: Node, units: Units): void {
  const name = scalarAt(document, 'metadata', 'name');
  if (!name) return;
  const annotations = new Map(stringsAt(document, 'metadata', 'annotations').map(([key, { text }]) => [key, text]));
  const driver = annotations.get('volume.podman.io/driver');
  units.claims.set(name.text, {
    ...bareClaim(name),
    entrySpan: document.span,
    driverOpts: new Map(
      DRIVER_OPTIONS.flatMap(([option, key]) => (annotations.has(key) ? [[option, annotations.get(key)!]] : [])),
    ),
    labels: new Map(stringsAt(document, 'metadata', 'labels').map(([key, { text }]) => [key, text])),
    ...(driver !== undefined ? { driver } : {}),
  });
}

export interface ContainerMounts {
  readonly mounts: readonly Mount[];
  readonly gaps: readonly Problem[];
  readonly problems: readonly Problem[];
}

export function readVolumeMounts(container: Node, volumes: PodVolumes): ContainerMounts {
  const mounts = new Map<string, Mount>();
  const gaps: Problem[] = [];
  const problems: Problem[] = [];
  for (const item of items(at(container, 'volumeMounts'))) {
    const name = stringAt(item, 'name') ?? '';
    const target = scalarAt(item, 'mountPath');
    if (!target) continue;
    const volume = volumes.known.get(name);
    const unknown = volumes.unknown.get(name);
    if (unknown !== undefined) gaps.push(problemAt(item, `the volume ${name} ${unknown}`));
    else if (!volume) problems.push(problemAt(item, `the pod has no volume ${name}`));
    else {
      const mount = mountOf(item, target, volume);
      mounts.set(mount.target, mount);
    }
  }
  return { mounts: [...mounts.values()], gaps, problems };
}

function mountOf(
  item: Node,
  target: ScalarNode,
  { written, type, source, createHostPath, unresolved }: PodVolume,
): Mount {
  const [path = '', options = ''] = target.text.split(':');
  const subpath = stringAt(item, 'subPath');
  const files = type === 'config' || type === 'secret';
  return {
    type,
    target: cleanTarget(path),
    targetText: path,
    readOnly: files || type === 'image' || flagAt(item, 'readOnly') || options.split(',').includes('ro'),
    span: item.span,
    targetSpan: partOf(target, 0, path.length),
    unresolved,
    from: type === 'config' ? 'configs' : type === 'secret' ? 'secrets' : type === 'tmpfs' ? 'tmpfs' : 'volumes',
    ...(source !== undefined ? { source } : {}),
    ...(written ? { sourceText: written.text, sourceSpan: written.span } : {}),
    ...(type === 'bind' && createHostPath !== undefined ? { createHostPath } : {}),
    ...(subpath !== undefined ? { subpath } : {}),
  };
}
