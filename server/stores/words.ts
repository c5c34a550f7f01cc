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

/** Looks into `sh -c "..."`: the words inside stand in place of the text. */
export function flatWords(words: readonly string[]): readonly string[] {
  const shell = words.findIndex(
    (word, i) => SHELLS.has(path.posix.basename(word)) && /^-\w*c$/.test(words[i + 1] ?? ''),
  );
  if (shell < 0) return words;
  const text = words[shell + 2] ?? '';
  const inside = text.split(/[;&|\n]+/).flatMap((part) => shellWords(part.trim()).words.map((word) => word.value));
  return [...words.slice(0, shell), ...inside, ...words.slice(shell + 3)];
}

/** The value of a flag: `--dir /x`, `--dir=/x`, and for keys such as `-c data_directory=` the text behind it. */
export function flagValue(words: readonly string[], key: string): string | undefined {
  const [flag, prefix] = key.split(' ') as [string, string?];
  for (let i = words.length - 1; i >= 0; i--) {
    const word = words[i]!;
    const next = words[i + 1];
    if (prefix !== undefined) {
      if (word === flag && next?.startsWith(prefix)) return next.slice(prefix.length).replace(/^=/, '');
    } else if (word === flag && next !== undefined) return next;
    else if (word.startsWith(flag.endsWith('=') ? flag : `${flag}=`)) return word.slice(word.indexOf('=') + 1);
  }
  return undefined;
}

/** The first word behind `key` that is no flag: `server /data`. */
export function argumentAfter(words: readonly string[], key: string): string | undefined {
  const at = words.indexOf(key);
  return at < 0 ? undefined : words.slice(at + 1).find((word) => !word.startsWith('-'));
}
