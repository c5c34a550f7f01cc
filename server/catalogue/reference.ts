/** Image references, by the grammar of the distribution project. */
import { originOf } from './mirrors.ts';

export interface ImageReference {
  /** `docker.io`, `ghcr.io`, `localhost:5000`. Mirrors of Docker Hub are `docker.io`. */
  readonly registry: string;
  /** Path without the registry; `library/postgres` for Docker's own; architecture namespaces removed. */
  readonly path: string;
  readonly tag: string | null;
  readonly digest: string | null;
  /** `registry/path`, as the catalogue names images. */
  readonly repository: string;
}

const HOST =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
/** An engine takes 64 hexadecimal digits for the id of an image. */
const IMAGE_ID = /^[a-f0-9]{64}$/;
const MAX_PATH = 255;

/** Null when an engine would refuse the text. */
export function parseImageReference(text: string): ImageReference | null {
  const at = text.indexOf('@');
  const digest = at < 0 ? null : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(':');
  // A colon in front of a slash belongs to the port of the registry.
  const tagged = colon > named.lastIndexOf('/');
  const tag = tagged ? named.slice(colon + 1) : null;
  const name = tagged ? named.slice(0, colon) : named;
  if (digest !== null && !DIGEST.test(digest)) return null;
  if (tag !== null && !TAG.test(tag)) return null;
  if (IMAGE_ID.test(name)) return null;

  const { registry, path } = splitRegistry(name);
  if (!HOST.test(registry) || path.length > MAX_PATH || !path.split('/').every((part) => COMPONENT.test(part)))
    return null;
  const origin = originOf({ registry: registry.toLowerCase(), path });
  return { ...origin, tag, digest, repository: `${origin.registry}/${origin.path}` };
}

/** The first component is a registry only if it cannot be the namespace of a user. */
function splitRegistry(name: string): { registry: string; path: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  return isHost ? { registry: first, path: name.slice(slash + 1) } : { registry: 'docker.io', path: name };
}

/** The reference as text, in its canonical form. */
export function formatImageReference({ repository, tag, digest }: ImageReference): string {
  return `${repository}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;
}

export const lastComponent = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
