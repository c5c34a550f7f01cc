import { combine, joinInserts, replaceSpan } from '../../fixes/edits.ts';
import { addListItem, removeListItem } from '../../fixes/list.ts';
import { addTopLevelVolume } from '../../fixes/named-volume.ts';
import type { EnvironmentEntry, Mount, Project, Service } from '../../project/model.ts';
import { cleanTarget } from '../../project/mounts.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { textOf } from '../../syntax/source.ts';
import type { Fix, Rule, RuleContext } from '../rule.ts';
import { runsOf } from '../runs.ts';
import { saveFromContainer } from '../steps-quadlet.ts';
import { hasRelativeTarget, isTurned, type PastedMount, pastedMount, wouldHold } from '../swapped.ts';

const rule: Rule = {
  name: 'swapped-mount-sides',
  severity: 'error',
  summary: 'The two sides of a mount are swapped, or a mount stands among the variables.',
  rationale:
    'A mount is written `<place on the host>:<place in the container>`. The other way round the engine refuses to start, or it mounts a folder of the host where nobody looks, and the data stays in the container. A mount that was pasted below `environment:` is a variable with a strange name, and mounts nothing.',
  bad: 'services:\n  db:\n    image: mysql:8.4\n    volumes:\n      - /var/lib/mysql:./mysql\n',
  good: 'services:\n  db:\n    image: mysql:8.4\n    volumes:\n      - ./mysql:/var/lib/mysql\n',
  fixSafety: 'migration',
  fixNote: 'Data that the container has written so far is in the container, and has to be copied out first.',
  since: '0.2.0',
  *check(context) {
    for (const analysed of context.analysed.services) {
      const { service } = analysed;
      for (const mount of service.mounts) {
        const relative = hasRelativeTarget(mount);
        if (!relative && !isTurned(mount, analysed)) continue;
        const written = `${mount.sourceText}:${mount.targetText}`;
        yield {
          severity: 'error',
          message: relative
            ? `${written} has its sides swapped: ${mount.targetText} is no path in a container, and the engine refuses to start it`
            : `${written} has its sides swapped: ${mount.sourceText} is where the container keeps its data, which is not mounted and is deleted with it`,
          span: mount.span,
          service: service.name,
          related: [],
          fixes: () => swap(context, analysed, mount),
        };
      }
      for (const entry of service.environment.values()) {
        const mount = pastedMount(entry);
        if (!mount) continue;
        const lost = analysed.stores.some((one) => one.store.confidence !== 'memory' && wouldHold(mount, one));
        yield {
          severity: lost ? 'error' : 'warning',
          message: `${entry.name} stands ${service.unit ? 'in Environment=' : 'below environment'}: it is the name of a variable there, and nothing is mounted at ${mount.target}`,
          span: entry.span,
          service: service.name,
          related: [],
          fixes: () => move(context, analysed, entry, mount),
        };
      }
    }
  },
};

function stepsFor(project: Project, service: Service, at: string): string[] {
  const { name } = service;
  const up = `Apply this change and put the copy where the mount now comes from, then: ${runsOf(project).up(project, service)}`;
  if (project.runtime === 'quadlet') return [...saveFromContainer(project, service, at), up];
  return [
    `What ${name} has written to ${at} so far is in the container: docker compose stop ${name}`,
    `Copy it out: docker cp -a $(docker compose ps -aq ${name}):${at}/. ./${name}-data-copy`,
    up,
  ];
}

function swap({ analysed: { project } }: RuleContext, { service }: AnalysedService, mount: Mount): Fix[] {
  const { sourceSpan, targetSpan, sourceText, targetText } = mount;
  if (!sourceSpan || sourceText === undefined) return [];
  if (textOf(sourceSpan) !== sourceText || textOf(targetSpan) !== targetText) return [];
  if (service.mounts.some((other) => other !== mount && other.target === cleanTarget(sourceText))) return [];
  return [
    {
      title: `Mount ${targetText} at ${sourceText}`,
      safety: 'migration',
      edits: [replaceSpan(sourceSpan, targetText), replaceSpan(targetSpan, sourceText)],
      steps: stepsFor(project, service, sourceText),
    },
  ];
}

/** Into `volumes:`, with its declaration where it names a volume. */
function move(
  { analysed: { project } }: RuleContext,
  { service }: AnalysedService,
  { name, span }: EnvironmentEntry,
  mount: PastedMount,
): Fix[] {
  const declaration = service.declarations.find(({ source }) => source === span.source);
  const owner = declaration?.node;
  const entry = owner?.entries.get('environment');
  const root = project.roots.get(span.source.path);
  if (!owner || !entry || !root || entry.inherited || entry.alias || entry.value.kind !== 'seq') return [];
  const list = entry.value;
  const index = list.items.findIndex(({ value }) => value.span.start <= span.start && span.end <= value.span.end);
  const removed = index < 0 ? null : removeListItem(list, index, { owner, key: 'environment' });
  const added = addListItem(owner, 'volumes', name, span.source);
  const named = /^[A-Za-z0-9]/.test(mount.source) && !project.volumes.has(mount.source);
  const declared = named ? addTopLevelVolume(root, span.source, mount.source) : [];
  const edits = removed && added && declared && combine(removed, joinInserts([...added, ...declared]));
  if (!edits) return [];
  return [
    {
      title: `Move ${name} to volumes`,
      safety: 'migration',
      edits,
      steps: stepsFor(project, service, mount.target),
    },
  ];
}

export default rule;
