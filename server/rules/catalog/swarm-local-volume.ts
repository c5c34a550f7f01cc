import { volumeType } from '../../survival/backing.ts';
import { keptByServer } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Rule } from '../rule.ts';
import { isPlaced, swarmSpan } from '../swarm.ts';

const rule: Rule = {
  name: 'swarm-local-volume',
  severity: 'info',
  summary: 'A swarm may start the database on a node that does not have its volume.',
  rationale:
    'A named volume of the local driver is on one node. When the task is scheduled anew, after a reboot or an update, a swarm takes any node that fits, makes an empty volume of the same name there, and the database starts empty. The data is still on the first node. A placement constraint keeps the task where its volume is.',
  bad: 'services:\n  db:\n    image: postgres:16\n    deploy:\n      update_config:\n        order: stop-first\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  good: 'services:\n  db:\n    image: postgres:16\n    deploy:\n      update_config:\n        order: stop-first\n      placement:\n        constraints: [node.labels.db == true]\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  fixSafety: 'none',
  since: '0.2.0',
  references: ['https://docs.docker.com/engine/swarm/services/#placement-constraints'],
  *check({ analysed: { project, services } }) {
    for (const analysed of services) {
      const { service, image } = analysed;
      const because = swarmSpan(service);
      if (!because || isPlaced(service) || image.match?.lookalike) continue;
      const kept = keptByServer(analysed).find(({ backing }) => {
        const volume = project.volumes.get(backing.source ?? '');
        return (
          backing.type === 'named-volume' &&
          !backing.elsewhere &&
          volume !== undefined &&
          volumeType(volume) === 'named-volume' &&
          (volume.driver ?? 'local') === 'local'
        );
      });
      if (!kept) continue;
      yield {
        severity: 'info',
        message: `in a swarm ${service.name} may be started on another node, where the volume ${kept.backing.source} is new and empty: without a placement constraint ${kept.store.title} then starts without its data`,
        span: kept.backing.span ?? service.key,
        service: service.name,
        store: kept.store,
        related: [
          ...relatedOf(kept),
          { from: 'mount', note: 'only a swarm reads this', span: because, confidence: 'primary' },
        ],
        fixes: () => [],
      };
    }
  },
};

export default rule;
