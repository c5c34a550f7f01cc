/** What is kept of a file in a language that is read plainly: names, the values they get, calls. The same for all of them. */

export interface Place {
  readonly start: number;
  readonly end: number;
}

export type Expr = Place &
  (
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'truth'; readonly value: boolean }
    | { readonly kind: 'none' }
    /** A variable, a constant. */
    | { readonly kind: 'name'; readonly name: string; readonly scope: Scope }
    /** `config.path`, `this.path`, `$this->path`, `@path`. */
    | { readonly kind: 'field'; readonly of: Expr; readonly name: string; readonly scope: Scope }
    | { readonly kind: 'item'; readonly of: Expr; readonly key: Expr }
    | Call
    | { readonly kind: 'concat'; readonly parts: readonly Expr[] }
    /** The first that has a value: `a ?? b`, `a || b`. */
    | { readonly kind: 'first'; readonly options: readonly Expr[] }
    | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, Expr> }
    | { readonly kind: 'parameter'; readonly fn: Fn; readonly index: number }
    | { readonly kind: 'other'; readonly what: string }
  );

export interface Call extends Place {
  readonly kind: 'call';
  /** In full, as imports tell: `database/sql.Open`, `rusqlite::Connection::open`; a method as `.join`. */
  readonly name: string;
  /** What a method is called on. */
  readonly on: Expr | null;
  readonly args: readonly Expr[];
  readonly named: ReadonlyMap<string, Expr>;
  readonly scope: Scope;
  /** Methods called on its result, and on theirs: `.WithInMemory(true)`. */
  readonly after: Call[];
  /** The name as written, for messages. */
  readonly callee: Place;
}

/** Where a name means the same. */
export interface Scope {
  readonly parent: Scope | null;
  readonly bindings: Map<string, Given[]>;
  readonly fn: Fn | null;
  readonly module: Module;
}

/** A test reduced to whether something has a value. */
export interface Tested {
  readonly expr: Expr;
  readonly present: boolean;
}

/** A value that a name gets, or a function gives back; only if all of the tests hold. */
export interface Given {
  readonly value: Expr;
  /** null: a test that says nothing about values. */
  readonly tests: readonly (Tested | null)[];
}

export interface Fn extends Place {
  readonly name: string;
  /** It is called through an object: others may call it by ways that are not seen. */
  readonly method: boolean;
  /** The class, or what a Rust `impl` is of. */
  readonly owner: string | null;
  readonly parameters: readonly Parameter[];
  readonly returns: Given[];
  readonly module: Module;
}

export interface Parameter {
  readonly name: string;
  readonly default?: Expr;
}

/** A field that a library fills from the environment: `env:"DB_PATH" envDefault:"x.db"`. */
export interface EnvironmentField {
  readonly variable: string;
  readonly fallback?: string;
}

export type Language = 'go' | 'java' | 'php' | 'ruby' | 'rust';

export interface Module {
  readonly path: string;
  readonly text: string;
  readonly language: Language;
  readonly scope: Scope;
  readonly calls: Call[];
  readonly functions: Fn[];
  /** Values that fields get, anywhere in the file. */
  readonly fields: Map<string, Given[]>;
  readonly environmentFields: Map<string, EnvironmentField>;
  /** Local name -> what it stands for. */
  readonly imports: Map<string, string>;
  /** Packages all of whose names are taken in. */
  readonly wildcards: string[];
}
