/** What is kept of a parsed file: names, what they are bound to, and calls. The same for every language. */
import type { TextPlace } from './model.ts';

interface Place {
  readonly start: number;
  readonly end: number;
}

/** An expression. It carries the block it stands in, so that it means the same wherever it is read from. */
export type Expr = Place &
  (
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'truth'; readonly value: boolean }
    | { readonly kind: 'none' }
    | { readonly kind: 'name'; readonly name: string; readonly block: Block }
    | { readonly kind: 'member'; readonly of: Expr; readonly name: string }
    | { readonly kind: 'item'; readonly of: Expr; readonly key: Expr }
    | Call
    | { readonly kind: 'concat'; readonly parts: readonly Expr[] }
    /** Python's `a / b`. */
    | { readonly kind: 'slash'; readonly left: Expr; readonly right: Expr }
    /** `text % values`. */
    | { readonly kind: 'percent'; readonly text: Expr; readonly values: Expr }
    | { readonly kind: 'first'; readonly options: readonly Expr[] }
    /** `yes` where `test` has a value. */
    | { readonly kind: 'choice'; readonly test: Expr; readonly yes: Expr; readonly no: Expr }
    /** `'://' in x`, `x == 'y'` */
    | { readonly kind: 'test'; readonly of: Expr; readonly text: Expr; readonly at: TextPlace }
    | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, Expr>; readonly spreads: readonly Expr[] }
    | { readonly kind: 'list'; readonly items: readonly Expr[] }
    /** `require('x')`, `await import('x')`. */
    | { readonly kind: 'module'; readonly specifier: string; readonly from: string }
    | { readonly kind: 'function'; readonly fn: Fn }
    | { readonly kind: 'class'; readonly cls: Class }
    | { readonly kind: 'other'; readonly what: string }
  );

export interface Call extends Place {
  readonly kind: 'call';
  readonly callee: Expr;
  readonly args: readonly Expr[];
  readonly named: ReadonlyMap<string, Expr>;
  /** `*args`, `**kw`, `...args`. */
  readonly spreads: readonly Expr[];
  readonly block: Block;
}

/** A run of statements that are executed together or not at all. */
export interface Block {
  readonly scope: Scope;
  /** Around it, also across function borders. */
  readonly parent: Block | null;
  /** Of the blocks with the same `of`, one alone runs: `if` and `else`. */
  readonly branch?: { readonly of: number; readonly index: number };
  /** Runs when this name has no value: `if not path:`. */
  readonly fills?: string;
  /** Runs when this has a value: `if path:`. */
  readonly when?: Expr;
  /** Runs where this holds, or where it does not. */
  readonly test?: { readonly expr: Expr; readonly met: boolean };
  /** Runs only where its file is what was started: `if __name__ == "__main__":`. */
  readonly started?: true;
}

export interface Scope {
  readonly kind: 'module' | 'function' | 'class';
  readonly parent: Scope | null;
  readonly module: Module;
  readonly bindings: Map<string, Binding[]>;
  readonly cls?: Class;
  readonly fn?: Fn;
}

export interface Binding {
  /** Offset from which on it holds; -1: everywhere in its scope. */
  readonly at: number;
  readonly block: Block;
  /** Seen in its block alone: `let`, `const`. */
  readonly lexical: boolean;
  readonly target: Target;
}

export type Target =
  | { readonly kind: 'value'; readonly value: Expr }
  /** `name` null: the module itself. */
  | { readonly kind: 'import'; readonly specifier: string; readonly name: string | null; readonly from: string }
  | { readonly kind: 'function'; readonly fn: Fn }
  | { readonly kind: 'class'; readonly cls: Class }
  | { readonly kind: 'parameter'; readonly fn: Fn; readonly parameter: Parameter }
  | { readonly kind: 'self'; readonly cls: Class }
  | { readonly kind: 'opaque'; readonly reason: string };

export interface Parameter {
  readonly name: string;
  /** Place among the positional arguments, the object itself not counted. */
  readonly index: number;
  /** The property of that argument: `function f({ path })`. */
  readonly key?: string;
  readonly default?: Expr;
  /** The type's name, as an expression. */
  readonly type?: Expr;
  readonly rest: boolean;
}

export interface Fn extends Place {
  /** Of a function without a name, that of what it is assigned to. */
  name: string;
  readonly module: Module;
  readonly parameters: Parameter[];
  readonly returns: Returned[];
  readonly cls: Class | null;
  /** Read like a value: `@property`, `get x()`. */
  readonly property: boolean;
}

export interface Returned {
  readonly value: Expr;
  readonly block: Block;
}

export interface Field {
  readonly name: string;
  readonly value: Expr | null;
  readonly type: Expr | null;
}

export interface Class extends Place {
  readonly name: string;
  readonly module: Module;
  readonly bases: Expr[];
  /** In the order written. */
  readonly fields: Map<string, Field>;
  readonly methods: Map<string, Fn>;
  /** What methods assign to `self.x`. */
  readonly attributes: Map<string, Expr[]>;
  readonly nested: Map<string, Class>;
  readonly decorated: boolean;
}

export const constructorOf = (cls: Class): Fn | undefined =>
  cls.methods.get(cls.module.language === 'python' ? '__init__' : 'constructor');

/** `app.config["KEY"] = value`. */
export interface Assignment extends Place {
  readonly key: string;
  readonly value: Expr;
  readonly block: Block;
}

export type Language = 'python' | 'javascript';

export interface Module {
  readonly path: string;
  readonly language: Language;
  readonly scope: Scope;
  /** Its outermost block. */
  readonly block: Block;
  readonly calls: Call[];
  readonly classes: Class[];
  readonly items: Assignment[];
  /** JavaScript: what it gives away. Python gives away its scope. */
  readonly exports: Map<string, Target>;
  /** `from x import *`, `export * from 'x'`. */
  readonly wildcards: string[];
}

const ancestors = function* (block: Block): Generator<Block> {
  for (let at: Block | null = block; at; at = at.parent) yield at;
};

/** The file that has to be what was started for a block to run; null where it runs in any case. */
export function startedFor(block: Block): string | null {
  for (const one of ancestors(block)) if (one.started) return one.scope.module.path;
  return null;
}

const encloses = (outer: Block, inner: Block): boolean => {
  for (const block of ancestors(inner)) if (block === outer) return true;
  return false;
};

const exclude = (a: Block, b: Block): boolean => {
  for (const one of ancestors(a)) {
    if (!one.branch) continue;
    for (const other of ancestors(b)) {
      if (other.branch && other.branch.of === one.branch.of && other.branch.index !== one.branch.index) return true;
    }
  }
  return false;
};

export const fills = (binding: Binding, name: string): boolean => binding.block.fills === name;

/**
 * The bindings a name may mean where it stands, latest first; empty when the file does not bind it.
 * `at` null: read from elsewhere, after all of the file has run.
 */
export function bindingsOf(name: string, block: Block, at: number | null): readonly Binding[] {
  for (let scope: Scope | null = block.scope; scope; scope = scope.parent) {
    const local = scope === block.scope;
    // A Python class body's names are not seen from its methods; a JavaScript one has nothing but `this`.
    if (scope.kind === 'class' && !local && scope.module.language === 'python') continue;
    const found = scope.bindings.get(name);
    if (!found) continue;
    const reaching = reach(found, name, block, local ? at : null);
    if (reaching.length > 0) return reaching;
  }
  return [];
}

function reach(found: readonly Binding[], name: string, block: Block, at: number | null): Binding[] {
  const reaching: Binding[] = [];
  for (let i = found.length - 1; i >= 0; i--) {
    const binding = found[i]!;
    const inside = encloses(binding.block, block);
    if (binding.lexical && !inside) continue;
    if (at !== null && (binding.at > at || exclude(binding.block, block))) continue;
    reaching.push(binding);
    if (fills(binding, name)) continue;
    // Seen from another function, later assignments may or may not have run, unless they refine the value before.
    const settles = at !== null || (binding.target.kind === 'value' && mentions(binding.target.value, name));
    if (inside && settles) break;
  }
  return reaching;
}

function mentions(expr: Expr, name: string): boolean {
  switch (expr.kind) {
    case 'name':
      return expr.name === name;
    case 'member':
      return mentions(expr.of, name);
    case 'item':
      return mentions(expr.of, name) || mentions(expr.key, name);
    case 'call':
      return mentions(expr.callee, name) || expr.args.some((arg) => mentions(arg, name));
    case 'slash':
      return mentions(expr.left, name) || mentions(expr.right, name);
    case 'concat':
      return expr.parts.some((part) => mentions(part, name));
    case 'first':
      return expr.options.some((option) => mentions(option, name));
    default:
      return false;
  }
}
