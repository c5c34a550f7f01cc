import { targetFix } from '../fixes.ts';
import { dataOf, fateSentence, finding, losses } from '../losses.ts';
import type { Rule } from '../rule.ts';

const rule: Rule = {
  name: 'mount-below-data-dir',
  severity: 'error',
  summary: 'A volume is mounted below the data directory and holds only a part of it.',
  rationale:
    'A server writes its catalogue, its logs and its tables into one directory. A volume on a folder inside it keeps that folder and nothing else: what is left cannot be opened.',
  bad: 'services:\n  db:\n    image: mysql:8.4\n    volumes:\n      - db_data:/var/lib/mysql/data\n\nvolumes:\n  db_data:\n',
  good: 'services:\n  db:\n    image: mysql:8.4\n    volumes:\n      - db_data:/var/lib/mysql\n\nvolumes:\n  db_data:\n',
  fixSafety: 'migration',
  since: '0.1.0',
  *check(context) {
    for (const loss of losses(context, 'below')) {
      const { analysed, one, directory, diagnosis } = loss;
      yield finding(context, loss, 'error', {
        message: `no volume for ${directory}: the mount at ${diagnosis.mount.target} holds only a part of it, and the rest of ${dataOf(one)} ${fateSentence(one)}`,
        span: diagnosis.mount.targetSpan,
        fixes: () => targetFix(context, analysed, one, diagnosis.mount, directory),
      });
    }
  },
};

export default rule;
