/** The program a service runs, and the settings its words carry. */
import * as path from 'node:path';
import type { Service } from '../project/model.ts';
import { shellWords } from '../syntax/shell-words.ts';
import type { ServiceImage } from './model.ts';

/** Entrypoint and command as the engine combines them; the service's own entrypoint drops the image's command. */
export function effectiveWords(service: Service, image: ServiceImage): readonly string[] {
  const entrypoint = service.entrypoint ? service.entrypoint.words : (image.entrypoint ?? []);
  const ownEntrypoint = service.entrypoint !== undefined && service.entrypoint !== null;
  const command = service.command ? service.command.words : ownEntrypoint ? [] : (image.command ?? []);
  return [...entrypoint, ...command];
}

const SHELLS = new Set(['sh', 'bash', 'ash', 'dash', 'zsh']);

/** Where `sh -c` stands among the words; -1 for a command without. */
export const shellAt = (words: readonly string[]): number =>
  words.findIndex((word, i) => SHELLS.has(path.posix.basename(word)) && /^-\w*c$/.test(words[i + 1] ?? ''));

/** The text hands on the words behind it: `exec "$@"`. */
export const passesOn = (text: string): boolean => /\$[@*]|\$\{[@*]\}/.test(text);

/** The commands of a shell text, one after another. */
export const commandsIn = (text: string): readonly (readonly string[])[] =>
  text.split(/[;&|\n]+/).map((part) => shellWords(part.trim()).words.map((word) => word.value));

/** Looks into `sh -c "..."`: the words inside stand in place of the text. What follows it, only the text itself can use. */
export function flatWords(words: readonly string[]): readonly string[] {
  const shell = shellAt(words);
  if (shell < 0) return words;
  const text = words[shell + 2] ?? '';
  return [...words.slice(0, shell), ...commandsIn(text).flat(), ...(passesOn(text) ? words.slice(shell + 4) : [])];
}

/** The value of a flag: `--dir /x`, `--dir=/x`, and for keys such as `-c data_directory=` the text behind it. */
export function flagValue(words: readonly string[], key: string): string | undefined {
  return flagAt(words, key)?.value;
}

export interface FlagPlace {
  readonly value: string;
  /** Index of the word that holds the value. */
  readonly at: number;
  /** Where in that word the value begins. */
  readonly from: number;
}

/** A flag's value and where it stands; of several the last. */
export function flagAt(words: readonly string[], key: string): FlagPlace | undefined {
  const [flag, prefix] = key.split(' ') as [string, string?];
  for (let at = words.length - 1; at >= 0; at--) {
    const word = words[at]!;
    const next = words[at + 1];
    if (prefix !== undefined) {
      const rest = word === flag && next?.startsWith(prefix) ? next.slice(prefix.length) : undefined;
      const value = rest?.replace(/^=/, '');
      if (value !== undefined) return { value, at: at + 1, from: next!.length - value.length };
    } else if (word === flag && next !== undefined) return { value: next, at: at + 1, from: 0 };
    else if (word.startsWith(flag.endsWith('=') ? flag : `${flag}=`)) {
      const from = word.indexOf('=') + 1;
      return { value: word.slice(from), at, from };
    }
  }
  return undefined;
}

/** A path, or the URL of one: no flag's value (`:9001`) that happens to stand in front of it. */
const PLACE = /^(\.{0,2}\/|[a-z][a-z0-9+]*:\/)/i;

/** The place that stands behind `key`, else the word right behind it: `server --address :9000 /data`. */
export function argumentAt(words: readonly string[], key: string): number {
  const key_ = words.indexOf(key);
  if (key_ < 0) return -1;
  const place = words.findIndex((word, i) => i > key_ && PLACE.test(word) && !isFlagValue(words, i));
  if (place >= 0) return place;
  const next = words[key_ + 1];
  return next === undefined || next.startsWith('-') ? -1 : key_ + 1;
}

/** `--certs-dir /x`: it belongs to the flag. Flags that stand alone (`--quiet /data`) are the rarer ones. */
const isFlagValue = (words: readonly string[], at: number): boolean => {
  const before = words[at - 1] ?? '';
  return (
    /^--?[a-z]/i.test(before) && !before.includes('=') && /(dir|path|file|conf(ig)?|url|cert|key|socket)$/i.test(before)
  );
};
