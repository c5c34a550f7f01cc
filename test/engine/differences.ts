/** What engines do otherwise than the table says. Each line was measured; the text says what was seen. */
import type { Fate } from '../../server/survival/words.ts';
import type { Step } from './driver.ts';
import type { EngineName } from './machine.ts';
import type { Prediction } from './project.ts';

export interface Difference {
  readonly engine: EngineName;
  readonly fact: string;
  applies(store: Prediction, step: Step): boolean;
  /** All that were seen. */
  readonly fates: readonly Fate[];
}

export const DIFFERENCES: readonly Difference[] = [
  {
    engine: 'podman4',
    fact:
      'A restart may start the container before the clean-up after its stop has unmounted /dev/shm and volumes of ' +
      'type tmpfs: their content was seen to stay in some runs and to go in others. A tmpfs mount always went.',
    applies: ({ backing }, { event }) =>
      event === 'restart' &&
      backing.type === 'tmpfs' &&
      (backing.source !== undefined || (backing.target === '/dev/shm' && backing.span === undefined)),
    fates: ['lost', 'kept'],
  },
];

/** What may be seen. */
export const expected = (engine: EngineName, store: Prediction, step: Step): readonly Fate[] =>
  DIFFERENCES.find((one) => one.engine === engine && one.applies(store, step))?.fates ?? [store.fate[step.event]];
