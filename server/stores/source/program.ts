/** The files of one application: read when something depends on them, and never twice. */
import * as path from 'node:path';
import type { Source } from '../../syntax/source.ts';
import type { Language, Module } from './code.ts';
import { importsIn } from './import-lines.ts';
import { type ImportIndex, indexImports } from './imports.ts';
import { isPythonLibrary } from './libraries.ts';

/** Following callers through more files than this takes longer than an answer is worth. */
const MAX_FOLLOWED = 150;

export interface Program {
  readonly files: ReadonlyMap<string, Source>;
  /** Null when it is not among the files, or cannot be read. */
  module(file: string): Module | null;
  /** The file that an import in `from` means; null for libraries. */
  imported(language: Language, from: string, specifier: string): Module | null;
  /** While this runs, imports lead only to files that have been read, or that use a library that opens stores. */
  narrowly<T>(run: () => T): T;
  /** Files that contain a text; too many count as none. */
  mentioning(text: string, language: Language): readonly Module[];
  /** Files that may use a name of `owner`: they have the name and an import of the file; null when there are too many. */
  users(name: string, owner: Module): readonly Module[] | null;
}

export function openProgram(
  files: ReadonlyMap<string, Source>,
  read: (source: Source) => Module | null,
  languageOf: (file: string) => Language | null,
  usesStores: (source: Source) => boolean,
): Program {
  let index: ImportIndex | undefined;
  const modules = new Map<string, Module | null>();
  const imported = new Map<string, Module | null>();
  const users = new Map<string, readonly Module[] | null>();
  const mentions = new Map<string, readonly Module[]>();
  const languages = new Map<Language, readonly Source[]>();
  let followed = 0;
  let narrow = false;

  const module = (file: string): Module | null => {
    let found = modules.get(file);
    if (found === undefined) {
      const source = files.get(file);
      found = source ? read(source) : null;
      modules.set(file, found);
    }
    return found;
  };

  return {
    files,
    module,
    imported(language, from, specifier) {
      if (language === 'python' && isPythonLibrary(specifier)) return null;
      const key = `${from}\n${specifier}`;
      const before = imported.get(key);
      if (before !== undefined) return before;
      index ??= indexImports(files.keys());
      const file = index[language](from, specifier);
      if (narrow && file !== null && !modules.has(file) && !usesStores(files.get(file)!)) return null;
      const found = file === null ? null : module(file);
      imported.set(key, found);
      return found;
    },
    narrowly(run) {
      narrow = true;
      try {
        return run();
      } finally {
        narrow = false;
      }
    },
    mentioning(text, language) {
      const key = `${language}\n${text}`;
      let found = mentions.get(key);
      if (!found) {
        const sources = ofLanguage(language).filter((source) => source.text.includes(text));
        found = sources.length > MAX_FOLLOWED ? [] : sources.flatMap((source) => module(source.path) ?? []);
        mentions.set(key, found);
      }
      return found;
    },
    users(name, owner) {
      const key = `${owner.path}\n${name}`;
      const before = users.get(key);
      if (before !== undefined) return before;
      const found = [...usersOf(name, owner)].flatMap((file) => {
        if (!modules.has(file) && ++followed > MAX_FOLLOWED) return [];
        return module(file) ?? [];
      });
      const answer = followed > MAX_FOLLOWED ? null : found;
      users.set(key, answer);
      return answer;
    },
  };

  function* usersOf(name: string, owner: Module): Generator<string> {
    yield owner.path;
    const bare = owner.path.replace(/\.[a-z]+$/i, '');
    // A package may pass on what its files define.
    const names = [path.posix.basename(bare), path.posix.basename(path.posix.dirname(bare))]
      .filter(Boolean)
      .map(escaped);
    const imported = new RegExp(`(?:^|[^\\w])(?:${names.join('|')})(?:[^\\w]|$)`, 'm');
    for (const source of ofLanguage(owner.language)) {
      if (source.path === owner.path || (name !== 'default' && !source.text.includes(name))) continue;
      if (imported.test(importsIn(source, owner.language))) yield source.path;
    }
  }

  function ofLanguage(language: Language): readonly Source[] {
    let found = languages.get(language);
    if (!found) {
      found = [...files.values()].filter((source) => languageOf(source.path) === language);
      languages.set(language, found);
    }
    return found;
  }
}

const escaped = (text: string): string => text.replace(/[^\w]/g, '\\$&');
