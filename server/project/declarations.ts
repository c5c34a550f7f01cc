/** Where services are written, file by file. */
import type { Source } from '../syntax/source.ts';
import { valueAt as child, type Entry, isDamaged, type MapNode } from '../syntax/tree.ts';
import { moreDocuments, yamlOf } from './documents.ts';
import type { Loading } from './loading.ts';
import type { Declaration } from './model.ts';
import { asMap, entriesOf } from './reader.ts';

export interface RawService {
  readonly name: string;
  readonly node: MapNode;
  readonly declarations: readonly [Declaration, ...Declaration[]];
  readonly broken: boolean;
}

/** Every place a service of this name is written, in the order the files were read. */
export function declarationsOf(loading: Loading): Map<string, Declaration[]> {
  const found = new Map<string, Declaration[]>();
  for (const source of loading.sources) {
    for (const services of servicesIn(source)) {
      for (const [name, entry] of entriesOf(services)) {
        const declaration = { source, key: entry.key.span, node: entry.alias ? null : (asMap(entry.value) ?? null) };
        const known = found.get(name);
        if (known) known.push(declaration);
        else found.set(name, [declaration]);
      }
    }
  }
  return found;
}

const servicesIn = (source: Source) =>
  [yamlOf(source), ...moreDocuments(source)].map(({ root }) => child(root ?? undefined, 'services'));

export function rawService(
  loading: Loading,
  name: string,
  entry: Entry,
  declarations: Map<string, Declaration[]>,
): RawService | undefined {
  const node = asMap(entry.value);
  if (!node) return undefined;
  const own = declarations.get(name)?.filter((one) => one.source.path === entry.key.span.source.path) ?? [];
  const others = declarations.get(name)?.filter((one) => !own.includes(one)) ?? [];
  const [first, ...rest] = [...own, ...others];
  if (!first) return undefined;
  const all: [Declaration, ...Declaration[]] = [first, ...rest];
  return {
    name,
    node,
    declarations: all,
    broken: loading.broken.size > 0 && (all.some((declaration) => isBroken(loading, declaration)) || isDamaged(node)),
  };
}

/** A syntax error between this service's key and the end of its value. */
function isBroken(loading: Loading, declaration: Declaration): boolean {
  const touched = loading.broken.get(declaration.source);
  return touched?.(declaration.key.start, declaration.node?.span.end ?? declaration.key.end) ?? false;
}
