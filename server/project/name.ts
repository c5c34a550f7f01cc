/** Project names. */
import * as path from 'node:path';

/** Lower case, only `[a-z0-9_-]`, without leading `_` and `-`: what Compose makes of a folder's name. */
export const normaliseProjectName = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^-_a-z0-9]/g, '')
    .replace(/^[_-]+/, '');

export const directoryProjectName = (directory: string): string => normaliseProjectName(path.posix.basename(directory));
