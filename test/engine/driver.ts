/** The events, as they are carried out on an engine. */
import type { Event } from '../../server/survival/words.ts';

/** An event in one of the forms in which it comes. */
export interface Step {
  readonly event: Event;
  readonly how: string;
}

export interface Driver {
  /** All but a reboot, which is the engine's. */
  readonly steps: readonly Step[];
  up(): Promise<void>;
  /** Afterwards the containers run again. */
  carryOut(step: Step): Promise<void>;
  /** Leaves nothing behind; must succeed from any state. */
  remove(): Promise<void>;
}
