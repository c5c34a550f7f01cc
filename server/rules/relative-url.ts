/** SQLite URLs in the environment that are relative to the working directory. */
import type { AnalysedService } from '../stores/model.ts';
import { sqlitePath } from '../stores/source/sqlite-url.ts';
import type { Store } from '../survival/words.ts';
import type { Span } from '../syntax/source.ts';
import { textOf } from '../syntax/source.ts';

export interface RelativeUrl {
  readonly variable: string;
  readonly url: string;
  /** The path as SQLAlchemy reads it. */
  readonly path: string;
  /** Where the URL itself is written; undefined where it is not written out in one place. */
  readonly span?: Span;
}

/** The variable that names this store by a URL which is relative, at least to SQLAlchemy. */
export function relativeUrl(analysed: AnalysedService, store: Store): RelativeUrl | undefined {
  for (const { from, span } of store.evidence) {
    if (from !== 'environment' || !span) continue;
    for (const [variable, { value, evidence }] of analysed.environment) {
      if (value === null || evidence.span?.start !== span.start || evidence.span.source !== span.source) continue;
      const parsed = sqlitePath(value, 'sqlalchemy');
      if (parsed?.kind !== 'path' || parsed.absolute) continue;
      // A library that takes all behind the slashes as the path: then it is no relative one.
      if (store.confidence === 'primary' && store.path === `/${parsed.path}` && analysed.image.workdir !== '/')
        continue;
      return { variable, url: value, path: parsed.path, ...written(span, value) };
    }
  }
  return undefined;
}

function written(span: Span, url: string): { span?: Span } {
  const text = textOf(span);
  const at = text.indexOf(url);
  return at < 0 || text.indexOf(url, at + 1) >= 0
    ? {}
    : { span: { source: span.source, start: span.start + at, end: span.start + at + url.length } };
}
