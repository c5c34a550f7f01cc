/** What a command copies, and where to: `cp`, `mv`, `rsync`, `tar`, `zip`, `docker cp`. */

import { behindOptions } from '../../scripts/calls.ts';
import type { Command, Word } from '../../scripts/model.ts';
import { callOf } from './about.ts';

export interface Copy {
  readonly program: string;
  /** `pack`: into an archive. `unpack`: out of one. */
  readonly how: 'copy' | 'move' | 'pack' | 'unpack';
  readonly from: readonly Word[];
  readonly to: Word | null;
  /** `tar -C folder`: relative sources start there. */
  readonly inFolder: Word | null;
  /** Of `unpack`: what is taken out of the archive; empty for all of it. */
  readonly members?: readonly Word[];
}

const VALUED: Readonly<Record<string, RegExp>> = {
  cp: /^(-[tS]|--(target-directory|suffix))$/,
  mv: /^(-[tS]|--(target-directory|suffix))$/,
  install: /^-[mogtS]$/,
  rsync:
    /^(-[efBTM]|--(rsh|exclude|include|exclude-from|include-from|filter|files-from|bwlimit|rsync-path|port|link-dest|compare-dest|backup-dir|suffix|chmod|chown|log-file|timeout|max-size|min-size|temp-dir|password-file))$/,
  scp: /^-[cFiJloPSX]$/,
  zip: /^-[xPibtn]$/,
};

const HOW: Readonly<Record<string, Copy['how']>> = {
  cp: 'copy',
  mv: 'move',
  install: 'copy',
  rsync: 'copy',
  scp: 'copy',
};

const baseName = (text: string): string => text.slice(text.lastIndexOf('/') + 1);

export function copyOf(command: Command): Copy | null {
  const { words } = command;
  const program = baseName(words[0].text);
  if (program === 'tar' || program === 'bsdtar') return tarOf(words);
  if (program === 'zip') return zipOf(words);
  const how = HOW[program];
  if (how) return operands(program, how, words, 1, VALUED[program]!);
  const call = callOf(command);
  if (call?.verb !== 'cp') return null;
  return operands(`${call.program} cp`, 'copy', call.args, 0, /^(--index)$/);
}

function operands(
  program: string,
  how: Copy['how'],
  words: readonly Word[],
  from: number,
  valued: RegExp,
): Copy | null {
  const rest: Word[] = [];
  for (let at = from; at < words.length; ) {
    const next = behindOptions(words, at, valued);
    at = next;
    if (at < words.length) rest.push(words[at++]!);
  }
  return rest.length < 2 ? null : { program, how, from: rest.slice(0, -1), to: rest.at(-1)!, inFolder: null };
}

function zipOf(words: readonly Word[]): Copy | null {
  const copy = operands('zip', 'pack', words, 1, VALUED.zip!);
  if (!copy?.to) return null;
  const [archive, ...rest] = [...copy.from, copy.to];
  return { ...copy, from: rest, to: archive ?? null };
}

const TAR_VALUED =
  /^(-[fCTXIbHLVN]|--(file|directory|exclude|exclude-from|files-from|use-compress-program|transform|owner|group|mode|strip(-components)?|format|warning))$/;

/** The letters may stand without a dash; those that take a value take the next words in order. */
function tarOf(words: readonly Word[]): Copy | null {
  const from: Word[] = [];
  let letters = '';
  let archive: Word | null = null;
  let inFolder: Word | null = null;
  for (let at = 1; at < words.length; at++) {
    const word = words[at]!;
    const { text } = word;
    const bundle = at === 1 && /^[A-Za-z]+$/.test(text) ? text : /^-[A-Za-z]+$/.test(text) ? text.slice(1) : null;
    if (bundle !== null) {
      letters += bundle;
      for (const letter of bundle) {
        if (!TAR_VALUED.test(`-${letter}`)) continue;
        const value = words[++at] ?? null;
        if (letter === 'f') archive = value;
        else if (letter === 'C') inFolder = value;
      }
    } else if (text.startsWith('--')) {
      const value = text.includes('=')
        ? { ...word, text: text.slice(text.indexOf('=') + 1) }
        : TAR_VALUED.test(text)
          ? (words[++at] ?? null)
          : null;
      if (/^--(create)$/.test(text)) letters += 'c';
      else if (/^--(extract|get)$/.test(text)) letters += 'x';
      else if (text === '--to-stdout') letters += 'O';
      else if (text.startsWith('--file')) archive = value;
      else if (text.startsWith('--directory')) inFolder = value;
    } else from.push(word);
  }
  // `tar xO` writes to a pipe.
  if (letters.includes('x') && letters.includes('O')) return null;
  if (letters.includes('x'))
    return { program: 'tar', how: 'unpack', from: archive ? [archive] : [], to: inFolder, inFolder, members: from };
  return letters.includes('c') && from.length > 0 ? { program: 'tar', how: 'pack', from, to: archive, inFolder } : null;
}
