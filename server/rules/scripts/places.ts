/** Where a path of a command leads: to a file or a folder in which a service keeps its database. */
import * as path from 'node:path';
import type { Project } from '../../project/model.ts';
import { composeAt, engineAt, imageAt } from '../../scripts/calls.ts';
import { type Command, type Each, type Script, UNKNOWN, type Within, type Word } from '../../scripts/model.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { TECHNOLOGIES } from '../../stores/source/technologies.ts';
import { isWithin } from '../../survival/backing.ts';
import type { Backing } from '../../survival/words.ts';
import { isRedisLike } from '../guards.ts';
import { type Place, placeAt, placeOf } from '../kept.ts';
import { serviceNamed, serviceOfClone, startsOf, valuesOf } from './about.ts';
import { databaseElsewhere, type Elsewhere, embedsDatabase, mayUseServer } from './embedded.ts';
import { readingsOf } from './readings.ts';
import { volumeNameOf } from './volumes.ts';

/** A database of the project, and the part of it that a path names. */
export interface Hit {
  readonly analysed: AnalysedService;
  readonly one: AnalysedStore;
  /** `file`: the path is the database's own file. `all`: a folder that holds it all. `part`: something inside. */
  readonly covers: 'file' | 'all' | 'part';
  /** Of `all`: the path is a folder further up, which holds other things as well. */
  readonly above?: true;
  /** The service was told by this name, which is that of its container only where the project is called so. */
  readonly called?: string;
  /** Set where a setting decides whether the database is here at all. */
  readonly unless?: Elsewhere;
  /** The files of an application, its database among them. */
  readonly among?: true;
}

/** A place: on the host, in a volume, or in the container of a service. */
export interface Spot {
  readonly root: string;
  readonly inside: string;
  /** Of places on the host: the folder of the project. */
  readonly top?: string;
  /** Another container has what is mounted there, and not the rest. */
  readonly shared?: true;
  /** The path that was written is further up than this. */
  readonly above?: true;
  readonly called?: string;
}

type Coverage = Pick<Hit, 'covers' | 'above' | 'called'>;

const SERVERS = new Set(['database', 'vector', 'search', 'queue', 'timeseries', 'secrets']);

/** Written to in place while it runs: a copy of its files is no copy of its data. */
export function isDatabase({ store }: AnalysedStore, analysed: AnalysedService): boolean {
  if (store.kind !== 'essential' || store.path === null) return false;
  if (store.role === 'server')
    // A snapshot of Redis is put in place whole.
    return SERVERS.has(analysed.image.match?.family.category ?? '') && !isRedisLike(analysed);
  const known = TECHNOLOGIES as Readonly<Record<string, { readonly class: string }>>;
  return known[store.technology] !== undefined && known[store.technology]!.class !== 'uploads';
}

/** The databases that `word` names for this command; `folder` is what `tar -C` enters first. */
export function hitsOf(
  word: Word,
  command: Command,
  script: Script,
  analysed: AnalysedProject,
  folder: Word | null = null,
): Hit[] {
  const spots = readingsOf(word, analysed).flatMap((text) =>
    (folder && !text.startsWith('/') ? readingsOf(folder, analysed) : ['']).flatMap((below) => {
      const first = folder && below !== '' ? folder : word;
      return spotsOf(fromHere(first, below === '' ? text : path.posix.join(below, text)), command, script, analysed);
    }),
  );
  const found = analysed.services.flatMap((service) =>
    databasesOf(service, analysed).flatMap((one) => {
      const places = placesOf(one, service, analysed);
      return hitOf(
        service,
        one,
        spots.flatMap((spot) => places.map((place) => coverage(spot, place, one))),
      );
    }),
  );
  // Of what is told for certain first.
  return found.sort((a, b) => Number(a.among ?? false) - Number(b.among ?? false));
}

/** With those that an application of the catalogue keeps in a file of its own. */
const databasesOf = (service: AnalysedService, analysed: AnalysedProject): AnalysedStore[] =>
  service.stores.filter(
    (one) =>
      isDatabase(one, service) ||
      (one.store.kind === 'essential' && embedsDatabase(one, service) && !mayUseServer(service, analysed)),
  );

/** None where the image's database is not in use, and its files are other data. What names it closest counts. */
function hitOf(analysed: AnalysedService, one: AnalysedStore, coverages: readonly (Coverage | null)[]): Hit[] {
  const found = coverages.filter((coverage) => coverage !== null);
  const coverage = found.find(({ above }) => !above) ?? found[0];
  if (!coverage) return [];
  const unless = one.store.role === 'server' ? databaseElsewhere(analysed) : null;
  if (unless?.answer === true) return [];
  const among = isDatabase(one, analysed) ? {} : { among: true as const };
  return [{ analysed, one, ...coverage, ...(unless ? { unless } : {}), ...among }];
}

/** Of a store: in its container, and where that lies outside. */
export function placesOf(one: AnalysedStore, service: AnalysedService, { project }: AnalysedProject): Spot[] {
  const own = { root: `in ${service.service.name}`, inside: one.store.path! };
  const outside = placeOf(one, service, project);
  return outside ? [own, { root: rootOf(outside, project), inside: outside.inside }] : [own];
}

/** An external volume has the name that it is declared by. */
const rootOf = ({ mount, root }: Place, project: Project): string =>
  mount.type === 'volume' && mount.source !== undefined ? volumeNameOf(mount.source, project) : root;

/** With what `docker run --volumes-from` brings along, and what is not mounted it does not. */
const UNSHARED: ReadonlySet<Backing['type']> = new Set(['writable-layer', 'tmpfs', 'unknown']);

function coverage(spot: Spot, place: Spot, one: AnalysedStore): Coverage | null {
  if (spot.root !== place.root || (spot.shared && UNSHARED.has(one.backing.type))) return null;
  const covers = coversOf(spot, place, one);
  if (!covers) return null;
  const inContainer = spot.root.startsWith('in ') && covers === 'all' && spot.inside !== place.inside;
  return {
    covers,
    ...(spot.above || inContainer ? { above: true } : {}),
    ...(spot.called === undefined ? {} : { called: spot.called }),
  };
}

function coversOf(spot: Spot, place: Spot, { store }: AnalysedStore): Hit['covers'] | null {
  const inside = spot.inside.replace(/\/?\*$/, '').replace(/(.)\/+$/, '$1') || '/';
  // A folder far above holds more than data: that is somebody moving the whole project.
  if (inside === place.inside) return store.isFile || store.technology === 'sqlite' ? 'file' : 'all';
  if (isWithin(place.inside, inside)) return isNear(place.inside, inside, spot) ? 'all' : null;
  return isWithin(spot.inside, place.inside) ? 'part' : null;
}

/** The root of a volume, or a folder at most two above that is not the project's own. */
const isNear = (inner: string, outer: string, { root, top }: Spot): boolean =>
  root !== 'host' ||
  (path.posix.relative(outer, inner).split('/').length <= 2 && (top === undefined || !isWithin(top, outer)));

/** Variables that hold the folder of the project, by their names. */
const HERE =
  /^["']?(\$\{?(PWD|(PROJECT|REPO|ROOT|SCRIPT|BASE|APP|WORK)_?(DIR|ROOT|PATH|FOLDER)?)\}?|\$\(pwd\)|`pwd`)"?\//i;

/** `$PWD/x` and `$(pwd)/x` stand where the script is run; `$BACKUPS/x` may be anywhere. */
export function fromHere({ span }: Word, text: string): string {
  return HERE.test(span.source.text.slice(span.start, span.end))
    ? text.replace(new RegExp(`^${UNKNOWN}/`), './')
    : text;
}

export function spotsOf(text: string, command: Command, script: Script, analysed: AnalysedProject): Spot[] {
  if (text.includes(UNKNOWN) || /^~|^-|:\/\//.test(text)) return [];
  const inner = command.within.at(-1);
  // `cd` in a container counts from where that starts.
  const at = text.startsWith('/') ? text : path.posix.join(command.folder ?? '', text);
  if (inner?.kind === 'one-off') return inContainer(at, inner, script, analysed);
  if (inner && inner.kind !== 'host') {
    const service = serviceNamed(inner.name, analysed);
    if (!service) return [];
    const from = service.service.workingDir?.value ?? service.image.workdir;
    const inside = path.posix.resolve(from, at);
    return [{ root: `in ${service.service.name}`, inside }, ...outsideOf(inside, service, analysed)];
  }
  return onHost(text, command.folder, script, analysed);
}

/** What stands behind a path of a container: a folder of the host, or a volume. */
function outsideOf(at: string, { service }: AnalysedService, { project }: AnalysedProject): Spot[] {
  const place = placeAt(at, service, project);
  if (!place) return [];
  const { inside } = place;
  const root = rootOf(place, project);
  return [root === 'host' ? { root, inside, top: project.directory } : { root, inside }];
}

const onHost = (text: string, folder: string | null, script: Script, { project }: AnalysedProject): Spot[] => {
  const { directory } = project;
  const fromAbove = underItsName(path.posix.join(folder ?? '', text), directory);
  const places = startsOf(script, directory).map((start) => path.posix.resolve(start, folder ?? '', text));
  return [...new Set([...places, ...(fromAbove === null ? [] : [fromAbove])])].map((inside) => ({
    root: 'host',
    inside,
    top: directory,
  }));
};

/** `docker/data` is `data` of the project in a folder called `docker`, where the script is run from the one above. */
function underItsName(text: string, directory: string): string | null {
  if (/^(\/|~|\.\.)/.test(text)) return null;
  const named = path.posix.normalize(text).split('/');
  const segments = directory.split('/').filter((segment) => segment !== '');
  const at = segments.lastIndexOf(named[0] ?? '');
  const tail = at < 0 ? [] : segments.slice(at);
  if (tail.length === 0 || tail.some((segment, i) => named[i] !== segment)) return null;
  return path.posix.join(directory, ...named.slice(tail.length));
}

/** In a container that `docker run` starts: what `-v` puts there, and what `--volumes-from` brings along. */
function inContainer(text: string, { by }: Within, script: Script, analysed: AnalysedProject): Spot[] {
  if (!by) return [];
  const workdir = workdirOf(by);
  const at = path.posix.resolve(workdir ?? '/', text);
  const mounts = mountsOf(by, (word) => readingsOf(word, analysed));
  const spotOf = ({ source: written, target, word }: RunMount, inside: string): Spot[] => {
    const source = fromHere(word, written);
    const below = path.posix.relative(target, inside);
    if (!/^[./]/.test(source)) return [{ root: source, inside: path.posix.join('/', below) }];
    return onHost(source, by.folder, script, analysed).map((spot) => ({
      ...spot,
      inside: path.posix.join(spot.inside, below),
    }));
  };
  const covering = mounts
    .filter(({ target }) => isWithin(at, target))
    .sort((a, b) => b.target.length - a.target.length)
    .filter(({ target }, _, [first]) => target === first!.target);
  // Where the image starts nobody knows: what is relative to it may be anywhere.
  const isKnown = text.startsWith('/') || workdir !== undefined;
  const below = isKnown ? mounts.filter(({ target }) => target !== at && isWithin(target, at)) : [];
  const others = isKnown && covering.length === 0 ? sharersOf(by, analysed) : [];
  return [
    ...covering.flatMap((mount) => spotOf(mount, at)),
    ...below.flatMap((mount) => spotOf(mount, mount.target).map((spot) => ({ ...spot, above: true as const }))),
    ...others.flatMap(({ service, called }) =>
      [
        { root: `in ${service.service.name}`, inside: at, shared: true as const },
        ...outsideOf(at, service, analysed),
      ].map((spot) => (called === undefined ? spot : { ...spot, called })),
    ),
  ];
}

const optionsOf = ({ words }: Command): readonly Word[] => {
  const at = Math.max(composeAt(words), engineAt(words));
  return words.slice(at, imageAt(words, at));
};

/** Where `docker run -w` starts; undefined where only the image says it. */
const workdirOf = (by: Command): string | undefined =>
  valuesOf(optionsOf(by), ['-w', '--workdir']).find(({ text, told }) => told && text.startsWith('/'))?.text;

interface Sharer {
  readonly service: AnalysedService;
  readonly called?: string;
}

/** Whose mounts `docker run --volumes-from` takes over, each at its own path. */
function sharersOf(by: Command, analysed: AnalysedProject): Sharer[] {
  return valuesOf(optionsOf(by), ['--volumes-from']).flatMap((written): Sharer[] => {
    const name = { ...written, text: written.text.replace(/:(ro|rw|z|Z)$/, '') };
    const service = serviceNamed(name, analysed);
    if (service) return [{ service }];
    const other = serviceOfClone(name.text, analysed);
    return other ? [{ service: other, called: name.text }] : [];
  });
}

export interface RunMount {
  /** Empty for a volume without a name. */
  readonly source: string;
  readonly target: string;
  readonly type: 'volume' | 'bind' | 'tmpfs';
  readonly word: Word;
}

/** What `docker run` mounts, by `-v`, `--mount` and `--tmpfs`; several for a word that says one thing after the other. */
export function mountsOf(
  command: Command,
  readings: (word: Word) => readonly string[] = ({ text }) => [text],
): RunMount[] {
  const options = optionsOf(command);
  const read = (names: readonly string[]) =>
    valuesOf(options, names).flatMap((word) => readings(word).map((text) => ({ word, text })));
  const short = read(['-v', '--volume']).flatMap(({ word, text }): RunMount[] => {
    const parts = text.split(':');
    const [source, target] = parts.length === 1 ? ['', parts[0]!] : [parts[0]!, parts[1]!];
    if (!target.startsWith('/')) return [];
    return [{ source, target: clean(target), type: /^[./~\uE001]/.test(source) ? 'bind' : 'volume', word }];
  });
  const long = read(['--mount']).flatMap(({ word, text }): RunMount[] => {
    const get = (...names: string[]): string | undefined =>
      text
        .split(',')
        .map((field) => /^([^=]+)=(.*)$/s.exec(field))
        .find((match) => match && names.includes(match[1]!))?.[2];
    const target = get('target', 'dst', 'destination');
    const type = get('type') ?? 'volume';
    if (!target?.startsWith('/') || !/^(volume|bind|tmpfs)$/.test(type)) return [];
    return [{ source: get('source', 'src') ?? '', target: clean(target), type: type as RunMount['type'], word }];
  });
  const tmpfs = valuesOf(options, ['--tmpfs']).map(
    (word): RunMount => ({ source: '', target: clean(word.text.split(':')[0]!), type: 'tmpfs', word }),
  );
  return [...short, ...long, ...tmpfs];
}

/** Words by which a loop decides what `word` means to `command`: itself, and what is mounted where it is run. */
export function turnsOf(word: Word, { within }: Command): readonly Each[] {
  const inner = within.at(-1);
  const mounts = inner?.kind === 'one-off' && inner.by ? mountsOf(inner.by) : [];
  const at = path.posix.resolve('/', word.text);
  return [word, ...mounts.filter(({ target }) => isWithin(at, target)).map((mount) => mount.word)].flatMap(
    ({ each }) => each ?? [],
  );
}

const clean = (target: string): string => path.posix.resolve('/', target);

/** `db:/var/lib/x` of `docker cp` and `docker compose cp`; null for a path of the host. */
export function inService(
  word: Word,
  analysed: AnalysedProject,
): { readonly service: AnalysedService; readonly at: string } | null {
  for (const text of readingsOf(word, analysed)) {
    const found = containerIn(word, text, analysed);
    if (found) return found;
  }
  return null;
}

function containerIn(word: Word, text: string, analysed: AnalysedProject): ReturnType<typeof inService> {
  const match = /^(.+?):(\/.*)$/s.exec(text);
  if (!match) return null;
  const { source, start } = word.span;
  const colon = source.text.slice(start, word.span.end).lastIndexOf(':');
  const name: Word = { ...word, text: match[1]!, span: { source, start, end: start + Math.max(colon, 0) } };
  const service = serviceNamed(name, analysed);
  return service ? { service, at: match[2]! } : null;
}

/** As {@link hitsOf}, for a path in the container of a service. */
export const hitsIn = (service: AnalysedService, at: string, analysed: AnalysedProject): Hit[] =>
  databasesOf(service, analysed).flatMap((one) => {
    const root = `in ${service.service.name}`;
    const spot = { root, inside: path.posix.resolve('/', at) };
    return hitOf(
      service,
      one,
      placesOf(one, service, analysed).map((place) => coverage(spot, place, one)),
    );
  });
