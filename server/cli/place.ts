/** How files are named to the reader: relative to the working directory, with forward slashes; `-` for standard input. */
import * as path from 'node:path';
import { slashed } from '../files.ts';
import { shownAt } from '../syntax/origin.ts';
import { positionAt, type Range, rangeOf, type Span } from '../syntax/source.ts';

export type Place = (file: string) => string;

export const STDIN = '-';

/** Where standard input stands among the files: relative paths in it start at the working directory. */
const stdinPath = (cwd: string): string => slashed(path.join(cwd, '-.yaml'));

/** The absolute path of an argument; standard input is a Compose file in the working directory. */
export const absolute = (cwd: string, file: string): string =>
  file === STDIN ? stdinPath(slashed(cwd)) : slashed(path.resolve(cwd, file));

export function placeIn(cwd: string, stdin: boolean): Place {
  const known = new Map<string, string>(stdin ? [[absolute(cwd, STDIN), STDIN]] : []);
  return (file) => {
    const before = known.get(file);
    if (before !== undefined) return before;
    const relative = slashed(path.relative(cwd, file)) || '.';
    known.set(file, relative);
    return relative;
  };
}

export function locationOf(span: Span, place: Place): { readonly file: string; readonly range: Range } {
  const shown = shownAt(span);
  return { file: place(shown.source.path), range: rangeOf(shown) };
}

/** `compose.yaml:4:3`, counted from 1. */
export function pointOf(span: Span, place: Place): string {
  const { source, start } = shownAt(span);
  const { line, character } = positionAt(source, start);
  return `${place(source.path)}:${line + 1}:${character + 1}`;
}
