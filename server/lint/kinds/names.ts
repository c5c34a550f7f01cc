/** What a file is to us, by its name. What it says decides later. */
import * as path from 'node:path';
import { isComposeName } from '../../project/file-names.ts';
import { isScriptFile } from '../../scripts/names.ts';

/** What is linted as one: files that Compose runs, a folder of units, an image by itself, a script. */
export type SelectionKind = 'compose' | 'quadlet' | 'dockerfile' | 'script';

const UNIT = /\.(container|volume|pod|kube|build|image|network|artifact)$/;
/** `app.container.d/10-volumes.conf` lies over `app.container`. */
const DROP_IN = /\.(container|volume|pod|kube|build|image|network|artifact)\.d\/[^/]+\.conf$/;
const DOCKERFILE = /^(dockerfile|containerfile)([._-].*)?$|[._-](dockerfile|containerfile)$/i;
/** Templates and what belongs to a Dockerfile without being one. */
const NO_DOCKERFILE =
  /\.(dockerignore|containerignore|j2|jinja2?|tmpl|tpl|template|erb|in|mustache|hbs|md|txt|bak|orig|rej|swp)$|~$/i;

export const isUnitName = (file: string): boolean => UNIT.test(file) || DROP_IN.test(file);

export function isDockerfileName(file: string): boolean {
  const name = path.posix.basename(file);
  return DOCKERFILE.test(name) && !NO_DOCKERFILE.test(name);
}

/** Null for files that nobody would look for. */
export function kindByName(file: string): SelectionKind | null {
  if (isComposeName(file)) return 'compose';
  if (isUnitName(file)) return 'quadlet';
  if (isDockerfileName(file)) return 'dockerfile';
  return isScriptFile(file) ? 'script' : null;
}
