/** Where a path of a command leads: to a file or a folder in which a service keeps its database. */
import * as path from 'node:path';
import { composeAt, engineAt, imageAt } from '../../scripts/calls.ts';
import { type Command, type Script, UNKNOWN, type Within, type Word } from '../../scripts/model.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { TECHNOLOGIES } from '../../stores/source/technologies.ts';
import { isWithin } from '../../survival/backing.ts';
import { isRedisLike } from '../guards.ts';
import { placeAt, placeOf } from '../kept.ts';
import { serviceNamed, startsOf, valuesOf } from './about.ts';

/** A database of the project, and the part of it that a path names. */
export interface Hit {
  readonly analysed: AnalysedService;
  readonly one: AnalysedStore;
  /** `file`: the path is the database's own file. `all`: a folder that holds it all. `part`: something inside. */
  readonly covers: 'file' | 'all' | 'part';
}

/** A place: on the host, in a volume, or in the container of a service. */
interface Spot {
  readonly root: string;
  readonly inside: string;
  /** Of places on the host: the folder of the project. */
  readonly top?: string;
}

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
  const joined = folder ? path.posix.join(folder.text, word.text) : word.text;
  const text = fromHere(
    folder && !word.text.startsWith('/') ? folder : word,
    word.text.startsWith('/') ? word.text : joined,
  );
  const spots = spotsOf(text, command, script, analysed);
  return analysed.services.flatMap((service) =>
    service.stores
      .filter((one) => isDatabase(one, service))
      .flatMap((one) => {
        const places = placesOf(one, service, analysed);
        const covers = spots
          .flatMap((spot) => places.map((place) => coverage(spot, place, one)))
          .find((found) => found !== null);
        return covers ? [{ analysed: service, one, covers }] : [];
      }),
  );
}

/** Of a store: in its container, and where that lies outside. */
function placesOf(one: AnalysedStore, service: AnalysedService, { project }: AnalysedProject): Spot[] {
  const own = { root: `in ${service.service.name}`, inside: one.store.path! };
  const outside = placeOf(one, service, project);
  return outside ? [own, { root: outside.root, inside: outside.inside }] : [own];
}

function coverage(spot: Spot, place: Spot, { store }: AnalysedStore): Hit['covers'] | null {
  if (spot.root !== place.root) return null;
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
function fromHere({ span }: Word, text: string): string {
  return HERE.test(span.source.text.slice(span.start, span.end))
    ? text.replace(new RegExp(`^${UNKNOWN}/`), './')
    : text;
}

function spotsOf(text: string, command: Command, script: Script, analysed: AnalysedProject): Spot[] {
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
  const { root, inside } = place;
  return [root === 'host' ? { root, inside, top: project.directory } : { root, inside }];
}

const onHost = (text: string, folder: string | null, script: Script, { project }: AnalysedProject): Spot[] =>
  startsOf(script, project.directory).map((start) => ({
    root: 'host',
    inside: path.posix.resolve(start, folder ?? '', text),
    top: project.directory,
  }));

/** In a container that `docker run` starts: what `-v` puts there. */
function inContainer(text: string, { by }: Within, script: Script, analysed: AnalysedProject): Spot[] {
  if (!by) return [];
  const at = path.posix.resolve('/', text);
  return mountsOf(by)
    .filter(({ target }) => isWithin(at, target))
    .sort((a, b) => b.target.length - a.target.length)
    .slice(0, 1)
    .flatMap(({ source: written, target, word }) => {
      const source = fromHere(word, written);
      const below = path.posix.relative(target, at);
      if (!/^[./]/.test(source)) return [{ root: source, inside: path.posix.join('/', below) }];
      return onHost(source, by.folder, script, analysed).map((spot) => ({
        ...spot,
        inside: path.posix.join(spot.inside, below),
      }));
    });
}

export interface RunMount {
  /** Empty for a volume without a name. */
  readonly source: string;
  readonly target: string;
  readonly type: 'volume' | 'bind' | 'tmpfs';
  readonly word: Word;
}

/** What `docker run` mounts, by `-v`, `--mount` and `--tmpfs`. */
export function mountsOf({ words }: Command): RunMount[] {
  const at = Math.max(composeAt(words), engineAt(words));
  const options = words.slice(at, imageAt(words, at));
  const short = valuesOf(options, ['-v', '--volume']).flatMap((word): RunMount[] => {
    const parts = word.text.split(':');
    const [source, target] = parts.length === 1 ? ['', parts[0]!] : [parts[0]!, parts[1]!];
    if (!target.startsWith('/')) return [];
    return [{ source, target: clean(target), type: /^[./~\uE001]/.test(source) ? 'bind' : 'volume', word }];
  });
  const long = valuesOf(options, ['--mount']).flatMap((word): RunMount[] => {
    const get = (...names: string[]): string | undefined =>
      word.text
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

const clean = (target: string): string => path.posix.resolve('/', target);

/** `db:/var/lib/x` of `docker cp` and `docker compose cp`; null for a path of the host. */
export function inService(
  word: Word,
  analysed: AnalysedProject,
): { readonly service: AnalysedService; readonly at: string } | null {
  const match = /^(.+?):(\/.*)$/s.exec(word.text);
  if (!match) return null;
  const { source, start } = word.span;
  const colon = source.text.slice(start, word.span.end).lastIndexOf(':');
  const name: Word = { ...word, text: match[1]!, span: { source, start, end: start + Math.max(colon, 0) } };
  const service = serviceNamed(name, analysed);
  return service ? { service, at: match[2]! } : null;
}

/** As {@link hitsOf}, for a path in the container of a service. */
export const hitsIn = (service: AnalysedService, at: string, analysed: AnalysedProject): Hit[] =>
  service.stores
    .filter((one) => isDatabase(one, service))
    .flatMap((one) => {
      const root = `in ${service.service.name}`;
      const spot = { root, inside: path.posix.resolve('/', at) };
      const covers = placesOf(one, service, analysed)
        .map((place) => coverage(spot, place, one))
        .find((found) => found !== null);
      return covers ? [{ analysed: service, one, covers }] : [];
    });
