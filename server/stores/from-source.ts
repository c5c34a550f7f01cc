/** The stores that application code opens, resolved for one service. */
import { type Files, UnreadableFile } from '../files.ts';
import type { Evidence, Store } from '../survival/words.ts';
import type { Source } from '../syntax/source.ts';
import { sqliteStore } from './from-environment.ts';
import type { EffectiveEnvironment } from './from-image.ts';
import { openedByScripts } from './from-scripts.ts';
import { environmentValue, Here, namesIn, type Resolved } from './here.ts';
import { isOf } from './mounted.ts';
import type { Placed, Placement } from './placement.ts';
import { type MayBeStarted, openedHere } from './processes.ts';
import { isOpenedByScript, unsureUnlessReached } from './reached.ts';
import type { PathExpression, SourceStore } from './source/model.ts';
import type { Building } from './source/plain/built.ts';
import { isPlain } from './source/plain/files.ts';
import type { Reach } from './source/reach/reach.ts';
import { mayStart } from './source/reach/starters.ts';
import { titleOf } from './source/technologies.ts';
import { isLasting, namesObjectStore } from './source/uploads.ts';

const CODE = /\.(py|js|mjs|cjs|jsx|ts|mts|cts|tsx)$/;

/** Folders that package managers fill. */
const OTHERS = /\/(?:vendor|node_modules|target|gems)\//;

/**
 * Source files that stand in the container, or that its programs are compiled from, read.
 *
 * @param others languages of which the mounted files are some other program's
 */
export function codeIn(
  { running, mounted, built, scripts }: Pick<Placed, 'running' | 'mounted' | 'built' | 'scripts'>,
  others: readonly string[],
  files: Files,
): Source[] {
  const seen = new Set<string>();
  const sources: Source[] = [];
  const hosts = [...running.values(), ...scripts, ...[...built.values()].filter(isCompiled)];
  for (const host of hosts) {
    const isCode = (CODE.test(host) && !host.endsWith('.d.ts')) || (isPlain(host) && !OTHERS.test(host));
    if (!isCode || seen.has(host) || (mounted.has(host) && isOf(host, others))) continue;
    seen.add(host);
    try {
      sources.push(files.read(host));
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
    }
  }
  starters.set(sources, readable([...running.values()].filter(mayStart), files));
  return sources;
}

/** By the code that stands beside them: scripts, and settings, that may start it. */
const starters = new WeakMap<readonly Source[], readonly Source[]>();

function readable(hosts: readonly string[], files: Files): Source[] {
  return [...new Set(hosts)].flatMap((host) => {
    try {
      return files.read(host);
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      return [];
    }
  });
}

/** Written in a language whose programs run without their sources. */
const isCompiled = (file: string): boolean => /\.(?:go|rs|java)$|(?:^|\/)(?:go\.mod|Cargo\.toml)$/.test(file);

export interface CodePlace {
  readonly placement: Placement;
  /** How the programs are built. */
  readonly building: Pick<Building, 'commands' | 'copied'>;
  /** Compiled in another stage: what they open they open in this container. */
  readonly scripts: ReadonlySet<string>;
  /** The words that run. */
  readonly argv: readonly string[];
  /** Which files these start; else any may be. */
  readonly mayBeStarted?: MayBeStarted;
  readonly workdir: string | null;
  readonly environment: EffectiveEnvironment;
  /** Environment files that could not be read: an unset variable may be set there. */
  readonly environmentGaps: readonly string[];
  /** What the examples of those files set. */
  readonly environmentExamples: EffectiveEnvironment;
  /** The application's folder: what is called tests or docs below it is no part of what runs. */
  readonly root?: string;
}

interface ByReader {
  readonly scripts: readonly Source[];
  readonly others: readonly Source[];
}

/** The same sources are asked after at every edit, and for each service that is built from them. */
const divided = new WeakMap<readonly Source[], ByReader>();

function byReader(sources: readonly Source[]): ByReader {
  let known = divided.get(sources);
  if (!known) {
    known = {
      scripts: sources.filter(({ path }) => CODE.test(path)),
      others: sources.filter(({ path }) => !CODE.test(path)),
    };
    divided.set(sources, known);
  }
  return known;
}

const lazily = <T>(load: () => Promise<T>): (() => Promise<T>) => {
  let loaded: Promise<T> | undefined;
  return () => (loaded ??= load());
};

/** What reads code is loaded with the first code there is: most projects bring none. */
const readers = {
  ofScripts: lazily(() => import('./source/scan.ts')),
  ofOthers: lazily(() => import('./source/plain/scan.ts')),
  ofImports: lazily(() => import('./source/reach/reach.ts')),
};

export async function storesFromSource(sources: readonly Source[], place: CodePlace): Promise<Store[]> {
  return [...(await storesOfCode(sources, place)), ...storesOfScripts(starters.get(sources) ?? [], place)];
}

function storesOfScripts(scripts: readonly Source[], place: CodePlace): readonly Store[] {
  const filling = scripts.some(({ text }) => /\bsqlite3\b/.test(text));
  return filling ? placedStores(openedByScripts({ ...place, sources: scripts }), place) : [];
}

async function storesOfCode(sources: readonly Source[], place: CodePlace): Promise<Store[]> {
  if (sources.length === 0) return [];
  const root = place.root === undefined ? {} : { root: place.root };
  const { scripts, others } = byReader(sources);
  const building = { ...place.building, argv: place.argv };
  const found = [
    ...(scripts.length > 0 ? [(await (await readers.ofScripts()).scanSources(scripts, root)).stores] : []),
    ...(others.length > 0 ? [(await (await readers.ofOthers()).scanPlain(others, { ...root, building })).stores] : []),
  ];
  const stores = found.flatMap((some) => placedStores(openedHere(runningIn(some, place), place.mayBeStarted), place));
  return stores.some(isOpenedByScript) ? await reachedFirst(stores, sources, place) : stores;
}

/** What is opened in files that nothing imports which is started is told as unsure. */
async function reachedFirst(stores: readonly Store[], sources: readonly Source[], place: CodePlace): Promise<Store[]> {
  const { placement, workdir } = place;
  const reach = await reachIn(sources, place);
  return reach ? unsureUnlessReached(stores, reach, { at: containerPaths(placement), workdir }) : [...stores];
}

/** What is reached in containers that are alike. */
interface Reached {
  readonly placement: Placement;
  readonly words: string;
  readonly workdir: string | null;
  readonly asked: readonly (readonly [name: string, value: string | null | undefined])[];
  readonly is: Reach | null;
}

/** By the code: it is asked after at every edit, and for each service that is built of it. */
const reached = new WeakMap<readonly Source[], readonly Reached[]>();

/** Code that more kinds of containers than these share is followed anew for each. */
const MAX_REACHED = 32;

async function reachIn(sources: readonly Source[], place: CodePlace): Promise<Reach | null> {
  const { placement, argv, workdir } = place;
  const words = argv.join('\0');
  const same = reached
    .get(sources)
    ?.find(
      (one) =>
        one.placement === placement &&
        one.words === words &&
        one.workdir === workdir &&
        one.asked.every(([name, value]) => environmentValue(name, place) === value),
    );
  if (same) return same.is;
  const asked = new Map<string, string | null | undefined>();
  const environment = (name: string) => {
    const value = environmentValue(name, place);
    asked.set(name, value);
    return value;
  };
  const { reachedBy } = await readers.ofImports();
  const all = [...sources, ...(starters.get(sources) ?? [])];
  const is = await reachedBy({ placement, sources: all, argv, workdir, environment });
  const found = { placement, words, workdir, asked: [...asked], is };
  reached.set(sources, [found, ...(reached.get(sources) ?? [])].slice(0, MAX_REACHED));
  return is;
}

const running = new WeakMap<Placement, WeakMap<readonly SourceStore[], readonly SourceStore[]>>();

/** Those whose code stands in the container, or is compiled into what does: the very same list for the same files. */
function runningIn(stores: readonly SourceStore[], { placement, scripts }: CodePlace): readonly SourceStore[] {
  if (stores.length === 0) return stores;
  const known = running.get(placement) ?? new WeakMap();
  running.set(placement, known);
  let found = known.get(stores);
  if (!found) {
    const at = containerPaths(placement);
    found = stores.filter(({ file }) => at.has(file) || scripts.has(file) || isCompiled(file));
    known.set(stores, found);
  }
  return found;
}

const inverted = new WeakMap<Placement, ReadonlyMap<string, string>>();

/** By the path on the host, once for services that are built and mounted alike. */
function containerPaths(placement: Placement): ReadonlyMap<string, string> {
  let known = inverted.get(placement);
  if (!known) {
    known = new Map([...placement].map(([container, host]) => [host, container]));
    inverted.set(placement, known);
  }
  return known;
}

/** Stores as they are in containers that are alike, but for the variables of each. */
interface Told {
  readonly stores: readonly Store[];
  /** By store: the variables that its path is made of; and those of all. */
  readonly variables: ReadonlyMap<Store, readonly string[]>;
  readonly names: ReadonlySet<string>;
  readonly haveUploads: boolean;
  /** Uploads that no object store takes. */
  readonly followed: ReadonlySet<Store>;
}

const resolved: Resolved<Told> = new WeakMap();

/** What was found in code or settings, as it is in this container; what is only read is no store. */
export function placedStores(found: readonly SourceStore[], place: CodePlace): readonly Store[] {
  if (found.length === 0) return [];
  const here = new Here(place, containerPaths(place.placement));
  const { stores, variables, names, haveUploads, followed } = here.once(resolved, found, () => toldBy(found, here));
  const kept = haveUploads ? stores.filter((store) => isKept(store, place, followed.has(store))) : stores;
  const set = new Map([...names].flatMap((name) => entryIn(place, name)));
  if (set.size === 0) return kept;
  return kept.map((store) => {
    const because = variables.get(store)?.flatMap((name) => set.get(name) ?? []) ?? [];
    return because.length > 0 ? { ...store, evidence: [...store.evidence, ...because] } : store;
  });
}

function entryIn({ environment, environmentExamples }: CodePlace, name: string): [string, Evidence][] {
  const entry = environmentExamples.get(name) ?? environment.get(name);
  return entry ? [[name, entry.evidence]] : [];
}

function toldBy(found: readonly SourceStore[], here: Here): Told {
  const stores: Store[] = [];
  const variables = new Map<Store, readonly string[]>();
  const followed = new Set<Store>();
  for (const one of found) {
    const store = one.readOnly ? undefined : storeAt(one, here);
    if (!store) continue;
    stores.push(store);
    if (one.followed) followed.add(store);
    const names = namesIn(one.path);
    if (names.length > 0) variables.set(store, names);
  }
  const names = new Set([...variables.values()].flat());
  return { stores, variables, names, haveUploads: stores.some(isUploads), followed };
}

const isUploads = ({ technology }: Store): boolean => technology === 'uploads';

const isKept = (store: Store, { environment }: CodePlace, followed: boolean): boolean =>
  !isUploads(store) || (isLasting(store.path) && (followed || !namesObjectStore(environment)));

/** What the code itself says of a store. */
function evidenceIn(found: SourceStore): [Evidence, ...Evidence[]] {
  const because: Evidence = {
    from: 'source',
    note: `${found.constructor_} opens it`,
    ...found.told,
    span: found.span,
    confidence: found.told?.confidence ?? (found.told?.from === 'environment' ? 'primary' : 'secondary'),
  };
  const handed = found.via.map(
    (span): Evidence => ({ from: 'source', note: 'its path comes from here', span, confidence: 'secondary' }),
  );
  return [because, ...handed];
}

function storeAt(found: SourceStore, here: Here): Store | undefined {
  const resolved = here.resolve(found);
  if ('elsewhere' in resolved || (found.inMemory && !('path' in resolved && !resolved.hidden))) return undefined;
  if ('path' in resolved && resolved.readOnly) return undefined;
  const evidence = evidenceIn(found);
  if ('unknown' in resolved) return embedded(found, null, evidence, resolved.unknown);
  if ('ambiguous' in resolved) {
    const { sqlalchemy, sqlx } = resolved.ambiguous;
    return embedded(found, null, evidence, `it is ${sqlalchemy} to SQLAlchemy and ${sqlx} to SQLx`);
  }
  // What is passed over in a folder for temporary files is meant to be forgotten.
  if (found.inMemory) {
    const store = embedded(found, null, evidence, 'it is kept in memory');
    return store.kind === 'cache' ? undefined : { ...store, inMemory: { instead: resolved.path } };
  }
  const { is } = resolved;
  const told: SourceStore = is
    ? { ...found, technology: is.technology, form: is.isFile ? 'file' : 'directory' }
    : found;
  const store = embedded(told, resolved.path, evidence);
  return resolved.hidden ? usual(store, resolved.hidden, here.gap) : store;
}

/** Where it is while nobody sets these variables, or as an example sets them: a file that is not here may do otherwise. */
function usual(store: Store, hidden: readonly string[], gap: string): Store {
  const names = hidden.join(' and ');
  const because: Evidence = {
    from: 'environment',
    note: `${names} may be set elsewhere: ${gap}`,
    confidence: 'memory',
  };
  return {
    ...store,
    confidence: 'memory',
    evidence: [...store.evidence, because],
    unless: `${names} ${hidden.length > 1 ? 'say' : 'says'} otherwise`,
  };
}

/** Below the system's directory for temporary files: nobody means that to last. */
function usesTemp(expression: PathExpression): boolean {
  switch (expression.kind) {
    case 'temp':
      return true;
    case 'dirname':
      return usesTemp(expression.of);
    case 'join':
    case 'concat':
      return expression.parts.some(usesTemp);
    case 'either':
      return expression.options.some(usesTemp);
    default:
      return false;
  }
}

function embedded(found: SourceStore, at: string | null, evidence: [Evidence, ...Evidence[]], unknown?: string): Store {
  const base = sqliteStore(at ?? '/', evidence[0]);
  return {
    ...base,
    technology: found.technology,
    title: titleOf(found.technology),
    path: at,
    ...(at === null ? { unknown: unknown ?? 'the path could not be told' } : {}),
    isFile: found.form !== 'directory',
    kind: usesTemp(found.path) ? 'cache' : base.kind,
    evidence,
  };
}
