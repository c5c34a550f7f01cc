/** COPY and ADD with their flags. */
import * as posix from 'node:path/posix';
import type { CopyStep, Value } from '../dockerfile.ts';
import { heredocOf } from './heredoc.ts';
import type { Instruction } from './instructions.ts';
import type { Plan } from './stages.ts';
import { sourceStage } from './stages.ts';
import { isMalformed } from './variables.ts';
import type { Word } from './words.ts';
import { blankWords } from './words.ts';

/** What an instruction is read with. */
export interface Reading {
  readonly plan: Plan;
  /** The stage the instruction stands in. */
  readonly stage: number;
  /** Names that contexts of the build take from stages. */
  readonly replaced: ReadonlySet<string>;
  value(word: Word): Value;
  /** Makes a path of the image absolute. */
  place(path: Value): Value;
  /** Whether earlier instructions made this a directory of the image. */
  isDirectory(path: string): boolean;
  readonly fromScratch: boolean;
  /** Those of all WORKDIRs since the last copy. */
  readonly workdirs: readonly string[];
  /** The last copy so far. */
  readonly lastCopy: CopyStep | null;
}

const SUBSTITUTED = new Set(['chown', 'chmod', 'checksum']);

/** Sources and destination as words; null where the builder cannot tell them apart. */
export function copyWords(instruction: Instruction): readonly Word[] | null {
  if (instruction.json === 'mixed') return null;
  const words = instruction.json ?? blankWords(instruction.args);
  return words.length < 2 ? null : words;
}

export function copyStep(instruction: Instruction, reading: Reading): CopyStep | null {
  const words = copyWords(instruction);
  if (!words) return null;
  const flags = new Map<string, string>();
  const excludes: string[] = [];
  for (const { name, value, span } of instruction.flags) {
    const text = value ?? 'true';
    flags.set(name, SUBSTITUTED.has(name) ? reading.value({ text, span }).value : text);
    if (name === 'exclude') excludes.push(text);
  }
  const sources: Value[] = [];
  const heredocs: string[] = [];
  for (const word of words.slice(0, -1)) {
    const heredoc = instruction.json ? null : heredocOf(word);
    if (heredoc) heredocs.push(heredoc.name);
    else sources.push(reading.value(word));
  }
  const from = (instruction.keyword === 'COPY' && flags.get('from')) || undefined;
  const stage = from === undefined || reading.replaced.has(from) ? -1 : sourceStage(reading.plan, from, reading.stage);
  const written = reading.value(words.at(-1)!);
  const destination = directoryKept(written, reading);
  return {
    instruction: instruction.keyword as CopyStep['instruction'],
    sources,
    heredocs,
    destination,
    intoDirectory: destination.value.endsWith('/') || reading.isDirectory(destination.value),
    ...([...sources, written].some(isMalformed) && { malformed: true }),
    onNothing: reading.fromScratch,
    workdirs: reading.workdirs,
    after: reading.lastCopy,
    ...(from !== undefined && { from: stage >= 0 ? { stage } : { image: from } }),
    flags,
    excludes,
    span: instruction.span,
  };
}

/** Absolute, with the slash at its end that makes it a directory; `.` is one too. */
function directoryKept(written: Value, reading: Reading): Value {
  const placed = reading.place(written);
  const directory = /(?:^|\/)\.?$/.test(written.value);
  return directory && !placed.value.endsWith('/') ? { ...placed, value: `${placed.value}/` } : placed;
}

const WINDOWS_PATH = /^[A-Za-z]:[\\/]/;

/** A path of the image made absolute; paths with a drive letter stay as they are. */
export const imagePath = (workdir: string, path: string): string =>
  WINDOWS_PATH.test(path) ? path : posix.resolve('/', workdir, path);
