import { defineConfig } from 'vitest/config';

const at = (...names: readonly string[]): string[] => names.map((name) => `test/engine/${name}.test.ts`);

/** It stops and starts the engine that all others use. */
const RESTARTS = at('oracle');
/** They drill, or take away what drills have left, on an engine where nobody else leaves anything. */
const SWEEP = at('drill', 'drill-live', 'drill-rebuild', 'fronts', 'probe-faults');

/** Engines other than the usual one do less well at several things at once; the long run is in no hurry. */
const usual = (process.env.PERSISTENCE_ENGINES ?? 'docker26') === 'docker26';

/** Far beyond what anything takes: nothing is to fail because the machine is busy. */
const LIMITS = { testTimeout: 180_000, hookTimeout: 3_600_000, pool: 'forks' } as const;

/** One group of files after the other; the files of a group beside each other. */
const group = (
  name: string,
  order: number,
  include: readonly string[],
  exclude: readonly string[],
  atOnce: number,
) => ({
  test: {
    ...LIMITS,
    name,
    include: [...include],
    exclude: [...exclude],
    maxWorkers: usual ? atOnce : 1,
    maxConcurrency: 3,
    sequence: { groupOrder: order },
  },
});

export default defineConfig({
  test: {
    teardownTimeout: 60_000,
    // Servers are waited for most of the time.
    projects: [
      group('beside', 0, ['test/engine/**/*.test.ts'], [...RESTARTS, ...SWEEP], 2),
      group('sweep', 1, SWEEP, [], 2),
      group('restarts', 2, RESTARTS, [], 1),
    ],
    globalSetup: ['test/engine/global-setup.ts'],
  },
});
