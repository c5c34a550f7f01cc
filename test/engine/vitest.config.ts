import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/engine/**/*.test.ts'],
    globalSetup: ['test/engine/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 600_000,
    teardownTimeout: 60_000,
    pool: 'forks',
    // An engine that one file restarts is away for the others.
    fileParallelism: false,
  },
});
