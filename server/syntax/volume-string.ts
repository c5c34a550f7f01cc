/** The short form of a volume, `source:target:options`, with the offsets of its parts. */

export interface Part {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface VolumeString {
  readonly source?: Part;
  readonly target: Part;
  readonly options: readonly string[];
  readonly bind: boolean;
}

const isDrive = (buffer: string): boolean => /^\p{L}$/u.test(buffer);

/** A source that names a host path and not a volume. */
export function isHostPath(source: string): boolean {
  return /^[./~]/.test(source) || source.startsWith('\\\\') || /^\p{L}:/u.test(source);
}

/** Splits an interpolated volume string. A lone part is an anonymous volume's target. @returns a cause where Compose refuses. */
export function parseVolumeString(text: string): VolumeString | { readonly error: string } {
  if (text === '') return { error: 'an empty volume' };
  const parts = Buffer.byteLength(text) <= 2 ? [{ value: text, start: 0, end: text.length }] : split(text);
  if (parts.some((part) => part.value === '')) return { error: `"${text}" has an empty section between colons` };
  if (parts.length > 3) return { error: `"${text}" has too many colons` };
  const [first, second, third] = parts as [Part, Part?, Part?];
  if (!second) return { target: first, options: [], bind: false };
  return { source: first, target: second, options: third?.value.split(',') ?? [], bind: isHostPath(first.value) };
}

function split(text: string): Part[] {
  const parts: Part[] = [];
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    if (i < text.length && (text[i] !== ':' || isDrive(text.slice(start, i)))) continue;
    parts.push({ value: text.slice(start, i), start, end: i });
    start = i + 1;
  }
  return parts;
}
