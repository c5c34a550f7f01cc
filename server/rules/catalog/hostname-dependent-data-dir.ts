import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { isKept } from '../claims.ts';
import { relatedOf } from '../losses.ts';
import { isNamed, nodeName, stepsToName, titleOf } from '../node-name.ts';
import type { Fix, Rule, RuleContext } from '../rule.ts';
import { runsOf } from '../runs.ts';

/** Those whose data directory carries the name; others keep the name in their data. */
const NAMED_DIRECTORY = /^(rabbitmq|emqx|kafka-wurstmeister)$/;

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
        fixes: () => named(context, analysed, one),
      };
    }
  },
};

function named({ analysed: { project } }: RuleContext, { service }: AnalysedService, { store }: AnalysedStore): Fix[] {
  const name = nodeName(service);
  if (!name) return [];
  const runs = runsOf(project);
  const steps = [
    ...stepsToName(project, service, store, name.value),
    `Apply this change, then: ${runs.up(project, service)}. The directories of other names stay where they are`,
  ];
  return [{ title: `Set ${titleOf(project, name.value)}`, safety: 'migration', edits: name.edits, steps }];
}

export default rule;
