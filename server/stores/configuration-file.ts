/** Settings in configuration files that are mounted from the workspace: `dir /x`, `datadir=/x`, `dbPath: /x`. */
import * as path from 'node:path';
import type { Family } from '../catalogue/model.ts';
import { type Files, UnreadableFile } from '../files.ts';
import type { Mount, Service } from '../project/model.ts';
import { coveringMount, isWithin } from '../survival/backing.ts';
import type { Source, Span } from '../syntax/source.ts';
import { configurationOf, readsKnownFiles } from './relocation/configuration.ts';
import { containerFiles } from './relocation/container-files.ts';

export interface ConfigurationFile {
  readonly mount: Mount;
  /** Null when it is not in the workspace or no text: what it sets is not known. */
  readonly source: Source | null;
}

const NAME = /\.(conf|cnf|cfg|ini|ya?ml|toml|xml|properties|json|config|hcl|env)$/i;
const MAX_FILES = 20;

/**
 * The configuration that mounts bring: files, folders that the catalogue knows as configuration, and the folder of a file
 * that the command names.
 */
export function configurationFiles(
  service: Service,
  words: readonly string[],
  family: Family | undefined,
  files: Files,
): readonly ConfigurationFile[] {
  if (family && readsKnownFiles(family)) return readBy(family, service, words, files);
  const named = words
    .map((word) => word.slice(word.indexOf('=') + 1))
    .filter((word) => word.startsWith('/') && NAME.test(word));
  const known = family?.data.filter((fact) => fact.kind === 'configuration').map((fact) => fact.path) ?? [];
  return service.mounts.flatMap((mount): ConfigurationFile[] => {
    if (NAME.test(mount.target))
      return [{ mount, source: mount.type === 'bind' ? readable(mount.source, files) : null }];
    const within = [...named, ...known].filter((file) => isWithin(file, mount.target));
    if (within.length === 0 || mount.from === 'tmpfs') return [];
    if (mount.type !== 'bind' || mount.source === undefined) return [{ mount, source: null }];
    return folderFiles(mount, mount.source, named, files);
  });
}

interface Found {
  readonly family: Family;
  readonly words: string;
  /** As they are for one run. */
  readonly files: Files;
  readonly found: readonly ConfigurationFile[];
}

/** Several rules ask for the same service. */
const known = new WeakMap<Service, Found>();

function readBy(
  family: Family,
  service: Service,
  words: readonly string[],
  files: Files,
): readonly ConfigurationFile[] {
  if (service.mounts.length === 0) return [];
  const written = words.join('\0');
  const before = known.get(service);
  if (before?.family === family && before.words === written && before.files === files) return before.found;
  const found = mountedOf(family, service, words, files);
  known.set(service, { family, words: written, files, found });
  return found;
}

/** Where it is known which files the server reads, what is mounted elsewhere does not count. */
function mountedOf(family: Family, service: Service, words: readonly string[], files: Files): ConfigurationFile[] {
  const start = words.findIndex((word) => family.serverCommands.includes(path.posix.basename(word)));
  const configuration = configurationOf(family, {
    files: containerFiles({ service, project: UNKNOWN, copied: new Map(), files }),
    words: words.slice(Math.max(start, 0)),
    environment: (name) => service.environment.get(name)?.value,
    workdir: service.workingDir?.value ?? family.workdir ?? '/',
  });
  return configuration.files.flatMap(({ at, source }) => {
    const mount = coveringMount(at, service.mounts);
    return mount ? [{ mount, source }] : [];
  });
}

/** What `configs:` and `secrets:` name is not looked for: it counts as a file that cannot be read. */
const UNKNOWN = { roots: new Map(), directory: '/' };

/** Of a folder the files that the command names in it, else all that look like configuration. */
function folderFiles(mount: Mount, folder: string, named: readonly string[], files: Files): ConfigurationFile[] {
  const asked = named
    .filter((file) => isWithin(file, mount.target))
    .map((file) => path.posix.join(folder, file.slice(mount.target.length)));
  const found = files.list(folder).filter(({ name, kind }) => kind === 'file' && NAME.test(name));
  const all = asked.length > 0 ? asked : found.slice(0, MAX_FILES).map(({ name }) => path.posix.join(folder, name));
  return all.length > 0 ? all.map((file) => ({ mount, source: readable(file, files) })) : [{ mount, source: null }];
}

function readable(file: string | undefined, files: Files): Source | null {
  if (file === undefined || files.kind(file) !== 'file') return null;
  try {
    return files.read(file);
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}

/** The value of `key` (`storage.dbPath`: the last part is looked for); undefined where it is not set. */
export function configured(source: Source, key: string): { readonly value: string; readonly span: Span } | undefined {
  const last = key
    .split('.')
    .at(-1)!
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const line = new RegExp(`^[ \\t]*(?:<)?["']?${last}["']?(?:[ \\t]*[:=>][ \\t]*|[ \\t]+)["']?([^"'\\s#<,]+)`, 'im');
  const match = line.exec(source.text);
  if (!match) return undefined;
  const start = match.index + match[0].length - match[1]!.length;
  return { value: match[1]!, span: { source, start, end: start + match[1]!.length } };
}
