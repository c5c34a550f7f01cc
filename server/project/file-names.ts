/** What Compose files are called. */
import * as path from 'node:path';

const COMPOSE_NAME = /(^|[._-])(docker-|podman-)?compose([._-].*)?\.ya?ml$/i;
/** What `docker stack deploy` is given by habit. */
const STACK_NAME = /^docker-stack([._-].*)?\.ya?ml$/i;

export const isComposeName = (file: string): boolean =>
  COMPOSE_NAME.test(path.posix.basename(file)) || STACK_NAME.test(path.posix.basename(file));
