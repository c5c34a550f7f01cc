/** The paths that a build step writes to, as far as its words tell. */
import * as path from 'node:path';
import { isWithin } from '../../survival/backing.ts';
import type { RunStep, StageResult } from '../../syntax/dockerfile.ts';
import { programWords } from '../../syntax/programs.ts';
import type { Command, Word } from '../../syntax/shell.ts';
import { type LocatedText, runText } from './texts.ts';

export type Act = 'create' | 'own' | 'mode' | 'write' | 'remove';

export interface Write {
  /** Absolute and cleaned. */
  readonly path: string;
  readonly act: Act;
  readonly command: Command;
  readonly text: LocatedText;
  /** `-R`, `-r` or `-a`: everything below, too. */
  readonly recursive: boolean;
}

/** Where a program names the paths that it writes to. */
interface Rule {
  readonly act: Act;
  /** `all` arguments, all but the first, or only the last of several. */
  readonly takes: 'all' | 'rest' | 'last' | 'flag';
  /** Options with a value of their own, which is no path. */
  readonly valued?: RegExp;
  /** Options whose value is the path. */
  readonly into?: RegExp;
}

const PROGRAMS: Readonly<Record<string, Rule>> = {
  mkdir: { act: 'create', takes: 'all', valued: /^(?:-m|--mode)$/ },
  touch: { act: 'create', takes: 'all', valued: /^-[drt]$/ },
  chown: { act: 'own', takes: 'rest' },
  chgrp: { act: 'own', takes: 'rest' },
  chmod: { act: 'mode', takes: 'rest' },
  cp: { act: 'write', takes: 'last', into: /^(?:-t|--target-directory)$/ },
  mv: { act: 'write', takes: 'last', into: /^(?:-t|--target-directory)$/ },
  install: { act: 'write', takes: 'last', valued: /^-[mogS]$/, into: /^(?:-t|--target-directory)$/ },
  ln: { act: 'write', takes: 'last' },
  rsync: { act: 'write', takes: 'last' },
  tee: { act: 'write', takes: 'all' },
  rm: { act: 'remove', takes: 'all' },
  unzip: { act: 'write', takes: 'flag', into: /^-d$/ },
  tar: { act: 'write', takes: 'flag', into: /^(?:-C|--directory)$/ },
  wget: { act: 'write', takes: 'flag', into: /^(?:-\w*O|-P|--output-document|--directory-prefix)$/ },
  curl: { act: 'write', takes: 'flag', into: /^(?:-\w*o|--output|--output-dir)$/ },
  initdb: { act: 'write', takes: 'flag', into: /^(?:-D|--pgdata)$/ },
};

/** What is written below a mount of the step is not in the image. */
const targetsOf = ({ mounts }: RunStep): string[] =>
  (mounts ?? []).flatMap((mount) => /(?:^|,)(?:target|dst|destination)=([^,]+)/.exec(mount)?.[1] ?? []);

export function writesOf(run: RunStep, stage: StageResult): Write[] {
  const text = runText(run);
  if (!text?.whole) return [];
  const hidden = targetsOf(run);
  let folder: string | null = run.workdir;
  const found: Write[] = [];
  for (const command of text.commands) {
    const words = programWords(command.words);
    const name = path.posix.basename(words[0]?.text ?? '');
    const at = (word: Word): string[] => {
      const value = wordValue(word, stage);
      if (value === null || value === '' || /[*?[]/.test(value.replace(/\/\*$/, ''))) return [];
      const clean = value.replace(/\/\*$/, '');
      if (!clean.startsWith('/') && folder === null) return [];
      return [path.posix.resolve(folder ?? '/', clean)];
    };
    const recursive = words.some(({ text: one }) => /^-[A-Za-z]*[Rra]|^--(?:recursive|archive|parents)$/.test(one));
    const add = (word: Word, act: Act): void => {
      for (const one of at(word))
        if (!hidden.some((target) => isWithin(one, target))) found.push({ path: one, act, command, text, recursive });
    };
    const rule = Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
    if (rule) for (const word of argumentsOf(words.slice(1), rule)) add(word, rule.act);
    for (const { sign, target } of command.redirections) if (/^\d*>>?\|?$|^&>>?$/.test(sign)) add(target, 'write');
    if (name === 'cd' && command.within.every((block) => block === 'group'))
      folder = words[1] ? (at(words[1])[0] ?? null) : null;
  }
  return found;
}

function argumentsOf(words: readonly Word[], { takes, valued, into }: Rule): readonly Word[] {
  const plain: Word[] = [];
  const named: Word[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (into?.test(word.text) && words[i + 1]) named.push(words[++i]!);
    else if (valued?.test(word.text)) i++;
    else if (!word.text.startsWith('-')) plain.push(word);
  }
  if (named.length > 0 || takes === 'flag') return named;
  if (takes === 'rest') return plain.slice(1);
  return takes === 'last' ? (plain.length > 1 ? plain.slice(-1) : []) : plain;
}

/** The word with the image's variables in it; null where one is not known. */
export function wordValue({ text, open }: Word, { environment }: Pick<StageResult, 'environment'>): string | null {
  if (!open) return text.startsWith('~') ? null : text;
  let known = true;
  const value = text.replace(/\$(?:\{(\w+)\}|(\w+))|[$`]/g, (_, braced?: string, bare?: string) => {
    const found = environment.get(braced ?? bare ?? '');
    if (!found || found.unresolved.length > 0) known = false;
    return found?.value ?? '';
  });
  return known ? value : null;
}
