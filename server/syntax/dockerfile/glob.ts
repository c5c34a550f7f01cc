/** Shell patterns of `${X#...}`, `${X%...}` and `${X/.../...}`, matched in time that cannot run away. */

const STAR = Symbol('any number of characters');
const ANY = Symbol('one character');

export type Glob = readonly (string | typeof STAR | typeof ANY)[];

/** Null for an escape the builder refuses. */
export function globOf(pattern: string): Glob | null {
  const glob: (string | typeof STAR | typeof ANY)[] = [];
  const chars = [...pattern];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i]!;
    if (char === '*') glob.push(STAR);
    else if (char === '?') glob.push(ANY);
    else if (char !== '\\') glob.push(char);
    else if (/^[}/*?\\]$/.test(chars[i + 1] ?? '')) glob.push(chars[++i]!);
    else return null;
  }
  return glob;
}

/** Every end of a match that begins at `start`, ascending. */
function endsOf(glob: Glob, text: readonly string[], start: number): number[] {
  const ends: number[] = [];
  // The places in the pattern that can be reached, stars skipped.
  let places = afterStars(glob, new Set([0]));
  for (let at = start; places.size > 0; at++) {
    if (places.has(glob.length)) ends.push(at);
    if (at >= text.length) break;
    const next = new Set<number>();
    for (const place of places) {
      const part = glob[place];
      if (part === STAR) next.add(place);
      else if (part === ANY || part === text[at]) next.add(place + 1);
    }
    places = afterStars(glob, next);
  }
  return ends;
}

function afterStars(glob: Glob, places: Set<number>): Set<number> {
  // A set visits what is added while it is read.
  for (const place of places) if (glob[place] === STAR) places.add(place + 1);
  return places;
}

export function withoutPrefix(value: string, glob: Glob, longest: boolean): string {
  const text = [...value];
  return text.slice(endsOf(glob, text, 0).at(longest ? -1 : 0) ?? 0).join('');
}

export function withoutSuffix(value: string, glob: Glob, longest: boolean): string {
  const text = [...value];
  const reversed = endsOf([...glob].reverse(), [...text].reverse(), 0);
  return text.slice(0, text.length - (reversed.at(longest ? -1 : 0) ?? 0)).join('');
}

export function withReplaced(value: string, glob: Glob, replacement: string, all: boolean): string {
  const text = [...value];
  let result = '';
  let at = 0;
  while (at <= text.length) {
    const end = endsOf(glob, text, at).at(-1);
    if (end !== undefined) {
      result += replacement;
      if (!all) return result + text.slice(end).join('');
    }
    // A match of nothing moves on by one character too.
    if (end === undefined || end === at) result += text[at] ?? '';
    at = Math.max(end ?? 0, at + 1);
  }
  return result;
}
