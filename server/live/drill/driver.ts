/** What carries the events out on a scratch copy: Compose, or the engine's API alone. */
import type { DrillEvent } from './model.ts';

export interface Driver {
  readonly by: 'compose' | 'api';
  /** As people read it. */
  readonly how: Readonly<Record<DrillEvent, string>>;
  /** @throws EngineFault; what was made so far stays for the cleaning up */
  up(): Promise<void>;
  /** Afterwards the containers run again, as far as they do. @throws EngineFault */
  carryOut(event: DrillEvent): Promise<void>;
}
