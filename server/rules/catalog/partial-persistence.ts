import { volumeFix } from '../fixes.ts';
import { dataOf, fateSentence, finding, losses } from '../losses.ts';
import type { Rule } from '../rule.ts';

const rule: Rule = {
  name: 'partial-persistence',
  severity: 'warning',
  summary: 'A service keeps its data in several places, and only some of them are mounted.',
  rationale:
    'Paperless keeps its database apart from the documents, ZooKeeper its snapshots apart from its log. With a volume on one of them alone the service comes back with half of its data. A place that is missing because nothing at all is mounted is reported by `missing-volume`.',
  bad: 'services:\n  paperless:\n    image: ghcr.io/paperless-ngx/paperless-ngx:2.13\n    volumes:\n      - data:/usr/src/paperless/data\n\nvolumes:\n  data:\n',
  good: 'services:\n  paperless:\n    image: ghcr.io/paperless-ngx/paperless-ngx:2.13\n    volumes:\n      - data:/usr/src/paperless/data\n      - media:/usr/src/paperless/media\n\nvolumes:\n  data:\n  media:\n',
  fixSafety: 'migration',
  fixNote: 'A new volume starts empty: data that is already in the container has to be copied into it.',
  since: '0.2.0',
  *check(context) {
    for (const loss of losses(context, 'partial')) {
      const { analysed, one, directory, diagnosis } = loss;
      yield finding(context, loss, 'warning', {
        message: `no volume for ${directory}: only ${diagnosis.kept.store.path} is mounted, and the part of ${dataOf(one)} that lies here ${fateSentence(context, one)}`,
        span: analysed.service.key,
        fixes: () => volumeFix(context, analysed, one, directory),
      });
    }
  },
};

export default rule;
