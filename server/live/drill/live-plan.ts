/** Whether the user's own service may be made anew. Whatever could cost data, or start something else than ran, is refused. */
import type { AnalysedService } from '../../stores/model.ts';
import { driftOf } from '../drift.ts';
import type { Container, Volume, VolumeUsage } from '../engine.ts';
import type { WritableEngine } from '../engine-write.ts';
import { EngineFault, isFatal, messageOf } from '../fault.ts';
import { driftWords } from '../judge.ts';
import { scanLayer } from '../layer.ts';
import { look } from '../look.ts';
import { matchContainers } from '../matching.ts';
import { backingWords, coveringPoint, observe } from '../observe.ts';
import type { LiveOptions, LivePlan, PlannedStore } from './live-model.ts';
import { imageName } from './scratch.ts';

export interface Planned {
  readonly plan: LivePlan;
  readonly container: Container | null;
  readonly analysed: AnalysedService;
}

/** Asks only. @throws EngineFault */
export async function planLive(engine: WritableEngine, options: LiveOptions): Promise<Planned> {
  const { project, service, signal, compose, composeArgs } = options;
  const analysed = project.services.find((one) => one.service.name === service);
  if (!analysed) throw new EngineFault('not-allowed', `The project ${project.project.name} has no service ${service}.`);
  const refusals: string[] = [];
  if (!compose) refusals.push('Compose is not installed, and only it can make a service anew as it was made');
  const containers = await containersOf(engine, options);
  if (containers.length === 0) refusals.push('No container of it runs');
  if (containers.length > 1) refusals.push(`It has ${containers.length} containers, which would all be made anew`);
  const [container = null] = containers;
  const volumes = await engine.volumes(signal);
  const usage = await engine.volumeUsage(signal).catch((error: unknown): ReadonlyMap<string, VolumeUsage> => {
    if (isFatal(error)) throw error;
    return new Map();
  });
  const stores = container ? await storesOf(engine, analysed, container, volumes, usage, options) : [];
  const lost = stores.filter(({ backing }) => backing !== null && LOST.has(backing.type));
  for (const { title, path, backing } of lost)
    refusals.push(`${title} data (${path}) is in ${backingWords(backing!)}: making the container anew could lose it`);
  for (const { title, path, backing } of stores)
    if (path === null || backing === null || backing.type === 'unknown')
      refusals.push(`What holds the ${title} data is not known`);
  if (container) refusals.push(...(await changesOf(engine, analysed, container, volumes, options)));
  const plan: LivePlan = {
    service,
    container: container?.name ?? null,
    stores,
    refusals,
    verdict:
      lost.length > 0
        ? lost.every(({ backing }) => backing?.type === 'anonymous-volume')
          ? 'AT RISK'
          : 'NOT PERSISTED'
        : null,
    backupCommands: stores.flatMap(({ path }) =>
      path !== null && container ? [`docker cp -a ${container.name}:${path} ./backup-${service}`] : [],
    ),
    command: [compose?.name ?? 'docker compose', ...composeArgs, ...recreate(service)].join(' '),
  };
  return { plan, container, analysed };
}

/** Never `down`: that would leave volumes without a name behind. */
export const recreate = (service: string): string[] => [
  ...['up', '-d', '--force-recreate', '--no-deps', '--no-build', '--pull', 'never'],
  service,
];

const LOST: ReadonlySet<string> = new Set(['writable-layer', 'image', 'tmpfs', 'anonymous-volume']);

async function containersOf(engine: WritableEngine, options: LiveOptions): Promise<Container[]> {
  const { project, runtime, machine, service, signal } = options;
  const { matches } = matchContainers({
    containers: await engine.containers(signal),
    project: project.project,
    runtime,
    isGone: (folder) => engine.identity.local && !machine.exists(folder),
    realPath: engine.identity.local ? machine.realPath : (path) => path,
  });
  const own = matches.filter((match) => match.service === service);
  const found = await Promise.all(own.map(({ container }) => engine.inspect(container.id, signal)));
  return found.filter((one) => one !== null).filter(({ running }) => running);
}

async function storesOf(
  engine: WritableEngine,
  { stores }: AnalysedService,
  container: Container,
  volumes: readonly Volume[],
  usage: ReadonlyMap<string, VolumeUsage>,
  { project, signal }: LiveOptions,
): Promise<PlannedStore[]> {
  const byName = new Map(volumes.map((volume) => [volume.name, volume]));
  const planned = stores.map(async ({ store }): Promise<PlannedStore | null> => {
    const base = { technology: store.technology, title: store.title };
    if (store.kind === 'cache') return null;
    if (store.path === null) return { ...base, path: null, backing: null, size: null };
    const { path, stat, empty } = await look(engine, container.id, store.path, signal);
    // Nothing is there that could be lost.
    if (store.need === 'optional' && (!stat || empty === true)) return null;
    const { span: _, ...backing } = observe(path, container.mounts, byName, project.project.volumes).backing;
    const mount = coveringPoint(path, container.mounts);
    const size = stat?.kind === 'file' ? stat.size : (usage.get(mount?.name ?? '')?.size ?? null);
    return { ...base, path, backing, size };
  });
  return (await Promise.all(planned)).filter((one) => one !== null);
}

/** Where the new container would not be like the one that runs. */
async function changesOf(
  engine: WritableEngine,
  { service }: AnalysedService,
  container: Container,
  volumes: readonly Volume[],
  { project, machine, signal }: LiveOptions,
): Promise<string[]> {
  const { local } = engine.identity;
  const [now, own, layer] = await Promise.all([
    engine.image(imageName(service, project.project.name), signal),
    engine.image(container.imageId, signal),
    scanLayer(engine, container.id, container.mounts, signal).catch((error: unknown) => {
      if (isFatal(error)) throw error;
      return messageOf(error);
    }),
  ]);
  const drifts = driftOf({
    service,
    mounts: container.mounts,
    volumes: new Map(volumes.map((volume) => [volume.name, volume])),
    declared: project.project.volumes,
    image: own,
    podman: engine.identity.name === 'Podman',
    local,
    realPath: local ? machine.realPath : (path) => path,
  });
  const files = typeof layer === 'string' ? [] : layer.files;
  return [
    ...(container.autoRemove ? ['Its container is removed when it stops'] : []),
    ...(now?.id === own?.id ? [] : ['Its image is another one by now: a new version might change the data for good']),
    ...drifts.map(driftWords),
    ...(typeof layer === 'string' ? [`What it wrote to its writable layer could not be seen: ${layer}`] : []),
    ...(files.length > 0
      ? [`In its writable layer are ${files[0]!.signature.title} files, which would be lost: ${files[0]!.path}`]
      : []),
  ];
}
