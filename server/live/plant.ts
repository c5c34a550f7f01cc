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
  const ask = askOf({ ...site, signal });
  const refusal = await unable(container, async () => (await planting.refusal?.(ask)) ?? null);
  if (refusal !== null) return { refused: refusal };
  // What is planted may lie beside a file.
  const place = (await ask.stat(path))?.kind === 'file' ? posix.dirname(path) : path;
  const before = await snapshot(ask, place);
  await wait(CLOCK, undefined, { signal }).catch(() => undefined);
  if (signal?.aborted) return { refused: 'it was cancelled' };
  const mark = crypto.randomBytes(4).toString('hex');
  journal.enter({
    mark,
    engine: engine.identity.id,
    container: { id: container.id, name: container.name },
    store: plain(store),
    path,
  });
  const outcome = await plantAndFind(planting, ask, mark, before, place).catch((error: unknown) => error as Error);
  const left = await unable(container, async () => {
    await planting.remove(askOf(site), mark);
    return null;
  });
  if (left === null) journal.strike(mark);
  if (!(outcome instanceof Error)) return { ...outcome, ...(left === null ? {} : { left }) };
  if (outcome instanceof EngineFault && (isFatal(outcome) || signal?.aborted)) throw outcome;
  return { refused: container.redact(messageOf(outcome)).replace(/\.$/, '') };
}

async function plantAndFind(
  planting: Planting,
  ask: Ask,
  mark: string,
  before: Snapshot | null,
  path: string,
): Promise<Probed> {
  await planting.plant(ask, mark);
  const found = await planting.find(ask, mark);
  const after = before && (await snapshot(ask, path));
  return { found, grew: before && after ? grown(before, after) : null };
}

/** Removes what earlier runs have left. @returns what could not be removed yet, as sentences */
export async function removeLeft(engine: Engine, journal: Journal, signal?: AbortSignal): Promise<string[]> {
  const problems: string[] = [];
  for (const planted of journal.left(engine.identity.id)) {
    const problem = await removeOne(engine, planted, signal);
    if (problem === null) journal.strike(planted.mark);
    else problems.push(`A record of an earlier check is still in ${planted.container.name}: ${problem}`);
  }
  return problems;
}

async function removeOne(engine: Engine, planted: Planted, signal?: AbortSignal): Promise<string | null> {
  const { container: was, store, path, mark } = planted;
  const container = (await engine.inspect(was.id, signal)) ?? (await engine.inspect(was.name, signal));
  // Its data may be in a volume, and so may the record: the container may come back.
  if (!container) return 'the container is not there now';
  const planting = plantingOf(store);
  if (!planting) return 'there is no way any more to remove it';
  return unable(container, async () => {
    await planting.remove(askOf({ engine, container, store, path, signal }), mark);
    return null;
  });
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
