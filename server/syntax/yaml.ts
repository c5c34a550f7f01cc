/** YAML text to the located tree. Keeps going behind errors; shares anchored nodes instead of copying them. */
import { Alias, type Document, isAlias, isMap, isPair, isScalar, isSeq, type Pair, parseAllDocuments, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Problem, Source, Span } from './source.ts';
import { type Entry, type MapNode, type Node, nullAt, type ScalarNode, type SeqItem, type SeqNode } from './tree.ts';

export interface YamlFile {
  readonly source: Source;
  /** The first document; null where there is none. */
  readonly root: Node | null;
  /** The documents behind the first. */
  readonly more: readonly (Node | null)[];
  /** Syntax errors and duplicate keys. */
  readonly problems: readonly Problem[];
}

const TAGS = ['!reset', '!override'].flatMap((tag) => [
  { tag, collection: 'map' as const },
  { tag, collection: 'seq' as const },
  { tag, resolve: (text: string) => text },
]);

/**
 * Reads the documents of `source`. Duplicate keys, unknown anchors and syntax errors become problems; whatever
 * could be read stands in the tree all the same. Time is linear in the text, its aliases and its merged keys.
 */
export function parseYaml(source: Source): YamlFile {
  const documents = parseAllDocuments(source.text, {
    customTags: TAGS as never,
    uniqueKeys: false, // the library compares each key with every other; Converter does it with a set
    merge: false, // merge keys are resolved below, with their places
    prettyErrors: false,
    logLevel: 'silent',
    strict: false,
  });
  const roots: (Node | null)[] = [];
  const problems: Problem[] = [];
  for (const document of documents as unknown as Document[]) {
    const converter = new Converter(source);
    roots.push(document.contents ? converter.node(document.contents as never) : null);
    const syntax = document.errors.map((error) => ({
      span: { source, start: error.pos[0], end: Math.max(error.pos[1], error.pos[0]) },
      message: error.message,
    }));
    problems.push(...syntax, ...converter.problems);
  }
  return { source, root: roots[0] ?? null, more: roots.slice(1), problems };
}

type Yaml = Scalar | YAMLMap | YAMLSeq | Alias;

class Converter {
  readonly problems: Problem[] = [];
  private readonly anchors = new Map<string, Node>();
  private readonly source: Source;

  constructor(source: Source) {
    this.source = source;
  }

  node(yaml: Yaml | null | undefined, at = 0): Node {
    if (isScalar(yaml)) return this.anchor(yaml, this.scalar(yaml));
    if (isMap(yaml)) return this.anchor(yaml, this.map(yaml));
    if (isSeq(yaml)) return this.anchor(yaml, this.seq(yaml));
    if (isAlias(yaml)) return this.resolve(yaml);
    return nullAt(this.source, at);
  }

  private anchor<T extends Node>(yaml: Exclude<Yaml, Alias>, node: T): T {
    if (yaml.anchor) this.anchors.set(yaml.anchor, node);
    return node;
  }

  private resolve(alias: Alias): Node {
    const target = this.anchors.get(alias.source);
    if (target) return target;
    const span = this.span(alias);
    this.problems.push({ span, message: `no anchor &${alias.source} stands before this alias` });
    return nullAt(this.source, span.start);
  }

  private span(yaml: Yaml): Span {
    const [start, end] = yaml.range ?? [0, 0];
    return { source: this.source, start, end };
  }

  private scalar(yaml: Scalar): ScalarNode {
    const span = this.span(yaml);
    const plain = yaml.type === 'PLAIN' || yaml.type === undefined;
    const value = yaml.value;
    const known = value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const text = typeof value === 'string' ? value : value === null ? '' : plain ? (yaml.source ?? String(value)) : String(value);
    const block = yaml.type === 'BLOCK_LITERAL' || yaml.type === 'BLOCK_FOLDED';
    const quoted = yaml.type === 'QUOTE_DOUBLE' || yaml.type === 'QUOTE_SINGLE';
    const start = span.start + (quoted ? 1 : 0);
    const literal = this.source.text.startsWith(text, start) && (!quoted || start + text.length === span.end - 1);
    return {
      kind: 'scalar',
      value: known ? value : text,
      text,
      span: block ? { ...span, end: span.start + this.source.text.slice(span.start, span.end).trimEnd().length } : span,
      ...(yaml.tag?.startsWith('!') ? { tag: yaml.tag } : {}),
      ...(literal ? { textStart: start } : {}),
      ...(plain && yaml.tag === undefined ? { plain } : {}),
    };
  }

  private seq(yaml: YAMLSeq): SeqNode {
    const span = this.span(yaml);
    const items: SeqItem[] = yaml.items.map((item) => {
      if (isPair(item)) return { value: this.pairAsMap(item as Pair<Yaml, Yaml>, span) };
      const value = this.node(item as Yaml, span.start);
      return isAlias(item) ? { value, alias: this.span(item) } : { value };
    });
    const flow = yaml.flow === true;
    const last = items.at(-1);
    return { kind: 'seq', items, span: flow ? span : closed(span, last && (last.alias ?? last.value.span)), flow, ...tagOf(yaml) };
  }

  private pairAsMap(pair: Pair<Yaml, Yaml>, span: Span): MapNode {
    const entries = new Map<string, Entry>();
    this.add(entries, pair, span.start);
    return { kind: 'map', entries, span, flow: true };
  }

  private map(yaml: YAMLMap): MapNode {
    const span = this.span(yaml);
    const own = new Map<string, Entry>();
    const merged: Node[] = [];
    let last: Span | undefined;
    let merges = 0;
    for (const pair of yaml.items as Pair<Yaml, Yaml>[]) {
      if (isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN') {
        merged.push(...this.mergeSources(pair));
        if (++merges > 1) this.problems.push({ span: this.span(pair.key), message: 'the key "<<" is already set above' });
        last = this.span(pair.value ?? pair.key);
      } else last = this.add(own, pair, span.start);
    }
    for (const source of merged) {
      if (source.kind !== 'map') continue;
      for (const [name, entry] of source.entries) if (!own.has(name)) own.set(name, { ...entry, inherited: true });
    }
    const flow = yaml.flow === true;
    return { kind: 'map', entries: own, span: flow ? span : closed(span, last), flow, ...tagOf(yaml) };
  }

  /** `<<: *a`, `<<: [*a, *b]` or `<<: {...}`: earlier ones win. */
  private mergeSources(pair: Pair<Yaml, Yaml>): Node[] {
    const value = this.node(pair.value, pair.key.range?.[1] ?? 0);
    const sources = value.kind === 'seq' ? value.items.map((item) => item.value) : [value];
    if (sources.some((source) => source.kind !== 'map')) {
      const span = isAlias(pair.value) ? this.span(pair.value) : value.span;
      this.problems.push({ span, message: 'a merge key takes a mapping or a list of mappings' });
    }
    return sources;
  }

  /** @returns where the last of what was added stands */
  private add(entries: Map<string, Entry>, pair: Pair<Yaml, Yaml>, at: number): Span {
    const keyNode = this.node(pair.key, at);
    if (keyNode.kind !== 'scalar') return keyNode.span;
    const value = this.node(pair.value, keyNode.span.end);
    const alias = isAlias(pair.value) ? { alias: this.span(pair.value) } : {};
    const before = entries.get(keyNode.text);
    if (before) this.problems.push({ span: keyNode.span, message: `the key "${keyNode.text}" is already set above` });
    else entries.set(keyNode.text, { key: keyNode, value, inherited: false, ...alias });
    const end = alias.alias ?? value.span;
    return end.end > keyNode.span.end ? end : keyNode.span;
  }
}

/** A block collection ends with its last value; the library counts the line end, and comments behind it, as well. */
const closed = (span: Span, last: Span | undefined): Span => (last && last.end > span.start && last.end < span.end ? { ...span, end: last.end } : span);

const tagOf = (yaml: YAMLMap | YAMLSeq): { tag?: string } => (yaml.tag?.startsWith('!') ? { tag: yaml.tag } : {});
