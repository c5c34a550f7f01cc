/** The library's nodes as located ones. Anchored nodes are shared, not copied; what their repetition costs is limited. */
import {
  type Alias,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { standsAlone } from './alone.ts';
import type { Problem, Source, Span } from './source.ts';
import {
  type Entry,
  identify,
  type MapNode,
  type Node,
  nullAt,
  type ScalarNode,
  type SeqItem,
  type SeqNode,
} from './tree.ts';

export type Yaml = Scalar | YAMLMap | YAMLSeq | Alias;

/** Thrown where a file asks for more than any Compose file needs: nothing of it is read then. */
export class Refusal extends Error {
  readonly offset: number;
  constructor(offset: number, cause: string) {
    super(cause);
    this.offset = offset;
  }
}

/** Deeper, the library and whatever walks the tree would run out of stack. */
export const MAX_DEPTH = 256;

/** Values that aliases may add. Compose's own limit falls with the size of the file and lies below this. */
const MAX_REPEATED = 1_500_000;

export const tooDeep = (offset: number): Refusal =>
  new Refusal(offset, `values are nested more than ${MAX_DEPTH} levels deep`);

interface Anchored {
  readonly node: Node;
  /** How many values stand in it, with all aliases followed. */
  readonly size: number;
}

export class Converter {
  readonly problems: Problem[] = [];
  private readonly anchors = new Map<string, Anchored | 'open'>();
  private readonly source: Source;
  /** Where the text that is being converted begins in the source. */
  private base = 0;
  /** Of entries that were parsed in other texts: what is added to their offsets instead. */
  private bases: ReadonlyMap<unknown, number> | undefined;
  private depth = 0;
  private written = 0;
  private repeated = 0;

  constructor(source: Source) {
    this.source = source;
  }

  /** How many values have been read, with all aliases followed. */
  get size(): number {
    return this.written + this.repeated;
  }

  /** @throws Refusal */
  convert(yaml: Yaml, base = 0, bases?: ReadonlyMap<unknown, number>): Node {
    this.base = base;
    this.bases = bases;
    return this.node(yaml);
  }

  /** Gives `name` to a node that was put together elsewhere. */
  name(name: string, node: Node, size: number): void {
    this.anchors.set(name, { node, size });
  }

  report(span: Span, message: string): void {
    this.problems.push({ span, message });
  }

  private node(yaml: Yaml | null | undefined, at = this.base): Node {
    if (isAlias(yaml)) return this.resolve(yaml);
    this.written++;
    if (!yaml) return nullAt(this.source, at);
    const { anchor } = yaml;
    const before = this.size;
    if (anchor) this.anchors.set(anchor, 'open');
    const node = this.located(yaml);
    if (anchor) this.anchors.set(anchor, { node, size: this.size - before + 1 });
    return node;
  }

  private located(yaml: Exclude<Yaml, Alias>): Node {
    if (isScalar(yaml)) return this.scalar(yaml);
    if (++this.depth > MAX_DEPTH) throw tooDeep(this.span(yaml).start);
    const node = isMap(yaml) ? this.map(yaml) : isSeq(yaml) ? this.seq(yaml) : nullAt(this.source, this.base);
    this.depth--;
    return node;
  }

  private resolve(alias: Alias): Node {
    const target = this.anchors.get(alias.source);
    const span = this.span(alias);
    if (target === undefined || target === 'open') {
      const why = target ? `stands inside &${alias.source} and would repeat it without end` : 'has no anchor before it';
      this.report(span, `the alias *${alias.source} ${why}`);
      return { ...nullAt(this.source, span.start), damaged: true };
    }
    this.repeated += target.size;
    if (this.repeated > MAX_REPEATED) {
      throw new Refusal(span.start, `its aliases repeat more than ${MAX_REPEATED.toLocaleString('en')} values`);
    }
    return target.node;
  }

  private span(yaml: Yaml): Span {
    const [start, end] = yaml.range ?? [0, 0];
    return { source: this.source, start: start + this.base, end: end + this.base };
  }

  private scalar(yaml: Scalar): ScalarNode {
    const span = this.span(yaml);
    const plain = yaml.type === 'PLAIN' || yaml.type === undefined;
    const value = yaml.value;
    const known =
      value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const text =
      typeof value === 'string' ? value : value === null ? '' : plain ? (yaml.source ?? String(value)) : String(value);
    const block = yaml.type === 'BLOCK_LITERAL' || yaml.type === 'BLOCK_FOLDED';
    const quoted = yaml.type === 'QUOTE_DOUBLE' || yaml.type === 'QUOTE_SINGLE';
    const start = span.start + (quoted ? 1 : 0);
    const literal = this.source.text.startsWith(text, start) && (!quoted || start + text.length === span.end - 1);
    const at = block
      ? { ...span, end: span.start + this.source.text.slice(span.start, span.end).trimEnd().length }
      : span;
    // There are more of these than of anything else: putting each together from parts would take most of the time.
    const is = known ? value : text;
    if (yaml.tag?.startsWith('!'))
      return { kind: 'scalar', value: is, text, span: at, tag: yaml.tag, ...(literal ? { textStart: start } : {}) };
    return literal
      ? { kind: 'scalar', value: is, text, span: at, textStart: start }
      : { kind: 'scalar', value: is, text, span: at };
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
    return {
      kind: 'seq',
      items,
      span: flow ? span : closed(span, last && (last.alias ?? last.value.span)),
      flow,
      ...tagOf(yaml),
    };
  }

  private pairAsMap(pair: Pair<Yaml, Yaml>, span: Span): MapNode {
    const content = new Content(this);
    this.add(content, pair, span.start);
    return { kind: 'map', ...content.merged(), span, flow: true };
  }

  private map(yaml: YAMLMap): MapNode {
    const span = this.span(yaml);
    const content = new Content(this);
    let last: Span | undefined;
    let merges = 0;
    const { base } = this;
    for (const pair of yaml.items as Pair<Yaml, Yaml>[]) {
      this.base = this.bases?.get(pair) ?? base;
      if (isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN') {
        if (++merges > 1) this.report(this.span(pair.key), 'the key "<<" is already set above');
        for (const source of this.mergeSources(pair)) content.inherit(source);
        last = this.span(pair.value ?? pair.key);
      } else last = this.add(content, pair, span.start);
    }
    this.base = base;
    const flow = yaml.flow === true;
    return { kind: 'map', ...content.merged(), span: flow ? span : closed(span, last), flow, ...tagOf(yaml) };
  }

  /** `<<: *a`, `<<: [*a, *b]` or `<<: {...}`: earlier ones win. */
  private mergeSources(pair: Pair<Yaml, Yaml>): Node[] {
    const value = this.node(pair.value, this.span(pair.key).end);
    const sources = value.kind === 'seq' ? value.items.map((item) => item.value) : [value];
    if (sources.some((source) => source.kind !== 'map')) {
      const span = isAlias(pair.value) ? this.span(pair.value) : value.span;
      this.report(span, 'a merge key takes a mapping or a list of mappings');
    }
    return sources;
  }

  /** @returns where the last of what was added stands */
  private add(content: Content, pair: Pair<Yaml, Yaml>, at: number): Span {
    const keyNode = this.node(pair.key, at);
    if (keyNode.kind !== 'scalar') {
      this.report(keyNode.span, 'a key cannot be a mapping or a list');
      return keyNode.span;
    }
    const value = this.node(pair.value, keyNode.span.end);
    if (this.bases && value.kind !== 'scalar' && standsAlone(pair.value!)) identify(value, pair.value!);
    const alias = isAlias(pair.value) ? this.span(pair.value) : undefined;
    content.add({ key: keyNode, value, inherited: false, ...(alias ? { alias } : {}) });
    const end = alias ?? value.span;
    return end.end > keyNode.span.end ? end : keyNode.span;
  }
}

/** The entries of a map as they are gathered: own ones, then what merge keys bring. */
export class Content {
  private readonly own = new Map<string, Entry>();
  private readonly sources: Node[] = [];
  private readonly reporter: Converter;
  damaged: true | undefined;

  constructor(reporter: Converter) {
    this.reporter = reporter;
  }

  /** Compose takes no key twice. While one is typed, both are kept where that is possible. */
  add(entry: Entry): void {
    const { key } = entry;
    const before = this.own.get(key.text);
    this.own.set(key.text, before ? both(before, entry) : entry);
    if (before) this.reporter.report(key.span, `the key "${key.text}" is already set above`);
  }

  inherit(source: Node): void {
    this.sources.push(source);
  }

  merged(): Pick<MapNode, 'entries' | 'damaged'> {
    let { damaged } = this;
    for (const source of this.sources) {
      if (source.damaged || source.kind !== 'map') damaged = true;
      if (source.kind !== 'map') continue;
      for (const [name, entry] of source.entries)
        if (!this.own.has(name)) this.own.set(name, { ...entry, inherited: true });
    }
    return { entries: this.own, ...(damaged ? { damaged } : {}) };
  }
}

function both(one: Entry, other: Entry): Entry {
  const [a, b] = [one.value, other.value];
  if (a.kind === 'map' && b.kind === 'map') {
    return { ...one, value: { ...a, entries: new Map([...b.entries, ...a.entries]), damaged: true } };
  }
  const kept = a.kind === 'scalar' && a.value === null ? other : one;
  return { ...kept, value: { ...kept.value, damaged: true } };
}

/** A block collection ends with its last value; the library counts the line end, and comments behind it, as well. */
const closed = (span: Span, last: Span | undefined): Span =>
  last && last.end > span.start && last.end < span.end ? { ...span, end: last.end } : span;

const tagOf = (yaml: YAMLMap | YAMLSeq): { tag?: string } => (yaml.tag?.startsWith('!') ? { tag: yaml.tag } : {});
