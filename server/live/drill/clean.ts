/** Takes a scratch copy away, whatever state it is in. Nothing without our label is touched. */
import type { ContainerSummary, Engine, ImageSummary, Volume } from '../engine.ts';
import type { WritableEngine } from '../engine-write.ts';
import { isFatal, messageOf } from '../fault.ts';
import { LABEL } from '../gate.ts';
import { idOf, type Labels, LEFT, startOf } from './owner.ts';
import { PREFIX } from './scratch.ts';

/** @returns what could not be removed, as sentences. @throws EngineFault when the engine is gone */
export async function clean(engine: WritableEngine, id: string): Promise<string[]> {
  const problems: string[] = [];
  const attempt = async (act: () => Promise<unknown>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      if (isFatal(error)) throw error;
      problems.push(messageOf(error));
    }
  };
  const ours = ({ labels }: { readonly labels: Labels }): boolean => labels[LABEL] === id;
  const [containers, before] = await Promise.all([engine.containers(), engine.volumes()]);
  const own = containers.filter(ours);
  const left = leftBy(own, before.filter(ours));
  await Promise.all(own.map((container) => attempt(() => engine.removeContainer(container.id, true))));
  const [volumes, networks, images] = await Promise.all([engine.volumes(), engine.networks(), ownImages(engine)]);
  const since = sinceOf(id, volumes.filter(ours), own);
  const there = new Set(volumes.map(({ name }) => name));
  await Promise.all([
    ...networks.filter(ours).map((network) => attempt(() => engine.removeNetwork(network.id))),
    ...images.filter(ours).flatMap((image) => namesOf(image).map((name) => attempt(() => engine.removeImage(name)))),
    ...left
      .filter((name) => there.has(name) && !volumes.some((volume) => volume.name === name && ours(volume)))
      .map((name) => attempt(() => engine.removeLeftVolume(name, since))),
  ]);
  // What tells of volumes that were left goes after them, and what everything hangs on last.
  const named = volumes.filter(ours).sort((a, b) => rank(a, id) - rank(b, id));
  for (const rankOf of [0, 1, 2])
    await Promise.all(
      named
        .filter((volume) => rank(volume, id) === rankOf)
        .map((volume) =>
          attempt(() => (problems.length > 0 && rankOf > 0 ? Promise.resolve() : engine.removeVolume(volume.name))),
        ),
    );
  return problems;
}

/** Some proxies that stand before an engine do not let images be listed: then none can have been built either. */
export const ownImages = (engine: Engine, signal?: AbortSignal): Promise<readonly ImageSummary[]> =>
  engine.labelledImages(LABEL, signal).catch((error: unknown) => {
    if (isFatal(error)) throw error;
    return [];
  });

/** A name that somebody has given it besides is theirs. */
const namesOf = ({ id, names }: ImageSummary): readonly string[] => {
  const own = names.filter((name) => name.split('/').at(-1)!.startsWith(PREFIX));
  return names.length === 0 ? [id] : own;
};

const rank = ({ name, labels }: Volume, id: string): number =>
  name === anchorName(id) ? 2 : labels[LEFT] === undefined ? 0 : 1;

/** Volumes without a name: those of the containers, and those that were noted before they lost theirs. */
function leftBy(containers: readonly ContainerSummary[], volumes: readonly Volume[]): string[] {
  const noted = volumes.flatMap(({ labels }) => (labels[LEFT] ?? '').split(','));
  const held = containers.flatMap((container) => container.volumes);
  return [...new Set([...noted, ...held])].filter((name) => /^[0-9a-f]{64}$/.test(name));
}

/** By the engine's own clock where it can be had. */
const sinceOf = (id: string, volumes: readonly Volume[], containers: readonly ContainerSummary[]): string =>
  volumes.find(({ name }) => name === anchorName(id))?.created ??
  startOf([...volumes, ...containers][0]?.labels ?? {}) ??
  new Date().toISOString();

/** The first thing of a copy to be made, and the last to be removed. */
export const anchorName = (id: string): string => `${PREFIX}${id}`;

export const isOurs = ({ labels }: { readonly labels: Labels }): boolean => idOf(labels) !== null;
