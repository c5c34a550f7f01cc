/** Level `probe`: a marked record is planted in a running server, read back, seen on disk, and removed whatever happens. */
import * as crypto from 'node:crypto';
import { posix } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Store } from '../survival/words.ts';
import { askOf } from './ask.ts';
import type { Container, Engine } from './engine.ts';
import { EngineFault, isFatal, messageOf } from './fault.ts';
import { grown, type Snapshot, snapshot } from './growth.ts';
import type { Journal, Planted } from './journal.ts';
import { coveringPoint } from './observe.ts';
import { plantingOf } from './probes/index.ts';
import { type Ask, type Planting, Unable } from './probes/probe.ts';

export type Probed =
  | {
      readonly found: boolean;
      /** Files below the place that changed; null when that could not be seen. */
      readonly grew: readonly string[] | null;
      /** Set when the record is still there: why. It is removed at the next run. */
      readonly left?: string;
    }
  /** Nothing was planted: why. */
  | { readonly refused: string };

export interface Site {
  readonly engine: Engine;
  readonly container: Container;
  readonly store: Store;
  /** Where the server writes. */
  readonly path: string;
}

/** Told apart to the second. */
const CLOCK = 1000;

/** Cancelling stops the planting, never the removal. @throws EngineFault when the engine goes away */
export async function probe(site: Site, journal: Journal, signal: AbortSignal | undefined): Promise<Probed> {
  const { container, store, engine, path } = site;
  const planting = plantingOf(store);
  if (!planting) return { refused: 'there is no way to plant a record in it' };
  if (planting.leaves !== undefined)
    return { refused: `a record could not be removed without trace: ${planting.leaves}` };
  if (!container.running) return { refused: 'the container does not run' };
  const ask = askOf({ ...site, signal });
  const mark = crypto.randomBytes(4).toString('hex');
  let place = path;
  const refusal = await unable(container, async () => {
    const reason = await planting.refusal?.(ask);
    if (reason) return reason;
    // Who cannot be asked for it could not be made to remove it either.
    if (await planting.find(ask, mark)) return 'it answers with records that were never written';
    // What is planted may lie beside a file.
    if ((await ask.stat(path))?.kind === 'file') place = posix.dirname(path);
    return null;
  });
  if (refusal !== null) return { refused: refusal };
  const before = await snapshot(ask, place);
  await wait(CLOCK, undefined, { signal }).catch(() => undefined);
  if (signal?.aborted) return { refused: 'it was cancelled' };
  try {
    journal.enter({
      mark,
      engine: engine.identity.id,
      container: { id: container.id, name: container.name },
      store: plain(store),
      path,
      holder: holderOf(path, container),
    });
  } catch (error) {
    return { refused: `it could not be noted what would be planted (${messageOf(error)})` };
  }
  try {
    const outcome = await plantAndFind(planting, site, mark, before, place, signal).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
    const left = await unable(container, () => removeAtLast(planting, site, mark));
    if (left === null) journal.strike(mark);
    if (!(outcome instanceof Error)) return { ...outcome, ...(left === null ? {} : { left }) };
    if (outcome instanceof EngineFault && (isFatal(outcome) || signal?.aborted)) throw outcome;
    return { refused: container.redact(messageOf(outcome)).replace(/\.$/, '') };
  } finally {
    journal.giveUp(mark);
  }
}

function holderOf(path: string, { mounts }: Container): Planted['holder'] {
  const mount = coveringPoint(path, mounts);
  return mount ? { type: mount.type, ...(mount.name === undefined ? {} : { name: mount.name }) } : null;
}

async function plantAndFind(
  planting: Planting,
  site: Site,
  mark: string,
  before: Snapshot | null,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Probed> {
  await planting.plant(unhurried(site, signal), mark);
  const ask = askOf({ ...site, signal });
  const found = await planting.find(ask, mark);
  const after = before && (await snapshot(ask, path));
  return { found, grew: before && after ? grown(before, after) : null };
}

/** Cancelled between two steps, never within one: cut off, a client goes on in the container, and plants after the removal. */
function unhurried(site: Site, signal: AbortSignal | undefined): Ask {
  const step = async <T>(act: () => Promise<T>): Promise<T> => {
    if (signal?.aborted) throw new EngineFault('cancelled', 'Cancelled while a record was being planted.');
    return act();
  };
  const engine: Engine = { ...site.engine, exec: (...all) => step(() => site.engine.exec(...all)) };
  const ask = askOf({ ...site, engine });
  return { ...ask, http: (request) => step(() => ask.http(request)) };
}

const TRIES = 3;
/** ms */
const PAUSE = 1000;

/** A server may be at work on something else, and a connection closed by who did not wait. @throws as the last try */
async function removeAtLast(planting: Planting, site: Site, mark: string): Promise<null> {
  for (let tries = 1; ; tries++) {
    try {
      await planting.remove(askOf(site), mark);
      return null;
    } catch (error) {
      if (tries === TRIES) throw error;
      await wait(PAUSE);
    }
  }
}

/** Removes what earlier runs have left. @returns what could not be removed yet, as sentences */
export async function removeLeft(engine: Engine, journal: Journal, signal?: AbortSignal): Promise<string[]> {
  const remove = async (planted: Planted): Promise<string | null> => {
    const problem = await removeOne(engine, planted, signal);
    if (problem === null) journal.strike(planted.mark);
    return problem;
  };
  const all = journal.left(engine.identity.id);
  const first = await Promise.all(all.map(remove));
  const problems: string[] = [];
  for (const [i, planted] of all.entries()) {
    let problem = first[i] ?? null;
    // Several in one server may have been in each other's way.
    if (problem !== null && all.filter(({ container }) => container.id === planted.container.id).length > 1)
      problem = await remove(planted);
    if (problem !== null)
      problems.push(`A record of an earlier check is still in ${planted.container.name}: ${problem}`);
  }
  return problems;
}

/** ms; a client of a run that was killed goes on in the container, for so long at most unless the server hangs. */
const OUTLIVES = 5000;

async function removeOne(engine: Engine, planted: Planted, signal?: AbortSignal): Promise<string | null> {
  const { container: was, store, path, mark, at } = planted;
  const age = Date.now() - Date.parse(at);
  if (age >= 0 && age < OUTLIVES) await wait(OUTLIVES - age, undefined, { signal }).catch(() => undefined);
  const container = (await engine.inspect(was.id, signal)) ?? (await engine.inspect(was.name, signal));
  // Its data may be in a volume, and so may the record: the container may come back.
  if (!container) return (await isGone(engine, planted, signal)) ? null : 'the container is not there now';
  const planting = plantingOf(store);
  if (!planting) return 'there is no way any more to remove it';
  return unable(container, async () => {
    await planting.remove(askOf({ engine, container, store, path, signal }), mark);
    return null;
  });
}

/** With the container, or with its volume. */
async function isGone(engine: Engine, { holder }: Planted, signal?: AbortSignal): Promise<boolean> {
  if (!holder || holder.type === 'tmpfs') return true;
  if (holder.type !== 'volume') return false;
  return !(await engine.volumes(signal)).some(({ name }) => name === holder.name);
}

/** The reason when it could not be done. */
async function unable(container: Container, act: () => Promise<string | null>): Promise<string | null> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Unable || (error instanceof EngineFault && !isFatal(error)))
      return container.redact(error.message).replace(/\.$/, '');
    throw error;
  }
}

/** Without the places of its evidence, which hold whole texts. */
const plain = (store: Store): Store => ({
  ...store,
  evidence: [{ from: 'mount', note: 'noted by an earlier check', confidence: store.confidence }],
});
