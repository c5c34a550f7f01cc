/** "Verify persistence", level `inspect`: compares what an engine has with what the files say. Nothing is run or changed. */
import type { AnalysedProject, AnalysedService } from '../stores/model.ts';
import type { Runtime } from '../survival/words.ts';
import { driftOf } from './drift.ts';
import type { Container, ContainerSummary, Engine, Image, Volume, VolumeUsage } from './engine.ts';
import { EngineFault, isFatal, messageOf } from './fault.ts';
import { ofDisk, ofDrifts, ofExternal, ofLayer, ofOtherNames, ofVerdicts, type Scanned } from './findings.ts';
import { scanLayer } from './layer.ts';
import { look } from './look.ts';
import type { Machine } from './machine.ts';
import { type Match, matchContainers } from './matching.ts';
import { type LiveError, type LiveFinding, type Progress, type Report, VERDICTS } from './model.ts';
import { fatesOf, observe } from './observe.ts';
import { orphanFindings } from './orphans.ts';
import { type Judged, judged, unseen } from './results.ts';

export interface VerifyOptions {
  readonly project: AnalysedProject;
  readonly runtime: Runtime;
  readonly machine: Machine;
  /** Only these; empty: all. */
  readonly services?: readonly string[] | undefined;
  /** Those that say of themselves that their data may go. */
  readonly ephemeral?: ReadonlySet<string> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Containers looked at at the same time. */
const AT_ONCE = 4;

/** Opts out of the live check. */
const OFF = 'persistence.lint/live';

interface Surroundings extends VerifyOptions {
  readonly engine: Engine;
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly usage: Promise<ReadonlyMap<string, VolumeUsage>>;
  readonly imageOf: (id: string) => Promise<Image | null>;
  readonly errors: LiveError[];
}

/** @throws EngineFault when the engine goes away or it is cancelled */
export async function verify(engine: Engine, options: VerifyOptions): Promise<Report> {
  const { project, signal, machine, runtime } = options;
  const errors: LiveError[] = [];
  const usage = engine.volumeUsage(signal).catch((error: unknown) => {
    if (isFatal(error)) throw error;
    errors.push({ code: 'no-sizes', message: messageOf(error) });
    return new Map<string, VolumeUsage>();
  });
  usage.catch(() => undefined);
  options.onProgress?.({ message: 'Listing containers and volumes', done: 0, total: 1 });
  const [containers, volumeList] = await Promise.all([engine.containers(signal), engine.volumes(signal)]);
  const volumes = new Map(volumeList.map((volume) => [volume.name, volume]));
  const matching = matchContainers({
    containers,
    project: project.project,
    runtime,
    isGone: (folder) => engine.identity.local && !machine.exists(folder),
    realPath: engine.identity.local ? machine.realPath : (path) => path,
  });
  const around: Surroundings = {
    ...options,
    engine,
    volumes,
    usage,
    errors,
    imageOf: remembered((id) => engine.image(id, signal)),
  };
  const { judgements, scanned } = await lookAtAll(wantedOf(options), matching.matches, around);
  const results = judgements.map(({ result }) => result);
  const sizes = await usage;
  const otherProjects = new Set(matching.elsewhere.map(({ project: name }) => name));
  const orphans = { engine, machine, project, containers, volumes, usage: sizes, results, otherProjects };
  const disk = engine.identity.local ? machine.disk(engine.identity.rootDirectory) : null;
  const findings = [
    ...ofVerdicts(judgements),
    ...scanned.flatMap(ofLayer),
    ...scanned.flatMap(ofDrifts),
    ...ofExternal(project.project, volumes),
    ...ofOtherNames(matching, project.project, volumes, sizes),
    ...orphanFindings(orphans),
    ...ofDisk(disk, results),
  ];
  return {
    level: 'inspect',
    engine: engine.identity,
    disk,
    project: project.project.name,
    files: project.project.files.map(({ path }) => path),
    results,
    findings: sorted(findings, options),
    errors,
  };
}

/** Replicas, and many services, share an image. */
function remembered<T>(find: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (id) => {
    const found = known.get(id) ?? find(id);
    known.set(id, found);
    return found;
  };
}

const wantedOf = ({ project, services = [], ephemeral }: VerifyOptions): AnalysedService[] =>
  project.services.filter(
    ({ service }) =>
      (services.length === 0 || services.includes(service.name)) &&
      !ephemeral?.has(service.name) &&
      service.labels.get(OFF) !== 'off',
  );

async function lookAtAll(services: readonly AnalysedService[], matches: readonly Match[], around: Surroundings) {
  const tasks = services.flatMap((service) => {
    const own = matches.filter((match) => match.service === service.service.name);
    return own.map((match) => ({ service, match }));
  });
  const looked: (readonly [service: string, Looked])[] = [];
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      const { service, match } = task;
      around.onProgress?.({ message: `Inspecting ${match.container.name}`, done, total: done + tasks.length + 1 });
      looked.push([service.service.name, await lookAtOne(service, match, around)]);
      done++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const judgements = services.flatMap((service): Judged[] => {
    const own = looked.filter(([name]) => name === service.service.name).flatMap(([, { judgements }]) => judgements);
    if (own.length > 0 || matches.some((match) => match.service === service.service.name)) return own;
    const reason = 'No container of this service is on the engine: start it, then verify again';
    return service.stores.map((store) => unseen(service, store, null, reason));
  });
  return { judgements, scanned: looked.flatMap(([, { scanned }]) => (scanned ? [scanned] : [])) };
}

interface Looked {
  readonly judgements: readonly Judged[];
  readonly scanned: Scanned | null;
}

async function lookAtOne(service: AnalysedService, match: Match, around: Surroundings): Promise<Looked> {
  const { engine, signal, errors } = around;
  const { container: summary } = match;
  try {
    const container = await engine.inspect(summary.id, signal);
    if (container) return await lookInto(container, service, match, around);
    return { judgements: unseenAll(service, summary, 'The container was removed meanwhile'), scanned: null };
  } catch (error) {
    if (!(error instanceof EngineFault) || isFatal(error)) throw error;
    errors.push({ code: error.code, message: `${summary.name}: ${error.message}`, service: match.service });
    return { judgements: unseenAll(service, summary, `It could not be looked at: ${error.message}`), scanned: null };
  }
}

const unseenAll = (service: AnalysedService, container: ContainerSummary, reason: string): Judged[] =>
  service.stores.map((store) => unseen(service, store, container, reason.replace(/\.$/, '')));

async function lookInto(
  container: Container,
  service: AnalysedService,
  match: Match,
  around: Surroundings,
): Promise<Looked> {
  const { engine, volumes, machine, signal, runtime, errors, project } = around;
  const { id, name, mounts } = container;
  const declared = project.project.volumes;
  const layer = scanLayer(engine, id, mounts, signal).catch((error: unknown) => {
    if (isFatal(error)) throw error;
    errors.push({ code: 'no-changes', message: `${name}: ${messageOf(error)}`, service: match.service });
    return null;
  });
  const looks = Promise.all(
    service.stores.map(({ store }) => (store.path === null ? null : look(engine, id, store.path, signal))),
  );
  const [image, scan, seen, usage] = await Promise.all([around.imageOf(container.imageId), layer, looks, around.usage]);
  const podman = engine.identity.name === 'Podman';
  const { local } = engine.identity;
  const realPath = local ? machine.realPath : (path: string) => path;
  const drifts = driftOf({ service: service.service, mounts, volumes, declared, image, podman, local, realPath });
  const judgements = service.stores.map((store, index) => {
    const found = seen[index];
    if (!found)
      return unseen(
        service,
        store,
        container,
        `Its path is not known${store.store.unknown ? `: ${store.store.unknown}` : ''}`,
      );
    const observed = observe(found.path, mounts, volumes, declared);
    const fate = fatesOf(observed.backing, runtime);
    const size = usage.get(observed.mount?.name ?? '') ?? null;
    return judged(service, store, {
      observed,
      fate,
      look: found,
      layer: scan,
      drifts,
      container,
      by: match.by,
      usage: size,
    });
  });
  const layerFiles = (scan?.files ?? []).map(({ path }) => path);
  const spoken = judgements.flatMap(({ result, judgement }, index) =>
    judgement.rule === 'data-on-writable-layer'
      ? [seen[index]?.path ?? '/', ...layerFiles.filter((path) => result.reason.includes(path))]
      : [],
  );
  return { judgements, scanned: { service: service.service.name, container: name, layer: scan, drifts, spoken } };
}

/** Replicas say the same: once is enough. Worst first within a service, services in the order of the files. */
function sorted(findings: readonly LiveFinding[], { project, services = [] }: VerifyOptions): LiveFinding[] {
  const order = project.services.map(({ service }) => service.name);
  const seen = new Set<string>();
  const unique = findings.filter(({ rule, service, message }) => {
    if (service !== undefined && services.length > 0 && !services.includes(service)) return false;
    const key = `${rule}\0${service}\0${message}`;
    return !seen.has(key) && seen.add(key);
  });
  const severities = ['error', 'warning', 'info'];
  const place = ({ service }: LiveFinding): number => (service === undefined ? order.length : order.indexOf(service));
  return unique.sort((a, b) => place(a) - place(b) || severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

/** Whether the report should fail a pipeline: something is not kept, or nothing at all could be verified. */
export function fails({ results, findings }: Report): boolean {
  const bad = VERDICTS.slice(0, VERDICTS.indexOf('UNKNOWN'));
  if (results.some(({ verdict }) => bad.includes(verdict))) return true;
  if (findings.some(({ severity }) => severity !== 'info')) return true;
  return results.length > 0 && results.every(({ verdict }) => verdict === 'UNKNOWN');
}
