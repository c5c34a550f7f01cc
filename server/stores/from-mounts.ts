/** Data that nothing else tells of: somebody mounts a place for it. */
import * as path from 'node:path';
import type { Mount, Service } from '../project/model.ts';
import { isWithin } from '../survival/backing.ts';
import type { Store } from '../survival/words.ts';
import type { ServiceImage } from './model.ts';

const CACHES =
  /(^|\/)(node_modules|\.venv|venv|vendor|target|\.next|\.nuxt|__pycache__|\.cache|cache|tmp|temp|logs?)(\/|$)/i;

/** A mounted file, a socket or a setting: no place that data collects in. */
const NO_FOLDER =
  /\.(sock|conf|cnf|cfg|ini|ya?ml|toml|json|xml|env|sh|sql|crt|pem|key|properties|txt|so|js|ts|py|php)$|^\/(etc|dev|proc|sys|run|var\/run|lib|usr\/lib|usr\/share\/zoneinfo|tmp\/\.X11-unix)(\/|$)|docker-entrypoint-initdb\.d/i;

/** One store for each writable folder that is mounted and that no known store explains. */
export function storesFromMounts(service: Service, known: readonly Store[], image: ServiceImage): Store[] {
  return service.mounts
    .filter((mount) => holdsData(mount, service) && !isExplained(mount, known, image))
    .map((mount) => ({
      technology: 'files',
      title: 'Files',
      path: mount.target,
      isFile: false,
      kind: CACHES.test(mount.target) ? 'cache' : 'essential',
      need: 'optional',
      confidence: 'secondary',
      evidence: [
        {
          from: 'mount',
          note: `something is mounted at ${mount.target} to be written to`,
          span: mount.span,
          confidence: 'secondary',
        },
      ],
      role: 'embedded',
    }));
}

function holdsData(mount: Mount, service: Service): boolean {
  if (mount.from === 'configs' || mount.from === 'secrets' || mount.readOnly || NO_FOLDER.test(mount.target))
    return false;
  if (mount.type === 'volume' || mount.type === 'cluster') return true;
  return mount.type === 'bind' && mount.source !== undefined && !isCode(mount.source, service);
}

/** The folder that is built or developed in, or one around it. */
function isCode(source: string, service: Service): boolean {
  const project = path.posix.dirname(service.declarations[0].source.path);
  return (
    isWithin(project, source) ||
    (service.build !== undefined && isWithin(service.build.context, source)) ||
    NO_FOLDER.test(source)
  );
}

/** A known store lies in it. A mount inside a store's folder is a body of its own: something else holds it. */
const isExplained = (mount: Mount, known: readonly Store[], image: ServiceImage): boolean =>
  known.some(({ path: at }) => at !== null && isWithin(at, mount.target)) ||
  (image.match?.family.data.some(
    (fact) => fact.need !== 'required' && (isWithin(fact.path, mount.target) || isWithin(mount.target, fact.path)),
  ) ??
    false);
