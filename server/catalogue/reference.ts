/** Image references, by the grammar of the distribution project. */

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
