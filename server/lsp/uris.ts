/** Documents are named by URI, files by absolute path with forward slashes. */
import { URI } from 'vscode-uri';
import { slashed } from '../files.ts';

/** The file behind `uri`; null for documents that are no file on disk (`untitled:`, `git:` ...). */
export function toPath(uri: string): string | null {
  try {
    const parsed = URI.parse(uri, true);
    return parsed.scheme === 'file' && parsed.path !== '' ? slashed(parsed.fsPath) : null;
  } catch {
    return null;
  }
}

export const toUri = (path: string): string => URI.file(path).toString();

export const directoryOf = (path: string): string => {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? path : slash === 0 ? '/' : path.slice(0, slash);
};

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** `path` is `folder` or lies in it. */
export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
