/** One container: everything that is asked of the engine about it, and what follows from the answers. */
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../stores/model.ts';
import type { Runtime } from '../survival/words.ts';
import { type Drift, driftOf } from './drift.ts';
import type { Container, ContainerSummary, Engine, Image, Volume, VolumeUsage } from './engine.ts';
import { EngineFault, isFatal, messageOf } from './fault.ts';
import type { Scanned } from './findings.ts';
import { type Heard, hear, toldIn } from './hear.ts';
import type { Journal } from './journal.ts';
import { type Layer, scanLayer } from './layer.ts';
import { type Look, look } from './look.ts';
import type { Machine } from './machine.ts';
import type { Match } from './matching.ts';
import { type Memory, memoryKey, type Remembered } from './memory.ts';
import type { Level, LiveError } from './model.ts';
import { fatesOf, type Observed, observe } from './observe.ts';
import { type Probed, probe } from './plant.ts';
import { type Judged, judged, unseen } from './results.ts';

export interface Around {
  readonly level: Level;
  readonly memory: Memory;
  readonly journal: Journal;
  readonly engine: Engine;
  readonly machine: Machine;
  readonly project: AnalysedProject;
  readonly runtime: Runtime;
  /** By name. */
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly imageOf: (id: string) => Promise<Image | null>;
  /** What could not be looked at is added here. */
  readonly errors: LiveError[];
  readonly signal: AbortSignal | undefined;
}

export interface Facts {
  readonly service: AnalysedService;
  readonly match: Match;
  /** Absent when it could not be looked at: `reason` says why. */
  readonly seen?: SeenContainer;
  readonly reason?: string;
}

export interface SeenContainer {
  readonly container: Container;
  /** What the container wrote to its own layer; null when the engine would not tell. */
  readonly layer: Layer | null;
  readonly drifts: readonly Drift[];
  /** For each store of the service, in its order; null where the path is not known. */
  readonly places: readonly (Place | null)[];
}

export interface Place {
  readonly look: Look;
  readonly observed: Observed;
  /** Null: there was nobody to ask. */
  readonly heard: Heard | null;
  /** What was there before; null when nothing is known of that. */
  readonly before: Remembered | null;
  /** Null: nothing was to be planted. */
  readonly probed: Probed | null;
}

export async function gather(service: AnalysedService, match: Match, around: Around): Promise<Facts> {
  const { engine, errors, signal } = around;
  const { id, name } = match.container;
  try {
    const container = await engine.inspect(id, signal);
    if (!container) return { service, match, reason: 'The container was removed meanwhile' };
    return { service, match, seen: await lookInto(container, service, around) };
  } catch (error) {
    if (!(error instanceof EngineFault) || isFatal(error)) throw error;
    errors.push({ code: error.code, message: `${name}: ${error.message}`, service: match.service });
    return { service, match, reason: `It could not be looked at: ${error.message.replace(/\.$/, '')}` };
  }
}

async function lookInto(container: Container, service: AnalysedService, around: Around): Promise<SeenContainer> {
  const { engine, volumes, machine, signal, errors, project } = around;
  const { id, name, mounts } = container;
  const declared = project.project.volumes;
  const scan = scanLayer(engine, id, mounts, signal).catch((error: unknown) => {
    if (isFatal(error)) throw error;
    errors.push({ code: 'no-changes', message: `${name}: ${messageOf(error)}`, service: service.service.name });
    return null;
  });
  const place = async (one: AnalysedStore): Promise<Place | null> => {
    const { path } = one.store;
    const expected = path === null ? null : await look(engine, id, path, signal);
    const asked = around.level !== 'inspect' && isAsked(one, service.stores);
    const heard = asked ? await hear(engine, container, one, expected?.path ?? null, signal) : null;
    const real = toldIn(heard)?.writesTo[0];
    const found = real === undefined || real === expected?.path ? expected : await look(engine, id, real, signal);
    if (!found) return null;
    const before = compared(container, one, heard, around);
    const observed = observe(found.path, mounts, volumes, declared);
    const site = { engine, container, store: one.store, path: found.path };
    const planted = asked && around.level === 'probe';
    const probed = planted ? await probe(site, around.journal, signal) : null;
    return { look: found, observed, heard, probed, before };
  };
  const [image, layer, places] = await Promise.all([
    around.imageOf(container.imageId),
    scan,
    Promise.all(service.stores.map(place)),
  ]);
  const podman = engine.identity.name === 'Podman';
  const { local } = engine.identity;
  const realPath = local ? machine.realPath : (path: string) => path;
  const drifts = driftOf({ service: service.service, mounts, volumes, declared, image, podman, local, realPath });
  return { container, layer, drifts, places };
}

/** A server tells of its data alone, not of its configuration beside it, and once. */
const isAsked = (one: AnalysedStore, all: readonly AnalysedStore[]): boolean =>
  one.store.role === 'embedded' ||
  all.find(({ store }) => store.technology === one.store.technology && holdsData(store)) === one;

const holdsData = ({ kind, role }: AnalysedStore['store']): boolean =>
  role === 'server' && (kind === 'essential' || kind === 'rebuildable' || kind === 'cache');

/** Notes what is there now. @returns what was there before */
function compared(
  { name }: Container,
  { store }: AnalysedStore,
  heard: Heard | null,
  { engine, project, memory }: Around,
): Remembered | null {
  const told = toldIn(heard);
  if (!told) return null;
  const place = store.role === 'embedded' ? ` ${store.path ?? ''}` : '';
  const key = memoryKey({
    engine: engine.identity.id,
    project: project.project.name,
    container: name,
    technology: store.technology + place,
  });
  const before = memory.recall(key);
  const { fingerprint, count } = told;
  // That there was something is worth knowing for as long as there is nothing.
  if (fingerprint !== null || (count ?? 0) > 0)
    memory.remember(key, { fingerprint, count, seen: new Date().toISOString() });
  return before ?? null;
}

export interface Concluded {
  readonly judgements: readonly Judged[];
  readonly scanned: Scanned | null;
}

export function conclude(
  { service, match, seen, reason = '' }: Facts,
  { runtime }: Pick<Around, 'runtime'>,
  usage: ReadonlyMap<string, VolumeUsage>,
): Concluded {
  if (!seen) return { judgements: unseenAll(service, match.container, reason), scanned: null };
  const { container, layer, drifts, places } = seen;
  const judgements = service.stores.map((store, index) => {
    const place = places[index];
    const { unknown } = store.store;
    if (!place) return unseen(service, store, container, `Its path is not known${unknown ? `: ${unknown}` : ''}`);
    const fate = fatesOf(place.observed.backing, runtime);
    const size = usage.get(place.observed.mount?.name ?? '') ?? null;
    return judged(service, store, { ...place, fate, layer, drifts, container, by: match.by, usage: size });
  });
  const files = (layer?.files ?? []).map(({ path }) => path);
  const spoken = judgements.flatMap(({ result, judgement }, index) =>
    judgement.rule === 'data-on-writable-layer'
      ? [
          places[index]?.look.path ?? '/',
          ...(result.told?.writesTo ?? []),
          ...files.filter((path) => result.reason.includes(path)),
        ]
      : [],
  );
  return { judgements, scanned: { service: service.service.name, container: container.name, layer, drifts, spoken } };
}

const unseenAll = (service: AnalysedService, container: ContainerSummary, reason: string): Judged[] =>
  service.stores.map((store) => unseen(service, store, container, reason));
