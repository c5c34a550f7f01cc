/** The volumes of a folder of units: those that `.volume` units make, and those that containers merely name. */
import { type Span, spanOf } from '../../syntax/source.ts';
import { type Chars, place } from '../../syntax/unit/chars.ts';
import { allArguments, flag, last, pairOf } from '../../syntax/unit/lookup.ts';
import type { Mount, Service, TopLevelVolume } from '../model.ts';
import { headerOf, ownEntries, type QuadletUnit } from './model.ts';
import { podmanOptions } from './podman-args.ts';
import { withoutSuffix } from './unit.ts';
import { engineName, type PlainVolume, type Units } from './units.ts';

export interface Volumes {
  readonly volumes: ReadonlyMap<string, TopLevelVolume>;
  /** The service with the keys that its volumes have here. */
  readonly named: (service: Service) => Service;
}

/**
 * `logs.volume:/x` and `logs:/y` are two volumes. Where both are mounted, the one that the unit makes is called by the
 * whole name of its file, so that they do not become one.
 */
export function readVolumes(units: Units): Volumes {
  const plain = [...units.plain.values()].filter(({ name }) => VOLUME_NAME.test(name)).map(plainVolume);
  const taken = new Set([...plain, ...units.claims.values()].map(({ key }) => key));
  const made = units.of('volume').map((unit) => volumeOf(unit, units));
  const renamed = new Map(
    made
      .filter(({ key }) => taken.has(key))
      .map(({ key, name }) => [key, { name, key: taken.has(`${key}.volume`) ? name : `${key}.volume` }]),
  );
  const apart = made.map((volume) => ({ ...volume, key: renamed.get(volume.key)?.key ?? volume.key }));
  const inMount = (mount: Mount): Mount => {
    const { source, sourceText = '' } = mount;
    const other = mount.type === 'volume' && source !== undefined ? renamed.get(source) : undefined;
    const isUnits = other && (sourceText === other.name || sourceText.endsWith('.volume'));
    return isUnits ? { ...mount, source: other.key } : mount;
  };
  return {
    volumes: new Map([...apart, ...plain, ...units.claims.values()].map((volume) => [volume.key, volume])),
    named: (service) => (renamed.size > 0 ? { ...service, mounts: service.mounts.map(inMount) } : service),
  };
}

/** What Podman takes for the name of a volume; an instance's name may become a part of it. */
const VOLUME_NAME = /^(?:[a-zA-Z0-9]|%[iIjJnNu])(?:[a-zA-Z0-9_.-]|%[iIjJnNuU])*$/;

const plainVolume = ({ name, value }: PlainVolume): TopLevelVolume => ({
  key: name,
  name,
  external: false,
  driverOpts: new Map(),
  labels: new Map(),
  span: place(value.written),
  entrySpan: place(value.written),
  node: null,
});

function volumeOf(unit: QuadletUnit, units: Units): TopLevelVolume {
  const entries = ownEntries(unit);
  const { expand } = units.placeOf(unit);
  const text = (key: string): string | undefined => {
    const found = last(entries, key);
    return found && expand(found.value).chars.text;
  };
  const options = podmanOptions(
    allArguments(entries, 'PodmanArgs').words.map(({ value }) => value),
    'volume create',
  );
  const given = (name: string): Chars[] =>
    options.filter((option) => option.name === name).flatMap(({ value }) => (value ? [value] : []));
  const driver = given('driver').at(-1)?.text ?? text('Driver');
  const header = headerOf(unit);
  return {
    key: withoutSuffix(unit.file),
    name: engineName(unit),
    external: false,
    ...(driver !== undefined ? { driver } : {}),
    driverOpts: new Map([...driverOptions(text, flag(entries, 'Copy'), driver), ...pairs(given('opt'))]),
    labels: pairs([...allArguments(entries, 'Label').words.map(({ value }) => value), ...given('label')]),
    span: header,
    entrySpan: wholeOf(unit, header),
    node: null,
  };
}

function driverOptions(
  text: (key: string) => string | undefined,
  copy: boolean | null,
  driver: string | undefined,
): [string, string][] {
  if (driver === 'image') return [['image', text('Image') ?? '']];
  const options = [
    ...ownerOption('uid', text('UID') ?? text('User')),
    ...ownerOption('gid', text('GID') ?? text('Group')),
    ...(text('Options') !== undefined ? [text('Options')!] : []),
  ];
  const found: [string, string | undefined][] = [
    [copy ? 'copy' : 'nocopy', copy === null ? undefined : ''],
    ['device', text('Device')],
    ['type', text('Type')],
    ['o', options.length > 0 ? options.join(',') : undefined],
  ];
  return found.filter((pair): pair is [string, string] => pair[1] !== undefined);
}

const ownerOption = (name: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`${name}=${value}`];

const pairs = (words: readonly Chars[]): Map<string, string> =>
  new Map(words.map(pairOf).map(({ name, value }) => [name, value?.text ?? '']));

/** From its section's header to its last entry. */
function wholeOf(unit: QuadletUnit, header: Span): Span {
  const section = unit.sections.find((one) => one.header === header);
  const end = section?.entries.at(-1)?.span.end ?? header.end;
  return spanOf(header.source, header.start, Math.max(end, header.end));
}
