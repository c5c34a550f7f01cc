import { volumeFix } from '../fixes.ts';
import { dataOf, fateSentence, finding, losses } from '../losses.ts';
import { withNodeName } from '../node-name.ts';
import { removedAtStop } from '../quadlet.ts';
import type { Rule } from '../rule.ts';

const rule: Rule = {
  name: 'missing-volume',
  severity: 'error',
  summary: "A server's data directory is in no volume.",
  rationale:
    'What a container writes outside its mounts lives in its writable layer. It survives a restart, and it is deleted with the container at the next `up` after a change, a rebuild, a pull or a `down`. Where the image declares a `VOLUME`, the data lands in an anonymous volume instead: a plain recreate keeps it, `down` and `up` start with an empty one.',
  bad: 'services:\n  vectors:\n    image: qdrant/qdrant:v1.12.0\n',
  good: 'services:\n  vectors:\n    image: qdrant/qdrant:v1.12.0\n    volumes:\n      - vectors_data:/qdrant/storage\n\nvolumes:\n  vectors_data:\n',
  fixSafety: 'migration',
  fixNote: 'A new volume starts empty: data that is already in the container has to be copied into it.',
  since: '0.1.0',
  references: ['https://docs.docker.com/engine/storage/'],
  *check(context) {
    for (const loss of losses(context, 'missing')) {
      const { analysed, one, directory } = loss;
      if (one.store.role !== 'server' || removedAtStop(context, one)) continue;
      yield finding(context, loss, one.backing.type === 'anonymous-volume' ? 'warning' : 'error', {
        message: `no volume for ${directory}: ${dataOf(one)} ${fateSentence(context, one)}`,
        span: analysed.service.key,
        fixes: () => withNodeName(context, analysed, one, volumeFix(context, analysed, one, directory)),
      });
    }
  },
};

export default rule;
