/** A killed container ends a moment after the engine, or Compose, has answered. */
import type { WritableEngine } from '../engine-write.ts';

const POLL = 50;

/** Waits, as long as `patience` lasts, in ms; one that is not there has ended. @throws EngineFault */
export async function untilEnded(
  engine: Pick<WritableEngine, 'state'>,
  container: string,
  patience: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const end = Date.now() + patience; Date.now() < end; ) {
    if ((await engine.state(container, signal))?.running !== true) return;
    await new Promise((done) => setTimeout(done, POLL));
  }
}
