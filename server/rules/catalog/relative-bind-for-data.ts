import { keptByServer } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import { sharedVolume } from '../own-volume.ts';
import type { Rule } from '../rule.ts';
import { swarmSpan } from '../swarm.ts';

const rule: Rule = {
  name: 'relative-bind-for-data',
  severity: 'hint',
  summary: 'A database of a swarm is in a folder beside the Compose file.',
  rationale:
    'A relative path starts at the folder of whoever deploys: on another machine, in the working copy of a pipeline, or inside of the program that deploys for you, it is another folder, and that one may be replaced at the next deployment. A swarm does not even create it on the node.',
  bad: 'services:\n  db:\n    image: postgres:16\n    deploy:\n      placement:\n        constraints: [node.hostname == db1]\n    volumes:\n      - ./pg:/var/lib/postgresql/data\n',
  good: 'services:\n  db:\n    image: postgres:16\n    deploy:\n      placement:\n        constraints: [node.hostname == db1]\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  fixSafety: 'migration',
  fixNote: 'The data has to be copied from the folder into the volume, on the node that has it.',
  since: '0.2.0',
  *check(context) {
    for (const analysed of context.analysed.services) {
      const { service, image } = analysed;
      const because = swarmSpan(service);
      if (!because || image.match?.lookalike) continue;
      for (const one of keptByServer(analysed)) {
        const mount = service.mounts.find(({ span }) => span === one.backing.span);
        if (one.backing.type !== 'bind-mount' || !mount || mount.unresolved.length > 0) continue;
        if (!/^\.{1,2}(\/|$)/.test(mount.sourceText ?? '')) continue;
        yield {
          severity: 'hint',
          message: `${mount.sourceText} is another folder on each machine that deploys, and a swarm does not create it: ${one.store.title} data in ${one.store.path} is safer in a named volume`,
          span: mount.sourceSpan ?? mount.span,
          service: service.name,
          store: one.store,
          related: [
            ...relatedOf(one),
            { from: 'mount', note: 'only a swarm reads this', span: because, confidence: 'primary' },
          ],
          fixes: () =>
            sharedVolume(context, analysed, mount, (volume) => `Keep ${one.store.path} in the named volume ${volume}`),
        };
      }
    }
  },
};

export default rule;
