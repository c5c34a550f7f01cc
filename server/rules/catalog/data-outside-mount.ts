import { volumeFix } from '../fixes.ts';
import { dataOf, fateSentence, finding, losses } from '../losses.ts';
import type { Rule } from '../rule.ts';

const rule: Rule = {
  name: 'data-outside-mount',
  severity: 'error',
  summary: 'A setting moves the data to a path outside all mounts.',
  rationale:
    'An environment variable, a flag or a configuration file tells the server where to write. When that place is in no volume, a mount on the usual path stays empty and the data goes with the container.',
  bad: 'services:\n  db:\n    image: postgres:16\n    environment:\n      PGDATA: /pgdata\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  good: 'services:\n  db:\n    image: postgres:16\n    environment:\n      PGDATA: /var/lib/postgresql/data/pgdata\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  fixSafety: 'migration',
  fixNote: 'The fix mounts a new volume where the data is written; what is there now has to be copied into it.',
  since: '0.1.0',
  *check(context) {
    for (const loss of losses(context, 'moved')) {
      const { analysed, one, directory } = loss;
      const [because] = one.store.evidence;
      yield finding(context, loss, 'error', {
        message: `no volume for ${directory}: ${because.note} puts ${dataOf(one)} there, and it ${fateSentence(one)}`,
        span: because.span ?? analysed.service.key,
        fixes: () => volumeFix(context, analysed, one, directory),
      });
    }
  },
};

export default rule;
