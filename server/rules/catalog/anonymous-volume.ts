import { nameAnonymous } from '../fixes.ts';
import { dataOf, fateSentence, finding, losses } from '../losses.ts';
import { holdsStore, isMask, isNameless } from '../masks.ts';
import { withNodeName } from '../node-name.ts';
import type { Rule } from '../rule.ts';
import { isRefused } from '../swapped.ts';

const rule: Rule = {
  name: 'anonymous-volume',
  severity: 'warning',
  summary: 'A volume without a name: `down` and `up` leave it behind and start with an empty one.',
  rationale:
    'A volume entry that is only a container path makes a volume with a random name. A plain recreate keeps it. `down`, `rm` and `up -V` leave it on disk under a name nobody knows, and the service starts empty.',
  bad: 'services:\n  db:\n    image: mongo:7\n    volumes:\n      - /data/db\n',
  good: 'services:\n  db:\n    image: mongo:7\n    volumes:\n      - db_data:/data/db\n\nvolumes:\n  db_data:\n',
  fixSafety: 'migration',
  fixNote: 'The data is in the anonymous volume now and has to be copied into the named one.',
  since: '0.1.0',
  *check(context) {
    // There it does not outlive a stop: quadlet-anonymous-volume says so.
    if (context.analysed.project.runtime === 'quadlet') return;
    for (const loss of losses(context, 'anonymous')) {
      const { analysed, one, directory, diagnosis } = loss;
      yield finding(context, loss, 'warning', {
        message: `no volume for ${directory}: the entry has no name, so ${dataOf(one)} ${fateSentence(context, one)}`,
        span: diagnosis.mount.span,
        fixes: () => withNodeName(context, analysed, one, nameAnonymous(context, analysed, one, diagnosis.mount)),
      });
    }
    for (const analysed of context.analysed.services) {
      for (const mount of analysed.service.mounts) {
        if (!isNameless(mount) || isMask(mount, analysed) || holdsStore(mount, analysed.stores)) continue;
        // The engine refuses it: `relative-mount-target` says so.
        if (isRefused(mount)) continue;
        yield {
          severity: 'hint',
          message: `the volume at ${mount.target} has no name: \`down\` and the next \`up\` leave it behind and start with an empty one`,
          span: mount.span,
          service: analysed.service.name,
          related: [],
          fixes: () => [],
        };
      }
    }
  },
};

export default rule;
