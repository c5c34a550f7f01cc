import { isWithin } from '../../survival/backing.ts';
import { targetFix, volumeFix } from '../fixes.ts';
import { dataOf, fateSentence, finding, type Loss, losses } from '../losses.ts';
import { looksLikeData } from '../mount-words.ts';
import { beside, isOfOtherMajor } from '../other-major.ts';
import type { Fix, Rule, RuleContext } from '../rule.ts';
import { newSettingBelow } from '../setting.ts';

const rule: Rule = {
  name: 'mount-path-mismatch',
  severity: 'error',
  summary: 'A volume is mounted where this version of the image keeps no data.',
  rationale:
    'Images move their data: Chroma 1.0 from `/chroma/chroma` to `/data`, PostgreSQL 18 from `/var/lib/postgresql/data` to `/var/lib/postgresql`, InfluxDB 2 to `/var/lib/influxdb2`. A volume on the old path is mounted, looks right and stays empty.',
  bad: 'services:\n  chroma:\n    image: chromadb/chroma:1.0.0\n    volumes:\n      - chroma_data:/chroma/chroma\n\nvolumes:\n  chroma_data:\n',
  good: 'services:\n  chroma:\n    image: chromadb/chroma:1.0.0\n    volumes:\n      - chroma_data:/data\n\nvolumes:\n  chroma_data:\n',
  fixSafety: 'migration',
  fixNote:
    'The volume may hold what an older version wrote. Where the newer one does not open that, the fix leaves it alone: it pins the version that wrote it, or mounts another volume, and its steps begin with a dump.',
  since: '0.1.0',
  *check(context) {
    for (const loss of losses(context, 'elsewhere')) {
      const { one, directory, diagnosis } = loss;
      const what = `no volume for ${directory}: the mount at ${diagnosis.mount.target} does not hold ${dataOf(one)}`;
      yield finding(context, loss, 'error', {
        message: diagnosis.refuses
          ? `${what}: ${diagnosis.why}`
          : `${what} (${diagnosis.why}), and it ${fateSentence(context, one)}`,
        span: diagnosis.mount.targetSpan,
        fixes: () => repairs(context, loss),
      });
    }
  },
};

function repairs(context: RuleContext, { analysed, one, directory, diagnosis }: Loss<'elsewhere'>): Fix[] {
  const { mount, known } = diagnosis;
  if (isOfOtherMajor(analysed, mount)) return beside(context, analysed, one, mount, directory);
  // Moved up, what is in it would lie in the wrong folder.
  if (isWithin(mount.target, directory)) return volumeFix(context, analysed, one, directory);
  // On the place of a single file a folder is of no use: the file may be moved to the mount, and not the other way round.
  const setting = known && !one.store.isFile ? [] : newSettingBelow(context, analysed, one, mount);
  if (one.store.isFile) return setting;
  // What it was meant for is left to it.
  if (!known && !looksLikeData(mount, `${one.store.technology} ${analysed.service.name}`))
    return [...setting, ...volumeFix(context, analysed, one, directory)];
  return [...setting, ...targetFix(context, analysed, one, mount, directory)];
}

export default rule;
