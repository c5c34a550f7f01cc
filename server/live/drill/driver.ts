/** What carries the events out on a scratch copy: Compose, or the engine's API alone. */
import type { BuildPlan } from './build-plan.ts';
import type { DrillEvent } from './model.ts';

/** An image that was built for a service of the copy. */
export interface Built {
  readonly id: string;
  /** Directories that it declares as volumes. */
  readonly volumes: readonly string[];
}

export interface Driver {
  readonly by: 'compose' | 'api';
  /** As people read it. */
  readonly how: Readonly<Record<DrillEvent, string>>;
  /** @throws EngineFault; what was made so far stays for the cleaning up */
  up(): Promise<void>;
  /** Afterwards the containers run again, as far as they do. @throws EngineFault */
  carryOut(event: Exclude<DrillEvent, 'rebuild'>): Promise<void>;
  /** The image of a plan, under the name and with the labels that it says. @throws EngineFault with what the builder said */
  build(plan: BuildPlan): Promise<void>;
  /** New containers for these services, from what was built for them. @throws EngineFault */
  replace(images: ReadonlyMap<string, Built>): Promise<void>;
}
