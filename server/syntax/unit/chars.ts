/** Text that was put together from a source: joined lines, resolved escapes. Each character knows where it was written. */
import { type Source, type Span, spanOf } from '../source.ts';

export interface Chars {
  readonly source: Source;
  readonly text: string;
  /** Of each character (UTF-16): where what it was written as begins and ends. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Where it stands when it is empty. */
  readonly at: number;
}

/** What systemd's generators take for white space. */
const SPACE = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

export const isSpace = (character: string | undefined): boolean => character !== undefined && SPACE.test(character);

/** `source.text[start, end)`, letter by letter. */
export function charsAt(source: Source, start: number, end: number): Chars {
  const starts: number[] = [];
  const ends: number[] = [];
  for (let i = start; i < end; i++) {
    starts.push(i);
    ends.push(i + 1);
  }
  return { source, text: source.text.slice(start, end), starts, ends, at: start };
}

export function slice(chars: Chars, from: number, to = chars.text.length): Chars {
  const { source, text, starts, ends } = chars;
  return {
    source,
    text: text.slice(from, to),
    starts: starts.slice(from, to),
    ends: ends.slice(from, to),
    at: starts[from] ?? ends[from - 1] ?? chars.at,
  };
}

/** The place of `text[from, to)`. */
export function place(chars: Chars, from = 0, to = chars.text.length): Span {
  const { source, starts, ends, at } = chars;
  if (from >= to) {
    const point = starts[from] ?? ends[from - 1] ?? at;
    return spanOf(source, point, point);
  }
  return spanOf(source, starts[from]!, Math.max(starts[from]!, ends[to - 1]!));
}

/** It stands in the source letter by letter. */
export function isLiteral({ source, text, starts, at }: Chars): boolean {
  return source.text.startsWith(text, starts[0] ?? at);
}

/** Builds a text of parts of others. */
export class Writer {
  private readonly parts: string[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly source: Source;
  private readonly at: number;
  length = 0;

  constructor(source: Source, at: number) {
    this.source = source;
    this.at = at;
  }

  /** `text` for `chars.text[from, to)`: its characters one by one, or all of them for what stands there. */
  add(chars: Chars, from: number, to: number, text?: string): void {
    const added = text ?? chars.text.slice(from, to);
    const whole = text === undefined ? undefined : place(chars, from, to);
    for (let i = 0; i < added.length; i++) {
      this.starts.push(whole ? whole.start : chars.starts[from + i]!);
      this.ends.push(whole ? whole.end : chars.ends[from + i]!);
    }
    this.parts.push(added);
    this.length += added.length;
  }

  done(): Chars {
    const { source, starts, ends, at } = this;
    return { source, text: this.parts.join(''), starts, ends, at: starts[0] ?? at };
  }
}
