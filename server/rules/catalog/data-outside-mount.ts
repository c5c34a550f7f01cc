import { isWithin } from '../../survival/backing.ts';
import { volumeFix } from '../fixes.ts';
import { dataOf, fateSentence, finding, type Loss, losses } from '../losses.ts';
import type { Rule } from '../rule.ts';
import { settingBelow } from '../setting.ts';

const rule: Rule = {
  name: 'data-outside-mount',
  severity: 'error',
  summary: 'A setting moves the data to a path outside all mounts.',
  rationale:
    'An environment variable, a flag or a configuration file tells the server where to write. When that place is in no volume, a mount on the usual path stays empty and the data goes with the container.',
  bad: 'services:\n  db:\n    image: postgres:16\n    environment:\n      PGDATA: /pgdata\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  good: 'services:\n  db:\n    image: postgres:16\n    environment:\n      PGDATA: /var/lib/postgresql/data/pgdata\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  fixSafety: 'migration',
  fixNote:
    'The setting goes below the mount that waits for the data, or a new volume goes where the data is written; what is there now has to be copied.',
  since: '0.1.0',
  *check(context) {
    const all = [...losses(context, 'moved')];
    for (const loss of all) {
      if (all.some((other) => holds(other, loss))) continue;
      const { analysed, one, directory } = loss;
      const [because] = one.store.evidence;
      yield finding(context, loss, 'error', {
        message: `no volume for ${directory}: ${because.note} puts ${dataOf(one)} there, and it ${fateSentence(context, one)}`,
        span: because.span ?? analysed.service.key,
        fixes: () => [...settingBelow(context, analysed, one), ...volumeFix(context, analysed, one, directory)],
      });
    }
  },
};

/** The volume that the one store needs holds the other as well: one finding is enough. */
const holds = (outer: Loss<'moved'>, inner: Loss<'moved'>): boolean =>
  outer.analysed === inner.analysed &&
  outer.directory !== inner.directory &&
  isWithin(inner.directory, outer.directory) &&
  outer.one.store.kind === 'essential' &&
  outer.one.store.confidence === 'primary';

export default rule;
