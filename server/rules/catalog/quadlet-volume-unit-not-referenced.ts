import * as path from 'node:path';
import { insertAt } from '../../fixes/edits.ts';
import { takesVolume } from '../../fixes/volumes.ts';
import type { Mount, Project, Service, TopLevelVolume } from '../../project/model.ts';
import { textOf } from '../../syntax/source.ts';
import type { Fix, Rule } from '../rule.ts';
import { runsOf } from '../runs.ts';

const rule: Rule = {
  name: 'quadlet-volume-unit-not-referenced',
  severity: 'warning',
  summary: 'A mount names a volume, and the unit of that name makes another one.',
  rationale:
    '`Volume=logs.volume:/x` mounts what the unit `logs.volume` makes, which is called `systemd-logs` unless it says `VolumeName=`. `Volume=logs:/x` mounts a volume called `logs`, which Podman makes by itself. Both start without a word, and each has other data in it. What the unit sets, such as a device or an owner, does not apply.',
  bad: '# web.container\n[Container]\nImage=docker.io/library/nginx:1.27\nVolume=logs:/var/log/nginx\n\n# logs.volume\n[Volume]\n',
  good: '# web.container\n[Container]\nImage=docker.io/library/nginx:1.27\nVolume=logs.volume:/var/log/nginx\n\n# logs.volume\n[Volume]\n',
  fixSafety: 'migration',
  fixNote: 'The container then uses another volume: what the one in use holds has to be copied.',
  since: '0.2.0',
  references: ['https://docs.podman.io/en/latest/markdown/podman-systemd.unit.5.html'],
  *check({ analysed: { project } }) {
    if (project.runtime !== 'quadlet') return;
    for (const service of project.services) {
      for (const mount of service.mounts) {
        const made = unitOfThatName(project, mount);
        if (!made) continue;
        yield {
          severity: 'warning',
          message: `${mount.source} is not the volume of ${mount.source}.volume, which is called ${made.name}: Podman mounts another one here, and what the unit sets does not apply`,
          span: mount.sourceSpan ?? mount.span,
          service: service.name,
          related: [{ from: 'mount', note: `this unit makes ${made.name}`, span: made.span, confidence: 'primary' }],
          fixes: () => byUnit(project, service, mount, made),
        };
      }
    }
  },
};

/** Beside the mount, and with another name on the engine. */
function unitOfThatName(project: Project, { type, source, sourceText, unresolved }: Mount): TopLevelVolume | undefined {
  if (type !== 'volume' || source === undefined || source !== sourceText || unresolved.length > 0) return undefined;
  return [...project.volumes.values()].find(
    ({ span, name }) => path.posix.basename(span.source.path) === `${source}.volume` && name !== source,
  );
}

function byUnit(project: Project, service: Service, mount: Mount, made: TopLevelVolume): Fix[] {
  const { sourceSpan, source: old } = mount;
  if (!sourceSpan || textOf(sourceSpan) !== old || !takesVolume(service, mount)) return [];
  const runs = runsOf(project);
  const steps = [
    `The data is in the volume ${old} now. Stop the unit: ${runs.stop(project, service)}`,
    `See that ${made.name} is empty, or is not there: ${runs.command(project, `run --rm -v ${made.name}:/to alpine ls -A /to`)}. If it is not, decide which of the two is right, and do not copy one over the other`,
    'Apply this change',
    `Copy the data: ${runs.command(project, `run --rm -v ${old}:/from:ro -v ${made.name}:/to alpine cp -a /from/. /to/`)}`,
    `Start it: ${runs.up(project, service)}. Keep ${old} until you have seen your data`,
  ];
  return [
    {
      title: `Mount the volume of ${old}.volume`,
      safety: 'migration',
      edits: [insertAt(sourceSpan.source, sourceSpan.end, '.volume')],
      steps,
    },
  ];
}

export default rule;
