/** The environment of a container, and the one of its service, which systemd replaces variables from. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../../files.ts';
import type { Problem } from '../../syntax/source.ts';
import { type Chars, place } from '../../syntax/unit/chars.ts';
import { allArguments, type Entries, flag, lastEntry, pairOf } from '../../syntax/unit/lookup.ts';
import type { EnvironmentEntry } from '../model.ts';
import { readEnvironmentFile } from './env-file.ts';
import type { Value } from './model.ts';
import type { PodmanOption } from './podman-args.ts';
import type { Expansion } from './specifiers.ts';
import { unresolvedOf } from './text.ts';

export interface Environment {
  readonly entries: ReadonlyMap<string, EnvironmentEntry>;
  readonly gaps: readonly Problem[];
  readonly problems: readonly Problem[];
}

export interface EnvironmentParts {
  /** Of the unit's own section. */
  readonly entries: Entries;
  readonly options: readonly PodmanOption[];
  /** Of secrets that are given as variables. */
  readonly secrets: readonly EnvironmentEntry[];
  /** Of the unit. */
  readonly directory: string;
  readonly files: Files;
  expand(written: Chars): Value;
}

export function readEnvironment({
  entries,
  options,
  secrets,
  directory,
  files,
  expand,
}: EnvironmentParts): Environment {
  const found = new Map<string, EnvironmentEntry>();
  const gaps: Problem[] = [];
  const add = (entry: EnvironmentEntry): void => {
    found.set(entry.name, entry);
  };
  const named = allArguments(entries, 'EnvironmentFile');
  const given = options.filter(({ name }) => name === 'env-file').flatMap(({ value }) => (value ? [value] : []));
  for (const written of [...named.words.map(({ value }) => value), ...given]) {
    const read = readFile(files, directory, expand(written));
    if (Array.isArray(read)) read.forEach(add);
    else gaps.push(read);
  }
  const pairs = allArguments(entries, 'Environment');
  const more = options.filter(({ name }) => name === 'env').flatMap(({ value }) => (value ? [value] : []));
  secrets.forEach(add);
  for (const word of [...pairs.words.map(({ value }) => value), ...more]) add(variable(word, expand));
  const host = flag(entries, 'EnvironmentHost') ? lastEntry(entries, 'EnvironmentHost') : undefined;
  if (host) gaps.push({ span: host.span, message: 'the environment of systemd is passed on, and not known here' });
  return { entries: found, gaps, problems: [...named.problems, ...pairs.problems] };
}

function variable(word: Chars, expand: EnvironmentParts['expand']): EnvironmentEntry {
  const { name, value } = pairOf(word);
  const result = value && expand(value);
  return {
    name,
    value: result ? result.chars.text : null,
    span: place(word),
    unresolved: result ? unresolvedOf(result) : [],
    from: 'environment',
  };
}

/** Its entries, or why there are none. */
function readFile(files: Files, directory: string, value: Value): EnvironmentEntry[] | Problem {
  const { text } = value.chars;
  const gap = (cause: string): Problem => ({
    span: place(value.written),
    message: `the environment file ${value.written.text} ${cause}`,
  });
  const hole = value.holes[0];
  if (hole) return gap(`is named by ${hole.variable}, which is not known here`);
  try {
    const entries = readEnvironmentFile(files.read(path.posix.resolve(directory, text)));
    return entries ? [...entries] : gap('has a line that is no variable');
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return gap(error.message);
  }
}

/**
 * What `[Service]` sets for systemd itself: `${DATA}` in any value of the unit takes it. Where one of its files cannot
 * be read, it may set anything: a file that may be missing is no different from a variable that nothing sets, and
 * without one that may not be, systemd does not start the unit.
 */
export function serviceVariables(service: Entries, files: Files): Pick<Expansion, 'variables' | 'more'> {
  let more = false;
  const known = new Map<string, string | null>();
  for (const { value } of allArguments(service, 'Environment').words) {
    const pair = pairOf(value);
    // Specifiers in it are replaced as well: what they make is not needed often enough.
    if (pair.value) known.set(pair.name, /%/.test(pair.value.text) ? null : pair.value.text);
  }
  for (const { value } of allArguments(service, 'EnvironmentFile').words) {
    const isOptional = value.text.startsWith('-');
    const file = isOptional ? value.text.slice(1) : value.text;
    if (!path.posix.isAbsolute(file)) {
      more ||= !isOptional && file.startsWith('%');
      continue;
    }
    try {
      for (const entry of readEnvironmentFile(files.read(file)) ?? [])
        known.set(entry.name, entry.value?.replace(/^(["'])(.*)\1$/, '$2') ?? null);
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      for (const name of known.keys()) known.set(name, null);
      more ||= !isOptional;
    }
  }
  return { variables: known, ...(more ? { more } : {}) };
}
