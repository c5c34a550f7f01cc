/**
 * Shell text as its simple commands, each with its place. Nothing is run and nothing is substituted: it says what stands
 * where, under which condition, and what follows it. Offsets are those of the text that is given.
 */
import { afterExpansion, closingQuote } from './shell-expansion.ts';

export interface Word {
  /** Quotes and backslashes resolved; expansions as they are written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** A variable or a command stands in it. */
  readonly open: boolean;
}

/** What joins a command to the next one; `end` is the end of the text. */
export type Joint = '&&' | '||' | '|' | ';' | '&' | 'end';

export interface Redirection {
  readonly sign: string;
  readonly target: Word;
  /** The body of a here-document. */
  readonly body?: string;
}

export interface Command {
  /** Without assignments in front and without redirections. */
  readonly words: readonly Word[];
  readonly assigns: boolean;
  readonly redirections: readonly Redirection[];
  readonly start: number;
  /** Of its last word or redirection, without the joint. */
  readonly end: number;
  readonly before: Joint;
  readonly after: Joint;
  /** What it stands in, outermost first: it may run never, or more than once. */
  readonly within: readonly Block[];
}

export type Block = 'if' | 'loop' | 'case' | 'function' | 'group' | 'subshell';

export interface ShellText {
  readonly commands: readonly Command[];
  /** False where a quote, a block or a here-document is not closed: what was read is not to be relied on. */
  readonly whole: boolean;
}

const OPENERS: Readonly<Record<string, Block>> = { if: 'if', while: 'loop', until: 'loop', for: 'loop', '{': 'group' };
const CLOSERS: Readonly<Record<string, readonly Block[]>> = {
  fi: ['if'],
  done: ['loop'],
  esac: ['case'],
  '}': ['group', 'function'],
};
/** Words after which another command begins. */
const BETWEEN = new Set(['then', 'else', 'elif', 'do', '!', 'time']);

export function readShell(text: string): ShellText {
  return new Reader(text).read();
}

class Reader {
  private at = 0;
  private whole = true;
  private readonly commands: Command[] = [];
  private readonly blocks: Block[] = [];
  private words: Word[] = [];
  private redirections: { sign: string; target: Word; body?: string }[] = [];
  private heredocs: { end: string; tabs: boolean; of: { body?: string } }[] = [];
  private before: Joint = ';';
  /** A function's name was just read: what opens next is its body. */
  private naming = false;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  read(): ShellText {
    const { text } = this;
    while (this.at < text.length) {
      const c = text[this.at]!;
      if (c === ' ' || c === '\t' || c === '\r') this.at++;
      else if (c === '\\' && /^\\\r?\n/.test(text.slice(this.at, this.at + 3)))
        this.at = text.indexOf('\n', this.at) + 1;
      else if (c === '#') this.at = this.lineEnd();
      else if (c === '\n') {
        this.finish(';');
        this.at++;
        this.skipHeredocs();
      } else if (/^(?:\d*[<>]|&>)/.test(text.slice(this.at, this.at + 4))) this.redirection();
      else if (c === ';' || c === '&' || c === '|') this.joint();
      else if (c === '(' || c === ')') this.parenthesis(c);
      else this.word();
    }
    this.finish('end');
    if (this.blocks.length > 0 || this.heredocs.length > 0) this.whole = false;
    return { commands: this.commands, whole: this.whole };
  }

  private lineEnd(): number {
    const end = this.text.indexOf('\n', this.at);
    return end < 0 ? this.text.length : end;
  }

  private joint(): void {
    const { text } = this;
    const two = text.slice(this.at, this.at + 2);
    if (two === ';;' || two === ';&') {
      this.finish(';');
      this.at += 2;
      if (text[this.at] === '&') this.at++;
      if (this.blocks.at(-1) === 'case') this.skipPattern();
      return;
    }
    const sign = two === '&&' || two === '||' ? two : text[this.at]!;
    this.finish(sign as Joint);
    this.at += two === '|&' ? 2 : sign.length;
  }

  private parenthesis(c: string): void {
    this.at++;
    if (c === '(') {
      const name = this.words.length === 1 && !this.words[0]!.open;
      const close = /^[ \t]*\)/.exec(this.text.slice(this.at, this.at + 20));
      if (name && close) {
        this.words = [];
        this.at += close[0].length;
        this.naming = true;
        return;
      }
      if (this.words.length > 0) this.whole = false;
      this.blocks.push(this.naming ? 'function' : 'subshell');
      this.naming = false;
      return;
    }
    this.finish('end');
    const open = this.blocks.pop();
    if (open !== 'subshell' && open !== 'function') this.whole = false;
    this.before = ';';
  }

  /** `pattern)` of a `case`, up to the commands behind it; `esac` ends the whole. */
  private skipPattern(): void {
    const rest = this.text.slice(this.at);
    const gap = /^(?:\s|#[^\n]*\n)*/.exec(rest)![0].length;
    if (/^esac\b/.test(rest.slice(gap))) return;
    const pattern = /^\(?(?:"[^"]*"|'[^']*'|\\.|[^)'"\\])*\)/.exec(rest.slice(gap));
    if (pattern) this.at += gap + pattern[0].length;
    else this.whole = false;
  }

  private redirection(): void {
    const sign = /^(?:\d*(?:<<<|<<-?|<>|>>|>\||[<>]&|[<>])|&>>?)/.exec(this.text.slice(this.at, this.at + 8))![0];
    this.at += sign.length;
    while (/[ \t]/.test(this.text[this.at] ?? '')) this.at++;
    const target = this.rawWord();
    const one: { sign: string; target: Word; body?: string } = { sign, target };
    this.redirections.push(one);
    if (/<<-?$/.test(sign)) this.heredocs.push({ end: target.text, tabs: sign.endsWith('-'), of: one });
  }

  private skipHeredocs(): void {
    for (const { end, tabs, of } of this.heredocs.splice(0)) {
      const lines: string[] = [];
      for (;;) {
        if (this.at >= this.text.length) {
          this.whole = false;
          break;
        }
        const stop = this.lineEnd();
        const line = this.text.slice(this.at, stop).replace(/\r$/, '');
        this.at = Math.min(stop + 1, this.text.length);
        if ((tabs ? line.replace(/^\t+/, '') : line) === end) break;
        lines.push(line);
      }
      of.body = lines.join('\n');
    }
  }

  private word(): void {
    const word = this.rawWord();
    if (word.end === word.start) {
      this.at++;
      return;
    }
    const plain = this.text.slice(word.start, word.end);
    if (this.words.length > 0 || this.redirections.length > 0) {
      this.words.push(word);
      return;
    }
    if (plain === '{' && this.naming) this.open('function');
    else if (plain === 'case') this.case();
    else if (plain === 'function') {
      while (/[ \t]/.test(this.text[this.at] ?? '')) this.at++;
      this.rawWord();
      const marks = /^[ \t]*\([ \t]*\)/.exec(this.text.slice(this.at, this.at + 20));
      if (marks) this.at += marks[0].length;
      this.naming = true;
    } else if (OPENERS[plain] !== undefined) {
      this.open(OPENERS[plain]);
      // What a loop goes through are words, and no command.
      if (plain === 'for') this.at = Math.min(...[';', '\n'].map((end) => this.indexOr(end)));
    } else if (CLOSERS[plain]) {
      const open = this.blocks.pop();
      if (!open || !CLOSERS[plain].includes(open)) this.whole = false;
      this.before = ';';
    } else if (!BETWEEN.has(plain)) this.words.push(word);
  }

  private indexOr(text: string): number {
    const found = this.text.indexOf(text, this.at);
    return found < 0 ? this.text.length : found;
  }

  private open(block: Block): void {
    this.naming = false;
    this.blocks.push(block);
    this.before = ';';
  }

  private case(): void {
    this.open('case');
    const head = /^[\s\S]*?\sin(?=[\s(])/.exec(this.text.slice(this.at));
    if (!head) this.whole = false;
    else {
      this.at += head[0].length;
      this.skipPattern();
    }
  }

  private finish(after: Joint): void {
    const { words, redirections } = this;
    this.words = [];
    this.redirections = [];
    const first = words[0] ?? redirections[0]?.target;
    const before = this.before;
    this.before = after;
    if (!first) return;
    const own = words.findIndex((word) => !/^[A-Za-z_]\w*\+?=/.test(this.text.slice(word.start, word.end)));
    const last = Math.max(words.at(-1)?.end ?? 0, redirections.at(-1)?.target.end ?? 0);
    this.commands.push({
      words: own < 0 ? [] : words.slice(own),
      assigns: own !== 0,
      redirections,
      start: words[own < 0 ? 0 : own]?.start ?? first.start,
      end: last,
      before,
      after,
      within: [...this.blocks],
    });
  }

  private rawWord(): Word {
    const { text } = this;
    const start = this.at;
    let value = '';
    let open = false;
    while (this.at < text.length && !/[\s;&|()<>]/.test(text[this.at]!)) {
      const c = text[this.at]!;
      if (c === "'") {
        const end = text.indexOf("'", this.at + 1);
        if (end < 0) this.whole = false;
        value += text.slice(this.at + 1, end < 0 ? text.length : end);
        this.at = end < 0 ? text.length : end + 1;
      } else if (c === '"') {
        const end = closingQuote(text, this.at);
        if (end < 0) this.whole = false;
        const inside = text.slice(this.at + 1, end < 0 ? text.length : end);
        if (/[$`]/.test(inside.replace(/\\./gs, ''))) open = true;
        value += inside.replace(/\\(\r?\n|[$`"\\])/g, (_, escaped: string) => (/\n/.test(escaped) ? '' : escaped));
        this.at = end < 0 ? text.length : end + 1;
      } else if (c === '$' || c === '`') {
        open = true;
        const end = afterExpansion(text, this.at);
        if (end < 0) this.whole = false;
        value += text.slice(this.at, end < 0 ? text.length : end);
        this.at = end < 0 ? text.length : end;
      } else if (c === '\\') {
        if (/^\\\r?\n/.test(text.slice(this.at, this.at + 3))) this.at = text.indexOf('\n', this.at) + 1;
        else {
          value += text[this.at + 1] ?? '';
          this.at += 2;
        }
      } else {
        value += c;
        this.at++;
      }
    }
    this.at = Math.min(this.at, text.length);
    return { text: value, start, end: this.at, open };
  }
}
