/** Reads values out of prepared trees, with the place and the surroundings of the file they stand in. */
import * as path from 'node:path';
import type { Problem, Source, Span } from '../syntax/source.ts';
import { type Entry, entryOf, isNull, type MapNode, type Node } from '../syntax/tree.ts';
import type { Lookup } from './interpolate.ts';
import { textOf } from './located.ts';
import type { Text } from './model.ts';

/** What a file's relative paths and variables are resolved against. */
export interface Surroundings {
  /** Absolute directory with forward slashes. */
  readonly directory: string;
  /** Where `include` and `extends` look for files, when that is another directory. */
  readonly filesFrom?: string;
  readonly lookup: Lookup;
}

export const filesFrom = ({ directory, filesFrom: other }: Surroundings): string => other ?? directory;

/** What is relative in `file`, which is named in `outer`, is relative to its own folder. */
export function surroundingsFor(file: string, outer: Surroundings): Surroundings {
  const folder = path.posix.dirname(file);
  const from = path.posix.resolve(filesFrom(outer), folder);
  if (!outer.filesFrom || path.posix.isAbsolute(file)) return { directory: from, lookup: outer.lookup };
  return { directory: path.posix.resolve(outer.directory, folder), filesFrom: from, lookup: outer.lookup };
}

/** A value of a mapping: undefined and null where a key has none. */
export interface Pair {
  readonly text: Text | undefined;
  readonly value: string | null;
  readonly span: Span;
}

export class Reader {
  readonly problems: Problem[] = [];
  private readonly surroundings: ReadonlyMap<Source, Surroundings>;

  constructor(surroundings: ReadonlyMap<Source, Surroundings>) {
    this.surroundings = surroundings;
  }

  surroundingsOf(node: Node): Surroundings {
    return this.surroundingsIn(node.span.source);
  }

  surroundingsIn(source: Source): Surroundings {
    const known = this.surroundings.get(source);
    if (!known) throw new Error(`no surroundings for ${source.path}`);
    return known;
  }

  refuse(span: Span, message: string): void {
    this.problems.push({ span, message });
  }

  /** The text of a scalar; undefined for null and for anything that is no scalar. */
  text(node: Node | undefined): Text | undefined {
    return node?.kind === 'scalar' && node.value !== null ? textOf(node) : undefined;
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

  /** A mapping that may be written as a list of `KEY=value`. Spans of list entries cover the whole entry. */
  mapping(node: Node | undefined): Map<string, Pair> {
    const result = new Map<string, Pair>();
    if (node?.kind === 'map') {
      for (const [key, { key: keyNode, value: scalar }] of node.entries) {
        if (scalar.kind !== 'scalar') continue;
        const text = this.text(scalar);
        result.set(key, { text, value: text?.value ?? null, span: text ? text.span : keyNode.span });
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

export const isTrue = (value: string | undefined): boolean => value !== undefined && /^(true|yes|on|y)$/i.test(value);

/** The last of the items with the same key, in the place of the first. */
export function lastOfEach<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  const byKey = new Map<string, T>();
  for (const item of items) byKey.set(keyOf(item), item);
  return [...byKey.values()];
}

/** Compose takes what stands before `=` for the key of a list's item. */
export const keyOf = ({ value }: { readonly value: string }): string => value.split('=', 1)[0]!;

/** Own and inherited entries of a mapping; nothing for any other node. */
export const entriesOf = (node: Node | undefined): readonly (readonly [string, Entry])[] =>
  node?.kind === 'map' ? [...node.entries] : [];

export const asMap = (node: Node | undefined): MapNode | undefined => (node?.kind === 'map' ? node : undefined);
