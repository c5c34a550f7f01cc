/** Ignore patterns as the builder's own matcher (moby/patternmatcher) reads and evaluates them. */
import * as posix from 'node:path/posix';
import { characterSet } from './character-set.ts';

export interface Pattern {
  /** Without `!`, cleaned as a path. */
  readonly text: string;
  /** `!`: brings back what earlier lines left out. */
  readonly negated: boolean;
  matches(path: string): boolean;
  /** Whether it could match something below this directory. */
  reachesBelow(directory: string): boolean;
}

type Matcher = (path: string) => boolean;

/** What is known of a directory when its entries are judged. */
export interface Verdict {
  readonly ignored: boolean;
  /** For each pattern: whether it matched here or further up. */
  readonly matched: readonly boolean[];
}

export interface Patterns {
  readonly patterns: readonly Pattern[];
  /** There are lines that the builder refuses, and with them every build. They are left out here. */
  readonly refused: boolean;
}

/** Lines of an ignore file; comments and empty lines are left out. */
export function parseIgnoreFile(text: string): Patterns {
  return patternsOf(
    text
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .map((line) => line.trim()),
  );
}

export function patternsOf(lines: readonly string[]): Patterns {
  const found = lines.filter((line) => line !== '').map(patternOf);
  const patterns = found.filter((pattern) => pattern !== null);
  return { patterns, refused: patterns.length < found.length };
}

function patternOf(line: string): Pattern | null {
  const negated = line.startsWith('!');
  const written = (negated ? line.slice(1) : line).trim();
  const text = cleaned(written);
  // `!/` is as good as `!`.
  if (written === '' || (negated && text === '/')) return null;
  const matches = matcherOf(text);
  return matches && { text, negated, matches, reachesBelow: reachOf(text) };
}

/** Go's `filepath.Clean` without the slash at the start: paths are relative to the context either way. */
function cleaned(path: string): string {
  const normal = posix.normalize(path).replace(/(.)\/$/s, '$1');
  return normal.length > 1 && normal.startsWith('/') ? normal.slice(1) : normal;
}

/**
 * Judges a path by the verdict on its directory. The last pattern that matches decides; a pattern that matches
 * a directory holds for all below. As in the builder, a pattern that changes nothing at a directory is not
 * remembered for what is below it: after `**\/*.md` and `!docs`, `docs/a.md` stays out.
 */
export function judge(patterns: readonly Pattern[], path: string, parent: Verdict | null): Verdict {
  let ignored = false;
  const matched = patterns.map((pattern, i) => {
    const inherited = parent?.matched[i] ?? false;
    if (!inherited && pattern.negated !== ignored) return false;
    if (!inherited && !pattern.matches(path)) return false;
    ignored = !pattern.negated;
    return true;
  });
  return { ignored, matched };
}

/** Whether a `!` line could bring back something below a directory that is left out. */
export const mayBringBackBelow = (patterns: readonly Pattern[], directory: string): boolean =>
  patterns.some((pattern) => pattern.negated && pattern.reachesBelow(directory));

function reachOf(pattern: string): Matcher {
  // Brackets may hold slashes, so such a pattern does not fall into folders.
  if (pattern.includes('[')) return () => true;
  const parts = pattern.split('/').map((part) => (part.includes('**') ? null : matcherOf(part)));
  return (directory) => {
    const folders = directory.split('/');
    for (const [i, folder] of folders.entries()) {
      const matches = parts[i];
      if (matches === undefined) return false;
      if (matches === null) return true;
      if (!matches(folder)) return false;
    }
    return parts.length > folders.length;
  };
}

const SPECIAL = /[\\^$.*+?()[\]{}|/]/;

const literal = (char: string): string => (SPECIAL.test(char) ? `\\${char}` : char);

/** The matcher of one cleaned pattern; null for one the builder refuses. */
function matcherOf(pattern: string): Matcher | null {
  if (!/[*?[\\]/.test(pattern)) return (path) => path === pattern;
  const onlyAtEnd = /^([^*?[\\]*)\*\*$/.exec(pattern)?.[1];
  if (onlyAtEnd !== undefined) return (path) => path.startsWith(onlyAtEnd);
  const onlyAtStart = /^\*\*([^*?[\\]+)$/.exec(pattern)?.[1];
  // Not held to whole names: `**.log` and `**x` match the ends of names too.
  if (onlyAtStart !== undefined) return (path) => path.endsWith(onlyAtStart) || `/${path}` === onlyAtStart;
  return regexOf(pattern, true);
}

/** A pattern of COPY sources: Go's `filepath.Match`, in which `**` is nothing special. */
export const globMatcher = (pattern: string): Matcher | null => regexOf(pattern, false);

function regexOf(pattern: string, ignoring: boolean): Matcher | null {
  const chars = [...pattern];
  let regex = '';
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i]!;
    if (char === '*' && ignoring && chars[i + 1] === '*') {
      i++;
      if (chars[i + 1] === '/') i++;
      regex += i + 1 < chars.length ? '(?:.*\\/)?' : '.*';
    } else if (char === '*') {
      regex += '[^/]*';
    } else if (char === '?') {
      regex += '[^/]';
    } else if (char === '\\') {
      if (++i === chars.length) return null;
      const escaped = ignoring ? escapeOf(chars[i]!) : literal(chars[i]!);
      if (escaped === null) return null;
      regex += escaped;
    } else if (char === '[') {
      const set = characterSet(chars, i + 1, ignoring);
      if (!set) return null;
      regex += set.regex;
      i = set.end;
    } else {
      // The builder forgets to escape these two in a pattern of an ignore file.
      regex += ignoring && (char === '|' || char === '^') ? char : literal(char);
    }
  }
  const compiled = new RegExp(`^${regex}$`, 'su');
  return (path) => compiled.test(path);
}

/** The builder's ignore patterns become regular expressions as they are: to these `\d` is a digit and `\y` a mistake. */
function escapeOf(char: string): string | null {
  if (!/[a-zA-Z0-9\u{80}-\u{10ffff}]/u.test(char)) return literal(char);
  if ('dDsSwWbBfnrtv'.includes(char)) return `\\${char}`;
  return { a: '\\x07', A: '^', z: '$' }[char] ?? null;
}
