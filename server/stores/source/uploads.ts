/** Folders that users' files are written to: what the readers of single frameworks share. */
import { type Span, spanOf } from '../../syntax/source.ts';
import { variants } from './callers.ts';
import type { Expr, Module } from './code.ts';
import type { Bindings } from './entities.ts';
import type { Value } from './expressions.ts';
import type { PathExpression, SourceStore } from './model.ts';
import type { Program } from './program.ts';
import type { Values } from './values.ts';

/** The folders that a setting or an argument comes to; those that cannot be told are none. */
export function uploadsAt(
  by: string,
  at: Expr,
  module: Module,
  values: Values,
  read: (bound: Bindings) => Value = (bound) => values.of(at, bound),
): SourceStore[] {
  const span = spanOf(values.names.program.files.get(module.path)!, at.start, at.end);
  const paths = new Map<string, PathExpression>();
  for (const { value } of variants(values.names, read))
    if (value && value.kind !== 'unknown') paths.set(JSON.stringify(value), value);
  const note = `${by} writes uploaded files there`;
  return [...paths.values()].map((path) => uploadsStore(by, path, span, module.path, note));
}

/** A folder of uploads that code at `span` writes to. */
export const uploadsStore = (
  by: string,
  path: PathExpression,
  span: Span,
  file: string,
  note: string,
): SourceStore => ({
  technology: 'uploads',
  constructor_: by,
  path,
  form: 'directory',
  readOnly: false,
  span,
  pathSpan: span,
  via: [],
  file,
  told: { from: 'source', note },
});

/** Where files only pass through, by its name. */
const PASSING = /(?:^|\/)(?:te?mp|temporary|cache|processing)(?:\/|$)|^\/dev\/shm(?:\/|$)/i;

export const isLasting = (path: string | null): boolean => path !== null && path !== '/' && !PASSING.test(path);

/** Variables that name a place for files elsewhere. */
const OBJECT_STORE =
  /(?:^|_)(?:S3|GCS|AZURE|OBJECT_STORAGE|OBJECTSTORE|BUCKET|BUCKET_NAME|CLOUDINARY|MINIO|R2|SPACES|WASABI|B2|IMAGEKIT|UPLOADTHING)(?:_|$)/i;

export const namesObjectStore = (environment: ReadonlyMap<string, { readonly value: string | null }>): boolean =>
  [...environment].some(
    ([name, { value }]) => OBJECT_STORE.test(name) && !/^(?:|false|0|no|off|local)$/i.test(value ?? 'unknown'),
  );

/** The words of a path that tell it from others: `./public/uploads` has two. */
export function wordsOf(path: PathExpression): string[] {
  switch (path.kind) {
    case 'literal':
      return path.value
        .split('/')
        .filter((word) => /^[\w-]{3,}$/.test(word) && !/^(?:src|dist|app|server)$/.test(word));
    case 'env':
    case 'flag':
      return path.fallback ? wordsOf(path.fallback) : [];
    case 'dirname':
      return wordsOf(path.of);
    case 'join':
    case 'concat':
      return path.parts.flatMap(wordsOf);
    case 'either':
      return path.options.flatMap(wordsOf);
    default:
      return [];
  }
}

/** What the files of a program say in passing, each searched once. */
export function told<T>(find: (texts: readonly string[]) => T, ends: RegExp): (program: Program) => T {
  const known = new WeakMap<Program, T>();
  return (program) => {
    let found = known.get(program);
    if (found === undefined) {
      found = find([...program.files.values()].filter(({ path }) => ends.test(path)).map(({ text }) => text));
      known.set(program, found);
    }
    return found;
  };
}
