import { targetFix } from '../fixes.ts';
import { dataOf, fateSentence, finding, losses } from '../losses.ts';
import type { Rule } from '../rule.ts';

const rule: Rule = {
  name: 'mount-path-mismatch',
  severity: 'error',
  summary: 'A volume is mounted where this version of the image keeps no data.',
  rationale:
    'Images move their data: Chroma 1.0 from `/chroma/chroma` to `/data`, PostgreSQL 18 from `/var/lib/postgresql/data` to `/var/lib/postgresql`, InfluxDB 2 to `/var/lib/influxdb2`. A volume on the old path is mounted, looks right and stays empty.',
  bad: 'services:\n  chroma:\n    image: chromadb/chroma:1.0.0\n    volumes:\n      - chroma_data:/chroma/chroma\n\nvolumes:\n  chroma_data:\n',
  good: 'services:\n  chroma:\n    image: chromadb/chroma:1.0.0\n    volumes:\n      - chroma_data:/data\n\nvolumes:\n  chroma_data:\n',
  fixSafety: 'migration',
  fixNote: 'The volume may hold what an older version wrote; the newer one may need it converted.',
  since: '0.1.0',
  *check(context) {
    for (const loss of losses(context, 'elsewhere')) {
      const { analysed, one, directory, diagnosis } = loss;
      yield finding(context, loss, 'error', {
        message: `no volume for ${directory}: the mount at ${diagnosis.mount.target} does not hold ${dataOf(one)} (${diagnosis.why}), and it ${fateSentence(one)}`,
        span: diagnosis.mount.targetSpan,
        fixes: () => targetFix(context, analysed, one, diagnosis.mount, directory),
      });
    }
  },
};

export default rule;
