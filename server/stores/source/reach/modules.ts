/** Which files of a container an import may mean: all of them, where that depends on how the program is started. */
import * as path from 'node:path';
import { type ImportIndex, indexImports } from '../imports.ts';
import { isPythonLibrary } from '../libraries.ts';

export interface Found {
  /** Below a folder that the importing file is below, too. */
  readonly near: readonly string[];
  /** Wherever modules are looked for. */
  readonly all: readonly string[];
}

const NOTHING: Found = { near: [], all: [] };

const isPython = (file: string): boolean => file.endsWith('.py');

/** Without its end; a package's own file goes by the name of its folder. */
const nameOf = (file: string): string => file.replace(/(?:\/(?:__init__|__main__|index))?\.[a-z]+$/i, '');

export class Modules {
  readonly files: ReadonlySet<string>;
  readonly #index: ImportIndex;
  readonly #byName = new Map<string, string[]>();
  readonly #byFolder = new Map<string, string[]>();

  constructor(files: Iterable<string>) {
    this.files = new Set(files);
    this.#index = indexImports(this.files);
    for (const file of this.files) {
      const names = new Set([path.posix.basename(nameOf(file)), path.posix.basename(file).replace(/\.[a-z]+$/i, '')]);
      for (const name of names) add(this.#byName, name, file);
      add(this.#byFolder, path.posix.dirname(file), file);
    }
  }

  /** `a.b`, `.b`, `..`: what it means to a file; the packages that it is in are imported with it, see `packagesOf`. */
  python(importer: string, dotted: string): Found {
    if (dotted.startsWith('.')) {
      const file = this.#index.python(importer, dotted);
      return file === null ? NOTHING : { near: [file], all: [file] };
    }
    if (isPythonLibrary(dotted)) return NOTHING;
    const ending = `/${dotted.replaceAll('.', '/')}`;
    const all = this.named(path.posix.basename(ending), true).filter(
      (file) => nameOf(file).endsWith(ending) || file.replace(/\.py$/, '').endsWith(ending),
    );
    const near = all.filter((file) => importer.startsWith(`${rootOf(file, ending)}/`));
    return { near: near.length > 0 ? near : all, all };
  }

  javascript(importer: string, specifier: string): string | null {
    return this.#index.javascript(importer, specifier);
  }

  /** By the last part of the name alone. */
  named(name: string, python: boolean): readonly string[] {
    return (this.#byName.get(name) ?? []).filter((file) => isPython(file) === python);
  }

  /** By the last parts of the path: `jobs/clean.py`; scripts with another end, or without, as well. */
  ending(written: string): readonly string[] {
    const at = `/${written.replace(/^(?:\.{0,2}\/)+/, '')}`;
    if (isPython(at)) return this.named(path.posix.basename(at, '.py'), true).filter((file) => file.endsWith(at));
    const bare = at.replace(/\.[mc]?[jt]sx?$/, '');
    return this.named(path.posix.basename(bare), false).filter(
      (file) => nameOf(file).endsWith(bare) || file.replace(/\.[a-z]+$/i, '').endsWith(bare),
    );
  }

  inFolder(folder: string): readonly string[] {
    return this.#byFolder.get(folder) ?? [];
  }

  /** The files that are imported along with a module: those of the packages it is in. */
  packagesOf(file: string): readonly string[] {
    const found: string[] = [];
    for (let at = path.posix.dirname(file); this.files.has(`${at}/__init__.py`); at = path.posix.dirname(at)) {
      found.push(`${at}/__init__.py`);
      if (this.files.has(`${at}/conftest.py`)) found.push(`${at}/conftest.py`);
    }
    return found;
  }
}

function rootOf(file: string, ending: string): string {
  const name = nameOf(file);
  return (name.endsWith(ending) ? name : file.replace(/\.py$/, '')).slice(0, -ending.length);
}

function add(to: Map<string, string[]>, key: string, file: string): void {
  const known = to.get(key);
  if (known) known.push(file);
  else to.set(key, [file]);
}
