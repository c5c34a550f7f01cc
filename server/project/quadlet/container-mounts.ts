/** What is mounted into a container: by its own keys, by `PodmanArgs=`, by its pod. */
import type { Problem } from '../../syntax/source.ts';
import { place } from '../../syntax/unit/chars.ts';
import { all, allArguments, type Entries, flag, last, lastEntry } from '../../syntax/unit/lookup.ts';
import type { EnvironmentEntry, Mount, ReplacedMount } from '../model.ts';
import { ownEntries, type QuadletUnit } from './model.ts';
import { readMountFlag } from './mounts/mount-flag.ts';
import type { Outcome, Place } from './mounts/outcome.ts';
import { readSecretFlag } from './mounts/secret-flag.ts';
import { MEMORY_OF_READ_ONLY, readTmpfsFlag, tmpfsFor } from './mounts/tmpfs-flag.ts';
import { readVolumeFlag } from './mounts/volume-flag.ts';
import { isOn, type PodmanOption, podmanOptions } from './podman-args.ts';
import type { Units } from './units.ts';

export interface Mounts {
  readonly mounts: readonly Mount[];
  readonly replaced: readonly ReplacedMount[];
  readonly gaps: readonly Problem[];
  readonly problems: readonly Problem[];
  /** Of secrets that are given as variables. */
  readonly variables: readonly EnvironmentEntry[];
}

export function readMounts(unit: QuadletUnit, units: Units, options: readonly PodmanOption[]): Mounts {
  const entries = ownEntries(unit);
  const at = units.placeOf(unit);
  const secrets = secretsOf(entries, options);
  const own = mountOutcomes(entries, options, at);
  const pod = podOutcomes(unit, units);
  const { mounts, replaced } = onePerTarget([
    ...volatileTmp(entries),
    ...mountsIn(own.outcomes),
    ...secrets.flatMap(({ mount }) => (mount ? [mount] : [])),
  ]);
  const outcomes = [...own.outcomes, ...pod];
  return {
    // A container's own mount wins over the pod's, and both over what Podman adds of itself.
    mounts: inLayers(mounts, onePerTarget(mountsIn(pod)).mounts, memoryOf(entries, options)),
    replaced,
    gaps: [...outcomes.flatMap(({ gap }) => (gap ? [gap] : [])), ...lentGaps(options), ...rootfsGap(entries)],
    problems: [...own.problems, ...outcomes.flatMap(({ problem }) => (problem ? [problem] : []))],
    variables: secrets.flatMap(({ variable }) => (variable ? [variable] : [])),
  };
}

/** What is mounted where the layers before leave room. */
function inLayers(...layers: readonly (readonly Mount[])[]): Mount[] {
  const taken = new Map<string, Mount>();
  for (const mount of layers.flat()) if (!taken.has(mount.target)) taken.set(mount.target, mount);
  return [...taken.values()];
}

const mountsIn = (outcomes: readonly Outcome[]): Mount[] => outcomes.flatMap(({ mount }) => (mount ? [mount] : []));

function mountOutcomes(
  entries: Entries,
  options: readonly PodmanOption[],
  at: Place,
): { outcomes: Outcome[]; problems: readonly Problem[] } {
  const written = allArguments(entries, 'Mount');
  const given = options.flatMap(({ name, value }): Outcome[] => {
    if (!value) return [];
    if (name === 'volume') return readVolumeFlag(value, 'arguments', at);
    if (name === 'mount') return readMountFlag(value, 'arguments', at);
    return name === 'tmpfs' ? [readTmpfsFlag(value, at)] : [];
  });
  return {
    outcomes: [
      ...all(entries, 'Tmpfs').map(({ value }) => readTmpfsFlag(value, at)),
      ...all(entries, 'Volume').flatMap(({ value }) => readVolumeFlag(value, 'key', at)),
      ...written.words.flatMap(({ value }) => readMountFlag(value, 'key', at)),
      ...given,
    ],
    problems: written.problems,
  };
}

function podOutcomes(unit: QuadletUnit, units: Units): Outcome[] {
  const found = last(ownEntries(unit), 'Pod');
  if (!found) return [];
  const { text } = found.value;
  const pod = units.named(text);
  if (pod?.kind !== 'pod') {
    const span = place(found.value);
    const message = text.endsWith('.pod') ? `there is no ${text} beside this unit` : `${text} is no .pod unit`;
    return [
      { problem: { span, message, reference: true }, gap: { span, message: `what ${text} mounts is not known` } },
    ];
  }
  const entries = ownEntries(pod);
  const options = podmanOptions(allArguments(entries, 'PodmanArgs').words.map(({ value }) => value));
  return mountOutcomes(
    entries.filter(({ key }) => key === 'Volume'),
    options.filter(({ name }) => name === 'volume'),
    units.placeOf(pod),
  ).outcomes;
}

/** A read-only container gets memory where programs write for a moment, unless it is told not to. */
function memoryOf(entries: Entries, options: readonly PodmanOption[]): Mount[] {
  const lastSwitch = (name: string) => options.findLast((option) => option.name === name);
  const written = lastSwitch('read-only');
  const entry = lastEntry(entries, 'ReadOnly');
  const readOnly = written ? isOn(written) : flag(entries, 'ReadOnly') === true;
  const memory = lastSwitch('read-only-tmpfs');
  const withMemory = memory ? isOn(memory) : flag(entries, 'ReadOnlyTmpfs') !== false;
  if (!readOnly || !withMemory) return [];
  const asked = written ?? entry!;
  return MEMORY_OF_READ_ONLY.map((target) => tmpfsFor(target, asked));
}

function volatileTmp(entries: Entries): Mount[] {
  const entry = lastEntry(entries, 'VolatileTmp');
  const isAsked = flag(entries, 'VolatileTmp') && flag(entries, 'ReadOnly') !== true;
  return entry && isAsked ? [tmpfsFor('/tmp', entry)] : [];
}

function secretsOf(entries: Entries, options: readonly PodmanOption[]): ReturnType<typeof readSecretFlag>[] {
  const given = options.filter(({ name }) => name === 'secret').flatMap(({ value }) => (value ? [value] : []));
  return [...allArguments(entries, 'Secret').words.map(({ value }) => value), ...given].map(readSecretFlag);
}

const lentGaps = (options: readonly PodmanOption[]): Problem[] =>
  options
    .filter(({ name }) => name === 'volumes-from')
    .map(({ span, value }) => ({ span, message: `the volumes of the container ${value?.text} are not known here` }));

/** A folder of the host is the whole container then: nothing in it is lost with the container, unless `:O` says so. */
function rootfsGap(entries: Entries): Problem[] {
  const rootfs = last(entries, 'Rootfs');
  return rootfs ? [{ span: place(rootfs.value), message: 'the container runs on a folder of the host' }] : [];
}

/** Podman takes two mounts on one target only if they are the same. */
function onePerTarget(all: readonly Mount[]): { mounts: Mount[]; replaced: ReplacedMount[] } {
  const kept = new Map<string, Mount>();
  const replaced: ReplacedMount[] = [];
  for (const mount of all) {
    const before = kept.get(mount.target);
    if (before) replaced.push({ mount: before, by: mount, refused: !isSame(before, mount) });
    kept.set(mount.target, mount);
  }
  return { mounts: [...kept.values()], replaced };
}

const isSame = (a: Mount, b: Mount): boolean =>
  a.type === b.type &&
  a.source === b.source &&
  a.readOnly === b.readOnly &&
  (a.type === 'tmpfs' || a.source !== undefined);
