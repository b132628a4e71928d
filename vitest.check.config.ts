import { configDefaults, defineConfig, mergeConfig } from 'vitest/config';
import everything from './vitest.config.js';

/**
 * What `npm run check` runs before every commit: all but the files that kill, pause and restart processes, try and race
 * for tens of seconds, or read the whole corpus. `npm test` runs these too.
 */
export default mergeConfig(
  everything,
  defineConfig({
    test: {
      exclude: [
        ...configDefaults.exclude,
        'src/modules/compliance/corpus.spec.ts',
        'src/modules/markdown/corpus-elements.spec.ts',
        'test/faults/**',
        'test/admin.e2e-spec.ts',
        'test/audit-export-kill.e2e-spec.ts',
        'test/claims.e2e-spec.ts',
        'test/compliance-attempts.e2e-spec.ts',
        'test/corpus.e2e-spec.ts',
        'test/corpus-history.e2e-spec.ts',
        'test/forgeries.e2e-spec.ts',
        'test/parked-streams.e2e-spec.ts',
        'test/paused-leader.e2e-spec.ts',
        'test/rebuild.e2e-spec.ts',
        'test/review-races.e2e-spec.ts',
        'test/start.e2e-spec.ts',
        'test/subscriptions.e2e-spec.ts',
        'test/truthful-history.e2e-spec.ts',
        'test/waiting.e2e-spec.ts',
        'test/webhook-kill.e2e-spec.ts',
        'test/webhook-schedule.e2e-spec.ts',
      ],
    },
  }),
);
