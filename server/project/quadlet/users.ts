/** How a unit's users are users of the host, and what becomes of the volumes of its image. */
import type { Chars } from '../../syntax/unit/chars.ts';
import { allArguments, last } from '../../syntax/unit/lookup.ts';
import type { Service, Text } from '../model.ts';
import { ownEntries, type QuadletUnit } from './model.ts';
import { type PodmanOption, podmanOptions } from './podman-args.ts';
import { textOf } from './text.ts';
import type { Units } from './units.ts';

/** `RemapUsers` is the older name of `UserNS`; the others map ids one by one. */
const KEYS = ['UserNS', 'UIDMap', 'GIDMap', 'SubUIDMap', 'RemapUsers'];
const OPTIONS = ['userns', 'uidmap', 'gidmap', 'subuidname'];

/** What maps the users of the container to others of the host: its own words, else those of its pod. */
export function userNamespaceOf(
  unit: QuadletUnit,
  units: Units,
  options: readonly PodmanOption[] = optionsOf(unit),
): Text | undefined {
  const { expand } = units.placeOf(unit);
  const given = options.findLast(({ name, value }) => OPTIONS.includes(name) && value !== null)?.value;
  const written = given ?? firstOf(unit);
  if (written) return textOf(expand(written));
  const pod = last(ownEntries(unit), 'Pod');
  const named = pod && units.named(pod.value.text);
  return named?.kind === 'pod' ? userNamespaceOf(named, units) : undefined;
}

const optionsOf = (unit: QuadletUnit): PodmanOption[] =>
  podmanOptions(allArguments(ownEntries(unit), 'PodmanArgs').words.map(({ value }) => value));

function firstOf(unit: QuadletUnit): Chars | undefined {
  for (const key of KEYS) {
    const found = last(ownEntries(unit), key);
    if (found) return found.value;
  }
  return undefined;
}

/** `--image-volume`: `anonymous`, which older versions call `bind`, is what Podman does anyway. */
export function imageVolumesOf(options: readonly PodmanOption[]): Service['imageVolumes'] {
  const text = options.findLast(({ name }) => name === 'image-volume')?.value?.text;
  return text === 'ignore' || text === 'tmpfs' ? text : undefined;
}
