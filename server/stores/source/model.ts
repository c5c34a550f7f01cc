/** What application code says about the stores it opens, before it is known where the code runs. */
import type { Span } from '../../syntax/source.ts';

/** A path as code writes it. Resolved for each service: environment, working directory and place in the image differ. */
export type PathExpression =
  | { readonly kind: 'literal'; readonly value: string }
  /** An environment variable, with the default the code gives. */
  | { readonly kind: 'env'; readonly name: string; readonly fallback?: PathExpression }
  /** The file the code stands in: `__file__`, `import.meta.url`. */
  | { readonly kind: 'file' }
  | { readonly kind: 'cwd' }
  | { readonly kind: 'home' }
  /** The system's directory for temporary files. */
  | { readonly kind: 'temp' }
  | { readonly kind: 'dirname'; readonly of: PathExpression }
  /** `path.join`, `os.path.join`, `Path / x`: an absolute part starts anew as the language has it. */
  | { readonly kind: 'join'; readonly parts: readonly PathExpression[]; readonly restart: boolean }
  | { readonly kind: 'concat'; readonly parts: readonly PathExpression[] }
  /** The first that has a value: `a or b`, `a ?? b`, `a || b`. */
  | { readonly kind: 'either'; readonly options: readonly PathExpression[] }
  | { readonly kind: 'unknown'; readonly reason: string };

/** How the store's constructor takes the path. */
export type PathForm = 'directory' | 'file' | 'url';

/** One place in the code that opens a store. */
export interface SourceStore {
  readonly technology: 'chroma' | 'sqlite' | 'faiss' | 'lancedb' | 'qdrant';
  /** As in the code, for the message: `chromadb.PersistentClient`. */
  readonly constructor_: string;
  readonly path: PathExpression;
  readonly form: PathForm;
  /** Which library reads a URL: it decides what `sqlite:///x` means. */
  readonly dialect?: 'sqlalchemy' | 'sqlx' | 'prisma' | 'plain';
  /** Opened so that nothing is written (`mode=ro`, `immutable=1`). */
  readonly readOnly: boolean;
  /** The call; and the argument that names the path, where there is one. */
  readonly span: Span;
  readonly pathSpan: Span;
  /** Absolute path of the file whose directory `file` expressions mean. */
  readonly file: string;
}
