/** Paths of the host, made absolute the way Compose does it. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import type { Surroundings } from './reader.ts';

/** `~` and everything behind it, whatever it is: Compose knows no other users. */
function expandHome(written: string, { lookup }: Surroundings): string {
  const home = written.startsWith('~') ? lookup('HOME') : undefined;
  return home ? path.posix.join(home, written.slice(1)) : written;
}

/** Absolute paths stay as they are written. */
export function absolutePath(written: string, surroundings: Surroundings): string {
  const expanded = expandHome(written, surroundings);
  return path.posix.isAbsolute(expanded) ? expanded : withoutSlash(path.posix.join(surroundings.directory, expanded));
}

/** What is mounted: Windows paths count as absolute, too. */
export function absoluteSource(written: string, surroundings: Surroundings): string {
  const expanded = expandHome(written, surroundings);
  if (path.posix.isAbsolute(expanded) || isWindowsAbsolute(expanded)) return expanded;
  return withoutSlash(path.posix.join(surroundings.directory, expanded));
}

const withoutSlash = (clean: string): string => (clean.length > 1 ? clean.replace(/\/$/, '') : clean);

/** `C:\x`, `C:/x` and what follows `\\server\share`. */
const isWindowsAbsolute = (written: string): boolean =>
  /^[a-zA-Z]:[\\/]/.test(written) || /^[\\/]{2}[^\\/.][^\\/]*[\\/][^\\/.][^\\/]*[\\/]/.test(written);

const REMOTE_CONTEXT = /^(https?:\/\/|git:\/\/|ssh:\/\/|github\.com\/|git@)/;

/** A build context that is no folder of the host. */
export const isRemoteContext = (written: string): boolean =>
  written.includes('://') || written.startsWith('service:') || REMOTE_CONTEXT.test(written);

/** A Compose file that Compose would fetch first. */
export const isRemoteFile = (written: string): boolean => /^(https?:|git@|git:|ssh:|oci:|github\.com\/)/.test(written);

/** Where there is no `Dockerfile`, BuildKit takes a `dockerfile`. */
export function dockerfileAt(file: string, files: Files): string {
  if (path.posix.basename(file) !== 'Dockerfile' || files.kind(file) !== 'missing') return file;
  const small = path.posix.join(path.posix.dirname(file), 'dockerfile');
  return files.kind(small) === 'file' ? small : file;
}
