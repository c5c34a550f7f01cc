/** Reads values out of located trees: interpolated, with the place and the surroundings of the file they stand in. */
import type { Problem, Source, Span } from '../syntax/source.ts';
import { entryOf, type Entry, isNull, type MapNode, type Node, partOf, type ScalarNode } from '../syntax/tree.ts';
import { type Interpolated, interpolate, type Lookup } from './interpolate.ts';
import type { Text, Unresolved } from './model.ts';

/** What a file's relative paths and variables are resolved against. */
export interface Surroundings {
  /** Absolute directory with forward slashes. */
  readonly directory: string;
  readonly lookup: Lookup;
}

export class Reader {
  readonly problems: Problem[] = [];
  private readonly surroundings: ReadonlyMap<Source, Surroundings>;
  private readonly texts = new Map<ScalarNode, Text>();

  constructor(surroundings: ReadonlyMap<Source, Surroundings>) {
    this.surroundings = surroundings;
  }

  surroundingsOf(node: Node): Surroundings {
    const known = this.surroundings.get(node.span.source);
    if (!known) throw new Error(`no surroundings for ${node.span.source.path}`);
    return known;
  }

  refuse(span: Span, message: string): void {
    this.problems.push({ span, message });
  }

  /** The text of a scalar; undefined for null and for anything that is no scalar. */
  text(node: Node | undefined): Text | undefined {
    if (node?.kind !== 'scalar' || node.value === null) return undefined;
    const known = this.texts.get(node);
    if (known) return known;
    const result = interpolate(node.text, this.surroundingsOf(node).lookup);
    for (const error of result.errors) this.refuse(partOf(node, error.from, error.to), error.message);
    const text = asText(node, result);
    this.texts.set(node, text);
    return text;
  }

  textAt(owner: Node | undefined, key: string): Text | undefined {
    return this.text(entryOf(owner, key)?.value);
  }

  flagAt(owner: Node | undefined, key: string): boolean {
    return isTrue(this.textAt(owner, key)?.value);
  }

  /** The texts of a list, or of one scalar that stands for a list of one. */
  list(node: Node | undefined): Text[] {
    if (node === undefined || isNull(node)) return [];
    const nodes = node.kind === 'seq' ? node.items.map((item) => item.value) : [node];
    return nodes.flatMap((item) => this.text(item) ?? []);
  }

  /**
   * A mapping that may be written as a list of `KEY=value`: key -> text, undefined where no value is given.
   * Spans of list entries cover the whole entry.
   */
  mapping(node: Node | undefined): Map<string, { text: Text | undefined; value: string | null; span: Span }> {
    const result = new Map<string, { text: Text | undefined; value: string | null; span: Span }>();
    if (node?.kind === 'map') {
      for (const [key, entry] of node.entries) {
        if (entry.value.kind !== 'scalar') {
          this.refuse(entry.value.span, `the value of ${key} is neither a text nor a number`);
          continue;
        }
        const text = this.text(entry.value);
        result.set(key, { text, value: text?.value ?? null, span: text ? text.span : entry.key.span });
      }
    } else if (node?.kind === 'seq') {
      for (const text of this.list(node)) {
        const equals = text.value.indexOf('=');
        const key = equals < 0 ? text.value : text.value.slice(0, equals);
        result.set(key, { text, value: equals < 0 ? null : text.value.slice(equals + 1), span: text.span });
      }
    }
    return result;
  }
}

export const isTrue = (value: string | undefined): boolean => value !== undefined && /^(true|yes|on|y|1)$/i.test(value);

function asText(scalar: ScalarNode, result: Interpolated): Text {
  return {
    value: result.value,
    scalar,
    span: scalar.span,
    ...(result.pieces ? { pieces: result.pieces } : {}),
    unresolved: result.unresolved.map((u) => ({ variable: u.variable, span: partOf(scalar, u.from, u.to) })),
  };
}

/** The place of `text.value[from, to)`; a part made by a variable has the place of the whole `${...}`. */
export function placeOf(text: Text, from: number, to: number): Span {
  if (!text.pieces) return partOf(text.scalar, from, to);
  const touched = text.pieces.filter((piece) => piece.from < to && piece.to > from);
  const first = touched[0];
  const last = touched.at(-1);
  if (!first || !last) return text.span;
  const start = first.literal ? first.rawFrom + (from - first.from) : first.rawFrom;
  const end = last.literal ? last.rawFrom + (to - last.from) : last.rawTo;
  return partOf(text.scalar, Math.max(start, first.rawFrom), Math.min(end, last.rawTo));
}

/** The variables without a value that `text.value[from, to)` is made of. */
export function unresolvedIn(text: Text, from: number, to: number): readonly Unresolved[] {
  if (!text.pieces || text.unresolved.length === 0) return [];
  const holes = text.pieces.filter((piece) => !piece.literal && piece.from <= to && piece.to >= from);
  const base = text.scalar.textStart ?? 0;
  return text.unresolved.filter((u) => {
    if (text.scalar.textStart === undefined) return true;
    const at = u.span.start - base;
    return holes.some((piece) => at >= piece.rawFrom && at < piece.rawTo);
  });
}

/** Own and inherited entries of a mapping; nothing for any other node. */
export const entriesOf = (node: Node | undefined): readonly (readonly [string, Entry])[] =>
  node?.kind === 'map' ? [...node.entries] : [];

export const asMap = (node: Node | undefined): MapNode | undefined => (node?.kind === 'map' ? node : undefined);
