/** Quotes, escapes and variables of one word, as the builder reads them. */
import type { Glob } from './glob.ts';
import { globOf, withoutPrefix, withoutSuffix, withReplaced } from './glob.ts';
import type { EscapeChar } from './lines.ts';

/** A variable's value; with `unresolved` names it depends on something nobody told us. */
export interface Known {
  readonly value: string;
  readonly unresolved: readonly string[];
}

export type Scope = ReadonlyMap<string, Known>;

/** A variable nobody gave a value; it stays visible in the values it is part of. */
export const unknown = (name: string): Known => ({ value: `\${${name}}`, unresolved: [name] });

export interface Expansion extends Known {
  /** Why the builder would refuse the word; then `value` is the word as written. */
  readonly error: string | null;
}

/** Whether the builder refuses the word: it is left as it was written, and known to be nothing else. */
export const isMalformed = ({ value, unresolved }: Known): boolean =>
  unresolved.length === 1 && unresolved[0] === value;

const MAX_SUBSTITUTED = 100_000;

/** Deeper nesting is nobody's Dockerfile, and would end the stack. */
export const MAX_NESTING = 100;

class Malformed extends Error {}

const NAME = /[\p{L}_][\p{L}\p{Nd}_]*|\p{Nd}+|[@*#?$!-]/uy;

export function expand(text: string, scope: Scope, escapeChar: EscapeChar): Expansion {
  // Most words are plain; the builder's reading of them is the word itself.
  if (!/['"$\\`]/.test(text)) return { value: text, unresolved: [], error: null };
  const reader = new WordReader(text, scope, escapeChar);
  try {
    const value = reader.read(null, false);
    return { value, unresolved: [...reader.unresolved], error: null };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { value: text, unresolved: [text], error: error.message };
  }
}

class WordReader {
  unresolved = new Set<string>();
  private at = 0;
  private depth = 0;
  private substituted = 0;
  private readonly text: string;
  private readonly scope: Scope;
  private readonly escapeChar: EscapeChar;

  constructor(text: string, scope: Scope, escapeChar: EscapeChar) {
    this.text = text;
    this.scope = scope;
    this.escapeChar = escapeChar;
  }

  /** Up to `stop`, which is consumed, or the end of the word. @throws Malformed */
  read(stop: string | null, keepEscapes: boolean): string {
    let result = '';
    while (this.at < this.text.length) {
      const char = this.text[this.at]!;
      if (char === stop) {
        this.at++;
        return result;
      }
      if (char === "'") result += this.singleQuoted();
      else if (char === '"') result += this.doubleQuoted(keepEscapes);
      else if (char === '$') result += this.dollar();
      else if (char === this.escapeChar) {
        if (keepEscapes) result += char;
        result += this.text[this.at + 1] ?? '';
        this.at += 2;
      } else {
        result += char;
        this.at++;
      }
    }
    if (stop !== null) throw new Malformed(`A '${stop}' is missing.`);
    return result;
  }

  private singleQuoted(): string {
    const end = this.text.indexOf("'", this.at + 1);
    if (end < 0) throw new Malformed('The closing single quote is missing.');
    const result = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    return result;
  }

  private doubleQuoted(keepEscapes: boolean): string {
    let result = '';
    this.at++;
    while (this.at < this.text.length) {
      const char = this.text[this.at]!;
      if (char === '"') {
        this.at++;
        return result;
      }
      if (char === '$') {
        result += this.dollar();
        continue;
      }
      this.at++;
      if (char !== this.escapeChar) {
        result += char;
        continue;
      }
      if (keepEscapes) result += char;
      const next = this.text[this.at];
      if (next === undefined) break;
      if (next === '"' || next === '$' || next === this.escapeChar) {
        result += next;
        this.at++;
      } else result += char;
    }
    throw new Malformed('The closing double quote is missing.');
  }

  private dollar(): string {
    this.at++;
    if (this.text[this.at] !== '{') {
      const name = this.name();
      return name === '' ? '$' : this.valueOf(name);
    }
    if (++this.depth > MAX_NESTING) throw new Malformed('The substitution is nested too deeply.');
    this.at++;
    const next = this.text[this.at];
    if (next === undefined) throw new Malformed("A '}' is missing.");
    if (next === '{' || next === '}' || next === ':') throw new Malformed('The substitution has no variable name.');
    const result = this.modified(this.name());
    this.depth--;
    return result;
  }

  private modified(name: string): string {
    let operator = this.text[this.at++];
    if (operator === '}') return this.valueOf(name);
    if (operator === '/') return this.replaced(name);
    const emptyIsUnset = operator === ':';
    if (emptyIsUnset) operator = this.text[this.at++];
    if (operator === undefined) throw new Malformed("A '}' is missing.");
    if (!'+-?#%'.includes(operator)) {
      throw new Malformed(`The substitution of '${name}' has an unknown modifier.`);
    }
    const outer = this.unresolved;
    this.unresolved = new Set();
    const word = this.read('}', operator === '#' || operator === '%');
    const needs = this.unresolved;
    this.unresolved = outer;
    const known = this.scope.get(name);
    const uncertain = known !== undefined && known.unresolved.length > 0;
    const unset = known === undefined || (emptyIsUnset && !uncertain && known.value === '');
    const useWord = (): string => {
      for (const variable of needs) this.unresolved.add(variable);
      return word;
    };
    if (operator === '-') {
      if (uncertain) this.valueOf(name);
      return unset || uncertain ? useWord() : known.value;
    }
    if (operator === '+') {
      if (uncertain) this.valueOf(name);
      return unset ? '' : useWord();
    }
    if (operator === '?') {
      if (unset) this.unresolved.add(name);
      return this.valueOf(name);
    }
    useWord();
    const greedy = word[0] === operator;
    const pattern = this.glob(greedy ? word.slice(1) : word);
    const value = this.valueOf(name);
    return operator === '#' ? withoutPrefix(value, pattern, greedy) : withoutSuffix(value, pattern, greedy);
  }

  private replaced(name: string): string {
    const all = this.text[this.at] === '/';
    if (all) this.at++;
    const pattern = this.glob(this.read('/', true));
    const replacement = this.read('}', true);
    return withReplaced(this.valueOf(name), pattern, replacement, all);
  }

  private glob(pattern: string): Glob {
    const glob = globOf(pattern);
    if (!glob) throw new Malformed('The pattern of a substitution has an invalid escape.');
    return glob;
  }

  private name(): string {
    NAME.lastIndex = this.at;
    const name = NAME.exec(this.text)?.[0] ?? '';
    this.at += name.length;
    return name;
  }

  private valueOf(name: string): string {
    const known = this.scope.get(name) ?? unknown(name);
    for (const variable of known.unresolved) this.unresolved.add(variable);
    this.substituted += known.value.length;
    // `ENV A=$A$A` doubles with every line; nothing real comes near.
    if (this.substituted > MAX_SUBSTITUTED) throw new Malformed('The value grows beyond all measure.');
    return known.value;
  }
}
