import { tmpfsToVolume } from '../fixes.ts';
import { dataOf, finding, losses } from '../losses.ts';
import type { Rule } from '../rule.ts';

const rule: Rule = {
  name: 'tmpfs-for-data',
  severity: 'warning',
  summary: 'A data directory is on a tmpfs, which is memory.',
  rationale:
    'A tmpfs is emptied whenever the container stops, also by a plain `restart`. That is right for tests and caches. Say so with `# persistence: ephemeral` on the service.',
  bad: 'services:\n  db:\n    image: postgres:16\n    tmpfs:\n      - /var/lib/postgresql/data\n',
  good: 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  fixSafety: 'migration',
  fixNote: 'What is in memory now is lost when the container stops: dump it first.',
  since: '0.1.0',
  *check(context) {
    for (const loss of losses(context, 'tmpfs')) {
      const { analysed, one, directory, diagnosis } = loss;
      yield finding(context, loss, 'warning', {
        message: `no volume for ${directory}: it is on a tmpfs, and ${dataOf(one)} is lost at every stop and restart`,
        span: diagnosis.mount?.targetSpan ?? analysed.service.key,
        fixes: () => (diagnosis.mount ? tmpfsToVolume(context, analysed, diagnosis.mount, directory) : []),
      });
    }
  },
};

export default rule;
