/** Quotes, escapes and variables of one word, as the builder reads them. */
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
    // Deep nesting is nobody's Dockerfile, and recursion has an end.
    if (++this.depth > 100) throw new Malformed('The substitution is nested too deeply.');
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
    if (operator === undefined || !'+-?#%'.includes(operator)) {
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
    const pattern = globOf(greedy ? word.slice(1) : word);
    const value = this.valueOf(name);
    return operator === '#' ? withoutPrefix(value, pattern, greedy) : withoutSuffix(value, pattern, greedy);
  }

  private replaced(name: string): string {
    const all = this.text[this.at] === '/';
    if (all) this.at++;
    const pattern = globOf(this.read('/', true));
    const replacement = this.read('}', true);
    return this.valueOf(name).replace(new RegExp(pattern, all ? 'g' : ''), () => replacement);
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
    return known.value;
  }
}

/** A shell pattern (`*`, `?`, escapes) as the source of a regular expression. @throws Malformed */
function globOf(pattern: string): string {
  let result = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]!;
    // Stars in a row are one star; as `.*.*` they would only cost time.
    if (char === '*') result += result.endsWith('.*') ? '' : '.*';
    else if (char === '?') result += '.';
    else if (char !== '\\') result += char.replace(/[[\]{}.+()|^$/]/, '\\$&');
    else {
      const next = pattern[++i];
      if (next === '}' || next === '/') result += `\\${next}`;
      else if (next === '*' || next === '?' || next === '\\') result += `\\${next}`;
      else throw new Malformed('The pattern of a substitution has an invalid escape.');
    }
  }
  return result;
}

function withoutPrefix(value: string, pattern: string, greedy: boolean): string {
  const whole = new RegExp(`^(?:${pattern})$`);
  for (let length = 0; length <= value.length; length++) {
    const cut = greedy ? value.length - length : length;
    if (whole.test(value.slice(0, cut))) return value.slice(cut);
  }
  return value;
}

function withoutSuffix(value: string, pattern: string, greedy: boolean): string {
  const whole = new RegExp(`^(?:${pattern})$`);
  for (let length = 0; length <= value.length; length++) {
    const cut = greedy ? length : value.length - length;
    if (whole.test(value.slice(cut))) return value.slice(0, cut);
  }
  return value;
}
