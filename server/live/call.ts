/** One call to an engine: limited in time, cancellable, its faults in our words. */
import { inspect } from 'node:util';
import { addressText, type Endpoint } from './address.ts';
import type { OpenOptions } from './connect.ts';
import { type Circumstance, faultOf } from './fault.ts';

export const TIMEOUT = 10_000;

/**
 * The library writes out every request in full for its debug log, even when that is off: with an agent and its sockets
 * that takes longer than the request.
 */
export function opaque<T extends object>(thing: T): T {
  return Object.defineProperty(thing, inspect.custom, { value: () => '...' });
}

export interface CallOptions {
  readonly abortSignal: AbortSignal;
}

export interface Caller {
  <T>(doing: string, run: (options: CallOptions) => Promise<T>, signal?: AbortSignal, timeout?: number): Promise<T>;
  /** From now on silence means that the engine went away. */
  answered(): void;
}

export function caller(endpoint: Endpoint, { signal: outer, timeout: limit }: OpenOptions): Caller {
  let connected = false;
  const call = async <T>(
    doing: string,
    run: (options: CallOptions) => Promise<T>,
    signal?: AbortSignal,
    timeout = limit ?? TIMEOUT,
  ): Promise<T> => {
    const clock = AbortSignal.timeout(timeout);
    const asked = [signal, outer].filter((one) => one !== undefined);
    const abortSignal = opaque(AbortSignal.any([clock, ...asked]));
    const circumstance = (): Circumstance => ({
      endpoint: addressText(endpoint.address),
      doing,
      connected,
      timeout,
      cancelled: asked.some((one) => one.aborted),
      timedOut: clock.aborted,
    });
    let stop: () => void = () => undefined;
    const aborted = new Promise<never>((_, reject) => {
      stop = () => reject(abortSignal.reason);
    });
    try {
      if (abortSignal.aborted) throw abortSignal.reason;
      abortSignal.addEventListener('abort', stop, { once: true });
      return await Promise.race([run({ abortSignal }), aborted]);
    } catch (error) {
      throw faultOf(error, circumstance());
    } finally {
      abortSignal.removeEventListener('abort', stop);
    }
  };
  return Object.assign(call, {
    answered: () => {
      connected = true;
    },
  });
}
