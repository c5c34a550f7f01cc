/** The folder of a path that a program of Node puts together for each file anew. */
import { bindingsOf, type Call, type Expr, type Module } from './code.ts';
import type { Value } from './expressions.ts';
import type { SourceStore } from './model.ts';
import { uploadsAt, wordsOf } from './uploads.ts';
import type { Values } from './values.ts';

const JOINS = /^path\.(?:default\.|posix\.)?(?:join|resolve)$/;
/** Names of what only passes through. */
const PASSING = /(?:^|[_-])(?:te?mp|temporary|cache|scratch|processing|staging)(?:$|[_-])/i;

export function libraryName(call: Call, { names }: Values): string {
  const found = names.libraryCallee(call).find((entity) => entity.kind === 'library');
  return found?.kind === 'library' ? found.name : '';
}

/** The folders that hold what is written to `target`; none where each file is the same one, or lies anywhere. */
export function folderStores(by: string, target: Expr, module: Module, values: Values): SourceStore[] {
  const whole = pathOf(target, 0);
  const head = whole && headOf(whole, values);
  if (!whole || !head) return [];
  const read = (bound: Parameters<Values['of']>[1]): Value => folder(whole, (part) => values.of(part, bound), values);
  return uploadsAt(by, head, module, values, read).map((store) => ({ ...store, followed: true }));
}

/** What tells where the folder is named. */
export function folderHead(target: Expr, values: Values): Expr | null {
  const whole = pathOf(target, 0);
  return whole && headOf(whole, values);
}

/** A folder that the code gives a name of its own, and none that files pass through. */
export function hasOwnName({ path }: SourceStore): boolean {
  const folders = wordsOf(path);
  return (folders.length > 0 || path.kind === 'env') && !folders.some((word) => PASSING.test(word));
}

/** What a name stands for, if it stands for one thing. */
function pathOf(at: Expr, step: number): Expr | null {
  if (at.kind !== 'name' || step > 5) return at;
  const [only, other] = bindingsOf(at.name, at.block, at.start);
  return only?.target.kind === 'value' && !other ? pathOf(only.target.value, step + 1) : null;
}

const isJoin = (at: Expr, values: Values): at is Call =>
  at.kind === 'call' && at.args.length > 1 && at.spreads.length === 0 && JOINS.test(libraryName(at, values));

/** The same file each time is written over, and nobody expects to find what was there. */
const isFixed = (expr: Expr | undefined): boolean => {
  const found = expr && pathOf(expr, 0);
  return found?.kind === 'text' || found?.kind === 'none';
};

function headOf(at: Expr, values: Values): Expr | null {
  if (isJoin(at, values)) return isFixed(at.args.at(-1)) ? null : at.args[0]!;
  if (at.kind !== 'concat') return null;
  const [first, second] = at.parts;
  if (first?.kind === 'text') return first.value.lastIndexOf('/') > 0 ? first : null;
  return first && second?.kind === 'text' && second.value.startsWith('/') && at.parts.length > 2 ? first : null;
}

/** The folders at the beginning that are the same for every file. */
function folder(at: Expr, read: (part: Expr) => Value, values: Values): Value {
  if (at.kind === 'concat') {
    const [first] = at.parts;
    if (first?.kind !== 'text') return first ? read(first) : null;
    return { kind: 'literal', value: first.value.slice(0, first.value.lastIndexOf('/')) };
  }
  if (!isJoin(at, values)) return null;
  for (let count = at.args.length - 1; count > 0; count--) {
    const found = read({ ...at, args: at.args.slice(0, count) });
    if (found && !JSON.stringify(found).includes('"kind":"unknown"')) return found;
  }
  return null;
}
