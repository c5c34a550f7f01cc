/** Commands that delete files and folders: `rm`, `find -delete`, `git clean`, `rsync --delete`. */
import * as path from 'node:path';
import type { Command, Word } from '../../scripts/model.ts';
import { valuesOf } from './about.ts';
import { copyOf } from './copies.ts';

export interface Removal {
  /** As it is called in a message: `rm -rf`, `git clean -fdx`. */
  readonly how: string;
  readonly paths: readonly Word[];
  /** Folders go with all that is in them. */
  readonly deep: boolean;
  /** `untracked`: only what git does not know. `unsent`: what the other side has not. */
  readonly only?: 'untracked' | 'unsent';
}

/** Null where nothing is deleted, or only what a test picks out. */
export function removalOf(command: Command): Removal | null {
  switch (path.posix.basename(command.words[0].text)) {
    case 'rm':
      return byRm(command);
    case 'find':
      return byFind(command);
    case 'git':
      return byGit(command);
    case 'rsync':
      return byRsync(command);
    default:
      return null;
  }
}

function byRm({ words }: Command): Removal | null {
  const end = words.findIndex(({ text }) => text === '--');
  const isOption = ({ text }: Word, at: number): boolean => /^-./.test(text) && (end < 0 || at < end);
  const options = words.filter((word, at) => at > 0 && isOption(word, at)).map(({ text }) => text);
  const paths = words.filter((word, at) => at > 0 && at !== end && !isOption(word, at));
  const deep = options.some((text) => /^(-[a-zA-Z]*[rR]|--recursive$)/.test(text));
  return paths.length === 0 ? null : { how: ['rm', ...options].join(' '), paths, deep };
}

/** What narrows the search to less than all there is, is not among these. */
const TAKES_ALL = /^-(delete|mindepth|maxdepth|depth|d|xdev|mount|print0?|exec|execdir|ok|H|L|P|type)$/;

function byFind({ words: [, ...words] }: Command): Removal | null {
  const at = words.findIndex(({ text }) => /^[-(!]/.test(text) && !/^-[HLP]$/.test(text));
  if (at < 0) return null;
  const tests = words.slice(at);
  const exec = tests.findIndex(({ text }) => /^-exec(dir)?$/.test(text));
  const ends = tests.findIndex(({ text }, i) => i > exec && /^(;|\\;|\+)$/.test(text));
  const run = exec < 0 ? [] : tests.slice(exec + 1, ends < 0 ? undefined : ends).map(({ text }) => text);
  const rest = exec < 0 ? tests : [...tests.slice(0, exec), ...(ends < 0 ? [] : tests.slice(ends + 1))];
  const deletes = rest.some(({ text }) => text === '-delete');
  const removes = /^(sudo )?rm /.test(run.join(' '));
  const types = valuesOf(rest, ['-type']).map(({ text }) => text);
  // Folders are deleted where they are empty.
  if (types.some((type) => type !== 'f' && !(type === 'd' && removes))) return null;
  if ((!deletes && !removes) || rest.some(({ text }) => /^[-(!]/.test(text) && !TAKES_ALL.test(text))) return null;
  const paths = words.slice(0, at).filter(({ text }) => !text.startsWith('-'));
  return paths.length === 0 ? null : { how: deletes ? 'find -delete' : 'find -exec rm', paths, deep: true };
}

function byGit({ words }: Command): Removal | null {
  const at = words.findIndex(({ text }) => text === 'clean');
  if (
    at < 1 ||
    words.slice(1, at).some(({ text }, i, all) => !/^-[Cc]$/.test(text) && !/^-[Cc]$/.test(all[i - 1]?.text ?? ''))
  )
    return null;
  const rest = words.slice(at + 1);
  const letters = rest.flatMap(({ text }) => /^-([a-zA-Z]+)$/.exec(text)?.[1] ?? []).join('');
  const isForced = letters.includes('f') || rest.some(({ text }) => text === '--force');
  // Without `x` what git ignores stays, and data is ignored.
  if (!isForced || !letters.includes('d') || !/x/i.test(letters) || /[ein]/.test(letters)) return null;
  if (rest.some(({ text }) => /^--(exclude|dry-run|interactive)/.test(text))) return null;
  const named = rest.filter(({ text }) => !text.startsWith('-'));
  const [folder] = valuesOf(words.slice(1, at), ['-C']);
  const here: Word = { text: '.', told: true, span: words[0].span };
  const paths = named.length > 0 ? named : [folder ?? here];
  if (named.length > 0 && folder) return null;
  return { how: `git clean -${letters}`, paths, deep: true, only: 'untracked' };
}

function byRsync(command: Command): Removal | null {
  const { words } = command;
  const options = words.slice(1).map(({ text }) => text);
  const deletes = options.find((text) => /^--del(ete(-\w+)?)?$/.test(text));
  const spares = (text: string): boolean =>
    /^--(exclude|include|filter|cvs-exclude|files-from|dry-run|max-delete|backup)/.test(text) ||
    /^-[a-zA-Z]*[nCfFb]/.test(text);
  if (!deletes || options.some(spares)) return null;
  const to = copyOf(command)?.to;
  return to ? { how: `rsync ${deletes}`, paths: [to], deep: true, only: 'unsent' } : null;
}
