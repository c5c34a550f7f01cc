/** Waits for a service of the copy, as far as it can be told that it is ready. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Container } from '../engine.ts';
import type { WritableEngine } from '../engine-write.ts';
import { EngineFault, isFatal } from '../fault.ts';
import type { ScratchService } from './scratch-model.ts';

export type Ready =
  | { readonly container: Container }
  /** A sentence without a full stop. */
  | { readonly reason: string };

export interface Waiting {
  readonly engine: WritableEngine;
  /** ms */
  readonly patience: number;
  readonly signal: AbortSignal | undefined;
}

const POLL = 60;
/** A program that cannot run at all ends sooner than this. */
const SETTLED = 400;
/** As its own policy would start it again; a server that waits for another needs it. */
const MOST_STARTS = 4;
const LINES = 30;

/** `first`: nothing is known yet of whether it runs at all. @throws EngineFault */
export async function ready(
  service: ScratchService,
  id: string | undefined,
  { engine, patience, signal }: Waiting,
  first: boolean,
): Promise<Ready> {
  if (id === undefined) return { reason: 'No container was made for it' };
  const end = Date.now() + patience;
  let starts = 0;
  let settled = !first;
  for (;;) {
    const state = await engine.state(id, signal);
    if (!state) return { reason: 'Its container is gone' };
    const waits = state.health === 'starting' || state.health === 'unhealthy';
    if (state.running && !waits) {
      if (settled || state.health === 'healthy') return found(engine, id, signal);
      settled = true;
      await wait(SETTLED, undefined, { signal }).catch(() => undefined);
      continue;
    }
    if (!state.running) {
      // A job that has done its work: what it wrote is there all the same.
      if (state.state === 'exited' && state.exitCode === 0) return found(engine, id, signal);
      if (!service.restarts || ++starts > MOST_STARTS || Date.now() > end)
        return { reason: `It ended with ${state.exitCode}${await lastWords(engine, id, signal)}` };
      await wait(200 * 2 ** starts, undefined, { signal }).catch(() => undefined);
      await engine.start(id, { signal }).catch((error: unknown) => {
        if (isFatal(error)) throw error;
      });
    }
    if (Date.now() > end) {
      const why = waits ? `its health check says ${state.health}` : `it is ${state.state}`;
      return {
        reason: `It did not become ready within ${patience / 1000} s: ${why}${await lastWords(engine, id, signal)}`,
      };
    }
    await wait(POLL, undefined, { signal }).catch(() => undefined);
    if (signal?.aborted) throw new EngineFault('cancelled', 'Cancelled while it waited for a service.');
  }
}

async function found(engine: WritableEngine, id: string, signal: AbortSignal | undefined): Promise<Ready> {
  const container = await engine.inspect(id, signal);
  return container ? { container } : { reason: 'Its container is gone' };
}

/** The last line of its log, without its secrets. */
async function lastWords(engine: WritableEngine, id: string, signal: AbortSignal | undefined): Promise<string> {
  try {
    const [text, container] = await Promise.all([engine.logs(id, LINES, signal), engine.inspect(id, signal)]);
    const line = container?.redact(text).trim().split('\n').at(-1)?.trim() ?? '';
    return line === '' ? '' : `. Its log ends with: ${line.slice(0, 300)}`;
  } catch (error) {
    if (isFatal(error)) throw error;
    return '';
  }
}
