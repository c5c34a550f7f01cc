/** What can be read of a text that does not parse: each part on its own, so that a fault stays where it is. */
import { type Document, isMap, isScalar, isSeq, type Pair } from 'yaml';
import { Content, type Converter, type Yaml } from './convert.ts';
import { type Chunk, chunksOf, isItem, keyEnd, type Line, linesOfDocument } from './outline.ts';
import { Parsed } from './parsed.ts';
import type { Source, Span } from './source.ts';
import { type MapNode, type Node, nullAt, type ScalarNode, type SeqItem } from './tree.ts';

/** Root, section, service, attribute: deeper, a fault concerns one value only. */
const MAX_LEVEL = 4;

/** A key with nothing behind it that is a text whoever reads it, so that it need not be parsed. */
const PLAIN_KEY = /^(?!(?:true|false|null):)[a-z_][\w.-]*:[ \t]*$/i;

type ParseText = (text: string) => Document | undefined;

/**
 * The first document of `text`, of which `document` is what the library made. Null where the text cannot be divided: it
 * is no block of keys.
 */
export function recover(
  source: Source,
  text: string,
  converter: Converter,
  parse: ParseText,
  document?: Document,
): Node | null {
  const lines = linesOfDocument(text);
  if (lines.length === 0) return null;
  return new Recovery(source, text, converter, parse).block(lines, 0, text.length, document && Parsed.of(document, 0));
}

class Recovery {
  private readonly source: Source;
  private readonly text: string;
  private readonly converter: Converter;
  private readonly parse: ParseText;

  constructor(source: Source, text: string, converter: Converter, parse: ParseText) {
    this.source = source;
    this.text = text;
    this.converter = converter;
    this.parse = parse;
  }

  /** Lines that hold one collection, up to `limit`; null where they do not look like one. */
  block(lines: readonly Line[], level: number, limit: number, parsed: Parsed | undefined): Node | null {
    const chunks = chunksOf(this.text, lines, level === 0);
    const items = chunks.filter((chunk) => isItem(this.text, chunk.lines[0]!)).length;
    const keys = chunks.filter(
      ({ lines: [head, ...body] }) => keyEnd(this.text, head!) !== null || (body.length > 0 && this.word(head!)),
    ).length;
    if (items === 0 && keys === 0) return null;
    return keys >= items ? this.map(chunks, level, limit, parsed) : this.seq(chunks);
  }

  private map(chunks: readonly Chunk[], level: number, limit: number, parsed: Parsed | undefined): Node {
    const content = new Content(this.converter);
    let wrongAbove = false;
    chunks.forEach((chunk, index) => {
      // In front of the key, not at it: what stands below it is read all the same.
      if (chunk.astray) this.reportAt(chunk.lines[0]!.start, 'this is not indented like its neighbours');
      const next = chunks[index + 1]?.lines[0]?.first ?? limit;
      const whole = parsed?.entry(chunk.lines, next);
      if (parsed && whole) this.add(content, this.converter.convert(whole, parsed.base), true);
      else this.entry(content, chunk, level, next, parsed, !wrongAbove && parsed?.begins(chunk.lines) === true);
      if (!whole) wrongAbove = true;
    });
    return { kind: 'map', ...content.merged(), span: this.span(chunks), flow: false };
  }

  private seq(chunks: readonly Chunk[]): Node {
    const items: SeqItem[] = [];
    let damaged: true | undefined;
    for (const chunk of chunks) {
      const read = this.read(chunk.lines);
      if (!isItem(this.text, chunk.lines[0]!) || (read && !isSeq(read.contents))) {
        damaged = true;
        this.fault(chunk, 'is no item of the list it stands in');
        continue;
      }
      if (!read || read.errors.length > 0) damaged = true;
      const node = read && this.take(read, chunk.lines);
      if (node?.kind === 'seq') items.push(...node.items);
    }
    return { kind: 'seq', items, span: this.span(chunks), flow: false, ...(damaged ? { damaged } : {}) };
  }

  /** `wrong`: it is known that the lines do not parse. */
  private entry(
    content: Content,
    chunk: Chunk,
    level: number,
    limit: number,
    parsed: Parsed | undefined,
    wrong: boolean,
  ): void {
    const [head, ...body] = chunk.lines as [Line, ...Line[]];
    const divisible = level < MAX_LEVEL && body.length > 0 && !/[|>][-+\d]*\s*(#.*)?$/.test(this.textOf(head));
    let read = wrong && divisible ? undefined : this.read(chunk.lines);
    const sound = read !== undefined && isSound(read);
    const before = this.converter.size;
    const inner = read ? Parsed.of(read, head.start) : parsed;
    const value = !sound && divisible ? this.block(body, level + 1, limit, inner?.below(head.first)) : null;
    if (value) {
      this.divided(content, head, value, this.converter.size - before);
      return;
    }
    read ??= this.read(chunk.lines);
    const node = read && this.take(read, chunk.lines);
    if (node?.kind === 'map') {
      this.add(content, node, sound);
      return;
    }
    const key = this.word(head);
    if (!read || read.errors.length === 0) this.fault(chunk, 'is no key with a value');
    if (key) content.add({ key, value: { ...nullAt(this.source, key.span.end), damaged: true }, inherited: false });
    // At the outermost level it is a section that is still empty.
    if (!key || level > 0) content.damaged = true;
  }

  private add(content: Content, node: Node, sound: boolean): void {
    if (node.kind !== 'map') return;
    for (const entry of node.entries.values()) {
      if (entry.inherited) continue;
      content.add(sound ? entry : { ...entry, value: { ...entry.value, damaged: true } });
    }
    if ([...node.entries.values()].some((entry) => entry.inherited)) content.inherit(inheritedOf(node));
  }

  /** A key whose value was put together from parts. */
  private divided(content: Content, head: Line, value: Node, size: number): void {
    const colon = keyEnd(this.text, head);
    const plain = PLAIN_KEY.test(this.textOf(head)) ? this.word(head) : null;
    const read = colon === null || plain ? undefined : this.read([head]);
    const node = read && read.errors.length === 0 ? this.take(read, [head]) : null;
    const own = node?.kind === 'map' ? [...node.entries.values()][0] : undefined;
    const sound = plain ?? (own && !own.inherited && own.value.kind === 'scalar' && own.value.value === null);
    if (!sound) this.fault({ lines: [head] }, 'is no key for what stands below it');
    const anchor =
      colon === null ? null : /^\s*(?:![^\s]*\s+)?&([^\s,[\]{}]+)/.exec(this.text.slice(colon + 1, head.end));
    const whole: Node = sound ? value : { ...value, damaged: true };
    if (anchor) this.converter.name(anchor[1]!, whole, size);
    const key = plain ?? own?.key ?? this.word(head);
    if (key?.text === '<<') content.inherit(whole);
    else if (key) content.add({ key, value: whole, inherited: false });
    if (colon === null || !key) content.damaged = true;
  }

  /** The key that a line was meant to be: a word without its colon, or with one quote. */
  private word(line: Line): ScalarNode | null {
    const match = /^(["']?)([\w.-]+)\1?\s*(?=:|#|["'[{]|$)/.exec(this.textOf(line));
    if (!match || isItem(this.text, line)) return null;
    const start = line.first + match[1]!.length;
    const text = match[2]!;
    return {
      kind: 'scalar',
      value: text,
      text,
      span: { source: this.source, start, end: start + text.length },
      textStart: start,
    };
  }

  private read(lines: readonly Line[]): Document | undefined {
    return this.parse(this.text.slice(lines[0]!.start, lines.at(-1)!.end));
  }

  private take(read: Document, lines: readonly Line[]): Node | null {
    const base = lines[0]!.start;
    const last = lines.at(-1)!.end;
    for (const { pos, message } of read.errors) {
      const start = Math.min(pos[0] + base, last);
      this.converter.report(
        { source: this.source, start, end: Math.min(Math.max(start, pos[1] + base), last) },
        message,
      );
    }
    return read.contents ? this.converter.convert(read.contents as unknown as Yaml, base) : null;
  }

  private reportAt(at: number, message: string): void {
    this.converter.report({ source: this.source, start: at, end: at }, message);
  }

  private fault(chunk: Pick<Chunk, 'lines'>, message: string): void {
    this.converter.report(this.span([chunk]), `this ${message}`);
  }

  private span(chunks: readonly Pick<Chunk, 'lines'>[]): Span {
    const start = chunks[0]!.lines[0]!.first;
    return { source: this.source, start, end: chunks.at(-1)!.lines.at(-1)!.end };
  }

  private textOf(line: Line): string {
    return this.text.slice(line.first, line.end);
  }
}

const inheritedOf = (node: MapNode): MapNode => ({
  ...node,
  entries: new Map([...node.entries].filter(([, entry]) => entry.inherited)),
});

const isSound = ({ errors, contents }: Document): boolean =>
  errors.length === 0 && isMap(contents) && (contents.items as Pair[]).every(({ key }) => isScalar(key));
