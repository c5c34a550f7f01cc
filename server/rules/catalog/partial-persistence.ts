import type { AnalysedService } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import { isKept } from '../claims.ts';
import { isDataMount } from '../data-mounts.ts';
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
      const { analysed, one, directory } = loss;
      yield finding(context, loss, 'warning', {
        message: `no volume for ${directory}: only ${mountedIn(analysed)}, and the part of ${dataOf(one)} that lies here ${fateSentence(context, one)}`,
        span: analysed.service.key,
        fixes: () => volumeFix(context, analysed, one, directory),
      });
    }
  },
};

/** All that is there to hold data, also where this image keeps none: `/srv and /database are mounted`. */
function mountedIn({ service, stores }: AnalysedService): string {
  const kept = stores
    .filter((one) => one.store.kind === 'essential' && one.store.evidence[0].from !== 'mount' && isKept(one))
    .flatMap(({ store }) => store.path ?? []);
  const others = service.mounts
    .filter((mount) => isDataMount(mount) && !kept.some((at) => isWithin(at, mount.target)))
    .map(({ target }) => target);
  const [last, ...before] = [...new Set([...kept, ...others])].reverse();
  return before.length === 0 ? `${last} is mounted` : `${before.reverse().join(', ')} and ${last} are mounted`;
}

export default rule;
