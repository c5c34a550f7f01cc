/** Fixes that several rules offer. */
import { combine, insertAt, joinInserts, replaceSpan } from '../fixes/edits.ts';
import { removeListItem } from '../fixes/list.ts';
import { addMapEntry, removeMapEntry } from '../fixes/map.ts';
import { addNamedVolume, addTopLevelVolume, newVolumeName } from '../fixes/named-volume.ts';
import type { Mount, Project, Service } from '../project/model.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import { isWithin } from '../survival/backing.ts';
import { textOf } from '../syntax/source.ts';
import type { MapNode, Node } from '../syntax/tree.ts';
import type { Edit, Fix, RuleContext } from './rule.ts';
import { carryOver } from './steps.ts';

/** A named volume on `directory`; none where it would hide the program's own files. */
export function volumeFix(
  { analysed: { project } }: RuleContext,
  analysed: AnalysedService,
  one: AnalysedStore,
  directory: string,
): Fix[] {
  if (hidesCode(analysed, one, directory)) return [];
  const added = addNamedVolume(project, analysed.service, directory);
  if (!added) return [];
  return [
    {
      title: `Add the named volume ${added.volume} for ${directory}`,
      safety: 'migration',
      edits: added.edits,
      steps: carryOver(project, analysed, one, directory, added.volume),
    },
  ];
}

/** Other files of the image stand in the folder: a volume over it would keep old code alive. */
function hidesCode(analysed: AnalysedService, one: AnalysedStore, directory: string): boolean {
  if (directory === '/') return true;
  // What the image declares a VOLUME for is in a volume already.
  if (one.backing.type === 'anonymous-volume' && one.backing.target === directory) return false;
  if (directory === analysed.image.workdir) return true;
  if (!one.store.isFile) return false;
  if (one.store.role === 'server') return true;
  return [...analysed.placed.image.keys()].some(
    (file) =>
      isWithin(file, directory) &&
      file !== one.store.path &&
      /\.(py|js|mjs|cjs|ts|tsx|jsx|rb|go|php|java|rs|sh|so|jar|dll)$/.test(file),
  );
}

/** Puts the mount where the data is. `mountPoints` are folders in it that held other mounts, and that are left empty. */
export function targetFix(
  { analysed: { project } }: RuleContext,
  analysed: AnalysedService,
  one: AnalysedStore,
  mount: Mount,
  target: string,
  mountPoints: readonly string[] = [],
): Fix[] {
  const written = textOf(mount.targetSpan);
  if (mount.from !== 'volumes' || !isLiteral(written, mount.target) || isMounted(analysed, target)) return [];
  return [
    {
      title: `Mount it at ${target}`,
      safety: 'migration',
      edits: [replaceSpan(mount.targetSpan, target)],
      steps: carryOver(project, analysed, one, target, mount.source ?? null, mountPoints),
    },
  ];
}

const isLiteral = (written: string, target: string): boolean => written === target || written === `${target}/`;

const isMounted = (analysed: AnalysedService, target: string): boolean =>
  analysed.service.mounts.some((mount) => mount.target === target);

/** The list entry or attribute a mount is written in, taken out. Null where it is shared or inherited. */
function withoutMount(service: Service, mount: Mount): Edit[] | null {
  const declaration = service.declarations.find(({ source }) => source === mount.span.source);
  const owner = declaration?.node;
  const key = mount.from === 'tmpfs' ? 'tmpfs' : 'volumes';
  const entry = owner?.entries.get(key);
  if (!owner || !entry || entry.inherited || entry.alias) return null;
  if (entry.value.kind === 'scalar') return removeMapEntry(owner, key);
  if (entry.value.kind !== 'seq') return null;
  const index = entry.value.items.findIndex(({ value }) => value.span.start === mount.span.start);
  return index < 0 ? null : removeListItem(entry.value, index, { owner, key });
}

/** The list entry as it is written. */
function mountItem(service: Service, mount: Mount): Node | undefined {
  const list = service.declarations
    .find(({ source }) => source === mount.span.source)
    ?.node?.entries.get('volumes')?.value;
  return list?.kind === 'seq'
    ? list.items.find(({ value }) => value.span.start === mount.span.start)?.value
    : undefined;
}

export function removeMount(service: Service, mount: Mount, title: string): Fix[] {
  const edits = withoutMount(service, mount);
  return edits ? [{ title, safety: 'safe', edits }] : [];
}

/** A named volume in place of a tmpfs. */
export function tmpfsToVolume(
  { analysed: { project } }: RuleContext,
  analysed: AnalysedService,
  mount: Mount,
  directory: string,
): Fix[] {
  const { service } = analysed;
  if (mount.from !== 'tmpfs') return [];
  const volume = newVolumeName(project, service, directory);
  const edits =
    tmpfsBecomesVolumes(project, service, mount, `${volume}:${directory}`, volume) ??
    tmpfsGoes(project, service, mount, directory);
  if (!edits) return [];
  const steps = [
    `What is there now is in memory and goes with the next stop: dump it while ${service.name} runs`,
    'Apply this change',
    `docker compose up -d ${service.name}, then load the dump`,
  ];
  return [{ title: `Keep ${directory} in the named volume ${volume}`, safety: 'migration', edits, steps }];
}

/** The tmpfs is the only one and there are no volumes: the attribute changes its name. */
function tmpfsBecomesVolumes(
  project: Project,
  service: Service,
  mount: Mount,
  item: string,
  volume: string,
): Edit[] | null {
  const { source } = mount.span;
  const owner = service.declarations.find((one) => one.source === source)?.node;
  const entry = owner?.entries.get('tmpfs');
  const root = project.roots.get(source.path);
  if (!owner || !entry || !root || entry.inherited || entry.alias || owner.entries.has('volumes')) return null;
  if (entry.value.kind === 'seq' && entry.value.items.length > 1) return null;
  const declared = addTopLevelVolume(root, source, volume);
  if (!declared) return null;
  const value = entry.value.kind === 'seq' ? item : `["${item}"]`;
  return joinInserts([replaceSpan(entry.key.span, 'volumes'), replaceSpan(mount.span, value), ...declared]);
}

function tmpfsGoes(project: Project, service: Service, mount: Mount, directory: string): Edit[] | null {
  const removed = withoutMount(service, mount);
  const added = removed && addNamedVolume(project, service, directory);
  return added && combine(removed, added.edits);
}

/** Gives `- /path` a name and declares it. */
export function nameAnonymous(
  { analysed: { project } }: RuleContext,
  analysed: AnalysedService,
  one: AnalysedStore,
  mount: Mount,
): Fix[] {
  const { source } = mount.span;
  const root: MapNode | undefined = project.roots.get(source.path);
  if (!root || mount.from !== 'volumes' || !isLiteral(textOf(mount.targetSpan), mount.target)) return [];
  const volume = newVolumeName(project, analysed.service, mount.target);
  const declared = addTopLevelVolume(root, source, volume);
  const item = mountItem(analysed.service, mount);
  const name =
    item?.kind === 'map'
      ? addMapEntry(item, 'source', volume, source)
      : [insertAt(source, mount.targetSpan.start, `${volume}:`)];
  if (!declared || !name) return [];
  return [
    {
      title: `Name the volume ${volume}`,
      safety: 'migration',
      edits: joinInserts([...name, ...declared]),
      steps: carryOver(project, analysed, one, mount.target, volume),
    },
  ];
}
