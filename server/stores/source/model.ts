/** What application code says about the stores it opens, before it is known where the code runs. */
import type { Evidence } from '../../survival/words.ts';
import type { Span } from '../../syntax/source.ts';
import type { Technology } from './technologies.ts';

export type { Technology } from './technologies.ts';

/** A path as code writes it. Resolved for each service: environment, working directory and place in the image differ. */
export type PathExpression =
  | { readonly kind: 'literal'; readonly value: string }
  /** An environment variable, with the default the code gives. */
  | { readonly kind: 'env'; readonly name: string; readonly fallback?: PathExpression }
  /** A source file itself: `__file__`, `import.meta.url`. `path` is the absolute path of that file. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'cwd' }
  | { readonly kind: 'home' }
  /** The system's directory for temporary files. */
  | { readonly kind: 'temp' }
  /** The folder of the program that the container runs; `script`: of the script that an interpreter runs. */
  | { readonly kind: 'program'; readonly script?: true }
  /** A flag of the command line, with the default the code gives. */
  | { readonly kind: 'flag'; readonly name: string; readonly fallback?: PathExpression }
  | { readonly kind: 'dirname'; readonly of: PathExpression }
  /** `path.join`, `os.path.join`, `Path / x`: an absolute part starts anew as the language has it. */
  | { readonly kind: 'join'; readonly parts: readonly PathExpression[]; readonly restart: boolean }
  | { readonly kind: 'concat'; readonly parts: readonly PathExpression[] }
  /** The first that has a value: `a or b`, `a ?? b`, `a || b`; of two with a test, the first where that holds. */
  | { readonly kind: 'either'; readonly options: readonly PathExpression[]; readonly by?: TextTest }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Where one text stands in another: `x in y`, `y.startswith(x)`, `y.endswith(x)`, `x == y`. */
export type TextPlace = 'within' | 'start' | 'end' | 'whole';

/** What code asks of a text before it chooses. */
export interface TextTest {
  readonly of: PathExpression;
  readonly text: string;
  readonly at: TextPlace;
}

/** What has to have a value for code to run; `met` false: what must have none. */
export interface Condition {
  readonly value: PathExpression;
  readonly met: boolean;
}

/** How the store's constructor takes the path. */
export type PathForm = 'directory' | 'file' | 'url' | 'jdbc';

/** Which library reads a SQLite URL: it decides what `sqlite:///x` means. `dsn`: Go's drivers, a path with options. */
export type UrlDialect = 'sqlalchemy' | 'sqlx' | 'prisma' | 'plain' | 'dsn';

/** One place in the code that opens a store. */
export interface SourceStore {
  readonly technology: Technology;
  /** As in the code, for the message: `chromadb.PersistentClient`. */
  readonly constructor_: string;
  readonly path: PathExpression;
  readonly form: PathForm;
  readonly dialect?: UrlDialect;
  /** What a relative path is relative to, where it is not the working directory (Flask's instance folder). */
  readonly base?: PathExpression;
  /** Opened so that nothing is written (`mode=ro`, `immutable=1`, an index that is only loaded). */
  readonly readOnly: boolean;
  /** Whatever the path, nothing is written there: it is kept in memory. */
  readonly inMemory?: true;
  /** All of them have to hold, or it is not opened there: `if (DIALECT === 'sqlite')`. */
  readonly only?: readonly Condition[];
  /** The call; and the argument that names the path, or the call again where there is none. */
  readonly span: Span;
  readonly pathSpan: Span;
  /** The calls that handed the path down, nearest first: `VectorIndexer(persist_dir=chroma_path)`. */
  readonly via: readonly Span[];
  /** Absolute path of the file that opens the store. */
  readonly file: string;
  /** Uploads that were followed to here: a client of an object store elsewhere in the program takes none of them. */
  readonly followed?: true;
  /** Files that have to be what was started, each of them, or this is not opened there: `if __name__ == "__main__":`. */
  readonly started?: readonly string[];
  /** Files none of which may be what was started: it would be opened elsewhere. */
  readonly imported?: readonly string[];
  /** What tells of it, where that is no call: a setting, a command. */
  readonly told?: Pick<Evidence, 'from' | 'note'> & Partial<Pick<Evidence, 'confidence'>>;
}

export interface ScanFailure {
  readonly file: string;
  readonly message: string;
}

export interface SourceScan {
  readonly stores: readonly SourceStore[];
  readonly failures: readonly ScanFailure[];
}
