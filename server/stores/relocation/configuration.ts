/** What the configuration files of a server set, in the order in which it reads them. */
import * as path from 'node:path';
import type { Family } from '../../catalogue/model.ts';
import type { Source } from '../../syntax/source.ts';
import { expanded } from '../command.ts';
import { flagAt } from '../words.ts';
import type { ContainerFile, ContainerFiles } from './container-files.ts';
import type { Setting } from './model.ts';
import { configurationBy, type ServerConfiguration } from './servers.ts';

export interface Configuration {
  /** The one in force: the last that is written; undefined where no file sets it. */
  setting(key: string): Setting | undefined;
  /** What was found of the files that the server reads. */
  readonly files: readonly ReadFile[];
}

export interface ReadFile {
  /** Where it stands in the container. */
  readonly at: string;
  /** Null where it cannot be read here: it may set anything. */
  readonly source: Source | null;
}

export interface Surroundings {
  readonly files: ContainerFiles;
  /** The server's program and its arguments. */
  readonly words: readonly string[];
  readonly environment: (name: string) => string | null | undefined;
  readonly workdir: string;
}

const NONE: Configuration = { setting: () => undefined, files: [] };
const MAX_FILES = 50;

export function configurationOf(family: Family, surroundings: Surroundings): Configuration {
  const server = configurationBy(family);
  if (!server) return NONE;
  // Most services are never asked: no file is looked for until one is.
  let walked: Walk | undefined;
  const walk = (): Walk => {
    walked ??= walkOf(server, surroundings);
    return walked;
  };
  return {
    get files() {
      return walk().read;
    },
    setting: (key) => walk().settings.findLast((setting) => isKey(setting.key, key, server)),
  };
}

function walkOf(server: ServerConfiguration, surroundings: Surroundings): Walk {
  const walk = new Walk(server, surroundings);
  const named = namedFiles(server, surroundings);
  if (named.length === 0 || server.over) walk.unasked();
  for (const file of named) walk.file(file);
  return walk;
}

/** Whether a setting of a file is what the catalogue calls `key`. */
function isKey(written: string, key: string, server: ServerConfiguration): boolean {
  const own = server.prefix && key.startsWith(server.prefix) ? key.slice(server.prefix.length) : key;
  const wanted = own.toLowerCase().replaceAll('-', '_');
  const had = written.toLowerCase().replaceAll('-', '_');
  if (server.sections) return server.sections.some((section) => had === `${section}.${wanted}`);
  return had === wanted || (!wanted.includes('.') && had === `jetstream.${wanted}`);
}

function namedFiles(server: ServerConfiguration, { words, environment }: Surroundings): string[] {
  const named = [
    ...argumentsOf(server, words),
    ...(server.flags ?? []).flatMap((flag) => flagAt(words, flag)?.value ?? []),
  ];
  return named.length > 0 ? named : (server.variables ?? []).flatMap((name) => environment(name) || []);
}

/** An entrypoint puts the program in front of a file that stands alone: `command: /etc/redis.conf`. */
function argumentsOf({ argument }: ServerConfiguration, words: readonly string[]): readonly string[] {
  if (argument === undefined) return [];
  if (argument !== 'first') return words.filter((word) => !word.startsWith('-') && argument.test(word)).slice(0, 1);
  return words
    .slice(0, 2)
    .filter((word, i) => !word.startsWith('-') && (i > 0 ? !words[0]!.endsWith('.conf') : word.endsWith('.conf')));
}

export const readsKnownFiles = (family: Family): boolean => configurationBy(family) !== undefined;

/** Whether this word names a configuration file of the server, so that its entrypoint starts the server with it. */
export function takesFile(family: Family, word: string): boolean {
  const argument = configurationBy(family)?.argument;
  return argument !== undefined && (argument === 'first' ? /\.conf$/ : argument).test(word);
}

class Walk {
  readonly settings: Setting[] = [];
  readonly read: ReadFile[] = [];
  private readonly seen = new Set<string>();
  private readonly server: ServerConfiguration;
  private readonly surroundings: Surroundings;

  constructor(server: ServerConfiguration, surroundings: Surroundings) {
    this.server = server;
    this.surroundings = surroundings;
  }

  unasked(): void {
    const { unasked = [], shipped = [] } = this.server;
    const { environment } = this.surroundings;
    const asShipped = unasked.map((file) => this.file(expanded(file, environment) ?? file)).every((shipped) => shipped);
    if (asShipped) for (const folder of shipped) this.folder(folder);
  }

  /** @returns whether it is what the image has */
  file(at: string, base = this.surroundings.workdir): boolean {
    const absolute = path.posix.resolve(base, at);
    if (/[*?]/.test(absolute)) {
      this.folder(path.posix.dirname(absolute), globOf(path.posix.basename(absolute)));
      return true;
    }
    if (this.seen.has(absolute) || this.seen.size >= MAX_FILES) return false;
    this.seen.add(absolute);
    return this.take(this.surroundings.files.read(absolute), absolute);
  }

  private folder(at: string, ending = this.server.ending): void {
    const found = this.surroundings.files.list(path.posix.resolve(at));
    if (found === null) this.note(path.posix.resolve(at), null);
    for (const file of found ?? []) if (!ending || ending.test(path.posix.basename(file))) this.file(file);
  }

  private take(found: ContainerFile, at: string): boolean {
    if (found === 'shipped') return true;
    this.note(at, found === 'unknown' ? null : found);
    if (found === 'unknown') return false;
    for (const setting of settingsOf(found, this.server)) {
      const key = setting.key.slice(setting.key.lastIndexOf('.') + 1);
      if (this.server.include?.includes(key)) this.include(key, setting.value, path.posix.dirname(at));
      else this.settings.push(setting);
    }
    return false;
  }

  private note(at: string, source: Source | null): void {
    this.read.push({ at, source });
  }

  private include(key: string, value: string, base: string): void {
    if (key.includes('dir')) this.folder(path.posix.resolve(base, value));
    else this.file(value, base);
  }
}

const globOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );

const read = new WeakMap<Source, Map<ServerConfiguration['read'], readonly Setting[]>>();

function settingsOf(source: Source, { read: reader }: ServerConfiguration): readonly Setting[] {
  const known = read.get(source) ?? new Map<ServerConfiguration['read'], readonly Setting[]>();
  read.set(source, known);
  const before = known.get(reader) ?? reader(source);
  known.set(reader, before);
  return before;
}
