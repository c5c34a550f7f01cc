/** What a word of a shell text says: quotes and escapes taken off, variables that the script sets itself put in. */

import { listingOf } from './listings.ts';
import { MapBuilder, type Mapped } from './mapped.ts';
import { TURN, UNKNOWN, type Values, type Word } from './model.ts';
import type { ShellNode } from './tree.ts';

export interface Value {
  readonly text: string;
  readonly told: boolean;
  /** Of the variable of a loop: what it holds in turn; of what holds a list: its words. */
  readonly each?: Values;
}

export type Variables = Map<string, Value>;

/** A word with the place of each character, for texts that are commands again (`sh -c '...'`). */
export interface MappedWord extends Word {
  readonly mapped: Mapped;
}

const UNTOLD: Value = { text: UNKNOWN, told: false };

export function wordOf(node: ShellNode, text: Mapped, variables: Variables): MappedWord {
  const reader = new WordReader(text, variables, node.start);
  reader.read(node, false);
  const mapped = reader.builder.build();
  return {
    text: mapped.text,
    told: reader.told && !mapped.text.includes(UNKNOWN),
    span: text.span(node.start, node.end),
    mapped,
    ...reader.turns(),
  };
}

class WordReader {
  readonly builder: MapBuilder;
  told = true;
  private each: Values | undefined;
  private places: number[] = [];
  /** Of two loops nothing is told. */
  private mixed = false;
  private readonly text: Mapped;
  private readonly variables: Variables;

  constructor(text: Mapped, variables: Variables, at: number) {
    this.text = text;
    this.variables = variables;
    this.builder = new MapBuilder(text.source, text.startOf(at));
  }

  read(node: ShellNode, quoted: boolean): void {
    switch (node.type) {
      case 'raw_string':
        this.builder.copy(this.text, node.start + 1, Math.max(node.start + 1, node.end - 1));
        return;
      case 'string':
      case 'translated_string':
        this.quoted(node);
        return;
      case 'ansi_c_string':
        this.ansi(node);
        return;
      case 'simple_expansion':
      case 'expansion':
        this.put(this.expansion(node), node);
        return;
      case 'command_substitution':
      case 'process_substitution': {
        const each = listingOf(this.text.text.slice(node.start, node.end));
        this.put(each ? { ...UNTOLD, each } : UNTOLD, node);
        return;
      }
      case 'arithmetic_expansion':
        this.put(UNTOLD, node);
        return;
      case 'concatenation':
      case 'command_name':
        this.pieces(node, node.start, node.end, quoted);
        return;
      default:
        if (node.children.length > 0 && node.type !== 'word') this.pieces(node, node.start, node.end, quoted);
        else this.plain(node.start, node.end, quoted);
    }
  }

  /** The word as a loop says it, with a place for the value. */
  turns(): Pick<Word, 'each'> {
    if (!this.each || this.mixed) return {};
    const letters = this.builder.text.split('');
    for (const at of this.places) letters[at] = TURN;
    return { each: { values: this.each, template: letters.join('') } };
  }

  private put({ text, told, each }: Value, node: ShellNode): void {
    this.told &&= told;
    if (each) {
      this.mixed ||= this.each !== undefined && this.each !== each;
      this.each = each;
      this.places.push(this.builder.text.length);
    }
    this.builder.put(text, this.text.startOf(node.start), this.text.endOf(node.end));
  }

  /** The children, and what stands between them. */
  private pieces(node: ShellNode, from: number, to: number, quoted: boolean): void {
    let at = from;
    for (const child of node.children) {
      if (child.end <= from || child.start >= to) continue;
      this.plain(at, child.start, quoted);
      if (child.named && !/^(string_content|word)$/.test(child.type)) this.read(child, quoted);
      else this.plain(child.start, child.end, quoted);
      at = Math.max(at, child.end);
    }
    this.plain(at, to, quoted);
  }

  private quoted(node: ShellNode): void {
    const opening = this.text.text[node.start] === '$' ? 2 : 1;
    const closed = this.text.text[node.end - 1] === '"' && node.end - node.start > opening;
    this.pieces(node, node.start + opening, closed ? node.end - 1 : node.end, true);
  }

  /** Letters as they stand; of an escape what it means. */
  private plain(from: number, to: number, quoted: boolean): void {
    const { text } = this.text;
    let copied = from;
    for (let at = from; at < to; at++) {
      if (text[at] !== '\\' || at + 1 >= to) continue;
      const next = text[at + 1]!;
      if (quoted && !/["\\$`\n]/.test(next)) continue;
      this.builder.copy(this.text, copied, at);
      if (next !== '\n') this.builder.put(next, this.text.startOf(at), this.text.endOf(at + 2));
      at++;
      copied = at + 1;
    }
    if (copied < to) this.builder.copy(this.text, copied, to);
  }

  private ansi(node: ShellNode): void {
    const inner = this.text.text.slice(node.start + 2, node.end - 1);
    const value = inner.replace(/\\(.)/gs, (_, c: string) => ({ n: '\n', t: '\t', r: '\r' })[c] ?? c);
    this.put({ text: value, told: true }, node);
  }

  private expansion(node: ShellNode): Value {
    const written = this.text.text.slice(node.start, node.end);
    const [, name, rest = ''] = /^\$\{?([A-Za-z_]\w*)(.*?)\}?$/s.exec(written) ?? [];
    if (name === undefined) return UNTOLD;
    const value = this.variables.get(name);
    if (rest === '') return value ?? UNTOLD;
    if (/^\[[@*]\]$/.test(rest) && value?.each) return value;
    if (/^:?\?/.test(rest)) return value ?? UNTOLD;
    const fallback = /^:?[-=]([^$`]*)$/.exec(rest)?.[1];
    if (fallback === undefined) return UNTOLD;
    return value ?? { text: fallback.replace(/^(["'])(.*)\1$/, '$2'), told: false };
  }
}
