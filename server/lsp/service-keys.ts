/** Where a Compose file names its services, whichever of the project's files says what they are. */
import { yamlOf } from '../project/documents.ts';
import type { Source, Span } from '../syntax/source.ts';
import { entryOf } from '../syntax/tree.ts';

export interface ServiceKeys {
  /** `services` itself. */
  readonly key: Span;
  readonly names: readonly { readonly name: string; readonly key: Span }[];
}

export function servicesIn(source: Source): ServiceKeys | null {
  const entry = entryOf(yamlOf(source).root ?? undefined, 'services');
  if (entry?.value.kind !== 'map') return null;
  const own = [...entry.value.entries].filter(([, { key, inherited }]) => !inherited && key.span.source === source);
  return { key: entry.key.span, names: own.map(([name, { key }]) => ({ name, key: key.span })) };
}
