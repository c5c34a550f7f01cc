/** The calls that open a store, as data, and how calls are compared with them. */
import type { PathExpression, PathForm, Technology, UrlDialect } from '../model.ts';
import type { Call, Expr, Language, Module } from './code.ts';

/** An argument by place or name, and an entry of it: `0`, `database`, `2.ReadOnly`. */
type ArgumentPath = string;

export interface Row {
  /** In full, separated by spaces: `go.etcd.io/bbolt.Open`, `rusqlite::Connection::open`, `.setJdbcUrl`. */
  readonly calls: string;
  readonly technology: Technology;
  readonly form: PathForm;
  readonly dialect?: UrlDialect;
  readonly path: readonly ArgumentPath[];
  /** The path when none is given; without one, nothing is stored then. */
  readonly default?: PathExpression;
  /** All must hold, or the call opens no such store. Compared with the value, or else with the code. */
  readonly when?: readonly (readonly [ArgumentPath, RegExp])[];
  /** Any of these opens it for reading only. */
  readonly readOnly?: readonly (readonly [ArgumentPath, RegExp])[];
  /** A file with this in it may keep the data in memory, or set the path in ways that are not followed. */
  readonly without?: RegExp;
  /** Any database may be meant: only a URL that says so counts. */
  readonly says?: RegExp;
}

export const SQLITE_DSN = { technology: 'sqlite', form: 'url', dialect: 'dsn' } as const;
export const SQLITE_URL = { technology: 'sqlite', form: 'url', dialect: 'sqlx' } as const;

export interface Opener extends Row {
  readonly call: string;
}

export const openersOf = (rows: readonly Row[]): readonly Opener[] =>
  rows.flatMap((row) => row.calls.split(/(?<!(?:^| )new) /).map((call) => ({ ...row, call })));

/** Words that a file has in which the call stands. */
export function wordsOf({ call }: Opener, language: Language): readonly string[] {
  const last = call.split(/[^\w]+/).at(-1)!;
  if (language === 'go') return [call.slice(call.startsWith('*') ? 2 : 0, call.lastIndexOf('.')), last];
  return [...(/^(?:new )?[\w\\]+/.exec(call)?.[0].replace(/^new /, '').split('\\') ?? []), last];
}

export function fits({ call }: Opener, made: Call, module: Module): boolean {
  const [before, method] = call.split('().');
  if (method !== undefined) return made.name === `.${method}` && means(before!, rootOf(made), module);
  return means(call, made.name, module);
}

function means(call: string, name: string, module: Module): boolean {
  if (name === call) return true;
  switch (module.language) {
    case 'go':
      return call.startsWith('*') && name.endsWith(call.slice(1));
    case 'rust': {
      const [pack, ...rest] = call.split('::');
      const tail = rest.join('::');
      if (name === tail) return module.wildcards.some((one) => one.split('::')[0] === pack);
      return name.startsWith(`${pack}::`) && name.endsWith(`::${tail}`);
    }
    case 'java': {
      const [, made = '', pack, tail] = /^(new )?(.*?)\.?([A-Z].*)$/.exec(call) ?? [];
      return tail !== undefined && name === `${made}${tail}` && module.wildcards.includes(pack ?? '');
    }
    default:
      return false;
  }
}

/** The call that a chain of methods begins with. */
function rootOf(call: Call): string {
  let at: Expr | null = call;
  let name = '';
  for (let steps = 0; at?.kind === 'call' && steps < 40; steps++) {
    name = at.name;
    at = at.on;
  }
  return name;
}
