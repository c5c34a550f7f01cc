/** A variable for a service. */
import type { Service } from '../project/model.ts';
import type { Edit } from '../rules/rule.ts';
import { addListItem } from './list.ts';
import { addMapEntry } from './map.ts';
import { addUnitLine } from './unit-lines.ts';

/** systemd divides the line at white space, and puts something in the place of what follows these signs. */
const unitWord = (word: string): string => {
  const literal = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /[\s"'\\]/.test(literal) ? `"${literal.replace(/["\\]/g, '\\$&')}"` : literal;
};

/** Adds `name` in the form in which the variables are written. Null where they are shared or inherited. */
export function addVariable(service: Service, name: string, value: string): Edit[] | null {
  const { node, source } = service.declarations[0];
  if (service.environment.has(name)) return null;
  if (service.unit) return addUnitLine(service.unit, 'Environment', unitWord(`${name}=${value}`));
  if (!node) return null;
  const entry = node.entries.get('environment');
  if (entry?.value.kind !== 'map') return addListItem(node, 'environment', `${name}=${value}`, source);
  return entry.inherited || entry.alias ? null : addMapEntry(entry.value, name, value, source);
}
