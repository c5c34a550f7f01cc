/** Another source in place of the one that a mount has. */
import { joinInserts, replaceSpan } from '../fixes/edits.ts';
import { declareVolume, newVolumeName, takesVolume, volumeSource } from '../fixes/volumes.ts';
import type { Mount, Project, Service } from '../project/model.ts';
import type { AnalysedService } from '../stores/model.ts';
import { isWithin } from '../survival/backing.ts';
import { type Span, textOf } from '../syntax/source.ts';
import { hostFolder } from './host-folder.ts';
import { isOpen } from './kept.ts';
import type { Fix, RuleContext } from './rule.ts';
import { runsOf } from './runs.ts';
import { nameOf } from './steps.ts';

/** A new named volume for this mount; none where the mount is written in a form in which its source cannot be exchanged. */
export function ownVolume(
  { analysed: { project } }: RuleContext,
  { service }: AnalysedService,
  mount: Mount,
  title: (volume: string) => string,
): Fix[] {
  const { sourceSpan } = mount;
  const { source } = mount.span;
  if (!sourceSpan || !isExchangeable(service, mount)) return [];
  const volume = newVolumeName(project, service, mount.target);
  const declared = declareVolume(project, source, volume);
  if (!declared) return [];
  const from = mount.type === 'bind' ? mount.source : (project.volumes.get(mount.source ?? '')?.name ?? mount.source);
  return [
    {
      title: title(volume),
      safety: 'migration',
      edits: joinInserts([replaceSpan(sourceSpan, volumeSource(project, volume)), ...declared]),
      steps: steps(project, service, volume, from ?? ''),
    },
  ];
}

/**
 * The same for all mounts of one folder of the host, which stays one folder: a volume of its own for each service would part
 * what they share. None where one of them cannot be exchanged, or mounts only a part of the folder.
 */
export function sharedVolume(
  { analysed: { project } }: RuleContext,
  { service }: AnalysedService,
  mount: Mount,
  title: (volume: string) => string,
): Fix[] {
  const folder = hostFolder(mount, project);
  if (folder === undefined) return [];
  const sharing = [...project.services, ...project.inactive].flatMap((one) =>
    one.mounts.flatMap((other) => {
      const at = other.from === 'volumes_from' ? undefined : hostFolder(other, project);
      const touches = at !== undefined && (isWithin(at, folder) || isWithin(folder, at));
      return touches ? [{ one, other, at }] : [];
    }),
  );
  if (sharing.some(({ one, other, at }) => at !== folder || !isExchangeable(one, other))) return [];
  const first = sharing[0];
  if (!first) return [];
  const volume = newVolumeName(project, first.one, first.other.target);
  const declared = declareVolume(project, first.other.span.source, volume);
  if (!declared) return [];
  const written = new Map(sharing.map(({ other: { sourceSpan } }) => [placeOf(sourceSpan!), sourceSpan!]));
  const from = mount.type === 'bind' ? folder : (project.volumes.get(mount.source ?? '')?.name ?? folder);
  const names = [...new Set(sharing.map(({ one }) => one.name))];
  const others = names.filter((name) => name !== service.name);
  const titled = title(volume);
  return [
    {
      title: others.length === 0 ? titled : `${titled}, for ${others.join(' and ')} as well`,
      safety: 'migration',
      edits: joinInserts([
        ...[...written.values()].map((span) => replaceSpan(span, volumeSource(project, volume))),
        ...declared,
      ]),
      steps: steps(project, service, volume, from),
    },
  ];
}

const placeOf = ({ source, start }: Span): string => `${source.path}:${start}`;

/** Its source is written where it can be exchanged for the name of a volume. */
function isExchangeable(service: Service, mount: Mount): boolean {
  const { sourceSpan } = mount;
  if (!sourceSpan || !takesVolume(service, mount) || mount.from !== 'volumes' || isOpen(mount)) return false;
  // Where it is written in parts, a bind mount has a type to change as well.
  return textOf(sourceSpan) === mount.sourceText && !(mount.type === 'bind' && isLong(mount));
}

/** The old source lasts, whoever runs it. */
function steps(project: Project, service: Service, volume: string, from: string): string[] {
  const runs = runsOf(project);
  const copy = (source: string): string =>
    `Copy what belongs to ${service.name}: ${runs.command(project, `run --rm -v ${source}:/from:ro -v ${runs.newVolume(project, volume)}:/to alpine cp -a /from/. /to/`)}`;
  if (project.runtime === 'compose') {
    return [
      `Its data is in ${from} now. Stop the services that use it: docker compose stop`,
      'Apply this change',
      copy(from),
      `Start again: docker compose up -d. Keep ${from} until you have seen your data`,
    ];
  }
  const source = nameOf(project, from);
  return [
    `Its data is in ${source} now. Stop the units that use it, ${service.name} first: ${runs.stop(project, service)}`,
    'Apply this change',
    copy(source),
    `Start again: ${runs.up(project, service)}. Keep ${source} until you have seen your data`,
  ];
}

const isLong = (mount: Mount): boolean => /(^|[\s{,])["']?(target|type)["']?\s*:\s/.test(textOf(mount.span));
