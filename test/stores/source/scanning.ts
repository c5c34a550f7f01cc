/** Scans little applications: their files stand in /repo and are copied to /app. */
import { expect, it } from 'vitest';
import type { SourceScan, SourceStore } from '../../../server/stores/source/model.ts';
import { type ExecutionPlace, resolveStore } from '../../../server/stores/source/resolve.ts';
import { scanSources } from '../../../server/stores/source/scan.ts';
import type { Source, Span } from '../../../server/syntax/source.ts';

export type Files = Readonly<Record<string, string>>;

export const sourcesOf = (files: Files): Source[] =>
  Object.entries(files).map(([name, text]) => ({ path: `/repo/${name}`, text }));

export const scan = (files: Files): Promise<SourceScan> => scanSources(sourcesOf(files), { root: '/repo' });

export const placeWith = (environment: Readonly<Record<string, string | null>> = {}): ExecutionPlace => ({
  file: (path) => path.replace(/^\/repo\//, '/app/'),
  workdir: '/app',
  environment: (name) => environment[name],
  home: '/root',
});

export const text = (span: Span): string => span.source.text.slice(span.start, span.end);

/** `chroma /app/data`, `sqlite /app/x.db (read only)`, `sqlite ? reason`. */
export function summary(store: SourceStore, environment: Readonly<Record<string, string | null>> = {}): string {
  if (store.inMemory) return `${store.technology} in memory`;
  const found = resolveStore(store, placeWith(environment));
  if ('path' in found) return `${store.technology} ${found.path}${found.readOnly ? ' (read only)' : ''}`;
  if ('elsewhere' in found) return `${store.technology} elsewhere`;
  if ('ambiguous' in found) return `${store.technology} ${found.ambiguous.sqlalchemy} or ${found.ambiguous.sqlx}`;
  return `${store.technology} ? ${found.unknown}`;
}

/** A title, the files (a single text is the file `main.<end>`), and the stores found; environment for the resolver. */
export type Case = readonly [
  title: string,
  files: string | Files,
  stores: readonly string[],
  environment?: Readonly<Record<string, string | null>>,
];

export function table(end: string, cases: readonly Case[]): void {
  for (const [title, files, stores, environment] of cases) {
    it(title, async () => {
      const found = await scan(typeof files === 'string' ? { [`main.${end}`]: files } : files);
      expect(found.failures).toEqual([]);
      expect(found.stores.map((store) => summary(store, environment))).toEqual(stores);
    });
  }
}
