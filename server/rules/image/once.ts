/** Several services may be built from one Dockerfile: what is found in it is said once, by the gravest of them. */
import type { Finding } from '../rule.ts';
import { SEVERITIES } from '../rule.ts';

type Found = Omit<Finding, 'rule'>;

/** `apart` tells findings at one place from each other. */
export function oncePerPlace(found: Iterable<Found>, apart: (one: Found) => string = () => ''): Found[] {
  const kept = new Map<string, Found>();
  for (const one of found) {
    const key = `${one.span.source.path}:${one.span.start}:${one.span.end}:${apart(one)}`;
    const before = kept.get(key);
    if (!before || SEVERITIES.indexOf(one.severity) < SEVERITIES.indexOf(before.severity)) kept.set(key, one);
  }
  return [...kept.values()];
}
