/** Settings of configuration files, with their places. */
import type { Source, Span } from '../../syntax/source.ts';

export interface Setting {
  /** With the sections or mappings that it stands in: `mysqld.datadir`, `storage.dbPath`. */
  readonly key: string;
  readonly value: string;
  readonly span: Span;
}

/** In the order of the file: where a server lets a later line win, so does whoever reads the list. */
export type ReadSettings = (source: Source) => readonly Setting[];

/** Text at `start`, without the quotes around it. */
export function settingAt(source: Source, key: string, text: string, start: number): Setting {
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  const value = quoted ? quoted[2]! : text;
  const from = quoted ? start + 1 : start;
  return { key, value, span: { source, start: from, end: from + value.length } };
}

export interface Line {
  readonly text: string;
  readonly start: number;
}

/** Longer lines and files are nobody's configuration, and would take time. */
const MAX_LINE = 4000;
const MAX_LENGTH = 500_000;

export function* linesIn(source: Source): Iterable<Line> {
  for (const match of shortText(source).matchAll(/[^\r\n]+/g))
    if (match[0].length <= MAX_LINE) yield { text: match[0], start: match.index };
}

/** The text, or nothing of one that is too long. */
export const shortText = ({ text }: Source): string => (text.length > MAX_LENGTH ? '' : text);
