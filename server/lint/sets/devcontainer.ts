/** The files that a development container is made of: `dockerComposeFile` of its devcontainer.json. */
import { parse } from 'jsonc-parser/lib/esm/main.js';
import type { Source } from '../../syntax/source.ts';
import type { Invocation } from './invocations.ts';

/** Paths are relative to the file itself. */
export function devcontainer({ text }: Source): Invocation[] {
  const { dockerComposeFile } = (parse(text) ?? {}) as { dockerComposeFile?: unknown };
  const files = typeof dockerComposeFile === 'string' ? [dockerComposeFile] : dockerComposeFile;
  // Variables are replaced when the container is opened.
  const isPlain = (file: unknown): file is string =>
    typeof file === 'string' && file !== '' && !file.includes('$') && !file.startsWith('/');
  if (!Array.isArray(files) || files.length === 0 || !files.every(isPlain)) return [];
  return [{ files, folder: '', profiles: [], envFiles: null }];
}
