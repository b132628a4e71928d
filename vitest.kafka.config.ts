import { defineConfig } from 'vitest/config';

/** The tests against a real Apache Kafka: `npm run test:kafka`. */
export default defineConfig({
  test: {
    include: ['test/kafka/*.kafka-spec.ts'],
    globalSetup: ['test/support/postgres.ts', 'test/support/kafka/classpath.ts'],
    isolate: false,
    // A broker for each file: not several at once.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
