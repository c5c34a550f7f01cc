/** Random patterns out of the paths of a context, for ignore files and for sources. */
import type { Random } from '../differential/random.ts';

const CHARACTER = /^[\p{L}\p{N}]$/u;

/** One part of a path, or a pattern that it matches, or nearly. */
function partOf(part: string, random: Random, doubleStars: boolean): string {
  // With a bracket that does not end a pattern is refused, or not, as the stars around it have it.
  const chars = [...part].map(escaped);
  const at = random.below(chars.length);
  const char = chars[at]!;
  const changed = (by: string): string => [...chars.slice(0, at), by, ...chars.slice(at + 1)].join('');
  const ways = [
    () => '*',
    () => `*${chars.slice(at).join('')}`,
    () => `${chars.slice(0, at).join('')}*`,
    () => changed('?'),
    () => (CHARACTER.test(char) ? changed(`[${char}]`) : changed('?')),
    () => (CHARACTER.test(char) ? changed('[a-z]') : changed('*')),
    () => changed(CHARACTER.test(char) ? `[^${char}]` : '[^a]'),
    () => changed(CHARACTER.test(char) ? `[${char}-${char}_.]` : '?'),
    // In an ignore file an escaped letter is more than itself, or a mistake that is seen only where it is tried.
    () => changed(/^[ -~]$/.test(char) && !CHARACTER.test(char) ? `\\${char}` : char),
    ...(doubleStars
      ? [() => '**', () => `**${chars.slice(at).join('')}`, () => `${chars.slice(0, at).join('')}**`]
      : []),
  ];
  return random.pick(ways)();
}

/** What means something in a pattern, taken as it is. */
export const escaped = (part: string): string => part.replace(/[*?[\\]/g, '\\$&');

export function randomPattern(path: string, random: Random, doubleStars: boolean): string {
  const parts = path.split('/');
  if (parts.length > 1 && random.chance(0.1)) parts.shift();
  const cut = random.chance(0.2) ? parts.slice(0, 1 + random.below(parts.length)) : parts;
  const written = cut.map((part) =>
    random.chance(0.3) ? partOf(part, random, doubleStars) : random.chance(0.9) ? escaped(part) : part,
  );
  return written.join('/');
}

const PREFIXES = ['/', './', '**/', '../', 'x/../', '//', '/**/', '*/'] as const;
const SUFFIXES = ['/', '/**', '/*', '/.', '**', '*', '/x/..'] as const;

function ignoreLine(paths: readonly string[], random: Random): string {
  if (random.chance(0.08)) return random.pick(['*', '**', '.', '/', '**/*.db', '*.db', '.*', '*/*', '**/a', 'a/**/b']);
  const pattern = randomPattern(random.pick(paths), random, true);
  const prefix = random.chance(0.25) ? random.pick(PREFIXES) : '';
  const suffix = random.chance(0.25) ? random.pick(SUFFIXES) : '';
  return `${prefix}${pattern}${suffix}`;
}

/**
 * The text of an ignore file; `mark` makes it unlike every other. `plain`: no `!` line is a pattern, for the classic
 * builder does not look for what it brings back below a directory that is left out.
 */
export function randomIgnoreFile(paths: readonly string[], random: Random, mark: string, plain: boolean): string {
  const lines: string[] = [];
  for (let count = 1 + random.below(6); count > 0; count--) {
    if (random.chance(0.15)) lines.push(random.pick(['', '   ', '# a', ' # a', '#', '\t']));
    const line = ignoreLine(paths, random);
    const negated = lines.length > 0 && random.chance(0.35) && !(plain && /[*?[\\]/.test(line));
    const bang = negated ? random.pick(['!', '!', '! ', ' !']) : '';
    lines.push(`${random.chance(0.05) ? '  ' : ''}${bang}${line}${random.chance(0.05) ? ' ' : ''}`);
  }
  lines.push(`# ${mark}`);
  const text = lines.join(random.chance(0.15) ? '\r\n' : '\n');
  return `${random.chance(0.1) ? '\u{feff}' : ''}${text}${random.chance(0.7) ? '\n' : ''}`;
}
