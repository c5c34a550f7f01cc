/** Fixes that several rules offer. */
import { combine, insertAt, joinInserts, replaceSpan } from '../fixes/edits.ts';
import { addMapEntry } from '../fixes/map.ts';
import { unitTmpfsToVolume } from '../fixes/unit-volumes.ts';
import {
  addNamedVolume,
  declareVolume,
  newVolumeName,
  takesVolume,
  volumeSource,
  withoutMount,
} from '../fixes/volumes.ts';
import type { Mount, Project, Service } from '../project/model.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import { isWithin } from '../survival/backing.ts';
import { textOf } from '../syntax/source.ts';
import type { Node } from '../syntax/tree.ts';
import type { Edit, Fix, RuleContext } from './rule.ts';
import { runsOf } from './runs.ts';
import { carryOver } from './steps.ts';

/** A named volume on `directory`; none where it would hide the program's own files, or where the place is only guessed. */
export function volumeFix(
  { analysed: { project } }: RuleContext,
  analysed: AnalysedService,
  one: AnalysedStore,
  directory: string,
): Fix[] {
  if (isGuessed(analysed, one) || hidesCode(analysed, one, directory)) return [];
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

/** The image looks like one that keeps its data here. A volume that stays empty would look safe. */
function isGuessed({ image }: AnalysedService, { store }: AnalysedStore): boolean {
  const match = image.named ?? image.match;
  return match?.lookalike === true && store.role === 'server' && store.technology === match.family.id;
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
  // What the pod mounts is mounted in its other containers as well.
  if (!isOwn(analysed.service, mount)) return [];
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

const isOwn = ({ unit }: Service, { span }: Mount): boolean => !unit || unit.sources.includes(span.source);

const isMounted = (analysed: AnalysedService, target: string): boolean =>
  analysed.service.mounts.some((mount) => mount.target === target);

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
    (service.unit && mount.target === directory && unitTmpfsToVolume(service.unit, mount, volume)) ||
    tmpfsBecomesVolumes(project, service, mount, `${volume}:${directory}`, volume) ||
    tmpfsGoes(project, service, mount, directory);
  if (!edits) return [];
  const steps = [
    `What is there now is in memory and goes with the next stop: dump it while ${service.name} runs`,
    'Apply this change',
    `${runsOf(project).up(project, service)}, then load the dump`,
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
  if (!owner || !entry || entry.inherited || entry.alias || owner.entries.has('volumes')) return null;
  if (entry.value.kind === 'seq' && entry.value.items.length > 1) return null;
  const declared = declareVolume(project, source, volume);
  if (!declared) return null;
  const value = entry.value.kind === 'seq' ? item : `["${item}"]`;
  return joinInserts([replaceSpan(entry.key.span, 'volumes'), replaceSpan(mount.span, value), ...declared]);
}

function tmpfsGoes(project: Project, service: Service, mount: Mount, directory: string): Edit[] | null {
  const removed = withoutMount(service, mount);
  const added = removed && addNamedVolume(project, service, directory);
  return added && combine(removed, added.edits);
}

/** In front of the path, where that is all that is written; `source=` where the parts have names. */
function nameBefore({ span, targetSpan }: Mount, volume: string): Edit[] {
  const { source, start } = targetSpan;
  const before = source.text.slice(span.start, start);
  const key = /(^|,)(target|dst|destination)=$/.exec(before)?.[2];
  if (key !== undefined) return [insertAt(source, start - key.length - 1, `source=${volume},`)];
  // `Volume=:/path`
  return [insertAt(source, start, before.endsWith(':') ? volume : `${volume}:`)];
}

/** Gives `- /path` a name and declares it. */
export function nameAnonymous(
  { analysed: { project } }: RuleContext,
  analysed: AnalysedService,
  one: AnalysedStore,
  mount: Mount,
): Fix[] {
  const { source } = mount.span;
  if (mount.from !== 'volumes' || !isLiteral(textOf(mount.targetSpan), mount.target)) return [];
  if (!takesVolume(analysed.service, mount)) return [];
  const volume = newVolumeName(project, analysed.service, mount.target);
  const declared = declareVolume(project, source, volume);
  const item = mountItem(analysed.service, mount);
  const name =
    item?.kind === 'map'
      ? addMapEntry(item, 'source', volume, source)
      : nameBefore(mount, volumeSource(project, volume));
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
