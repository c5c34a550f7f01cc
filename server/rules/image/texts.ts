/** Shell texts of Dockerfiles, scripts and Compose files, in which every offset has its place in the file. */
import type { RunStep } from '../../syntax/dockerfile.ts';
import { readShell, type ShellText } from '../../syntax/shell.ts';
import { type Source, type Span, textOf } from '../../syntax/source.ts';

export interface LocatedText extends ShellText {
  readonly text: string;
  /** The whole of it, as it is written. */
  readonly span: Span;
  /** False where it is written in a way in which parts of it have no place of their own. */
  readonly exact: boolean;
  /** The place of a part. */
  at(start: number, end: number): Span;
}

export function locatedText(text: string, span: Span, base: number | null): LocatedText {
  return {
    ...readShell(text),
    text,
    span,
    exact: base !== null,
    at: (start, end) => (base === null ? span : { source: span.source, start: base + start, end: base + end }),
  };
}

const scripts = new WeakMap<Source, LocatedText>();
const runs = new WeakMap<RunStep, LocatedText | null>();

export function scriptText(source: Source): LocatedText {
  const text = scripts.get(source) ?? locatedText(source.text, { source, start: 0, end: source.text.length }, 0);
  scripts.set(source, text);
  return text;
}

/** Continuations and comment lines of an instruction as blanks, so that what is left keeps its place. */
export const joined = (text: string): string => {
  const blank = (found: string): string => ' '.repeat(found.length);
  return text.replace(/\\[ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*/g, blank).replace(/^(?:[ \t]*#[^\n]*\n)+/g, blank);
};

/** `--mount=...` and the like stand before what is run. */
const FLAGS = /^\s*(?:onbuild\s+)?run\s+(?:--[a-z]+(?:=(?:"[^"]*"|'[^']*'|\S+))?\s+)*/i;

/** Null for the JSON form, which is no shell's text. Read once: several rules ask for it. */
export function runText(run: RunStep): LocatedText | null {
  const known = runs.get(run);
  if (known !== undefined) return known;
  const text = readRun(run);
  runs.set(run, text);
  return text;
}

function readRun({ words, text, span }: RunStep): LocatedText | null {
  if (words) return null;
  const written = textOf(span);
  // A sole here-document is the script itself.
  const body = /<<-?[ \t]*["']?\w+["']?[ \t]*\r?\n/.test(written) ? written.indexOf(text) : -1;
  if (body >= 0) return locatedText(text, span, span.start + body);
  const flat = joined(written);
  const head = FLAGS.exec(flat)?.[0].length;
  return head === undefined ? locatedText(text, span, null) : locatedText(flat.slice(head), span, span.start + head);
}

/** A text that stands, letter by letter or over several lines, at `span`. */
export function textAt(text: string, span: Span): LocatedText {
  const written = textOf(span);
  const index = written.indexOf(text);
  if (index >= 0 && written.indexOf(text, index + 1) < 0) return locatedText(text, span, span.start + index);
  const flat = joined(written);
  if (flat.replace(/\s+/g, ' ').trim() === text.replace(/\s+/g, ' ').trim()) return locatedText(flat, span, span.start);
  return locatedText(text, span, null);
}
