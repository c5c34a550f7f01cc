/**
 * The engine's API alone, doing what Compose does: `up` makes what is missing; a recreated container takes over the
 * volumes without a name; `down` leaves those behind, and `down --volumes` removes them with the named ones.
 */
import { Readable } from 'node:stream';
import { diskFiles } from '../../files.ts';
import type { ContainerState, WritableEngine } from '../engine-write.ts';
import { EngineFault, isFatal } from '../fault.ts';
import { writeTar } from '../tar-write.ts';
import { contextOf, DOCKERFILE } from './build-context.ts';
import type { Driver } from './driver.ts';
import { untilEnded } from './ended.ts';
import type { DrillEvent } from './model.ts';
import { containerName, containerOf, type Inherited } from './scratch-api.ts';
import { type Scratch, type ScratchService, withImages } from './scratch-model.ts';

const POLL = 50;

export function apiDriver(
  engine: WritableEngine,
  scratch: Scratch,
  patience: number,
  signal: AbortSignal | undefined,
): Driver {
  const { labels, services, volumes, network } = scratch;
  const nameOf = (service: ScratchService): string => containerName(scratch, service.name);
  const none: Inherited = new Map();
  /** An engine makes volumes that it misses by itself, and those would not bear our label. */
  let furnished = false;

  /** All at once, but each after those it depends on. One that cannot be started does not keep the others from it. */
  async function eachInOrder(act: (service: ScratchService) => Promise<void>): Promise<void> {
    const done = new Map<string, Promise<void>>();
    for (const service of services) {
      const before = service.dependsOn.flatMap((one) => {
        const other = done.get(one.service);
        return other ? [{ ...one, other }] : [];
      });
      const own = async (): Promise<void> => {
        for (const { other, service: name, condition } of before) {
          await other;
          await fulfilled(name, condition);
        }
        await act(service);
      };
      done.set(service.name, own());
    }
    await settled([...done.values()]);
  }

  /** As long as it takes, within patience; a condition that is never met is seen later, at the service that waits. */
  async function fulfilled(service: string, condition: string): Promise<void> {
    if (condition === 'service_started') return;
    const isMet = (state: ContainerState | null): boolean =>
      condition === 'service_healthy'
        ? state?.health === 'healthy' || state?.running === false
        : state?.state === 'exited' || state?.state === 'dead';
    for (const end = Date.now() + patience; Date.now() < end; ) {
      if (isMet(await engine.state(containerName(scratch, service), signal))) return;
      await new Promise((done) => setTimeout(done, POLL));
    }
  }

  const make = async (service: ScratchService, inherited: Inherited): Promise<void> => {
    if (!furnished) throw new EngineFault('failed', 'The volumes of the copy could not be made.');
    await engine.createContainer(containerOf(scratch, service, inherited), signal);
    await engine.start(nameOf(service), { signal });
  };

  async function up(): Promise<void> {
    furnished = false;
    await settled([
      ...(network === null || (await hasNetwork(network))
        ? []
        : [engine.createNetwork({ name: network, labels }, signal)]),
      // Making one that is there already changes nothing.
      ...volumes.map(({ name, driverOpts }) => engine.createVolume({ name, labels, driverOpts }, signal)),
    ]);
    furnished = true;
    await eachInOrder((service) => make(service, none));
  }

  const hasNetwork = async (name: string): Promise<boolean> =>
    (await engine.networks(signal)).some((one) => one.name === name);

  /** What it had without a name, by place. */
  async function inheritedOf(service: ScratchService): Promise<Inherited> {
    const own = service.mounts.flatMap((mount) =>
      mount.type === 'volume' && mount.source === undefined ? [mount.target] : [],
    );
    const targets = new Set([...own, ...service.declared]);
    const mounts = (await engine.inspect(nameOf(service), signal))?.mounts ?? [];
    return new Map(
      mounts.flatMap(({ type, name, target }): [string, string][] =>
        type === 'volume' && targets.has(target) && /^[0-9a-f]{64}$/.test(name ?? '') ? [[target, name!]] : [],
      ),
    );
  }

  async function remove(withVolumes: boolean): Promise<void> {
    const backwards = [...services].reverse();
    await settled(backwards.map((service) => engine.stop(nameOf(service), { grace: service.stopGrace, signal })));
    await settled(backwards.map((service) => engine.removeContainer(nameOf(service), withVolumes, signal)));
    if (network !== null) await removeNetwork(network);
    if (!withVolumes) return;
    await settled(volumes.filter(({ external }) => !external).map(({ name }) => engine.removeVolume(name, signal)));
  }

  async function removeNetwork(name: string): Promise<void> {
    const found = (await engine.networks(signal)).find((one) => one.name === name);
    if (found) await engine.removeNetwork(found.id, signal);
  }

  /** As Compose puts a new container in the place of another. */
  async function replaceOne(service: ScratchService): Promise<void> {
    const inherited = await inheritedOf(service);
    await engine.stop(nameOf(service), { grace: service.stopGrace, signal });
    await engine.removeContainer(nameOf(service), false, signal);
    await make(service, inherited);
  }

  const ways: Readonly<Record<Exclude<DrillEvent, 'rebuild'>, () => Promise<void>>> = {
    restart: () => eachInOrder((service) => engine.restart(nameOf(service), { grace: service.stopGrace, signal })),
    crash: async () => {
      await settled(services.map((service) => killed(service)));
      await eachInOrder((service) => engine.start(nameOf(service), { signal }));
    },
    recreate: () => eachInOrder(replaceOne),
    down: async () => {
      await remove(false);
      await up();
    },
    'down-volumes': async () => {
      await remove(true);
      await up();
    },
  };

  async function killed(service: ScratchService): Promise<void> {
    const name = nameOf(service);
    // One that has ended by itself cannot be killed.
    if ((await engine.state(name, signal))?.running !== true) return;
    await engine.kill(name, { signal });
    await untilEnded(engine, name, patience, signal);
  }

  return {
    by: 'api',
    how: {
      restart: 'restart',
      crash: 'kill, start',
      recreate: 'remove, create with the same volumes',
      down: 'remove, create',
      'down-volumes': 'remove with volumes, create',
      rebuild: 'build, remove, create with the same volumes',
    },
    up,
    carryOut: (event) => ways[event](),
    async build(plan) {
      const { tag, labels: own, target, network: reached, args } = plan;
      const entries = contextOf(plan, diskFiles());
      const image = { tag, labels: own, dockerfile: DOCKERFILE, target, network: reached, args };
      await engine.build(image, Readable.from(writeTar(entries)), signal);
    },
    async replace(images) {
      const rebuilt = new Map(withImages(scratch, images).services.map((service) => [service.name, service]));
      await eachInOrder((service) =>
        images.has(service.name) ? replaceOne(rebuilt.get(service.name)!) : Promise.resolve(),
      );
    },
  };
}

/** All are waited for, so that nothing goes on behind our back. @throws the fault after which nothing else makes sense, or the first */
async function settled(all: readonly Promise<unknown>[]): Promise<void> {
  const faults = (await Promise.allSettled(all)).flatMap((one) =>
    one.status === 'rejected' ? [one.reason as unknown] : [],
  );
  const worst = faults.find(isFatal) ?? faults[0];
  if (worst !== undefined) throw worst instanceof Error ? worst : new EngineFault('failed', String(worst));
}
