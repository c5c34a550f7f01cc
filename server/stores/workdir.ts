/** The folder that a container starts in, as far as anybody tells. */
import type { Service } from '../project/model.ts';
import type { ServiceImage } from './model.ts';

/** Null where only the image knows: of one that nobody has described, `/` would be a guess. */
export function workdirOf({ workingDir }: Pick<Service, 'workingDir'>, image: ServiceImage): string | null {
  if (workingDir) return workingDir.value;
  const { workdir, stage, match } = image;
  if (!stage && !match) return null;
  if (workdir !== '/') return workdir;
  const isWritten =
    stage?.workdir?.unresolved.length === 0 || stage?.base === null || match?.family.workdir !== undefined;
  // Images to build on start at the top where the catalogue says nothing else: their Dockerfiles were read.
  const isBare = match !== undefined && !match.lookalike && match.family.category === 'base';
  return isWritten || (isBare && match.family.volumesKnown) ? servedFolder(image) : null;
}

/** `/`, but for the flavours of PHP that serve a folder. */
const servedFolder = ({ stage, match }: ServiceImage): string =>
  !stage?.workdir && match?.family.id === 'php' && match.flavours.some((one) => /^(?:apache|fpm)$/.test(one))
    ? '/var/www/html'
    : '/';
