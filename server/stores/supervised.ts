/** The programs that a supervisor starts, as its configuration in the image tells. */
import type { Source } from '../syntax/source.ts';
import type { ContainerFiles } from './relocation/container-files.ts';

export interface Supervised {
  readonly text: string;
  readonly source: Source;
  /** Where the command begins. */
  readonly start: number;
}

/** Where supervisord looks, in its order: http://supervisord.org/configuration.html */
const PLACES = ['/etc/supervisord.conf', '/etc/supervisor/supervisord.conf'];

/** Null where the configuration, or a part of it, cannot be read. */
export function supervised(words: readonly string[], files: ContainerFiles): readonly Supervised[] | null {
  const flag = words.findIndex((word) => word === '-c' || word === '--configuration');
  const given = flag < 0 ? words.find((word) => word.startsWith('--configuration='))?.split('=')[1] : words[flag + 1];
  const main = (given ? [given] : PLACES).map((at) => files.read(at)).find((file) => file !== 'shipped');
  const folder = '/etc/supervisor/conf.d';
  const parts = (files.list(folder) ?? []).filter((at) => at.endsWith('.conf')).map((at) => files.read(at));
  const all = [main, ...parts].filter((file): file is Source => typeof file === 'object');
  const elsewhere = parts.length === 0 && all.some(({ text }) => /^\[include\]/m.test(text));
  if (all.length === 0 || main === 'unknown' || elsewhere) return null;
  return all.flatMap((source) =>
    [...source.text.matchAll(/^([ \t]*command[ \t]*=[ \t]*)(\S.*)$/gm)].map(([, head, text]) => ({
      text: text!,
      source,
      start: source.text.indexOf(`${head}${text}`) + head!.length,
    })),
  );
}
