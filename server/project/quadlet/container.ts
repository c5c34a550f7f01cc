/** A `.container` unit as a service. */
import type { Problem } from '../../syntax/source.ts';
import { type Chars, place } from '../../syntax/unit/chars.ts';
import { allArguments, type Entries, flag, last, lastArguments, pairOf } from '../../syntax/unit/lookup.ts';
import { bareService } from '../bare.ts';
import type { Declaration, Label, Service, Text } from '../model.ts';
import { readMounts } from './container-mounts.ts';
import { readEnvironment } from './environment.ts';
import { readImage } from './image.ts';
import { entriesIn, headerOf, ownEntries, ownSection, type QuadletUnit, type Value } from './model.ts';
import { isOn, type PodmanOption, podmanOptions } from './podman-args.ts';
import { textOf } from './text.ts';
import { withoutSuffix } from './unit.ts';
import type { Units } from './units.ts';
import { imageVolumesOf, userNamespaceOf } from './users.ts';
import { commandOf, entrypointOf } from './words.ts';

export interface ReadContainer {
  readonly service: Service;
  readonly problems: readonly Problem[];
}

export function readContainer(unit: QuadletUnit, units: Units): ReadContainer {
  const entries = ownEntries(unit);
  const { expand } = units.placeOf(unit);
  const { variables } = units.expansionOf(unit);
  const args = allArguments(entries, 'PodmanArgs');
  const options = podmanOptions(args.words.map(({ value }) => value));
  const image = readImage(unit, units);
  const mounts = readMounts(unit, units, options);
  const environment = readEnvironment({
    entries,
    options,
    secrets: mounts.variables,
    directory: units.directory,
    files: units.files,
    expand,
  });
  const exec = lastArguments(entries, 'Exec');
  const command = commandOf(
    exec.words.map(({ value }) => value),
    expand,
    variables,
  );
  const entrypoint = optionValue(options, 'entrypoint') ?? last(entries, 'Entrypoint')?.value;
  const labels = readLabels(unit, options, expand);
  const readOnly = options.findLast(({ name }) => name === 'read-only');
  const text = (key: string, option: string): Text | undefined => {
    const written = optionValue(options, option) ?? last(entries, key)?.value;
    return written && textOf(expand(written));
  };
  const restart = last(entriesIn(unit, 'Service'), 'Restart')?.value;
  const imageVolumes = imageVolumesOf(options);
  const optional = {
    ...(image.image ? { image: image.image } : {}),
    ...(image.build ? { build: image.build } : {}),
    ...(command ? { command } : {}),
    ...(entrypoint ? { entrypoint: entrypointOf(entrypoint, expand) } : {}),
    ...(imageVolumes ? { imageVolumes } : {}),
    ...texts({
      user: userOf(unit, options, expand),
      userNamespace: userNamespaceOf(unit, units, options),
      workingDir: text('WorkingDir', 'workdir'),
      hostname: text('HostName', 'hostname'),
      containerName: text('ContainerName', 'name'),
      restart: restart && textOf(expand(restart)),
      stopGracePeriod: seconds(text('StopTimeout', 'stop-timeout')),
      stopSignal: text('StopSignal', 'stop-signal'),
      pullPolicy: text('Pull', 'pull'),
    }),
  };
  const service: Service = {
    ...bareService(withoutSuffix(unit.file), headerOf(unit)),
    declarations: declarationsOf(unit),
    environment: environment.entries,
    environmentGaps: environment.gaps,
    mounts: mounts.mounts,
    replacedMounts: mounts.replaced,
    mountGaps: mounts.gaps,
    readOnly: readOnly ? isOn(readOnly) : flag(entries, 'ReadOnly') === true,
    init: flag(entries, 'RunInit') === true || options.some((option) => option.name === 'init' && isOn(option)),
    labels: new Map([...labels.values()].map(({ name, value }) => [name, value])),
    labelEntries: labels,
    broken: unit.broken,
    unit,
    ...optional,
  };
  return {
    service,
    problems: [
      ...groupAlone(entries),
      ...args.problems,
      ...image.problems,
      ...mounts.problems,
      ...environment.problems,
      ...exec.problems,
    ],
  };
}

const optionValue = (options: readonly PodmanOption[], wanted: string): Chars | undefined =>
  options.findLast(({ name, value }) => name === wanted && value !== null)?.value ?? undefined;

type Texts = Readonly<Record<string, Text | undefined>>;

const texts = (all: Texts): Record<string, Text> =>
  Object.fromEntries(Object.entries(all).filter((pair): pair is [string, Text] => pair[1] !== undefined));

/** A number of seconds, as everything else says durations. */
const seconds = (text: Text | undefined): Text | undefined =>
  text && /^\d+$/.test(text.value) ? { ...text, value: `${text.value}s` } : text;

/** `User=` with the group that `Group=` names. */
function userOf(
  unit: QuadletUnit,
  options: readonly PodmanOption[],
  expand: (written: Chars) => Value,
): Text | undefined {
  const given = optionValue(options, 'user');
  if (given) return textOf(expand(given));
  const user = last(ownEntries(unit), 'User');
  const group = last(ownEntries(unit), 'Group');
  if (!user) return undefined;
  const text = textOf(expand(user.value));
  return group ? { ...text, value: `${text.value}:${expand(group.value).chars.text}` } : text;
}

function groupAlone(entries: Entries): Problem[] {
  const group = last(entries, 'Group');
  return group && !last(entries, 'User') ? [{ span: group.entry.span, message: 'Group= needs User=' }] : [];
}

export const AUTO_UPDATE = 'io.containers.autoupdate';

/** `AutoUpdate=` is a label that `Label=` may replace. */
function readLabels(
  unit: QuadletUnit,
  options: readonly PodmanOption[],
  expand: (written: Chars) => Value,
): Map<string, Label> {
  const entries = ownEntries(unit);
  const labels = new Map<string, Label>();
  const update = last(entries, 'AutoUpdate');
  if (update)
    labels.set(AUTO_UPDATE, {
      name: AUTO_UPDATE,
      value: expand(update.value).chars.text,
      span: place(update.value),
      from: 'labels',
    });
  const given = options.filter(({ name }) => name === 'label').flatMap(({ value }) => (value ? [value] : []));
  for (const word of [...allArguments(entries, 'Label').words.map(({ value }) => value), ...given]) {
    const { name, value } = pairOf(word);
    // Up to Podman 5 Quadlet drops a label without a value.
    if (!value) continue;
    labels.set(name, { name, value: expand(value).chars.text, span: place(word), from: 'labels' });
  }
  return labels;
}

/** The unit first, then each drop-in that says something of its own section. */
function declarationsOf(unit: QuadletUnit): [Declaration, ...Declaration[]] {
  const [own, ...over] = unit.sources;
  const headerIn = (source: typeof own) =>
    unit.sections.find(({ name, header }) => name === ownSection(unit.kind) && header.source === source)?.header;
  const first = headerIn(own) ?? { source: own, start: 0, end: 0 };
  return [
    { source: own, key: first, node: null },
    ...over.flatMap((source) => {
      const key = headerIn(source);
      return key ? [{ source, key, node: null }] : [];
    }),
  ];
}
