/** Scans little programs in Go, Java, PHP, Ruby and Rust: their files stand in /repo and run in /app. */
import { expect, it } from 'vitest';
import type { SourceScan } from '../../../server/stores/source/model.ts';
import { type Building, NOTHING_BUILT } from '../../../server/stores/source/plain/built.ts';
import { scanPlain } from '../../../server/stores/source/plain/scan.ts';
import { type ExecutionPlace, resolveStore } from '../../../server/stores/source/resolve.ts';
import { type Files, placeWith, sourcesOf } from '../source/scanning.ts';

export type { Files } from '../source/scanning.ts';

export interface Run {
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly building?: Partial<Building>;
}

export const scan = (files: Files, { building }: Run = {}): Promise<SourceScan> =>
  scanPlain(sourcesOf(files), { root: '/repo', building: { ...NOTHING_BUILT, ...building } });

const place = ({ environment, building }: Run): ExecutionPlace => ({
  ...placeWith(environment),
  ...(building?.argv ? { argv: building.argv } : {}),
});

/** As the table of the other languages shows them; what is not known is shown without its reason. */
export function shown({ stores }: SourceScan, run: Run): string[] {
  return stores.map((store) => {
    const found = resolveStore(store, place(run));
    if ('path' in found)
      return `${found.is?.technology ?? store.technology} ${found.path}${found.readOnly || store.readOnly ? ' (read only)' : ''}`;
    return `${store.technology} ${'elsewhere' in found ? 'elsewhere' : '?'}`;
  });
}

/** A title, the files (a single text is the file `main.<end>`), the stores found, and how it runs. */
export type Case = readonly [title: string, files: string | Files, stores: readonly string[], run?: Run];

export function table(end: string, cases: readonly Case[], around: (code: string) => string = (code) => code): void {
  for (const [title, files, stores, run = {}] of cases) {
    it(title, async () => {
      const found = await scan(typeof files === 'string' ? { [`main.${end}`]: around(files) } : files, run);
      expect(found.failures).toEqual([]);
      expect(shown(found, run)).toEqual(stores);
    });
  }
}
