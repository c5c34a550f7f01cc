/** The ways an instruction's arguments fall into words: by blanks, as JSON, as `name=value`. */
import type { Span } from '../source.ts';
import type { EscapeChar, LogicalLine } from './lines.ts';
import { spanIn } from './lines.ts';

/** A part of a logical line. */
export interface Region {
  readonly line: LogicalLine;
  readonly start: number;
  readonly end: number;
}

export interface Word {
  /** As written, quotes and escapes included; JSON strings decoded. */
  readonly text: string;
  /** JSON strings: between the quotes. */
  readonly span: Span;
}

export interface Pair {
  readonly name: Word;
  /** Null for a name alone (`ARG X`). */
  readonly value: Word | null;
}

export const regionText = ({ line, start, end }: Region): string => line.text.slice(start, end);

export const regionSpan = ({ line, start, end }: Region): Span => spanIn(line, start, end);

export const wordAt = (line: LogicalLine, start: number, end: number): Word => ({
  text: line.text.slice(start, end),
  span: spanIn(line, start, end),
});

export function blankWords(region: Region): Word[] {
  const { line, start } = region;
  return Array.from(regionText(region).matchAll(/[^\t\v\f\r ]+/g), (match) =>
    wordAt(line, start + match.index, start + match.index + match[0].length),
  );
}

/** The strings of a JSON array; null for any other text, `mixed` for an array the builder refuses. */
export function jsonWords(region: Region): readonly Word[] | 'mixed' | null {
  const text = regionText(region);
  if (!text.startsWith('[')) return null;
  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(items) || !items.every((item) => typeof item === 'string')) return 'mixed';
  // It is an array of strings, so every string literal in it is one of its items.
  return Array.from(text.matchAll(/"((?:[^"\\]|\\.)*)"/g), (match, i) => {
    const start = region.start + match.index + 1;
    return { text: items[i] as string, span: spanIn(region.line, start, start + match[1]!.length) };
  });
}

/** Words in which quotes and escapes hold blanks together, as in `ENV` and `ARG`; each split at its first `=`. */
export function pairsOf({ line, start, end }: Region, escapeChar: EscapeChar): Pair[] {
  const pairs: Pair[] = [];
  let from = -1;
  let equals = -1;
  let quote = '';
  const close = (to: number): void => {
    if (from < 0) return;
    if (equals < 0) pairs.push({ name: wordAt(line, from, to), value: null });
    else pairs.push({ name: wordAt(line, from, equals), value: wordAt(line, equals + 1, to) });
    from = equals = -1;
  };
  for (let at = start; at < end; at++) {
    const char = line.text[at]!;
    if (quote === '' && /\s/.test(char)) {
      close(at);
      continue;
    }
    if (from < 0) from = at;
    if (char === '=' && equals < 0) equals = at;
    if (char === escapeChar && quote !== "'") at++;
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
  }
  close(end);
  return pairs;
}

/** `ENV NAME the rest of the line`, the form without `=`; null without a value. */
export function oldPair(region: Region): Pair | null {
  const match = /^([^\t\v\f\r ]+)[\t\v\f\r ]+/.exec(regionText(region));
  if (!match) return null;
  const { line, start, end } = region;
  return { name: wordAt(line, start, start + match[1]!.length), value: wordAt(line, start + match[0].length, end) };
}
