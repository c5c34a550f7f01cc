/** Shell text to the simple commands in it, as far as they can be told without running anything. */
import { SCRIPT_FOLDER, UNKNOWN } from './shell-marks.ts';
import { expand, type Variables } from './shell-variables.ts';

export interface Subshell {
  readonly opens: boolean;
}

/** The words of a command, or a parenthesis. */
export type Step = readonly string[] | Subshell;

const OWN_FOLDER =
  /\$\(\s*dirname\s+(?:--\s+)?"?\$\{?(?:0|BASH_SOURCE(?:\[0\])?)(?::-\$0)?\}?"?\s*\)|\$\{(?:0|BASH_SOURCE(?:\[0\])?)%\/\*\}/g;
/** `$(cd "<folder>/.." && pwd)`. */
const ENTERED =
  /\$\(\s*(?:cd|CDPATH= cd)\s+(?:-[LP]\s+)?(?:--\s+)?"?(\uE000[\w./-]*)"?\s*(?:>\s*\/dev\/null(?:\s+2>&1)?\s*)?(?:&&|;)\s*pwd(?:\s+-[LP])?\s*\)/g;
const REAL = /\$\(\s*(?:realpath|readlink -f)\s+"?(\uE000[\w./-]*)"?\s*\)/g;
const HERE = /\$\(\s*pwd\s*\)|\$\{?PWD\}?|`pwd`/g;

const prepared = (text: string): string =>
  text
    .replace(/\\\r?\n/g, ' ')
    .replace(/\r\n?/g, '\n')
    .replace(OWN_FOLDER, SCRIPT_FOLDER)
    .replace(ENTERED, '$1')
    .replace(REAL, '$1')
    .replace(HERE, '.');

/** Steps in the order they are written, whatever the conditions. Assignments go into `variables` on the way. */
export function* stepsOf(text: string, variables: Variables): Generator<Step> {
  yield* new Reader(prepared(text), variables).steps();
}

class Reader {
  private at = 0;
  private words: string[] = [];
  /** Null between words. */
  private word: string | null = null;
  private heredocs: { readonly end: string; readonly tabs: boolean }[] = [];
  private readonly inner: string[] = [];
  private readonly text: string;
  private readonly variables: Variables;

  constructor(text: string, variables: Variables) {
    this.text = text;
    this.variables = variables;
  }

  *steps(): Generator<Step> {
    const { text } = this;
    while (this.at < text.length) {
      const c = text[this.at]!;
      if (c === '#' && this.word === null) this.at = this.endOfLine();
      else if (c === '\n') {
        yield* this.finish();
        this.at++;
        this.skipHeredocs();
      } else if (c === ';' || c === '|' || (c === '&' && text[this.at + 1] !== '>')) {
        yield* this.finish();
        this.at++;
      } else if (c === '(' || c === ')') {
        if (c === '(' && this.word !== null && /^\w+\+?=$/.test(this.word)) this.array();
        else {
          yield* this.finish();
          yield { opens: c === '(' };
          this.at++;
        }
      } else if (c === '>' || c === '<' || c === '&') this.redirection();
      else if (c === ' ' || c === '\t') {
        this.close();
        this.at++;
      } else this.piece();
    }
    yield* this.finish();
  }

  private endOfLine(): number {
    const end = this.text.indexOf('\n', this.at);
    return end < 0 ? this.text.length : end;
  }

  private close(): void {
    if (this.word !== null) this.words.push(this.word);
    this.word = null;
  }

  private *finish(): Generator<Step> {
    this.close();
    const { words } = this;
    this.words = [];
    for (const inner of this.inner.splice(0)) {
      yield { opens: true };
      yield* new Reader(inner, this.variables).steps();
      yield { opens: false };
    }
    if (words.length > 0) yield words;
  }

  /** One quoted or unquoted stretch of a word. */
  private piece(): void {
    const { text } = this;
    const c = text[this.at]!;
    if (c === "'") {
      const end = text.indexOf("'", this.at + 1);
      this.add(text.slice(this.at + 1, end < 0 ? text.length : end));
      this.at = end < 0 ? text.length : end + 1;
    } else if (c === '"') {
      this.at++;
      this.word ??= '';
      while (this.at < text.length && text[this.at] !== '"') this.character(true);
      this.at++;
    } else this.character(false);
  }

  private add(value: string): void {
    this.word = (this.word ?? '') + value;
  }

  private character(quoted: boolean): void {
    const { text } = this;
    const c = text[this.at]!;
    if (c === '\\') {
      this.add(text[this.at + 1] ?? '');
      this.at += 2;
    } else if (c === '$' || c === '`') this.expansion(quoted);
    else {
      this.add(c);
      this.at++;
    }
  }

  private expansion(quoted: boolean): void {
    const found = expand(this.text, this.at, this.variables);
    this.at = found.end;
    if (found.command !== undefined) this.inner.push(found.command);
    const { value } = found;
    if ((quoted && !found.array) || !/[ \t\n]/.test(value)) {
      this.add(value);
      return;
    }
    // Unquoted, a value is split into words; its first and last touch what stands beside it.
    const parts = value.split(/[ \t\n]+/);
    parts.forEach((part, index) => {
      if (index > 0) this.close();
      if (part !== '') this.add(part);
    });
  }

  /** `name=(one two)`: kept as one value, its words apart. */
  private array(): void {
    const name = this.word!;
    const end = this.text.indexOf(')', this.at);
    const inner = this.text.slice(this.at + 1, end < 0 ? this.text.length : end);
    const words = [...new Reader(inner.replaceAll('\n', ' '), this.variables).steps()].flatMap((step) =>
      'opens' in step ? [UNKNOWN] : step,
    );
    this.word = `${name}${name.endsWith('+=') ? ' ' : ''}${words.join(' ')}`;
    this.at = end < 0 ? this.text.length : end + 1;
  }

  private redirection(): void {
    if (this.word !== null && /^\d$/.test(this.word)) this.word = null;
    this.close();
    const sign = /^(?:&>>?|<<<|<<-?|>>|[<>]&|[<>]\|?)[ \t]*/.exec(this.text.slice(this.at, this.at + 16))?.[0] ?? ' ';
    this.at += sign.length;
    const before = this.words;
    this.words = [];
    const from = this.at;
    while (this.at < this.text.length && !/[\s;|&()<>]/.test(this.text[this.at]!)) this.piece();
    const written = this.text.slice(from, this.at);
    this.word = null;
    this.words = before;
    if (/^<<-?[ \t]*$/.test(sign)) {
      this.heredocs.push({ end: written.replace(/['"\\]/g, ''), tabs: sign.startsWith('<<-') });
    }
  }

  /** Their text is handed to a command; it is not run here. */
  private skipHeredocs(): void {
    for (const { end, tabs } of this.heredocs.splice(0)) {
      while (this.at < this.text.length) {
        const line = this.text.slice(this.at, this.endOfLine());
        this.at = this.endOfLine() + 1;
        if ((tabs ? line.replace(/^\t+/, '') : line) === end) break;
      }
    }
  }
}
