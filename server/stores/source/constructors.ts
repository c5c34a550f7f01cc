/** The calls that open a store, as data: what they are called, and where they take the path. */
import type { PathForm, Technology, UrlDialect } from './model.ts';

/** An argument by place or name, and properties of it: `0.connection.filename`, `settings.persist_directory`. */
type ArgumentPath = string;

export interface Constructor {
  readonly technology: Technology;
  readonly form: PathForm;
  readonly dialect?: UrlDialect;
  /** Where the path may stand, the first that is given. */
  readonly path: readonly ArgumentPath[];
  /** The path when none is given; without one, nothing is stored then. */
  readonly default?: string;
  /** What the file's name ends in, put there where it is missing. */
  readonly ending?: string;
  /** What a relative path lies in, where that is no matter of the working directory: an argument, or beside the script. */
  readonly folder?: ArgumentPath;
  /** The path is no path where the variable it comes from is called so. */
  readonly notFrom?: RegExp;
  /** With this anywhere in the program, the call opens no such store. */
  readonly unlessSaid?: RegExp;
  /** All must hold, or the call opens no such store. */
  readonly when?: readonly (readonly [ArgumentPath, RegExp])[];
  /** With any of these given, the call opens no such store. */
  readonly unless?: readonly ArgumentPath[];
  /** Wherever it is told to keep its data, it keeps it in memory. */
  readonly inMemory?: true;
  /** Any of these opens it for reading only; `always` for calls that never write. */
  readonly readOnly?: readonly (readonly [ArgumentPath, RegExp])[] | 'always';
  /** With this argument true, the path is a `file:` URI. */
  readonly uri?: ArgumentPath;
  /** May be handed something else than a path: a path that cannot be told is not one. */
  readonly unsure?: boolean;
}

export type ConstructorRow = Constructor & {
  /** Modules, each of which has all the members; separated by spaces. */
  readonly modules: string;
  /** `()` stands for the result of a call; `*` for the module itself. */
  readonly members: string;
};

/** Every way to come by an object of a class: the constructor and the methods that make one. */
export const objectsOf = (name: string, ways: string): string[] => [
  `${name}()`,
  ...ways.split(' ').map((way) => `${name}.${way}()`),
];

export const TRUE = /^true$/i;
export const SQLITE_URL = { technology: 'sqlite', form: 'url' } as const;
export const SQLITE_FILE = { technology: 'sqlite', form: 'file' } as const;
export const directory = (technology: Technology) => ({ technology, form: 'directory' }) as const;
export const singleFile = (technology: Technology) => ({ technology, form: 'file' }) as const;

/** The rows by each full name of their calls. */
export function byName(rows: readonly ConstructorRow[]): ReadonlyMap<string, readonly Constructor[]> {
  const found = new Map<string, Constructor[]>();
  for (const row of rows) {
    for (const module of row.modules.split(' ')) {
      for (const member of row.members.split(' ')) {
        const name = member === '*' ? module : `${module}.${member}`;
        const known = found.get(name);
        if (known) known.push(row);
        else found.set(name, [row]);
      }
    }
  }
  return found;
}
