/** A text that was taken out of a file, each character with the place it is written at. */
import type { Source, Span } from '../syntax/source.ts';

export class Mapped {
  readonly text: string;
  readonly source: Source;
  /** By character; undefined where the text stands in the file as it is, from `base` on. */
  private readonly starts: readonly number[] | undefined;
  private readonly ends: readonly number[] | undefined;
  private readonly base: number;

  private constructor(
    source: Source,
    text: string,
    base: number,
    starts?: readonly number[],
    ends?: readonly number[],
  ) {
    this.source = source;
    this.text = text;
    this.base = base;
    this.starts = starts;
    this.ends = ends;
  }

  /** A stretch of the file itself. */
  static of(source: Source, start = 0, end = source.text.length): Mapped {
    return new Mapped(source, source.text.slice(start, end), start);
  }

  static from(source: Source, text: string, at: number, starts: readonly number[], ends: readonly number[]): Mapped {
    return new Mapped(source, text, at, starts, ends);
  }

  startOf(index: number): number {
    if (!this.starts || !this.ends) return this.base + index;
    return this.starts[index] ?? this.ends.at(-1) ?? this.base;
  }

  endOf(index: number): number {
    if (!this.ends || !this.starts) return this.base + index;
    return index <= 0 ? (this.starts[0] ?? this.base) : this.ends[Math.min(index, this.ends.length) - 1]!;
  }

  span(from: number, to: number): Span {
    const start = this.startOf(from);
    return { source: this.source, start, end: to > from ? Math.max(start, this.endOf(to)) : start };
  }

  slice(from: number, to = this.text.length): Mapped {
    const text = this.text.slice(from, to);
    if (!this.starts || !this.ends) return new Mapped(this.source, text, this.base + from);
    return new Mapped(this.source, text, this.startOf(from), this.starts.slice(from, to), this.ends.slice(from, to));
  }

  /** Every match of `pattern` (global) replaced; what is put in its place stands where the match stood. */
  replace(pattern: RegExp, by: (match: RegExpMatchArray) => string | null): Mapped {
    const builder = new MapBuilder(this.source, this.startOf(0));
    let last = 0;
    for (const match of this.text.matchAll(pattern)) {
      const value = by(match);
      if (value === null) continue;
      builder.copy(this, last, match.index);
      last = match.index + match[0].length;
      builder.put(value, this.startOf(match.index), this.endOf(last));
    }
    if (last === 0) return this;
    builder.copy(this, last, this.text.length);
    return builder.build();
  }
}

/** Puts a text together out of pieces of a file. */
export class MapBuilder {
  private readonly source: Source;
  private readonly at: number;
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  text = '';

  constructor(source: Source, at: number) {
    this.source = source;
    this.at = at;
  }

  /** `text` stands at `start` to `end` in the file, however it is written there. */
  put(text: string, start: number, end: number): void {
    for (let i = 0; i < text.length; i++) {
      this.starts.push(start);
      this.ends.push(end);
    }
    this.text += text;
  }

  /** Characters as they stand in the file. */
  literal(start: number, end: number): void {
    for (let i = start; i < end; i++) {
      this.starts.push(i);
      this.ends.push(i + 1);
    }
    this.text += this.source.text.slice(start, end);
  }

  copy(from: Mapped, start: number, end: number): void {
    for (let i = start; i < end; i++) {
      this.starts.push(from.startOf(i));
      this.ends.push(from.endOf(i + 1));
    }
    this.text += from.text.slice(start, end);
  }

  build(): Mapped {
    return Mapped.from(this.source, this.text, this.at, this.starts, this.ends);
  }
}
