/** How long the calls of a drill take: what remains of its time is its own. */
import type { WritableEngine } from '../engine-write.ts';
import type { Compose } from './compose.ts';
import type { Time, TimedCall } from './model.ts';

export class Clock {
  readonly #begun = performance.now();
  readonly #onCall: ((call: TimedCall) => void) | undefined;
  #calls = 0;
  #inCalls = 0;

  constructor(onCall: ((call: TimedCall) => void) | undefined) {
    this.#onCall = onCall;
  }

  async time<T>(name: string, act: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    try {
      return await act();
    } finally {
      const time = performance.now() - begun;
      this.#calls++;
      this.#inCalls += time;
      this.#onCall?.({ name, time });
    }
  }

  read(): Time {
    const whole = (ms: number): number => Math.round(ms);
    return { wall: whole(performance.now() - this.#begun), calls: this.#calls, inCalls: whole(this.#inCalls) };
  }
}

export function timedEngine(engine: WritableEngine, clock: Clock): WritableEngine {
  const timed = (name: string, act: (...args: unknown[]) => unknown) =>
    name === 'close' ? act : (...args: unknown[]) => clock.time(name, async () => act(...args));
  return Object.fromEntries(
    Object.entries(engine).map(([name, value]) => [name, typeof value === 'function' ? timed(name, value) : value]),
  ) as unknown as WritableEngine;
}

export const timedCompose = (compose: Compose, clock: Clock): Compose => ({
  name: compose.name,
  run: (args, options) => clock.time('compose', () => compose.run(args, options)),
});
