/** Servers that a script starts: one that is copied into the image, or mounted, and that can be read. */
import * as path from 'node:path';
import type { Family } from '../catalogue/model.ts';
import type { Confidence, Evidence } from '../survival/words.ts';
import { type Command, readShell, type Word as ShellWord } from '../syntax/shell.ts';
import type { Source } from '../syntax/source.ts';
import { expanded, type Word } from './command.ts';
import { type Copies, originalOf } from './copies.ts';
import type { EffectiveEnvironment } from './from-image.ts';
import { takesFile } from './relocation/configuration.ts';
import type { ContainerFile, ContainerFiles } from './relocation/container-files.ts';
import { behindInit, ends, isEntrypoint, isServer, isServing, isSubcommand, names } from './server-words.ts';
import { supervised } from './supervised.ts';

export interface Started {
  /** From the server's program on. */
  readonly words: readonly Word[];
  readonly evidence: Evidence;
  /** `memory`: it may be started, and nobody can tell. */
  readonly confidence: Confidence;
  readonly script?: Source;
}

export interface Surroundings {
  readonly family: Family;
  readonly files: ContainerFiles;
  readonly environment: EffectiveEnvironment;
  readonly workdir: string;
}

/** What is looked at, with what the build made of other files. */
interface At extends Surroundings {
  readonly copies: Copies;
}

/** Scripts that call scripts: deeper than this nobody nests them. */
const MAX_DEPTH = 4;
const SHELL = /^(?:sh|bash|ash|dash|ksh|zsh)$/;
const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

const STOPS = /^(?:kill|killall|pkill)\b|shutdown|\bstop\b/;

type Answer =
  | { readonly kind: 'serves'; readonly words: readonly Word[]; readonly likely: boolean; readonly script?: Source }
  | { readonly kind: 'unknown'; readonly script?: Source }
  | null;

/** Undefined where something else is started. */
export function startedBy(words: readonly Word[], at: Surroundings): Started | undefined {
  const found = serves(words, { ...at, copies: words[0]?.copies ?? new Map() }, 0);
  if (!found) return undefined;
  const first = words[0]!;
  if (found.kind === 'unknown') {
    const name = path.posix.basename(first.text);
    const confidence = 'memory';
    const note = `whether ${name} starts the server cannot be read`;
    return { words: [], confidence, evidence: { from: first.from, note, confidence, ...spanOf(first) } };
  }
  const made = found.script && settingsMade(found.words, found.script);
  const confidence = made ? 'memory' : found.likely ? 'secondary' : 'primary';
  const program = found.words[0]!;
  const where = found.script ? `${path.posix.basename(found.script.path)} starts` : 'the command starts';
  const note = `${where} ${path.posix.basename(program.text)}${found.likely ? ' under a condition' : ''}${made ? `, with a ${made} that it has a hand in` : ''}`;
  const evidence: Evidence = { from: 'dockerfile', note, confidence, ...spanOf(program) };
  return { words: found.words, confidence, evidence, ...(found.script ? { script: found.script } : {}) };
}

/** The settings that the script writes or changes before it hands them to the server: nobody can tell what is in them. */
const settingsMade = (words: readonly Word[], { text }: Source): string | undefined =>
  words
    .filter((word) => /\.(?:conf|cnf|ya?ml|ini|toml)$/.test(word.text))
    .map((word) => path.posix.basename(word.text))
    .find((name) => text.split(name).length > 2);

const spanOf = ({ span }: Word) => (span ? { span } : {});

function serves(all: readonly Word[], at: At, depth: number): Answer {
  // Asks whether a program is there.
  if (all[0]?.text === 'command' && /^-[vV]$/.test(all[1]?.text ?? '')) return null;
  const words = behindInit(all);
  const [first, ...rest] = words;
  if (!first || depth > MAX_DEPTH) return null;
  const text = /[$`]/.test(first.text) ? expanded(first.text, (name) => variable(name, at)) : first.text;
  if (text === null) return { kind: 'unknown' };
  const name = path.posix.basename(text);
  if (isEntrypoint(name, at.family)) return behindEntrypoint(words, at, depth);
  if (isServer(name, at.family)) return asServer(name, words);
  if (name === 'supervisord') return ofSupervisor(rest, at, depth);
  if (SHELL.test(name)) {
    const option = rest.findIndex(({ text }) => !/^[-+]/.test(text));
    if (rest.slice(0, option + 1).some(({ text }) => /^-\w*c$/.test(text)) || /^-\w*c$/.test(rest[0]?.text ?? ''))
      return inText(rest[option]?.text ?? '', undefined, rest.slice(option + 2), at, depth);
    const file = rest[option];
    if (!file) return null;
    const named = path.posix.basename(file.text);
    if (isServer(named, at.family) && !isEntrypoint(named, at.family)) return asServer(named, rest.slice(option));
    const found = inFile(file.text, rest.slice(option + 1), at, depth);
    return found === undefined ? { kind: 'unknown' } : found;
  }
  const found = inFile(text, rest, at, depth);
  return found !== undefined ? found : /\.(?:sh|bash)$/.test(name) ? { kind: 'unknown' } : null;
}

function behindEntrypoint([own, ...rest]: readonly Word[], at: At, depth: number): Answer {
  const [first] = rest;
  const words = [own!, ...rest];
  if (!first) return { kind: 'serves', words, likely: true };
  if (first.text.startsWith('-') || takesFile(at.family, first.text))
    return ends(rest) ? null : { kind: 'serves', words: rest, likely: false };
  if (isSubcommand(first.text, at.family)) return { kind: 'serves', words: rest, likely: false };
  return serves(rest, at, depth + 1);
}

const asServer = (name: string, words: readonly Word[]): Answer =>
  isServing(name, words) ? { kind: 'serves', words, likely: false } : null;

function ofSupervisor(words: readonly Word[], at: At, depth: number): Answer {
  const programs = supervised(
    words.map(({ text }) => text),
    at.files,
  );
  if (!programs) return { kind: 'unknown' };
  for (const { text, source, start } of programs) {
    const found = inText(text, source && { source, from: start }, [], at, depth + 1);
    if (found) return found;
  }
  return null;
}

/** Undefined where no script of the project stands there; null where it starts something else. */
function inFile(text: string, handed: readonly Word[], at: At, depth: number): Answer | undefined {
  const places = text.includes('/')
    ? [path.posix.resolve(at.workdir, text)]
    : FOLDERS.map((folder) => `${folder}/${text}`);
  const found = places.map((place) => fileAt(place, at)).find((file) => file !== 'shipped');
  if (found === undefined) return undefined;
  if (found === 'unknown') return { kind: 'unknown' };
  const by = /^#![ \t]*(?:\/usr\/bin\/env[ \t]+(?:-S[ \t]+)?)?(\S+)/.exec(found.text)?.[1];
  if (by === undefined ? !/\.(?:sh|bash)$/.test(text) : !SHELL.test(path.posix.basename(by)))
    return { kind: 'unknown', script: found };
  return inText(found.text, { source: found, from: 0 }, handed, at, depth + 1);
}

/** The file, or else what the build made it of. */
function fileAt(place: string, { files, copies }: At): ContainerFile {
  const found = files.read(place);
  const original = originalOf(place, copies);
  return found === 'shipped' && original !== place ? files.read(original) : found;
}

interface Written {
  readonly source: Source;
  readonly from: number;
}

function inText(text: string, written: Written | undefined, handed: readonly Word[], at: At, depth: number): Answer {
  // Lists in arrays start nothing; blanks keep the rest in its place.
  const { commands, whole } = readShell(text.replace(/(?<=\w\+?=)\([^()]*\)/g, (list) => ' '.repeat(list.length)));
  const script = written ? { script: written.source } : {};
  if (!whole) return names(text, at.family) ? { kind: 'unknown', ...script } : null;
  let best: Answer = null;
  for (const [i, command] of commands.entries()) {
    const found = serves(wordsIn(command, text, written, handed), at, depth + 1);
    if (!found) continue;
    if (found.kind === 'unknown') {
      // What is called on the way prepares something; what the script becomes, or ends in, is what it is for.
      if (isLastWord(commands, i)) best ??= { ...script, ...found };
      continue;
    }
    if (command.after === '&' && isStopped(commands.slice(i + 1))) continue;
    const likely = found.likely || command.within.length > 0;
    const answer: Answer = { ...script, ...found, likely };
    if (!likely) return answer;
    if (best?.kind !== 'serves') best = answer;
  }
  return best;
}

/** `docker-entrypoint.sh "$@"` with the words that the script was given in their place. */
function wordsIn(
  { words }: Command,
  text: string,
  written: Written | undefined,
  handed: readonly Word[],
): readonly Word[] {
  return words.flatMap((word): readonly Word[] =>
    /^\$\{?[@*]\}?$/.test(word.text) ? handed : [locatedWord(word, text, written)],
  );
}

/** A variable that the script itself sets is not the container's. */
function locatedWord(word: ShellWord, text: string, written: Written | undefined): Word {
  const names = [...word.text.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name!);
  const open = names.some((name) => /^\d/.test(name) || new RegExp(`(?:^|[\\s;])${name}=`).test(text));
  const span = written && { source: written.source, start: written.from + word.start, end: written.from + word.end };
  return { text: word.text, ...(span ? { span } : {}), from: 'dockerfile', open, shell: true };
}

const isLastWord = (commands: readonly Command[], i: number): boolean =>
  commands[i]!.words[0]?.text === 'exec' || (i === commands.length - 1 && commands[i]!.within.length === 0);

const isStopped = (rest: readonly Command[]): boolean =>
  rest.some(({ words, within }) => !within.includes('function') && STOPS.test(words.map(({ text }) => text).join(' ')));

function variable(name: string, { environment }: Surroundings): string | null | undefined {
  const entry = environment.get(name);
  return entry?.evidence.confidence === 'memory' ? null : entry?.value;
}
