/** What an environment file that is not here may say of where data is. */
import { relocations, wrongMounts } from '../../catalogue/match.ts';
import { cleanTarget } from '../../project/mounts.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import type { Store } from '../../survival/words.ts';
import { HELPERS, isDataMount } from '../data-mounts.ts';
import { isForBackups } from '../mount-words.ts';
import { valuesOf } from '../values.ts';

/**
 * A variable can move the data of this image, the file that may set it cannot be read, and a mount that holds no data we
 * know of stands ready: it may be there for just that.
 */
export function mayBeMoved(store: Store, analysed: AnalysedService): boolean {
  const { service, image, stores } = analysed;
  const { match } = image;
  if (service.environmentGaps.length === 0 || store.role !== 'server' || !match) return false;
  const values = valuesOf(analysed);
  const isMoved = relocations(match, values).some(
    ({ by, moves }) => by === 'env' && (moves ?? store.path) === store.path,
  );
  if (!isMoved) return false;
  const wrong = wrongMounts(match, values).map(({ path }) => cleanTarget(path));
  const paths = stores.flatMap(({ store: { path, evidence } }) =>
    path === null || evidence[0].from === 'mount' ? [] : [path],
  );
  return service.mounts.some(
    (mount) =>
      isDataMount(mount) &&
      mount.source !== undefined &&
      !HELPERS.test(mount.target) &&
      !isForBackups(mount) &&
      !wrong.includes(mount.target) &&
      !paths.some((path) => isWithin(path, mount.target) || isWithin(mount.target, path)),
  );
}
