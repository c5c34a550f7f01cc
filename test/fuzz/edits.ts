/** Random edits of a text, as an editor would send them. */
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import { linesOf, positionAt, type Source } from '../../server/syntax/source.ts';

export type Random = () => number;

/** The same numbers for the same seed, everywhere. */
export function seeded(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const below = (random: Random, limit: number): number => Math.floor(random() * limit);

export const pick = <T>(random: Random, all: readonly T[]): T => all[below(random, all.length)]!;

const TYPED: readonly string[] = [
  ...[
    ' ',
    '  ',
    '\n',
    '\r\n',
    '\r',
    '\t',
    ':',
    ': ',
    '- ',
    '-',
    '#',
    ' #',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ',',
    '|',
    '>-',
    '?',
    '!',
    '@',
  ],
  ...[
    '&a ',
    '*a',
    '<<: *a',
    '<<:',
    '!reset',
    '!override',
    '---\n',
    '...',
    '%YAML 1.2',
    '$',
    '${',
    '${A:-b}',
    '$$',
    '~',
    '\\',
    '\\u00',
  ],
  ...['😀', '\ud800', '\u2028', '\u0000', '\u00a0', 'é'],
  ...[
    'services:\n',
    '\n  db:\n    image: postgres:16\n',
    'volumes:\n',
    '  data:\n',
    '    volumes:\n      - data:/var/lib/postgresql/data\n',
  ],
  ...[
    'extends: db',
    'include: [x.yaml]\n',
    'volumes_from: [db]\n',
    'env_file: .env\n',
    'build: .\n',
    'tmpfs: /data\n',
    'external: true\n',
  ],
  ...[
    '# persistence-ignore missing-volume\n',
    '# persistence: ephemeral\n',
    'FROM postgres\n',
    'VOLUME /x\n',
    'A=b\n',
    'sqlite3.connect("/x.db")\n',
  ],
];

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** One edit; `others` are the texts that parts are taken from. */
export function replacementIn(text: string, others: readonly string[], random: Random): Replacement {
  const source: Source = { path: '', text };
  const at = below(random, text.length + 1);
  const starts = linesOf(source);
  const line = below(random, starts.length);
  const lineStart = starts[line]!;
  const lineEnd = starts[line + 1] ?? text.length;
  switch (below(random, 10)) {
    case 0:
    case 1:
    case 2:
      return { start: at, end: at, text: pick(random, TYPED) };
    case 3:
      return { start: at, end: Math.min(text.length, at + 1 + below(random, 12)), text: '' };
    case 4:
      return {
        start: at,
        end: Math.min(text.length, at + below(random, 30)),
        text: part(pick(random, others), random),
      };
    case 5:
      return { start: at, end: random() < 0.2 ? text.length : Math.min(text.length, at + 40), text: '' };
    case 6:
      return { start: lineStart, end: lineStart, text: text.slice(lineStart, lineEnd) };
    case 7: {
      const next = starts[line + 2] ?? text.length;
      return { start: lineStart, end: next, text: text.slice(lineEnd, next) + text.slice(lineStart, lineEnd) };
    }
    case 8:
      return { start: lineStart, end: lineStart, text: ' ' };
    default:
      return { start: lineStart, end: lineEnd, text: '' };
  }
}

function part(text: string, random: Random): string {
  const start = below(random, text.length);
  return text.slice(start, start + below(random, 80));
}

/** The edit with positions. No editor can put one between the two characters of a line end, so it is moved before them. */
export function changeOf(text: string, edit: Replacement): { change: TextDocumentContentChangeEvent; after: string } {
  const source: Source = { path: '', text };
  const outside = (offset: number): number =>
    text[offset] === '\n' && text[offset - 1] === '\r' ? offset - 1 : offset;
  const [start, end] = [outside(edit.start), outside(edit.end)];
  const range = { start: positionAt(source, start), end: positionAt(source, end) };
  return { change: { range, text: edit.text }, after: text.slice(0, start) + edit.text + text.slice(end) };
}
