import type { Mount } from '../../project/model.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { coveringMount } from '../../survival/backing.ts';
import { nameAnonymous } from '../fixes.ts';
import { dataOf, fateSentence, finding, losses } from '../losses.ts';
import type { Rule } from '../rule.ts';

/** Folders that are masked on purpose, so that a bind mount of the code does not hide or fill them. */
const MASKS =
  /(^|\/)(node_modules|\.venv|venv|vendor|target|\.next|\.nuxt|\.svelte-kit|__pycache__|dist|build|out|\.cache|\.git|\.turbo|bower_components|obj|bin|tmp|logs?|var|coverage|_build|deps|elm-stuff|\.gradle|\.m2|\.cargo|\.yarn|\.pnpm-store)$/i;

function isMask(mount: Mount, { service }: AnalysedService): boolean {
  if (MASKS.test(mount.target)) return true;
  const above = coveringMount(
    mount.target,
    service.mounts.filter((other) => other !== mount),
  );
  return above?.type === 'bind';
}

const holdsStore = (mount: Mount, stores: readonly AnalysedStore[]): boolean =>
  stores.some(
    ({ backing, store }) =>
      store.evidence[0].from !== 'mount' && (backing.span === mount.span || store.path === mount.target),
  );

const rule: Rule = {
  name: 'anonymous-volume',
  severity: 'warning',
  summary: 'A volume without a name: `down` and `up` leave it behind and start with an empty one.',
  rationale:
    'A volume entry that is only a container path makes a volume with a random name. A plain recreate keeps it. `down`, `rm` and `up -V` leave it on disk under a name nobody knows, and the service starts empty.',
  bad: 'services:\n  db:\n    image: mongo:7\n    volumes:\n      - /data/db\n',
  good: 'services:\n  db:\n    image: mongo:7\n    volumes:\n      - db_data:/data/db\n\nvolumes:\n  db_data:\n',
  fixSafety: 'migration',
  fixNote: 'The data is in the anonymous volume now and has to be copied into the named one.',
  since: '0.1.0',
  *check(context) {
    for (const loss of losses(context, 'anonymous')) {
      const { analysed, one, directory, diagnosis } = loss;
      yield finding(context, loss, 'warning', {
        message: `no volume for ${directory}: the entry has no name, so ${dataOf(one)} ${fateSentence(one)}`,
        span: diagnosis.mount.span,
        fixes: () => nameAnonymous(context, analysed, one, diagnosis.mount),
      });
    }
    for (const analysed of context.analysed.services) {
      for (const mount of analysed.service.mounts) {
        if (
          mount.type !== 'volume' ||
          mount.from !== 'volumes' ||
          mount.source !== undefined ||
          mount.unresolved.length > 0
        )
          continue;
        if (isMask(mount, analysed) || holdsStore(mount, analysed.stores)) continue;
        yield {
          severity: 'hint',
          message: `the volume at ${mount.target} has no name: \`down\` and the next \`up\` leave it behind and start with an empty one`,
          span: mount.span,
          service: analysed.service.name,
          related: [],
          fixes: () => [],
        };
      }
    }
  },
};

export default rule;
