/** What depends on which file was started: `if __name__ == "__main__":` runs in that file, and in none that is imported. */
import { type Variant, variants } from './callers.ts';
import { type Block, type Fn, type Language, type Module, type Scope, startedFor } from './code.ts';
import type { Bindings } from './entities.ts';
import type { SourceStore } from './model.ts';
import type { Program } from './program.ts';
import type { Values } from './values.ts';

/** Files that have to be what was started, and files that must not be. */
type Conditions = Pick<Required<SourceStore>, 'started' | 'imported'>;

/** As `variants`, evaluated for files that were started, and again for imported ones where that makes a difference. */
export function conditionalVariants<T>(
  values: Values,
  at: Block,
  evaluate: (bound: Bindings) => T,
): (Variant<T> & Conditions)[] {
  const askedBy = ({ via }: Variant<unknown>): string[] =>
    [at, ...via.map(({ block }) => block)].flatMap((block) => fileStartedFor(values.names.program, block) ?? []);
  values.met.clear();
  const found = variants(values.names, evaluate);
  const met = [...values.met];
  const asStarted = found.map((one) => ({ ...one, started: [...met, ...askedBy(one)], imported: [] }));
  if (met.length === 0) return asStarted;
  const asImported = values
    .asImported(() => variants(values.names, evaluate))
    .map((one) => ({ ...one, started: askedBy(one), imported: met }))
    .filter(({ started }) => !started.some((file) => met.includes(file)));
  return [...asImported, ...asStarted];
}

/** The file that has to be what was started, also where its `main` is all that gets there. */
function fileStartedFor(program: Program, block: Block): string | null {
  const direct = startedFor(block);
  if (direct !== null) return direct;
  for (let scope: Scope | null = block.scope; scope; scope = scope.parent) {
    if (scope.fn && scope.parent?.kind === 'module' && isScript(program, scope.fn)) return scope.module.path;
  }
  return null;
}

/** By convention what a script does; a function with another name may be asked for by name. */
const SCRIPT = /^_*(?:[a-z]+_)?(?:a?main|demo|example)(?:_[a-z]+)?$/;
const COMMENTS: Readonly<Record<Language, RegExp>> = {
  python: /("""|''')[\s\S]*?\1|#.*$/gm,
  javascript: /\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm,
};

const known = new WeakMap<Program, Map<Fn, boolean>>();

/** A function that is called where its file is started, and named nowhere else. */
function isScript(program: Program, fn: Fn): boolean {
  if (fn.cls || !SCRIPT.test(fn.name)) return false;
  const cache = known.get(program) ?? new Map<Fn, boolean>();
  known.set(program, cache);
  let is = cache.get(fn);
  if (is === undefined) {
    is = isCalledByStart(program, fn);
    cache.set(fn, is);
  }
  return is;
}

function isCalledByStart(program: Program, fn: Fn): boolean {
  const { module, name } = fn;
  const calls = module.calls.filter(({ callee }) => callee.kind === 'name' && callee.name === name);
  if (calls.length === 0 || !calls.every(({ block }) => startedFor(block) === module.path)) return false;
  const code = program.files.get(module.path)!.text.replace(COMMENTS[module.language], '');
  if ((code.match(new RegExp(`(?<!require\\.|meta\\.)\\b${name}\\b`, 'g')) ?? []).length !== calls.length + 1)
    return false;
  const others = program.users(name, module)?.filter((one) => one !== module);
  return others?.every((other) => !mayNameIt(other, name, program)) ?? false;
}

const mayNameIt = (other: Module, name: string, { files }: Program): boolean =>
  other.wildcards.length > 0 ||
  new RegExp(`\\.\\s*${name}\\b`).test(files.get(other.path)!.text) ||
  [...other.scope.bindings.values()].some((bindings) =>
    bindings.some(({ target }) => target.kind === 'import' && target.name === name),
  );

/** Of stores in one place, the one that is opened whatever was started, if there is one. */
export function withConditions(stores: readonly SourceStore[], conditions: readonly Conditions[]): SourceStore[] {
  const byPath = new Map<string, Map<string, SourceStore>>();
  for (const [index, store] of stores.entries()) {
    const { started, imported } = conditions[index]!;
    const files = { started: [...new Set(started)].sort(), imported: [...imported].sort() };
    const path = JSON.stringify(store.path);
    const same = byPath.get(path) ?? new Map<string, SourceStore>();
    byPath.set(path, same);
    const key = JSON.stringify(files);
    if (!same.has(key)) same.set(key, { ...store, ...given(files) });
  }
  return [...byPath.values()].flatMap((same) => {
    const always = [...same.values()].find((one) => !one.started && !one.imported);
    return always ? [always] : [...same.values()];
  });
}

const given = ({ started, imported }: Conditions): Partial<Conditions> => ({
  ...(started.length > 0 ? { started } : {}),
  ...(imported.length > 0 ? { imported } : {}),
});
