/** Here-documents: which words of an instruction start one, and the text up to their ends. */
import type { Source, Span } from '../source.ts';
import { physicalLine } from './lines.ts';
import { expand, MAX_NESTING } from './variables.ts';
import type { Region, Word } from './words.ts';
import { regionText, wordAt } from './words.ts';

export interface HeredocStart {
  readonly name: string;
  /** `<<-`: leading tabs do not count. */
  readonly chomp: boolean;
  readonly span: Span;
}

export interface Heredoc extends HeredocStart {
  /** As written, with line ends; null where the end is missing. */
  readonly content: string | null;
}

const START = /^\d*<<(-?)\s*([^<]*)$/;

/** What a single word starts; null for every other word. */
export function heredocOf(word: Word): HeredocStart | null {
  const match = START.exec(word.text);
  if (!match) return null;
  // Variables are not replaced in the name.
  const name = expand(match[2]!.replaceAll('$', '\\$'), new Map(), '\\');
  if (name.value === '' || name.error !== null) return null;
  return { name: name.value, chomp: match[1] === '-', span: word.span };
}

export function heredocsIn(region: Region): HeredocStart[] {
  if (!regionText(region).includes('<<')) return [];
  return shellWords(region).flatMap((word) => heredocOf(word) ?? []);
}

/**
 * Reads the bodies that follow the instruction from offset `from` on; those without an end take no text.
 * `endless` remembers names without an end, so that looking for them again and again costs nothing.
 */
export function readHeredocs(
  source: Source,
  starts: readonly HeredocStart[],
  from: number,
  endless: Set<string>,
): { readonly heredocs: readonly Heredoc[]; readonly end: number; readonly next: number } {
  const heredocs: Heredoc[] = [];
  let next = from;
  let end = -1;
  for (const start of starts) {
    const key = `${start.chomp} ${start.name}`;
    const terminator = endless.has(key) ? null : findTerminator(source.text, start, next);
    if (!terminator) {
      endless.add(key);
      heredocs.push({ ...start, content: null });
      continue;
    }
    heredocs.push({ ...start, content: source.text.slice(next, terminator.start) });
    ({ end, next } = terminator);
  }
  return { heredocs, end, next };
}

function findTerminator(text: string, start: HeredocStart, from: number): ReturnType<typeof physicalLine> | null {
  for (let position = from; position < text.length; ) {
    const line = physicalLine(text, position);
    const content = text.slice(line.start, line.end);
    if ((start.chomp ? content.replace(/^\t+/, '') : content) === start.name) return line;
    position = line.next;
  }
  return null;
}

export const withoutLeadingTabs = (content: string): string => content.replace(/^\t+/gm, '');

/** Words as a shell tells them apart, quotes kept; none at all when a quote or brace is never closed. */
function shellWords({ line, start, end }: Region): Word[] {
  const words: Word[] = [];
  let from = -1;
  let at = start;
  while (at < end) {
    const char = line.text[at]!;
    if (/\s/.test(char)) {
      if (from >= 0) words.push(wordAt(line, from, at));
      from = -1;
      at++;
      continue;
    }
    if (from < 0) from = at;
    at = afterUnit(line.text, at, end);
    if (at < 0) return [];
  }
  if (from >= 0) words.push(wordAt(line, from, end));
  return words;
}

/** Behind the character, escape, quotation or `${...}` at `at`; -1 when it never ends. */
function afterUnit(text: string, at: number, end: number, depth = 0): number {
  const char = text[at];
  if (char === '\\') return Math.min(at + 2, end);
  if (char === "'") {
    const close = text.indexOf("'", at + 1);
    return close < 0 || close >= end ? -1 : close + 1;
  }
  if (char === '"') {
    let next = at + 1;
    while (next < end && text[next] !== '"') {
      if (text[next] === '\\' || text[next] === '$') next = afterUnit(text, next, end, depth);
      else next++;
      if (next < 0) return -1;
    }
    return next < end ? next + 1 : -1;
  }
  if (char === '$' && text[at + 1] === '{') return afterBraces(text, at + 2, end, depth + 1);
  return at + 1;
}

function afterBraces(text: string, from: number, end: number, depth: number): number {
  if (depth > MAX_NESTING) return -1;
  const head = /^(?:[\p{L}_][\p{L}\p{Nd}_]*|\p{Nd}+|[@*#?$!-])(?=[}:+\-?#%/])/u.exec(text.slice(from, end));
  if (!head) return -1;
  let at = from + head[0].length;
  while (at < end && text[at] !== '}') {
    at = afterUnit(text, at, end, depth);
    if (at < 0) return -1;
  }
  return at < end ? at + 1 : -1;
}
