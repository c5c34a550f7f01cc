import * as path from 'node:path';
import { targetFix } from '../fixes.ts';
import { dataOf, finding, losses } from '../losses.ts';
import type { Rule } from '../rule.ts';
import { runsOf } from '../runs.ts';

const rule: Rule = {
  name: 'mount-parent-of-image-volume',
  severity: 'error',
  summary: "A volume is mounted above the image's own VOLUME, which shadows it.",
  rationale:
    'Where an image declares `VOLUME /a/b` and you mount only `/a`, the engine still puts an anonymous volume on `/a/b`. The data goes there, and your volume stays empty.',
  bad: 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - db_data:/var/lib/postgresql\n\nvolumes:\n  db_data:\n',
  good: 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  fixSafety: 'migration',
  fixNote: 'The data is in an anonymous volume now and has to be copied into yours.',
  since: '0.1.0',
  *check(context) {
    for (const loss of losses(context, 'parent')) {
      const { analysed, one, diagnosis } = loss;
      yield finding(context, loss, 'error', {
        message: `no volume for ${diagnosis.volume}: the image declares a VOLUME there, which shadows the mount at ${diagnosis.mount.target}; ${dataOf(one)} ${runsOf(context.analysed.project).anonymous}`,
        span: diagnosis.mount.targetSpan,
        fixes: () =>
          targetFix(
            context,
            analysed,
            one,
            diagnosis.mount,
            diagnosis.volume,
            mountPoints(diagnosis.mount.target, diagnosis.volume),
          ),
      });
    }
  },
};

/** The folders that the engine made in the mount to put the anonymous volume on, deepest first. */
function mountPoints(target: string, volume: string): string[] {
  const below = path.posix.relative(target, volume);
  const up = path.posix.dirname(below);
  return up === '.' ? [below] : [below, ...mountPoints(target, path.posix.join(target, up))];
}

export default rule;
