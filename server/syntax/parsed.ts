/** What can be kept of a parse that failed: the entries of a mapping that its faults did not touch. */
import { type Document, isCollection, isMap, isScalar, type Pair, YAMLMap } from 'yaml';
import type { Yaml } from './convert.ts';
import type { Line } from './outline.ts';

export class Parsed {
  private readonly pairs = new Map<number, { readonly pair: Pair<Yaml, Yaml>; readonly next: number }>();
  /** Where something is wrong, in order. */
  private readonly faults: readonly number[];
  /** Where the text that was parsed begins in the source. */
  readonly base: number;

  private constructor(map: YAMLMap, base: number, faults: readonly number[]) {
    this.base = base;
    this.faults = faults;
    const items = map.items as Pair<Yaml, Yaml>[];
    items.forEach((pair, index) => {
      const start = pair.key?.range?.[0];
      const next = items[index + 1]?.key?.range?.[0] ?? Number.POSITIVE_INFINITY;
      if (start !== undefined) this.pairs.set(start + base, { pair, next: next + base });
    });
  }

  /** Of a document whose text begins at `base`; undefined where it holds no block of keys. */
  static of({ contents, errors }: Document, base: number): Parsed | undefined {
    const faults = errors.flatMap(({ pos: [start, end] }) => [start + base, end + base]).sort((a, b) => a - b);
    return isMap(contents) && !contents.flow ? new Parsed(contents, base, faults) : undefined;
  }

  /** The mapping below the key at `offset`. */
  below(offset: number): Parsed | undefined {
    const value = this.pairs.get(offset)?.pair.value;
    return isMap(value) && !value.flow ? new Parsed(value, this.base, this.faults) : undefined;
  }

  /** The entry that `lines` are, as a mapping of its own, where nothing is wrong with it; `limit` is where the next begins. */
  entry(lines: readonly Line[], limit: number): YAMLMap | undefined {
    const [start, end] = [lines[0]!.first, lines.at(-1)!.end];
    const found = this.pairs.get(start);
    if (!found || !isScalar(found.pair.key) || found.next < end || this.endOf(found.pair) > limit) return undefined;
    const fault = this.firstFrom(lines[0]!.start);
    if ((fault !== undefined && (fault <= end || fault < limit)) || this.isOpen(found.pair.value, end))
      return undefined;
    const map = new YAMLMap();
    map.items.push(found.pair);
    map.range = [start - this.base, end - this.base, end - this.base];
    return map;
  }

  /** Whether `lines`, above which nothing is wrong, cannot be parsed by themselves either. */
  begins(lines: readonly Line[]): boolean {
    const first = this.faults[0];
    // At its first character it is how it stands to what is above.
    if (first === undefined || first <= lines[0]!.first) return false;
    // On the last line it may be what follows that makes it wrong.
    if (first < lines.at(-1)!.start) return true;
    const found = this.pairs.get(lines[0]!.first);
    return found !== undefined && this.isOpen(found.pair.value, lines.at(-1)!.end);
  }

  private endOf({ key, value }: Pair<Yaml, Yaml>): number {
    return (value?.range?.[1] ?? key.range?.[1] ?? 0) + this.base;
  }

  private firstFrom(offset: number): number | undefined {
    let [low, high] = [0, this.faults.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.faults[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return this.faults[low];
  }

  /** Whether it ends with a quote or a bracket that is closed behind `end`, or never. */
  private isOpen(node: Yaml | null, end: number): boolean {
    let last: unknown = node;
    while (isCollection(last) && !last.flow) {
      const item: unknown = last.items.at(-1);
      last = isMap(last) ? (item as Pair | undefined)?.value : item;
    }
    if (!isCollection(last) && !(isScalar(last) && /^QUOTE/.test(last.type ?? ''))) return false;
    return (last.range?.[1] ?? 0) + this.base > end;
  }
}
