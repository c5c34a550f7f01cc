/** Files that a build step makes of others without changing what they do: copies, links, other line endings. */
import * as path from 'node:path';
import type { RunStep, StageResult } from '../syntax/dockerfile.ts';
import { programWords } from '../syntax/programs.ts';
import { type Command, readShell } from '../syntax/shell.ts';

/** Path in the image -> path of what it was made of. */
export type Copies = ReadonlyMap<string, string>;

const NONE: Copies = new Map();
const known = new WeakMap<StageResult, Copies>();

export function copiesIn(stage: StageResult | undefined): Copies {
  if (!stage) return NONE;
  let copies = known.get(stage);
  if (!copies) {
    copies = new Map(stage.steps.flatMap((step) => (step.kind === 'run' ? copiesBy(step.run) : [])));
    known.set(stage, copies);
  }
  return copies;
}

/** What was made first of all; itself, where it is no copy. */
export function originalOf(at: string, copies: Copies): string {
  let original = at;
  for (const passed = new Set([at]); ; passed.add(original)) {
    const next = copies.get(original);
    if (next === undefined || passed.has(next)) return original;
    original = next;
  }
}

type Pair = readonly [made: string, from: string];

function copiesBy({ text, words, workdir }: RunStep): Pair[] {
  if (words) return [];
  const { commands, whole } = readShell(text);
  if (!whole) return [];
  let folder = workdir;
  return commands.flatMap((command, i) => {
    if (command.before === '||' || command.within.some((block) => block !== 'group')) return [];
    const [program, target] = command.words;
    if (program?.text === 'cd' && target && !target.open) folder = path.posix.resolve(folder, target.text);
    return madeBy(command, commands[i - 1]).map(([made, from]): Pair => {
      const file = path.posix.resolve(folder, made);
      // What a link names counts from where the link is; of other programs from where they run.
      const base = path.posix.basename(program?.text ?? '') === 'ln' ? path.posix.dirname(file) : folder;
      return [file, path.posix.resolve(base, from)];
    });
  });
}

function madeBy(command: Command, before: Command | undefined): Pair[] {
  const words = programWords(command.words);
  const name = path.posix.basename(words[0]?.text ?? '');
  if (words.some(({ open }) => open)) return [];
  const texts = words.slice(1).map(({ text }) => text);
  const output = command.redirections.find(({ sign }) => sign === '>')?.target;
  if (output) {
    const from = output.open ? undefined : passedOn(name, texts, command, before);
    return from === undefined ? [] : [[output.text, from]];
  }
  if (/^(?:cp|mv|ln|install)$/.test(name)) return copied(texts, name === 'install' ? /^-[mogt]$/ : /^-[tS]$/);
  if (name !== 'dos2unix' || !texts.some((text) => /^(?:-n|--newfile)$/.test(text))) return [];
  const plain = texts.filter((text) => !text.startsWith('-'));
  return plain.length === 2 ? [[plain[1]!, plain[0]!]] : [];
}

/** The last one may be the file, or the folder that it is put in: which, the one who names it knows. */
function copied(texts: readonly string[], valued: RegExp): Pair[] {
  if (texts.some((text) => /^(?:-t|--target-directory|--backup|-d$|--directory)/.test(text))) return [];
  const plain = texts.filter((text, i) => !text.startsWith('-') && !valued.test(texts[i - 1] ?? ''));
  const to = plain.at(-1);
  const sources = plain.slice(0, -1);
  if (to === undefined || sources.some((from) => /[*?[{]/.test(from))) return [];
  return sources.flatMap((from): Pair[] => {
    const inside: Pair = [path.posix.join(to, path.posix.basename(from)), from];
    return sources.length > 1 || to.endsWith('/') ? [inside] : [[to, from], inside];
  });
}

const ENDINGS = /\\r|\\x0d|\\015|\r|\^M/i;

/** The file whose text goes through the program, with no more than its line endings changed. */
function passedOn(
  name: string,
  texts: readonly string[],
  { redirections, before: joint }: Command,
  before: Command | undefined,
): string | undefined {
  const input = redirections.find(({ sign }) => sign === '<')?.target;
  const plain = texts.filter((text) => !text.startsWith('-'));
  const piped = joint === '|' && before && path.posix.basename(before.words[0]?.text ?? '') === 'cat';
  const catted = piped && before.words.length === 2 && !before.words[1]!.open ? before.words[1]!.text : undefined;
  const given = input ? (input.open ? undefined : input.text) : catted;
  if (name === 'cat') return plain.length === 1 && !input ? plain[0] : plain.length === 0 ? given : undefined;
  if (name === 'dos2unix') return plain.length === 0 ? given : undefined;
  if (name === 'tr')
    return texts.length === 2 && texts[0] === '-d' && ENDINGS.test(texts[1]!) && !/[a-z]{2}/i.test(texts[1]!)
      ? given
      : undefined;
  if (name !== 'sed' || !plain[0] || !/^s(.)(?:\\r|\\x0d|\\015|\r|\^M)\$?\1\1g?$/i.test(plain[0])) return undefined;
  return plain.length === 2 ? plain[1] : plain.length === 1 ? given : undefined;
}
