/** Where a Compose file or a unit names its services, whichever of the project's files says what they are. */
import { isUnitName } from '../lint/kinds/names.ts';
import { yamlOf } from '../project/documents.ts';
import type { Source, Span } from '../syntax/source.ts';
import { entryOf } from '../syntax/tree.ts';
import { unitOf } from '../syntax/unit.ts';
import { baseName } from './uris.ts';

export interface ServiceKeys {
  /** `services` itself; the first section of a unit. */
  readonly key: Span;
  readonly names: readonly { readonly name: string; readonly key: Span }[];
}

export function servicesIn(source: Source): ServiceKeys | null {
  if (isUnitName(source.path)) return unitIn(source);
  const entry = entryOf(yamlOf(source).root ?? undefined, 'services');
  if (entry?.value.kind !== 'map') return null;
  const own = [...entry.value.entries].filter(([, { key, inherited }]) => !inherited && key.span.source === source);
  return { key: entry.key.span, names: own.map(([name, { key }]) => ({ name, key: key.span })) };
}

/** A unit is named by its file; a drop-in says something of a unit that is written elsewhere. */
function unitIn(source: Source): ServiceKeys | null {
  const { sections } = unitOf(source);
  const own = sections.find(({ name }) => name === 'Container');
  const first = sections[0];
  if (!own || !first || !source.path.endsWith('.container')) return null;
  return { key: first.header, names: [{ name: baseName(source.path).replace(/\.container$/, ''), key: own.header }] };
}
