/** One volume for services that are parts of one application: the same image, started with other words, on the same file. */
import { joinInserts } from '../fixes/edits.ts';
import { addListItem } from '../fixes/list.ts';
import { addNamedVolume } from '../fixes/volumes.ts';
import type { Mount, Service } from '../project/model.ts';
import type { AnalysedService } from '../stores/model.ts';
import { volumeFix } from './fixes.ts';
import type { Loss } from './losses.ts';
import type { Edit, Fix, RuleContext } from './rule.ts';
import { runsOf } from './runs.ts';
import { carryOver } from './steps.ts';

type Missing = Loss<'missing'>;

/** A volume on the folder of a file; the one volume where other services open the same file. */
export function folderFix(context: RuleContext, loss: Missing, all: readonly Missing[]): Fix[] {
  const { analysed, one, directory } = loss;
  const alone = volumeFix(context, analysed, one, directory);
  const { project, services } = context.analysed;
  if (alone.length === 0 || project.runtime !== 'compose') return alone;
  const parts = services.filter((other) => isPartWith(other, analysed));
  const there = parts.flatMap((other) => other.service.mounts.find((mount) => isVolumeAt(mount, directory)) ?? []);
  if (there[0]) return joined(context, loss, there[0].source!, parts);
  const losing = all.filter((other) => parts.includes(other.analysed) && other.one.store.path === one.store.path);
  const others = [...new Set(losing.map((other) => other.analysed))];
  return others.length > 0 ? together(context, loss, others) : alone;
}

/** Services that are started alike are several of one kind, each with a file of its own. */
const isPartWith = ({ service: a, argv: words }: AnalysedService, { service: b, argv }: AnalysedService): boolean =>
  a.name !== b.name && isSameImage(a, b) && words.join('\0') !== argv.join('\0');

const isSameImage = (a: Service, b: Service): boolean =>
  a.build && b.build
    ? a.build.context === b.build.context &&
      a.build.dockerfile === b.build.dockerfile &&
      a.build.target === b.build.target
    : a.image !== undefined && a.image.unresolved.length === 0 && a.image.value === b.image?.value;

const isVolumeAt = ({ type, source, target, unresolved }: Mount, directory: string): boolean =>
  type === 'volume' && source !== undefined && target === directory && unresolved.length === 0;

/** Another part has it in a volume already. */
function joined(
  { analysed: { project } }: RuleContext,
  loss: Missing,
  volume: string,
  parts: readonly AnalysedService[],
): Fix[] {
  const { service } = loss.analysed;
  const edits = mounted(service, volume, loss.directory);
  if (!edits) return [];
  const names = parts.map((other) => other.service.name).join(' and ');
  const steps = [
    `${service.name} has had a file of its own at ${loss.one.store.path} so far, which it leaves behind: copy it out before, where it holds what ${names} ${parts.length > 1 ? 'do' : 'does'} not have`,
    'Apply this change',
    runsOf(project).up(project, service),
  ];
  return [{ title: `Mount the volume ${volume} of ${names} at ${loss.directory}`, safety: 'migration', edits, steps }];
}

function together({ analysed: { project } }: RuleContext, loss: Missing, others: readonly AnalysedService[]): Fix[] {
  const { analysed, one, directory } = loss;
  // Called alike, whichever of the findings is taken care of.
  const first = project.services.find(
    (one) => one === analysed.service || others.some(({ service }) => service === one),
  );
  const hint = first && addNamedVolume(project, first, directory)?.volume;
  const added = addNamedVolume(project, analysed.service, directory, hint);
  if (!added) return [];
  const edits = [...added.edits];
  for (const { service } of others) {
    const same = mounted(service, added.volume, directory);
    // What cannot be given the mount would be left with a file of its own.
    if (!same || !addNamedVolume(project, service, directory, added.volume)) return [];
    edits.push(...same);
  }
  const { name } = analysed.service;
  const names = others.map(({ service }) => service.name);
  const steps = [
    `${[name, ...names].join(' and ')} have had a file of their own each so far: see which one is to stay. These steps take that of ${name}`,
    `docker compose stop ${names.join(' ')}`,
    ...carryOver(project, analysed, one, directory, added.volume),
    ...others.map(({ service }) => runsOf(project).up(project, service)),
  ];
  const title = `Add the named volume ${added.volume} for ${directory}, for ${names.join(' and ')} as well`;
  return [{ title, safety: 'migration', edits: joinInserts(edits), steps }];
}

function mounted({ declarations: [{ node, source }] }: Service, volume: string, directory: string): Edit[] | null {
  return node && addListItem(node, 'volumes', `${volume}:${directory}`, source);
}
