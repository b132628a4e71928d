import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.e2e-spec.ts'],
    globalSetup: ['test/support/postgres.ts'],
    // Loading Nest costs more than a second a file; modules hold no state between files.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
