/** Small projects in memory, and what is said of their stores. */
import { catalogue } from '../../server/catalogue/load.ts';
import { loadProject } from '../../server/project/load.ts';
import { analyseProject } from '../../server/stores/analyse.ts';
import type { AnalysedProject, AnalysedStore } from '../../server/stores/model.ts';
import type { Evidence } from '../../server/survival/words.ts';
import { shownAt } from '../../server/syntax/origin.ts';
import { rangeOf } from '../../server/syntax/source.ts';
import { memory } from '../lint/memory.ts';

export type Tree = Readonly<Record<string, string>>;

/** Below `/w/shop`; a sole text is its `compose.yaml`. */
export async function analysed(tree: Tree | string): Promise<AnalysedProject> {
  const all = typeof tree === 'string' ? { 'compose.yaml': tree } : tree;
  const files = memory(Object.fromEntries(Object.entries(all).map(([name, text]) => [`shop/${name}`, text])));
  const project = loadProject(files, { files: ['/w/shop/compose.yaml'], shell: {} });
  return analyseProject(project, { catalogue: catalogue(), files });
}

/** `file 1:2-3:4`, zero-based, where people find it; `-` for what is written nowhere. */
export function place({ span }: Evidence): string {
  if (!span) return '-';
  const shown = shownAt(span);
  const { start, end } = rangeOf(shown);
  const file = shown.source.path.replace('/w/shop/', '');
  return `${file} ${start.line}:${start.character}-${end.line}:${end.character}`;
}

const shown = ({ store, backing }: AnalysedStore): string =>
  `${store.technology} ${store.path ?? `? ${store.unknown}`} ${backing.type}`;

/** Stores of all services that matter to anybody, with their first evidence; see cases.ts. */
export async function located(tree: Tree | string): Promise<string[]> {
  const { services } = await analysed(tree);
  return services.flatMap(({ service, stores }) =>
    stores
      .filter(({ store }) => store.kind !== 'configuration' && store.kind !== 'cache')
      .map((one) => {
        const [evidence] = one.store.evidence;
        const need = one.store.need === 'required' ? '' : ' optional';
        return `${service.name} ${shown(one)}${need} | ${evidence.from} ${place(evidence)} | ${evidence.note}`;
      }),
  );
}
