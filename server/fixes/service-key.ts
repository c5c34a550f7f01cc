/** A setting of a service, as an attribute in Compose or as a line of a unit. */
import type { Service } from '../project/model.ts';
import type { Edit } from '../rules/rule.ts';
import { addMapEntry } from './map.ts';
import { addUnitLine } from './unit-lines.ts';

export interface NewSetting {
  /** In Compose, and its value there. */
  readonly attribute: string;
  readonly value: string;
  /** In `[Container]`. */
  readonly key: string;
  /** Where it is written in another way: `90` for `1m30s`. */
  readonly keyValue?: string;
}

/** Null where it cannot be added, or is there. */
export function addSetting({ unit, declarations }: Service, { attribute, value, key, keyValue = value }: NewSetting) {
  if (unit) return addUnitLine(unit, key, keyValue);
  const [{ node, source }] = declarations;
  return node && (addMapEntry(node, attribute, value, source) satisfies Edit[] | null);
}
