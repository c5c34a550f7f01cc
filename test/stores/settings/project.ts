/** Little applications in a container, and the embedded stores they are said to have. */
import { expect, it } from 'vitest';
import { analysed, type Tree } from '../analysing.ts';

export type { Tree } from '../analysing.ts';

export interface Application {
  readonly files: Tree;
  readonly environment?: Readonly<Record<string, string>>;
  readonly dockerfile?: string;
  readonly compose?: string;
}

const treeOf = ({ files, environment = {}, dockerfile, compose = '' }: Application): Tree => ({
  'compose.yaml': [
    'services:',
    '  app:',
    '    build: .',
    ...(Object.keys(environment).length > 0 ? ['    environment:'] : []),
    ...Object.entries(environment).map(([name, value]) => `      ${name}: ${JSON.stringify(value)}`),
    compose,
  ].join('\n'),
  Dockerfile: dockerfile ?? 'FROM example.org/base:1\nWORKDIR /srv\nCOPY . .\n',
  ...files,
});

/** `sqlite /srv/x.db`, `sqlite ?`. */
export async function stores(application: Application): Promise<string[]> {
  const { services } = await analysed(treeOf(application));
  return services.flatMap((one) =>
    one.stores
      .filter(({ store }) => store.role === 'embedded' && store.technology !== 'files')
      .map(({ store }) => `${store.technology} ${store.path ?? '?'}`),
  );
}

export async function evidence(application: Application): Promise<string[]> {
  const { services } = await analysed(treeOf(application));
  return services.flatMap((one) =>
    one.stores.flatMap(({ store }) =>
      store.evidence.map(({ note, span }) =>
        span
          ? `${note}: ${span.source.path.replace('/w/shop/', '')}: ${span.source.text.slice(span.start, span.end)}`
          : note,
      ),
    ),
  );
}

export type Case = readonly [title: string, application: Application, stores: readonly string[]];

export function table(cases: readonly Case[]): void {
  for (const [title, application, expected] of cases) {
    it(title, async () => {
      expect(await stores(application)).toEqual(expected);
    });
  }
}
