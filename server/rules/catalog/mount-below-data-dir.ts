import { volumeFix } from '../fixes.ts';
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
  fixNote:
    'The volume that is there stays where it is: mounted higher up, its content would lie in the wrong folder. Another one takes the rest.',
  since: '0.1.0',
  *check(context) {
    for (const loss of losses(context, 'below')) {
      const { analysed, one, directory, diagnosis } = loss;
      yield finding(context, loss, 'error', {
        message: `no volume for ${directory}: the mount at ${diagnosis.mount.target} holds only a part of it, and the rest of ${dataOf(one)} ${fateSentence(context, one)}`,
        span: diagnosis.mount.targetSpan,
        fixes: () =>
          volumeFix(context, analysed, one, directory).map((fix) => ({
            ...fix,
            steps: [...(fix.steps ?? []), leftover(diagnosis.mount.target)],
          })),
      });
    }
  },
};

/** A server that begins anew refuses a directory with a folder in it, as it has from the start. */
const leftover = (target: string): string =>
  `If the server says that its directory is not empty, look into ${target}: if nothing is in it, it was never used, and its mount can go`;

export default rule;
