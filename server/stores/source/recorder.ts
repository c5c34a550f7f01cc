/** Writes down what the readers of each language find: one place for scopes, blocks, bindings and calls. */
import type { Binding, Block, Call, Class, Expr, Fn, Language, Module, Scope, Target } from './code.ts';
import type { SyntaxNode } from './tree.ts';

/** Code nested deeper is left unread: it would exhaust the stack. */
const MAX_DEPTH = 400;

export interface NewFunction {
  readonly name: string;
  readonly cls: Class | null;
  readonly property?: boolean;
}

export type Condition = Pick<Block, 'branch' | 'fills' | 'when' | 'test' | 'started'>;

/** A test reduced to whether something has a value. */
export interface Tested {
  readonly expr: Expr;
  readonly present: boolean;
  /** Read as a test of a text, where that may be meant instead: `'://' in url`. */
  readonly asked?: Expr;
}

/** What holds in the branch that a test leads to, and, `met` false, in the other. */
export function conditionOf({ expr, present, asked }: Tested, met: boolean): Condition {
  const test = { expr: asked ?? expr, met: present === met };
  if (present === met) return { when: expr, test };
  return expr.kind === 'name' ? { fills: expr.name, test } : { test };
}

export class Recorder {
  readonly text: string;
  readonly module: Module;
  block: Block;
  /** Names that a function declares to be the module's. */
  readonly globals = new Map<Scope, Set<string>>();
  /** What has a value after the statement just read: `if (!x) return;`. */
  settled: Expr | undefined;
  #depth = 0;
  #branches = 0;

  constructor(path: string, text: string, language: Language) {
    this.text = text;
    const scope = { kind: 'module', parent: null, bindings: new Map() } as unknown as Scope;
    this.block = { scope, parent: null };
    this.module = {
      path,
      language,
      scope,
      block: this.block,
      calls: [],
      classes: [],
      items: [],
      exports: new Map(),
      wildcards: [],
    };
    Object.assign(scope, { module: this.module });
  }

  get scope(): Scope {
    return this.block.scope;
  }

  textOf(node: SyntaxNode): string {
    return this.text.slice(node.start, node.end);
  }

  /** Runs `read` unless the code is nested too deeply. */
  nested<T>(read: () => T, tooDeep: T): T {
    if (this.#depth >= MAX_DEPTH) return tooDeep;
    this.#depth++;
    try {
      return read();
    } finally {
      this.#depth--;
    }
  }

  bind(name: string, target: Target, at = -1, { lexical = false, scope = this.scope } = {}): void {
    const binding: Binding = { at, block: this.block, lexical, target };
    const known = scope.bindings.get(name);
    if (known) known.push(binding);
    else scope.bindings.set(name, [binding]);
  }

  call(call: Call): Call {
    this.module.calls.push(call);
    return call;
  }

  takeSettled(): Expr | undefined {
    const { settled } = this;
    this.settled = undefined;
    return settled;
  }

  branches(): number {
    return ++this.#branches;
  }

  /** Reads statements that run only sometimes. */
  inside(extra: Condition, read: () => void): void {
    this.#within({ scope: this.scope, parent: this.block, ...extra }, read);
  }

  /** Reads what follows `if (!x) return;`; false, and nothing is read, if there are too many of them. */
  insideOnce(when: Expr, read: () => void): boolean {
    return this.nested(() => {
      this.inside({ when }, read);
      return true;
    }, false);
  }

  function(node: SyntaxNode, { name, cls, property = false }: NewFunction, read: (fn: Fn) => void): Fn {
    const fn: Fn = {
      name,
      module: this.module,
      parameters: [],
      returns: [],
      cls,
      property,
      start: node.start,
      end: node.end,
    };
    const scope: Scope = {
      kind: 'function',
      parent: this.scope,
      module: this.module,
      bindings: new Map(),
      fn,
      ...(cls ? { cls } : {}),
    };
    this.#within({ scope, parent: this.block }, () => read(fn));
    return fn;
  }

  class(node: SyntaxNode, name: string, decorated: boolean, read: (cls: Class) => void): Class {
    const cls: Class = {
      name,
      module: this.module,
      bases: [],
      fields: new Map(),
      methods: new Map(),
      attributes: new Map(),
      nested: new Map(),
      decorated,
      start: node.start,
      end: node.end,
    };
    this.module.classes.push(cls);
    this.scope.cls?.nested.set(name, cls);
    const scope: Scope = { kind: 'class', parent: this.scope, module: this.module, bindings: new Map(), cls };
    this.#within({ scope, parent: this.block }, () => read(cls));
    return cls;
  }

  attribute(cls: Class, name: string, value: Expr): void {
    const known = cls.attributes.get(name);
    if (known) known.push(value);
    else cls.attributes.set(name, [value]);
  }

  /** What the function around this place gives back. */
  returned(value: Expr): void {
    for (let scope: Scope | null = this.scope; scope; scope = scope.parent) {
      if (!scope.fn) continue;
      scope.fn.returns.push({ value, block: this.block });
      return;
    }
  }

  #within(block: Block, read: () => void): void {
    const outer = this.block;
    this.block = block;
    try {
      read();
    } finally {
      this.block = outer;
    }
  }
}

export const other = (node: SyntaxNode, what: string): Expr => ({
  kind: 'other',
  what,
  start: node.start,
  end: node.end,
});
