/** The rounds of a drill: plant in every store, carry out an event, look what became of it. */
import * as crypto from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import type { Backing, Store } from '../../survival/words.ts';
import { askOf } from '../ask.ts';
import type { Container, MountPoint } from '../engine.ts';
import type { WritableEngine } from '../engine-write.ts';
import { EngineFault, isFatal } from '../fault.ts';
import { LABEL } from '../gate.ts';
import { look } from '../look.ts';
import { coveringPoint } from '../observe.ts';
import { MARKER } from '../probes/file.ts';
import { plantingOf } from '../probes/index.ts';
import { type Ask, type Planting, Unable } from '../probes/probe.ts';
import type { Driver } from './driver.ts';
import { findFile, holds, markerFile, plantFile, type Spot } from './marker.ts';
import type { DrillEvent, DrillStore, ObservedFate } from './model.ts';
import { LEFT } from './owner.ts';
import { type Ready, ready } from './ready.ts';
import type { Rebuilt } from './rebuild.ts';
import { SERVICE_LABEL } from './scratch-compose.ts';
import type { Scratch, ScratchService } from './scratch-model.ts';
import { conclude } from './verdict.ts';

interface Around {
  readonly engine: WritableEngine;
  readonly scratch: Scratch;
  readonly driver: Driver;
  readonly patience: number;
  readonly signal: AbortSignal | undefined;
}

/** What is in a store right now. */
interface Planted {
  readonly mark: string;
  readonly by: 'record' | 'file';
  /** Beside a record, too: it shows what became of the place. Null where there could be none. */
  readonly file: string | null;
  /** Of the store, then. */
  readonly mount: MountPoint | undefined;
}

/** One store of one service, over all rounds. */
interface Course {
  readonly service: ScratchService;
  readonly store: AnalysedStore;
  readonly events: ObservedFate[];
  planted: Planted | { readonly reason: string } | null;
  by: 'record' | 'file' | null;
  /** No record can be planted in it: why. */
  fallback: string | null;
  backing: Backing | null;
  place: Pick<Spot, 'path' | 'isFile'> | null;
}

const POLL = 150;
/** Servers may answer before they have read everything. */
const SECOND_LOOK = 250;

export class Rounds {
  readonly #around: Around;
  readonly #courses: readonly Course[];
  #containers = new Map<string, Ready>();
  #noted = 0;

  constructor(around: Around) {
    this.#around = around;
    this.#courses = around.scratch.services.flatMap((service) =>
      service.analysed.stores.map((store) => ({
        service,
        store,
        events: [],
        planted: null,
        by: null,
        fallback: null,
        backing: null,
        place: null,
      })),
    );
  }

  begin(): Promise<void> {
    return this.#wait(true);
  }

  /** All at once; one that does not become ready does not keep the others from it. */
  async #wait(first: boolean): Promise<void> {
    const { scratch } = this.#around;
    const ids = await this.#ids();
    const found = scratch.services.map(
      async (service) => [service.name, await ready(service, ids.get(service.name), this.#around, first)] as const,
    );
    this.#containers = new Map(await all(found));
  }

  async #ids(): Promise<Map<string, string>> {
    const { engine, scratch, signal } = this.#around;
    const own = (await engine.containers(signal)).filter(({ labels }) => labels[LABEL] === scratch.id);
    return new Map(own.map(({ id, labels }) => [labels[SERVICE_LABEL] ?? '', id]));
  }

  async plant(): Promise<void> {
    await all(this.#courses.map((course) => this.#plantOne(course)));
  }

  async #plantOne(course: Course): Promise<void> {
    const { scratch, signal, patience } = this.#around;
    const { store } = course.store;
    const found = this.#containers.get(course.service.name);
    course.planted = null;
    if (!found || 'reason' in found) {
      course.planted = { reason: found?.reason ?? 'It does not run' };
      return;
    }
    if (store.path === null) {
      course.planted = { reason: `Its path is not known${store.unknown ? `: ${store.unknown}` : ''}` };
      return;
    }
    const { container } = found;
    const spot = await this.#spot(course, container, store.path);
    course.backing = holderOf(spot.path, container.mounts, scratch);
    const mark = crypto.randomBytes(4).toString('hex');
    const planted = { mark, mount: coveringPoint(spot.path, container.mounts) };
    try {
      const planting = course.fallback === null ? recordIn(store) : undefined;
      const record = planting !== undefined && (await this.#record(course, planting, spot.ask, mark));
      const file = await plantFile(spot, mark, signal).then(
        () => markerFile(spot, mark),
        (error: unknown) => {
          if (!record || !(error instanceof Unable)) throw error;
          return null;
        },
      );
      course.by = record ? 'record' : 'file';
      course.planted = { ...planted, by: course.by, file };
    } catch (error) {
      course.planted = { reason: `Nothing could be planted in it: ${unableText(error, container, patience)}` };
    }
  }

  /** @returns false when a file has to do */
  async #record(course: Course, planting: Planting, ask: Ask, mark: string): Promise<boolean> {
    const { patience, signal } = this.#around;
    try {
      const refusal = (await planting.refusal?.(ask)) ?? null;
      if (refusal !== null) throw new Unable(refusal);
      await untilAble(() => planting.plant(ask, mark), patience, signal);
      return true;
    } catch (error) {
      if (!(error instanceof Unable) && (!(error instanceof EngineFault) || isFatal(error))) throw error;
      course.fallback = ask.container.redact(error.message);
      return false;
    }
  }

  /** Links are those of the image and of the mounts, so they lead to the same place in every container of the service. */
  async #spot(course: Course, container: Container, at: string): Promise<Spot> {
    const { engine, signal } = this.#around;
    const { store } = course.store;
    if (!course.place) {
      const { path, stat } = await look(engine, container.id, at, signal);
      course.place = { path, isFile: store.isFile || stat?.kind === 'file' };
    }
    const ask = askOf({ engine, container, store, path: course.place.path, signal });
    return { engine, container, ask, ...course.place };
  }

  /** Before containers are removed: which volumes they may leave behind bears no label of ours, so it is written down. */
  async note(event: DrillEvent): Promise<void> {
    if (event === 'restart' || event === 'crash') return;
    const { engine, scratch, signal } = this.#around;
    const ids = [...(await this.#ids()).values()];
    const containers = await all(ids.map((id) => engine.inspect(id, signal)));
    const names = containers.flatMap((container) => container?.mounts.flatMap(({ name }) => name ?? []) ?? []);
    const anonymous = [...new Set(names)].filter((name) => /^[0-9a-f]{64}$/.test(name));
    if (anonymous.length === 0) return;
    const labels = { ...scratch.labels, [LEFT]: anonymous.join(',') };
    await engine.createVolume({ name: `${scratch.name}-left-${++this.#noted}`, labels }, signal);
  }

  /** `failed`: why the event could not be carried out in full. `rebuilt`: of a rebuild, which concerns what is built alone. */
  async compare(event: DrillEvent, failed: string | null, rebuilt: Rebuilt | null): Promise<void> {
    await this.#wait(false);
    const { how } = this.#around.driver;
    const concerned = this.#courses.filter(({ service }) => rebuilt === null || service.analysed.service.build);
    await all(
      concerned.map(async (course) => {
        const refused = rebuilt?.refused.get(course.service.name);
        const seen =
          refused === undefined ? await this.#fate(course, failed) : ({ fate: 'unknown', reason: refused } as const);
        course.events.push({ event, how: how[event], ...seen });
      }),
    );
  }

  async #fate(course: Course, failed: string | null): Promise<Pick<ObservedFate, 'fate' | 'place' | 'reason'>> {
    const { planted, store } = course;
    if (!planted || 'reason' in planted)
      return { fate: 'unknown', reason: planted?.reason ?? 'Nothing was planted in it' };
    const found = this.#containers.get(course.service.name);
    if (!found || 'reason' in found)
      return { fate: 'unknown', reason: failed ?? found?.reason ?? 'It does not run any more' };
    const { container } = found;
    try {
      const spot = await this.#spot(course, container, store.store.path!);
      if (await this.#isThere(course, planted, spot)) return { fate: 'kept' };
      if (planted.by === 'record') {
        await wait(SECOND_LOOK);
        if (await this.#isThere(course, planted, spot)) return { fate: 'kept' };
        if (planted.file !== null && (await findFile(spot, planted.mark, this.#around.signal)))
          return { fate: 'lost', place: 'kept', reason: 'The server had not written it to disk' };
      }
      return { fate: await this.#gone(course, planted, spot) };
    } catch (error) {
      const why = unableText(error, container, this.#around.patience);
      return { fate: 'unknown', reason: `Whether it is still there could not be told: ${why}` };
    }
  }

  #isThere({ store }: Course, { by, mark }: Planted, spot: Spot): Promise<boolean> {
    const { patience, signal } = this.#around;
    const planting = by === 'record' ? recordIn(store.store) : undefined;
    if (!planting) return findFile(spot, mark, signal);
    return untilAble(() => planting.find(spot.ask, mark), patience, signal);
  }

  /** Left behind, or nowhere. */
  async #gone(course: Course, { mount, file, mark }: Planted, spot: Spot): Promise<'orphaned' | 'lost'> {
    const { engine, signal } = this.#around;
    if (!mount || mount.type === 'tmpfs') return 'lost';
    const now = coveringPoint(spot.path, spot.container.mounts);
    const same = mount.type === 'volume' ? now?.name === mount.name : now?.source === mount.source;
    if (same) return 'lost';
    if (mount.type !== 'volume' || mount.name === undefined) return 'orphaned';
    const there = (await engine.volumes(signal)).some(({ name }) => name === mount.name);
    if (!there) return 'lost';
    if (file === null) return 'orphaned';
    const inside = `${LOOKED_AT}${file.slice(mount.target === '/' ? 0 : mount.target.length)}`;
    return (await this.#holdsIt(course.service, mount.name, inside, mark)) ? 'orphaned' : 'lost';
  }

  /** A container that is never started shows what a volume holds. */
  async #holdsIt({ image }: ScratchService, volume: string, file: string, mark: string): Promise<boolean> {
    const { engine, scratch, signal } = this.#around;
    const mounts = [
      { Type: 'volume', Source: volume, Target: LOOKED_AT, ReadOnly: true, VolumeOptions: { NoCopy: true } },
    ];
    const id = await engine.createContainer(
      {
        name: `${scratch.name}-look-${crypto.randomBytes(3).toString('hex')}`,
        settings: {
          Image: image,
          Cmd: ['-'],
          Labels: scratch.labels,
          HostConfig: { NetworkMode: 'none', Mounts: mounts },
        },
      },
      signal,
    );
    try {
      return await holds(engine, id, file, mark, signal);
    } finally {
      await engine.removeContainer(id, true);
    }
  }

  /** `leftOut`: why the service is not part of the copy. */
  results(analysed: AnalysedService, leftOut: string | undefined): DrillStore[] {
    const notes = this.#around.scratch.notes.get(analysed.service.name) ?? [];
    return analysed.stores.map((one): DrillStore => {
      const course = this.#courses.find(({ store }) => store === one);
      const { store, backing, fate } = one;
      const { span: _, ...plain } = backing;
      const events = course?.events ?? [];
      const reason = leftOut ?? 'It was not part of the copy';
      const concluded = course
        ? conclude(one, events, course.backing)
        : ({ agrees: null, verdict: 'UNKNOWN', reason } as const);
      return {
        service: analysed.service.name,
        technology: store.technology,
        title: store.title,
        path: store.path,
        kind: store.kind,
        optional: store.need === 'optional',
        predicted: { backing: plain, fate },
        planted: course?.by ?? null,
        events,
        ...concluded,
        evidence: course ? [...(course.fallback === null ? [] : [fallbackText(course.fallback)]), ...notes] : [],
      };
    });
  }
}

/** A marker file is ours to make: in copies it can do more. */
function recordIn(store: Store): Planting | undefined {
  const planting = plantingOf(store);
  return planting === MARKER ? undefined : planting;
}

const LOOKED_AT = '/persist-probe';

const fallbackText = (why: string): string => `A file was planted in place of a record: ${why}`;

/** In the copy. */
function holderOf(at: string, mounts: readonly MountPoint[], { volumes }: Scratch): Backing {
  const mount = coveringPoint(at, mounts);
  if (!mount) return { type: isWithin(at, '/dev/shm') ? 'tmpfs' : 'writable-layer' };
  if (mount.type === 'bind') return { type: 'bind-mount' };
  if (mount.type === 'tmpfs') return { type: 'tmpfs' };
  if (mount.type !== 'volume') return { type: 'unknown' };
  const volume = volumes.find(({ name }) => name === mount.name);
  if (!volume) return { type: 'anonymous-volume' };
  if (volume.driverOpts.type === 'tmpfs') return { type: 'tmpfs' };
  return { type: volume.external ? 'external-volume' : 'named-volume' };
}

/** Not now, but perhaps in a moment: the server is starting. */
async function untilAble<T>(act: () => Promise<T>, patience: number, signal: AbortSignal | undefined): Promise<T> {
  for (const end = Date.now() + patience; ; ) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Unable) || NEVER.test(error.message) || Date.now() > end) throw error;
    }
    await wait(POLL, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted) throw new EngineFault('cancelled', 'Cancelled while it waited for a server.');
  }
}

const NEVER = /^there is no |does not run$/;

/** @throws what is no answer of a server */
function unableText(error: unknown, container: Container, patience: number): string {
  if (error instanceof Unable || (error instanceof EngineFault && !isFatal(error)))
    return container.redact(error.message).replace(/\.$/, '');
  if (error instanceof EngineFault) throw error;
  throw error instanceof Error ? error : new Error(`${String(error)} within ${patience} ms`);
}

/** All are waited for before the first fault is thrown: nothing goes on behind our back. */
async function all<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  const failed = settled.filter((one) => one.status === 'rejected').map((one) => one.reason as unknown);
  const worst = failed.find(isFatal) ?? failed[0];
  if (worst !== undefined) throw worst;
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}
