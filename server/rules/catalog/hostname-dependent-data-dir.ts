import { addSetting } from '../../fixes/service-key.ts';
import { ownEntries, type QuadletUnit } from '../../project/quadlet/model.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import { all, last } from '../../syntax/unit/lookup.ts';
import { isKept, mayHold } from '../claims.ts';
import { NODE_NAMES } from '../families.ts';
import { relatedOf } from '../losses.ts';
import type { Fix, Rule, RuleContext } from '../rule.ts';
import { runsOf } from '../runs.ts';

/** Files in which the node can be named; they are not read. */
const NODE_FILES = ['/etc/rabbitmq/rabbitmq-env.conf', '/opt/emqx/etc/emqx.conf', '/opt/emqx/etc/base.hocon'];

/** Those whose data directory carries the name; others keep the name in their data. */
const NAMED_DIRECTORY = /^(rabbitmq|emqx|kafka-wurstmeister)$/;

function isNamed(analysed: AnalysedService): boolean {
  const { service, image } = analysed;
  if (service.hostname || NODE_NAMES[image.match!.family.id]?.some((condition) => mayHold(condition, analysed)))
    return true;
  const attribute = (key: string): string => {
    const value = service.node.entries.get(key)?.value;
    return value?.kind === 'scalar' ? value.text : '';
  };
  if (attribute('network_mode') === 'host' || (service.unit && hasOtherName(service.unit))) return true;
  const deploy = service.node.entries.get('deploy')?.value;
  const mode = deploy?.kind === 'map' ? deploy.entries.get('mode')?.value : undefined;
  if (mode?.kind === 'scalar' && mode.text === 'global') return true;
  return service.mounts.some(({ target }) => NODE_FILES.some((file) => isWithin(file, target)));
}

/** Of its pod, of the host, or of arguments that are not looked into. */
function hasOtherName(unit: QuadletUnit): boolean {
  const entries = ownEntries(unit);
  if (unit.kind !== 'container' || last(entries, 'Pod')) return true;
  if (all(entries, 'Network').some(({ value }) => /^(host|container:)/.test(value.text))) return true;
  return all(entries, 'PodmanArgs').some(({ value }) => /--(uts|pod|net|network)\b/.test(value.text));
}

const rule: Rule = {
  name: 'hostname-dependent-data-dir',
  severity: 'error',
  summary: 'The data lies in a directory named after the host name, and that is new with every container.',
  rationale:
    'RabbitMQ keeps its queues in `mnesia/rabbit@<host name>`. Without `hostname:` a container is named by its id, so each new container starts empty beside the data of the one before, on the very same volume. A data directory that is in no volume is reported by `missing-volume`.',
  bad: 'services:\n  queue:\n    image: rabbitmq:4-management\n    volumes:\n      - queue_data:/var/lib/rabbitmq\n\nvolumes:\n  queue_data:\n',
  good: 'services:\n  queue:\n    image: rabbitmq:4-management\n    hostname: queue\n    volumes:\n      - queue_data:/var/lib/rabbitmq\n\nvolumes:\n  queue_data:\n',
  fixSafety: 'migration',
  fixNote:
    'A new name means a new directory once more. What is there is found again when the name is set to the one that its directory carries.',
  since: '0.2.0',
  references: ['https://github.com/docker-library/docs/blob/master/rabbitmq/content.md'],
  *check(context) {
    const { project, services } = context.analysed;
    const { settings, whenNew } = runsOf(project);
    for (const analysed of services) {
      const { service, image } = analysed;
      const hostname = image.match?.family.hostname;
      if (!hostname?.dependent || service.broken || isNamed(analysed)) continue;
      const one = analysed.stores.find(
        (held) => held.store.role === 'server' && held.store.kind === 'essential' && isKept(held),
      );
      if (!one) continue;
      // Environment files that are not here may name the node.
      const unsure = hostname.confidence === 'memory' || service.environmentGaps.length > 0;
      yield {
        severity: unsure ? 'info' : 'error',
        message: NAMED_DIRECTORY.test(one.store.technology)
          ? `${one.store.title} keeps its data in a directory of ${one.store.path} that is named after the host name, and without ${settings.hostname} that is new ${whenNew}: it starts empty beside the old data`
          : `without ${settings.hostname} the host name is new ${whenNew}; ${one.store.title}: ${hostname.note}`,
        span: service.key,
        service: service.name,
        store: one.store,
        related: relatedOf(one),
        fixes: () =>
          named(
            context,
            analysed,
            /^(rabbitmq|emqx)$/.test(one.store.technology) ? `${one.store.path}/mnesia` : one.store.path!,
          ),
      };
    }
  },
};

function named({ analysed: { project } }: RuleContext, { service }: AnalysedService, at: string): Fix[] {
  const value = service.name.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  const edits = addSetting(service, { attribute: 'hostname', value, key: 'HostName' });
  if (!edits) return [];
  const runs = runsOf(project);
  const steps = [
    `See under which host name the data lies now, in the names of the directories: ${runs.exec(project, service, `ls ${at}`)}`,
    `To go on with it, write that name instead of ${value}`,
    `Apply this change, then: ${runs.up(project, service)}. The directories of other names stay where they are`,
  ];
  return [
    {
      title: `Set ${project.runtime === 'quadlet' ? 'HostName=' : 'hostname: '}${value}`,
      safety: 'migration',
      edits,
      steps,
    },
  ];
}

export default rule;
