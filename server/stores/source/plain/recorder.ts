/** Writes down what the readers of the languages find. */
import type { SyntaxNode } from '../tree.ts';
import type { Call, Expr, Fn, Given, Language, Module, Place, Scope, Tested } from './code.ts';

/** Code nested deeper is left unread: it would exhaust the stack. */
const MAX_DEPTH = 300;
/** Longer chains of methods are no path. */
const MAX_CHAIN = 30;

export class Recorder {
  readonly text: string;
  readonly module: Module;
  scope: Scope;
  #tests: readonly (Tested | null)[] = [];
  #owner: string | null = null;
  #depth = 0;
  readonly #exprs = new WeakMap<SyntaxNode, Expr>();

  constructor(path: string, text: string, language: Language) {
    this.text = text;
    const module = {
      path,
      text,
      language,
      calls: [],
      functions: [],
      fields: new Map(),
      environmentFields: new Map(),
      imports: new Map(),
      wildcards: [],
    } as unknown as Module;
    this.scope = { parent: null, bindings: new Map(), fn: null, module };
    Object.assign(module, { scope: this.scope });
    this.module = module;
  }

  textOf({ start, end }: Place): string {
    return this.text.slice(start, end);
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

  /** Each node is read once, in the scope it is first seen in. */
  once(node: SyntaxNode, read: () => Expr): Expr {
    let known = this.#exprs.get(node);
    if (!known) {
      known = this.nested(read, other(node, 'computed in too many steps'));
      this.#exprs.set(node, known);
    }
    return known;
  }

  bind(name: string, value: Expr, scope: Scope = this.scope): void {
    push(scope.bindings, name, this.given(value));
  }

  knows(name: string): boolean {
    for (let scope: Scope | null = this.scope; scope; scope = scope.parent) if (scope.bindings.has(name)) return true;
    return false;
  }

  /** A name that is known already gets another value; else it is new here. */
  assign(name: string, value: Expr): void {
    for (let scope: Scope | null = this.scope; scope; scope = scope.parent) {
      if (!scope.bindings.has(name)) continue;
      // Set from another function, it may have been before or after.
      const given = scope.fn === this.scope.fn ? this.given(value) : { value, tests: [null] };
      push(scope.bindings, name, given);
      return;
    }
    this.bind(name, value);
  }

  field(name: string, value: Expr): void {
    push(this.module.fields, name, this.given(value));
  }

  given(value: Expr): Given {
    return { value, tests: this.#tests };
  }

  call(call: Omit<Call, 'kind' | 'scope' | 'after'>): Call {
    const made: Call = { kind: 'call', ...call, scope: this.scope, after: [] };
    let on = call.on;
    for (let steps = 0; on?.kind === 'call' && steps < MAX_CHAIN; steps++) {
      on.after.push(made);
      on = on.on;
    }
    return made;
  }

  /** Reads statements that run only if the test holds. */
  when(test: Tested | null, read: () => void): void {
    const before = this.#tests;
    this.#tests = [...before, test];
    try {
      read();
    } finally {
      this.#tests = before;
    }
  }

  /** Reads a class, or what else functions belong to. */
  owned(name: string | null, read: () => void): void {
    const before = this.#owner;
    this.#owner = name;
    try {
      this.inner(read);
    } finally {
      this.#owner = before;
    }
  }

  inner(read: () => void): void {
    const before = this.scope;
    this.scope = { parent: before, bindings: new Map(), fn: before.fn, module: this.module };
    try {
      read();
    } finally {
      this.scope = before;
    }
  }

  function(
    place: Place,
    { name, method, parameters }: Pick<Fn, 'name' | 'method' | 'parameters'>,
    read: (fn: Fn) => void,
  ): void {
    const fn: Fn = {
      name,
      method,
      owner: this.#owner,
      parameters,
      returns: [],
      module: this.module,
      start: place.start,
      end: place.end,
    };
    if (name !== '') this.module.functions.push(fn);
    const [scope, tests] = [this.scope, this.#tests];
    this.#tests = [];
    // A function without a name is part of the one it stands in.
    this.scope = { parent: scope, bindings: new Map(), fn: name === '' ? scope.fn : fn, module: this.module };
    for (const [index, { name: parameter }] of parameters.entries())
      this.bind(parameter, { kind: 'parameter', fn, index, start: place.start, end: place.start });
    try {
      read(fn);
    } finally {
      this.scope = scope;
      this.#tests = tests;
    }
  }

  returned(value: Expr): void {
    this.scope.fn?.returns.push(this.given(value));
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

export const other = ({ start, end }: Place, what: string): Expr => ({ kind: 'other', what, start, end });

export const textual = ({ start, end }: Place, value: string): Expr => ({ kind: 'text', value, start, end });

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', 0: '\0' };

/** The usual escapes of strings in double quotes. */
export const unescaped = (content: string): string =>
  content.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g, (_, hex, code, letter) =>
    (hex ?? code) ? String.fromCharCode(Number.parseInt(hex ?? code, 16)) : (ESCAPES[letter] ?? letter),
  );
