/** Another source in place of the one that a mount has. */
import { joinInserts, replaceSpan } from '../fixes/edits.ts';
import { addTopLevelVolume, newVolumeName } from '../fixes/named-volume.ts';
import type { Mount } from '../project/model.ts';
import type { AnalysedService } from '../stores/model.ts';
import { textOf } from '../syntax/source.ts';
import type { Fix, RuleContext } from './rule.ts';

/** A new named volume for this mount; none where the mount is written in a form in which its source cannot be exchanged. */
export function ownVolume(
  { analysed: { project } }: RuleContext,
  { service }: AnalysedService,
  mount: Mount,
  title: (volume: string) => string,
): Fix[] {
  const { sourceSpan } = mount;
  const { source } = mount.span;
  const root = project.roots.get(source.path);
  if (!root || !sourceSpan || mount.from !== 'volumes' || mount.unresolved.length > 0) return [];
  // Where it is written in parts, a bind mount has a type to change as well.
  if (textOf(sourceSpan) !== mount.sourceText || (mount.type === 'bind' && isLong(mount))) return [];
  const volume = newVolumeName(project, service, mount.target);
  const declared = addTopLevelVolume(root, source, volume);
  if (!declared) return [];
  const from = mount.type === 'bind' ? mount.source : (project.volumes.get(mount.source ?? '')?.name ?? mount.source);
  const steps = [
    `Its data is in ${from} now. Stop the services that use it: docker compose stop`,
    'Apply this change',
    `Copy what belongs to ${service.name}: docker run --rm -v ${from}:/from:ro -v ${project.name}_${volume}:/to alpine cp -a /from/. /to/`,
    `Start again: docker compose up -d. Keep ${from} until you have seen your data`,
  ];
  return [
    {
      title: title(volume),
      safety: 'migration',
      edits: joinInserts([replaceSpan(sourceSpan, volume), ...declared]),
      steps,
    },
  ];
}

const isLong = (mount: Mount): boolean => /(^|[\s{,])["']?(target|type)["']?\s*:\s/.test(textOf(mount.span));
