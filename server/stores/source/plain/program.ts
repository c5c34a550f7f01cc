/** The files of one language in one application: read when something depends on them, and never twice. */
import * as path from 'node:path';
import type { Source } from '../../../syntax/source.ts';
import type { Call, Fn, Language, Module } from './code.ts';

/** A name in more files than this says too little to be followed. */
const MAX_MENTIONING = 60;

export class Program {
  readonly language: Language;
  readonly files: readonly Source[];
  readonly #read: (source: Source) => Module | null;
  readonly #modules = new Map<Source, Module | null>();
  readonly #mentions = new Map<string, readonly Module[] | null>();

  constructor(language: Language, files: readonly Source[], read: (source: Source) => Module | null) {
    this.language = language;
    this.files = files;
    this.#read = read;
  }

  module(source: Source): Module | null {
    let module = this.#modules.get(source);
    if (module === undefined) {
      module = this.#read(source);
      this.#modules.set(source, module);
    }
    return module;
  }

  /** Files that have a word; null when there are too many. */
  mentioning(word: string): readonly Module[] | null {
    let found = this.#mentions.get(word);
    if (found === undefined) {
      const has = wordTest(word);
      const sources = this.files.filter(({ text }) => text.includes(word) && has.test(text));
      found = sources.length > MAX_MENTIONING ? null : sources.flatMap((source) => this.module(source) ?? []);
      this.#mentions.set(word, found);
    }
    return found;
  }

  /** How often a word stands in all the files, up to `limit`. */
  count(word: string, limit: number): number {
    let found = 0;
    const all = wordTest(word, 'g');
    for (const { text } of this.files) {
      if (text.includes(word)) found += text.match(all)?.length ?? 0;
      if (found >= limit) break;
    }
    return found;
  }

  /** The one function that a call means; undefined when there is none, or no telling which. */
  called(call: Call): Fn | undefined {
    const { owner, name, pack } = parts(call, this.language);
    if (!/^\w+[?!]?$/.test(name)) return undefined;
    const candidates = (this.mentioning(name) ?? []).flatMap((module) =>
      module.functions.filter(
        (fn) =>
          fn.name === name &&
          (owner === null || fn.owner === owner) &&
          (pack === null || isPackage(module, pack, call.scope.module)),
      ),
    );
    return candidates.length === 1 ? candidates[0] : undefined;
  }

  /** The calls of a function; null when there may be more than can be seen. */
  callers(fn: Fn): readonly Call[] | null {
    const word = CONSTRUCTORS.has(fn.name) ? fn.owner : fn.name;
    const modules = word === null || word === '' ? null : this.mentioning(word);
    const { language } = this;
    const mayMean = (call: Call): boolean => call.name.includes(word!) && parts(call, language).name === fn.name;
    return modules?.flatMap(({ calls }) => calls.filter((call) => mayMean(call) && this.called(call) === fn)) ?? null;
  }
}

const CONSTRUCTORS: ReadonlySet<string> = new Set(['__construct', 'initialize']);

const wordTest = (word: string, flags = ''): RegExp =>
  new RegExp(`(?<![\\w$])${word.replace(/[^\w]/g, '\\$&')}(?!\\w)`, flags);

interface Parts {
  readonly name: string;
  /** The class it belongs to; null: any. */
  readonly owner: string | null;
  /** Go: the package, `` for the caller's own; null: any. */
  readonly pack: string | null;
}

function parts(call: Call, language: Language): Parts {
  const any: Parts = { name: call.name.replace(/^\./, ''), owner: null, pack: null };
  if (call.name.startsWith('.')) return any;
  const made = /^new (?:.*[.\\])?(\w+)$/.exec(call.name)?.[1];
  if (made !== undefined) return { name: language === 'php' ? '__construct' : made, owner: made, pack: null };
  if (language === 'go') {
    const dot = call.name.lastIndexOf('.');
    return { name: call.name.slice(dot + 1), owner: null, pack: dot < 0 ? '' : call.name.slice(0, dot) };
  }
  const [, before, name] = /^(?:.*?)(?:(\w+)(?:::|\.))?(\w+[?!]?)$/.exec(call.name) ?? [];
  if (name === undefined) return any;
  if (language === 'ruby' && name === 'new') return { name: 'initialize', owner: before ?? null, pack: null };
  return { name, owner: before && /^[A-Z]/.test(before) && before !== 'Self' ? before : null, pack: null };
}

/** Go: whether a file is of the package that a name in `from` is of. */
export function isPackage(module: Module, pack: string, from: Module): boolean {
  const folder = path.posix.dirname(module.path);
  if (pack === '') return folder === path.posix.dirname(from.path);
  return `${folder}/`.endsWith(`/${pack.split('/').at(-1)}/`);
}
