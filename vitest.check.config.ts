import { configDefaults, defineConfig, mergeConfig } from 'vitest/config';
import everything from './vitest.config.js';

/**
 * What `npm run check` runs before every commit, in less than two minutes with all the rest: all but the files that take
 * longer than five seconds, since they kill, pause and restart processes, wait, race, or try thousands of texts. `npm test`
 * runs these too.
 */
export default mergeConfig(
  everything,
  defineConfig({
    test: {
      exclude: [
        ...configDefaults.exclude,
        'src/modules/compliance/corpus.spec.ts',
        'src/modules/compliance/hostile.spec.ts',
        'src/modules/markdown/block-syntax.spec.ts',
        'src/modules/markdown/blocks.spec.ts',
        'src/modules/markdown/change-kind.spec.ts',
        'src/modules/markdown/corpus-elements.spec.ts',
        'src/modules/markdown/rule-statements.spec.ts',
        'test/admin.e2e-spec.ts',
        'test/audit-bundles.e2e-spec.ts',
        'test/audit-export-kill.e2e-spec.ts',
        'test/audit-exports.e2e-spec.ts',
        'test/audit-trail.e2e-spec.ts',
        'test/audit-views.e2e-spec.ts',
        'test/bad-input.e2e-spec.ts',
        'test/bad-requests.e2e-spec.ts',
        'test/claims.e2e-spec.ts',
        'test/cold-history.e2e-spec.ts',
        'test/compliance-attempts.e2e-spec.ts',
        'test/contracts.e2e-spec.ts',
        'test/corpus-history.e2e-spec.ts',
        'test/corpus.e2e-spec.ts',
        'test/erasures.e2e-spec.ts',
        'test/evidence.e2e-spec.ts',
        'test/faults/**',
        'test/final-history.e2e-spec.ts',
        'test/forgeries.e2e-spec.ts',
        'test/headings.e2e-spec.ts',
        'test/kafka-absent.e2e-spec.ts',
        'test/openapi.e2e-spec.ts',
        'test/parked-streams.e2e-spec.ts',
        'test/paused-leader.e2e-spec.ts',
        'test/rebuild-safety.e2e-spec.ts',
        'test/rebuild.e2e-spec.ts',
        'test/review-attempts.e2e-spec.ts',
        'test/review-races.e2e-spec.ts',
        'test/schema-evolution.e2e-spec.ts',
        'test/seals.e2e-spec.ts',
        'test/snapshots.e2e-spec.ts',
        'test/start.e2e-spec.ts',
        'test/subscriptions.e2e-spec.ts',
        'test/tenancy.e2e-spec.ts',
        'test/truthful-history.e2e-spec.ts',
        'test/verify.e2e-spec.ts',
        'test/waiting.e2e-spec.ts',
        'test/webhook-delivery.e2e-spec.ts',
        'test/webhook-kill.e2e-spec.ts',
        'test/webhook-log.e2e-spec.ts',
        'test/webhook-schedule.e2e-spec.ts',
      ],
    },
  }),
);
