/**
 * What the library made of the pieces of a text, to be taken again where a later text has the same pieces. Of a text in
 * which one value was edited, one entry is parsed.
 *
 * An entry without faults is the same by itself and among others: all that reaches from one to the next are anchors, which
 * are looked up later, and indentation, which is part of a piece. test/syntax/memory.test.ts compares both ways of reading.
 */
import { type Document, isMap, isScalar, Pair, YAMLMap } from 'yaml';
import { noteAlone } from './alone.ts';
import type { Yaml } from './convert.ts';
import { type Piece, piecesOf } from './pieces.ts';

type Entry = Pair<Yaml, Yaml>;

interface Known {
  readonly pair: Entry;
  /** Where the piece began in the text that the ranges of `pair` are offsets in. */
  readonly start: number;
}

/** A mapping put together from entries of several texts. */
export interface Assembled {
  readonly map: YAMLMap;
  /** By entry: what is added to an offset in it to have one in the whole text. */
  readonly bases: ReadonlyMap<unknown, number>;
  readonly memory: Memory;
}

/** The library's reading of one piece; undefined where there is none. */
export type ParsePiece = (text: string) => Document | undefined;

function knownAs(pair: Entry, start: number, { text, inner }: Piece): Known {
  if (inner.length === 0) noteAlone(pair, text, start);
  return { pair, start };
}

/** By text. What stands above inner pieces is an entry with another value than the same text without any. */
class Pieces {
  private readonly whole = new Map<string, Known>();
  private readonly divided = new Map<string, Known>();

  get(piece: Piece): Known | undefined {
    return this.of(piece).get(piece.text);
  }

  set(piece: Piece, known: Known): void {
    this.of(piece).set(piece.text, known);
  }

  private of({ inner }: Piece): Map<string, Known> {
    return inner.length > 0 ? this.divided : this.whole;
  }
}

export class Memory {
  private readonly known: Pieces;

  private constructor(known: Pieces) {
    this.known = known;
  }

  /** Of a text that was read as a whole; null where its pieces are not its entries. */
  static of(text: string, { contents, errors, warnings }: Document): Memory | null {
    if (errors.length > 0 || warnings.length > 0) return null;
    const pieces = piecesOf(text);
    const known = new Pieces();
    return pieces && learn(pieces, contents, text.length, known) ? new Memory(known) : null;
  }

  /** The entries of `text`, each parsed unless it is known; null where it has to be read as a whole. */
  read(text: string, parse: ParsePiece): Assembled | null {
    const pieces = piecesOf(text);
    if (!pieces || pieces.length === 0) return null;
    const bases = new Map<unknown, number>();
    const known = new Pieces();
    const entryOf = (piece: Piece): Entry | null => {
      const one = this.known.get(piece) ?? parsed(piece, parse);
      if (!one) return null;
      known.set(piece, one);
      // Equal pieces have an entry each: their places differ.
      const pair = new Pair(one.pair.key, one.pair.value);
      const base = piece.start - one.start;
      bases.set(pair, base);
      if (piece.inner.length === 0) return pair;
      const inner = entriesOf(piece.inner);
      if (inner) pair.value = mapOf(inner, bases, base, text.length);
      return inner && pair;
    };
    const entriesOf = (all: readonly Piece[]): Entry[] | null => {
      const entries: Entry[] = [];
      for (const piece of all) {
        const entry = entryOf(piece);
        if (!entry) return null;
        entries.push(entry);
      }
      return entries;
    };
    const entries = entriesOf(pieces);
    return entries && { map: mapOf(entries, bases, 0, text.length), bases, memory: new Memory(known) };
  }
}

/** `base`: what will be added to the offsets of the mapping itself. */
function mapOf(entries: Entry[], bases: ReadonlyMap<unknown, number>, base: number, end: number): YAMLMap {
  const map = new YAMLMap();
  map.items = entries;
  const [first] = entries;
  const start = first!.key.range![0] + bases.get(first)! - base;
  map.range = [start, end - base, end - base];
  return map;
}

/** An entry that is sound by itself; null for anything else. */
function parsed(piece: Piece, parse: ParsePiece): Known | null {
  const { text, inner } = piece;
  const document = parse(text);
  if (!document || document.errors.length > 0 || document.warnings.length > 0) return null;
  const { contents } = document;
  if (!isMap(contents) || contents.flow || contents.items.length !== 1) return null;
  const pair = contents.items[0] as Entry;
  return isPlainEntry(pair) && (inner.length === 0 || isEmpty(pair.value)) ? knownAs(pair, 0, piece) : null;
}

function learn(pieces: readonly Piece[], node: unknown, end: number, known: Pieces): boolean {
  if (!isMap(node) || node.flow || node.items.length !== pieces.length) return false;
  const entries = node.items as Entry[];
  return pieces.every((piece, index) => {
    const pair = entries[index]!;
    const next = pieces[index + 1]?.start ?? end;
    const [from = -1] = pair.key?.range ?? [];
    if (!isPlainEntry(pair) || from < piece.start || endOf(pair) > next) return false;
    known.set(piece, knownAs(pair, piece.start, piece));
    return piece.inner.length === 0 || learn(piece.inner, pair.value, next, known);
  });
}

/** The place of a key with an anchor or a tag is not that of its mapping. */
const isPlainEntry = ({ key }: Entry): boolean => isScalar(key) && !key.anchor && !key.tag;

const endOf = ({ key, value }: Entry): number => value?.range?.[1] ?? key.range?.[1] ?? 0;

const isEmpty = (value: Yaml | null): boolean => value === null || (isScalar(value) && value.value === null);
