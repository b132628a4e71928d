import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.e2e-spec.ts'],
    globalSetup: ['test/support/postgres.ts'],
    // Loading Nest costs more than a second a file; modules hold no state between files.
    isolate: false,
    // Most tests wait for a database as long as they compute. All share one server and its connections.
    maxWorkers: Math.min(availableParallelism() + 1, 4),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
