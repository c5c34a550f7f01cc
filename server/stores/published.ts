/** A repository that keeps the Compose file for its own published image beside the Dockerfile which that is made of. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../files.ts';
import type { Build, Service } from '../project/model.ts';
import { dockerfileAt } from '../project/paths.ts';

/** Where they are kept, below the repository. */
const DOCKERFILES = ['Dockerfile', 'docker/Dockerfile'];

/** Folders above the Compose file that are looked at. */
const MAX_ABOVE = 8;

/** The build of an image that is called as the repository is where it came from: `ghcr.io/acme/shop` of `github.com/acme/shop`. */
export function ownBuild({ image, declarations }: Service, files: Files): Build | undefined {
  const name = image && nameIn(image.value);
  if (!name || image.unresolved.length > 0) return undefined;
  const folder = repositoryAbove(path.posix.dirname(declarations[0].source.path), files);
  if (folder === undefined || !remotes(folder, files).includes(name)) return undefined;
  const dockerfile = DOCKERFILES.map((one) => dockerfileAt(path.posix.join(folder, one), files)).find(
    (file) => files.kind(file) === 'file',
  );
  return dockerfile === undefined
    ? undefined
    : {
        context: folder,
        remote: false,
        dockerfile,
        args: new Map(),
        additionalContexts: new Map(),
        span: image.span,
        unresolved: [],
      };
}

/** `acme/shop` of `ghcr.io/Acme/shop:2`; nothing for an image of nobody. */
const nameIn = (image: string): string | undefined =>
  /(?:^|\/)([^/:@]+\/[^/:@]+)(?::[^/]*)?(?:@.*)?$/.exec(image)?.[1]?.toLowerCase();

function repositoryAbove(start: string, files: Files): string | undefined {
  let folder = start;
  for (let i = 0; i < MAX_ABOVE; i++) {
    if (files.kind(path.posix.join(folder, '.git', 'config')) === 'file') return folder;
    const above = path.posix.dirname(folder);
    if (above === folder) return undefined;
    folder = above;
  }
  return undefined;
}

/** `acme/shop`, in small letters, for each server that a repository was cloned from or is sent to. */
export function remotes(repository: string, files: Files): string[] {
  try {
    const { text } = files.read(path.posix.join(repository, '.git', 'config'));
    return [...text.matchAll(/^\s*url\s*=.*[/:]([^/:\s]+\/[^/:\s]+?)(?:\.git)?\/?\s*$/gm)].map(([, name]) =>
      name!.toLowerCase(),
    );
  } catch (error) {
    if (error instanceof UnreadableFile) return [];
    throw error;
  }
}
