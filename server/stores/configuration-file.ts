/** Settings in configuration files that are mounted from the workspace: `dir /x`, `datadir=/x`, `dbPath: /x`. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../files.ts';
import type { Mount } from '../project/model.ts';
import type { Source, Span } from '../syntax/source.ts';

export interface ConfigurationFile {
  readonly mount: Mount;
  /** Null when it is not in the workspace or no text: what it sets is not known. */
  readonly source: Source | null;
}

const NAME = /\.(conf|cnf|cfg|ini|ya?ml|toml|xml|properties|json|config|env)$/i;

/** Mounts that put a configuration file, or a folder of them, into the container. */
export function configurationFiles(mounts: readonly Mount[], files: Files): ConfigurationFile[] {
  return mounts.flatMap((mount): ConfigurationFile[] => {
    if (mount.type !== 'bind' && mount.type !== 'config') return [];
    if (!NAME.test(mount.target)) return [];
    if (mount.type === 'config' || mount.source === undefined || files.kind(mount.source) !== 'file') return [{ mount, source: null }];
    try {
      return [{ mount, source: files.read(mount.source) }];
    } catch (error) {
      if (error instanceof UnreadableFile) return [{ mount, source: null }];
      throw error;
    }
  });
}

/** The value of `key` (`storage.dbPath`: the last part is looked for); undefined where it is not set. */
export function configured(source: Source, key: string): { readonly value: string; readonly span: Span } | undefined {
  const last = key.split('.').at(-1)!.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const line = new RegExp(`^[ \\t]*(?:<)?["']?${last}["']?(?:[ \\t]*[:=>][ \\t]*|[ \\t]+)["']?([^"'\\s#<,]+)`, 'im');
  const match = line.exec(source.text);
  if (!match) return undefined;
  const start = match.index + match[0].length - match[1]!.length;
  return { value: match[1]!, span: { source, start, end: start + match[1]!.length } };
}

export const looksLikePath = (value: string): boolean => value.startsWith('/') || value.startsWith('./') || path.posix.isAbsolute(value);
