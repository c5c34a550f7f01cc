/** What the readers of framework settings may ask: the files of one container, its environment and its words. */
import type { Source } from '../../syntax/source.ts';
import { environment, literal } from '../source/expressions.ts';
import type { PathExpression, SourceStore } from '../source/model.ts';

export interface Application {
  /** Files whose absolute path on the host ends so, tests and examples left out. */
  named(end: RegExp): readonly Source[];
  /** By its absolute path on the host; null where the container has none, or it is no text. */
  file(path: string): Source | null;
  /** undefined: not set; null: set, but its value is not known. */
  environment(name: string): string | null | undefined;
  /** What is mounted over a file of the host's, so that another one may be read. */
  isHidden(path: string): boolean;
  /** Whether the application's own code says so, in files whose absolute path on the host matches. */
  mentions(files: RegExp, text: RegExp): boolean;
  /** The folder of the application on the host. */
  readonly root: string;
  readonly words: readonly string[];
  /** Texts of RUN: they may write settings. */
  readonly commands: readonly string[];
}

/** One small file per framework: what its settings say of embedded databases. */
export type SettingsReader = (application: Application) => SourceStore[];

export interface Said {
  /** What opens the store. */
  readonly by: string;
  /** `configuration` where nothing else is said. */
  readonly told?: SourceStore['told'];
  readonly source: Source;
  readonly start: number;
  readonly end: number;
  readonly path: PathExpression;
}

/** A store that settings name, in the words of those that code opens. */
export function said(
  { by, source, start, end, path, told = { from: 'configuration', note: `${by} opens it` } }: Said,
  rest: Pick<SourceStore, 'technology' | 'form'> & Partial<Pick<SourceStore, 'dialect' | 'base'>>,
): SourceStore {
  const span = { source, start, end };
  return { ...rest, constructor_: by, path, readOnly: false, span, pathSpan: span, via: [], file: source.path, told };
}

/** A folder that settings name for the files of users. */
export const uploads = (place: Said): SourceStore =>
  said(
    { told: { from: 'configuration', note: `${place.by} writes uploaded files there` }, ...place },
    { technology: 'uploads', form: 'directory' },
  );

/** The folder so many levels above a file. */
export function above(file: string, levels: number): PathExpression {
  let folder: PathExpression = { kind: 'file', path: file };
  for (let i = 0; i < levels; i++) folder = { kind: 'dirname', of: folder };
  return folder;
}

/** A variable, with what a `.env` file of the application says where nothing else does. */
export const variable = (
  name: string,
  dotenv: ReadonlyMap<string, string>,
  fallback: PathExpression | null,
): PathExpression => environment(literal(name), dotenv.has(name) ? literal(dotenv.get(name)!) : fallback);
