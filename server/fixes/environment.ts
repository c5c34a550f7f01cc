/** A variable for a service. */
import type { Service } from '../project/model.ts';
import type { Edit } from '../rules/rule.ts';
import { addListItem } from './list.ts';
import { addMapEntry } from './map.ts';

/** Adds `name` in the form in which the variables are written. Null where they are shared or inherited. */
export function addVariable(service: Service, name: string, value: string): Edit[] | null {
  const { node, source } = service.declarations[0];
  if (!node || service.environment.has(name)) return null;
  const entry = node.entries.get('environment');
  if (entry?.value.kind !== 'map') return addListItem(node, 'environment', `${name}=${value}`, source);
  return entry.inherited || entry.alias ? null : addMapEntry(entry.value, name, value, source);
}
