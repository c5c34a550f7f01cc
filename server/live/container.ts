/** One container: everything that is asked of the engine about it, and what follows from the answers. */
import type { AnalysedProject, AnalysedService } from '../stores/model.ts';
import type { Runtime } from '../survival/words.ts';
import { type Drift, driftOf } from './drift.ts';
import type { Container, ContainerSummary, Engine, Image, Volume, VolumeUsage } from './engine.ts';
import { EngineFault, isFatal, messageOf } from './fault.ts';
import type { Scanned } from './findings.ts';
import { type Layer, scanLayer } from './layer.ts';
import { type Look, look } from './look.ts';
import type { Machine } from './machine.ts';
import type { Match } from './matching.ts';
import type { LiveError } from './model.ts';
import { fatesOf, type Observed, observe } from './observe.ts';
import { type Judged, judged, unseen } from './results.ts';

export interface Around {
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
  const place = async (path: string | null): Promise<Place | null> => {
    if (path === null) return null;
    const found = await look(engine, id, path, signal);
    return { look: found, observed: observe(found.path, mounts, volumes, declared) };
  };
  const [image, layer, places] = await Promise.all([
    around.imageOf(container.imageId),
    scan,
    Promise.all(service.stores.map(({ store }) => place(store.path))),
  ]);
  const podman = engine.identity.name === 'Podman';
  const { local } = engine.identity;
  const realPath = local ? machine.realPath : (path: string) => path;
  const drifts = driftOf({ service: service.service, mounts, volumes, declared, image, podman, local, realPath });
  return { container, layer, drifts, places };
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
      ? [places[index]?.look.path ?? '/', ...files.filter((path) => result.reason.includes(path))]
      : [],
  );
  return { judgements, scanned: { service: service.service.name, container: container.name, layer, drifts, spoken } };
}

const unseenAll = (service: AnalysedService, container: ContainerSummary, reason: string): Judged[] =>
  service.stores.map((store) => unseen(service, store, container, reason));
