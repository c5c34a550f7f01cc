/** What engines do otherwise than the table says. Each line was measured; the text says what was seen. */
import type { Fate } from '../../server/survival/words.ts';
import type { Step } from './driver.ts';
import type { EngineName } from './machine.ts';
import type { Prediction } from './project.ts';

export interface Difference {
  readonly engine: EngineName;
  readonly fact: string;
  applies(store: Prediction, step: Step): boolean;
  readonly fate: Fate;
}

export const DIFFERENCES: readonly Difference[] = [];

export const expected = (engine: EngineName, store: Prediction, step: Step): Fate =>
  DIFFERENCES.find((one) => one.engine === engine && one.applies(store, step))?.fate ?? store.fate[step.event];
