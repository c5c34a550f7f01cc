/** Where a setting puts what an image would keep elsewhere: by variable, flag, argument or configuration file. */
import * as path from 'node:path';
import type { Relocation } from '../../catalogue/model.ts';
import { cleanTarget } from '../../project/mounts.ts';
import type { Evidence } from '../../survival/words.ts';
import { expanded, partOfWord, type Word } from '../command.ts';
import type { EffectiveEnvironment } from '../from-image.ts';
import { argumentAt, flagAt } from '../words.ts';
import type { Configuration } from './configuration.ts';

export interface Place {
  /** Null: something moves it to a place that is not known. */
  readonly path: string | null;
  readonly why: string;
  readonly evidence: Evidence;
}

export interface Circumstances {
  readonly words: readonly Word[];
  readonly environment: EffectiveEnvironment;
  readonly configuration: Configuration;
  /** Where the program is started, if the service or its Dockerfile says so; else the image's own. */
  readonly workdir: { readonly own: string | undefined; readonly image: string };
}

interface Given {
  readonly value: string | null;
  readonly evidence: Evidence;
}

/** What `move` says here; undefined where nothing sets it. */
export function placeBy(move: Relocation, at: Circumstances): Place | undefined {
  const given = givenBy(move, at);
  if (!given) return undefined;
  const { value, evidence } = given;
  // A list of names is taken for another setting than it is: where the data goes then nobody knows.
  if (value === null || (move.form === undefined && isList(value))) return { path: null, why: evidence.note, evidence };
  const target = directoryOf(move, value, at.workdir);
  return target === null ? undefined : { path: target, why: '', evidence };
}

const isList = (value: string): boolean => !value.includes('/') && /[,\s]/.test(value);

function givenBy(move: Relocation, { words, environment, configuration }: Circumstances): Given | undefined {
  if (move.by === 'env') {
    const entry = environment.get(move.key);
    if (!entry || entry.value === '') return undefined;
    return { value: entry.evidence.confidence === 'memory' ? null : entry.value, evidence: entry.evidence };
  }
  if (move.by === 'config') return fromConfiguration(move, configuration);
  const texts = words.map(({ text }) => text);
  const found = move.by === 'flag' ? firstOf(keysOf(move.key), (key) => flagAt(texts, key)) : argument(texts, move.key);
  if (!found) return undefined;
  // Of the variable between a flag and its value nothing may be left but the next word.
  const open = move.by === 'flag' && found.from === 0 && words[found.at - 1]!.open;
  const word = words[found.at]!;
  return fromCommand(move.key, found, open ? { ...word, open } : word, environment);
}

const argument = (texts: readonly string[], key: string) => {
  const at = argumentAt(texts, key);
  return at < 0 ? undefined : { value: texts[at]!, at, from: 0 };
};

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** PostgreSQL takes `-c name=`, `-cname=`, `--name=` and `--na-me=` for the same. */
function keysOf(key: string): string[] {
  const [flag, name] = key.split(' ');
  return flag === '-c' && name ? [key, `-c${name}`, `--${name}`, `--${name.replaceAll('_', '-')}`] : [key];
}

function fromCommand(
  key: string,
  found: { readonly value: string; readonly from: number },
  word: Word,
  environment: EffectiveEnvironment,
): Given | undefined {
  const span = partOfWord(word, found.from);
  const said = (note: string): Evidence => ({
    from: word.from === 'command' ? 'command' : 'dockerfile',
    note,
    confidence: 'primary',
    ...(span ? { span } : {}),
  });
  const where = word.from === 'command' ? 'in the command' : 'in the command of the image';
  if (word.open) return { value: null, evidence: said(`${key} ${where} is made of variables that are not set`) };
  const value = word.shell ? expanded(found.value, (name) => variable(name, environment)) : found.value;
  if (value === null) return { value, evidence: said(`${key} ${found.value} ${where} is known only when it runs`) };
  return value === '' ? undefined : { value, evidence: said(`${key} ${value} ${where}`) };
}

function variable(name: string, environment: EffectiveEnvironment): string | null | undefined {
  const entry = environment.get(name);
  return entry?.evidence.confidence === 'memory' ? null : entry?.value;
}

function fromConfiguration(move: Relocation, configuration: Configuration): Given | undefined {
  const found = configuration.setting(move.key);
  if (!found || found.value === '') return undefined;
  const open = /[$%]/.test(found.value);
  const evidence: Evidence = {
    from: 'configuration',
    note: `${move.key} ${found.value} in the configuration`,
    span: found.span,
    confidence: 'primary',
  };
  return { value: open ? null : found.value, evidence };
}

/** The directory that a value names; null where it names something that is no place in the container. */
function directoryOf(move: Relocation, value: string, workdir: Circumstances['workdir']): string | null {
  const first = move.form === 'list' || move.by === 'argument' ? (value.split(/[,;]/)[0] ?? value).trim() : value;
  const bare = move.form === 'url' ? first.replace(/^[a-z0-9+]+:(\/\/)?/i, '') : first.replace(/^file:(\/\/)?/i, '');
  // `http://node{1...4}/data{1...2}`: the places of one server of several, of which the first stands for all.
  const place = bare.replace(/^https?:\/\/[^/]+/i, '').replace(/\{(\w+)\.\.\.\w+\}/g, '$1');
  if (place === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(place)) return null;
  const absolute = path.posix.resolve(workdir.own ?? move.relativeTo ?? workdir.image, place);
  const directory = move.form === 'file' ? path.posix.dirname(absolute) : absolute;
  return cleanTarget(path.posix.join(directory, move.below ?? ''));
}
