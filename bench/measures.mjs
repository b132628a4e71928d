/**
 * What can be measured. A new measure is a line here and a file in measures/.
 *
 * @typedef {(name: string, workbench: import('./workbench.mjs').Workbench, effort: import('./rounds.mjs').Effort) => Promise<void>} Measure
 * @typedef {{ summary: string, load: () => Promise<Measure> }} Entry `load` is called once the bench's packages are installed
 * @type {Record<string, Entry>}
 */
export const measures = {
  'http.section_update.c40': {
    summary: 'PATCH of a section, 40 connections, against bare Fastify + insert and Nest + TypeORM save',
    load: () => import('./measures/section-update.mjs').then(({ measure }) => measure),
  },
  'http.section_get.c40': {
    summary: 'GET of a section, 40 connections, against bare Fastify + select',
    load: () => import('./measures/section-get.mjs').then(({ measure }) => measure),
  },
  'import.corpus': {
    summary: 'import of the 144 files of the corpus, 4 connections, against bare Fastify + insert',
    load: () => import('./measures/import-corpus.mjs').then(({ measure }) => measure),
  },
  rebuild: {
    summary: 'specline-admin rebuild of 400,000 events, against reading them with pg',
    load: () => import('./measures/rebuild.mjs').then(({ measure }) => measure),
  },
  'floor.pg_insert_loop.c40': {
    summary: 'the bare insert loop against itself: the noise of the run',
    load: () => import('./measures/append-floors.mjs').then(({ measurePgInsertLoop }) => measurePgInsertLoop),
  },
  'floor.emmett_append.c40': {
    summary: "append of Emmett's PostgreSQL event store, 40 in flight, against the bare insert loop",
    load: () => import('./measures/append-floors.mjs').then(({ measureEmmettAppend }) => measureEmmettAppend),
  },
  'append.unique.c1': {
    summary: 'append of one event to a stream of its own, 1 caller, against the bare insert loop',
    load: () => import('./measures/append.mjs').then(({ measureUnique }) => measureUnique(1)),
  },
  'append.unique.c20': {
    summary: 'append of one event to a stream of its own, 20 callers, against the bare insert loop and Emmett',
    load: () => import('./measures/append.mjs').then(({ measureUnique }) => measureUnique(20, { emmett: true })),
  },
  'append.unique.c64': {
    summary: 'append of one event to a stream of its own, 64 callers, against the bare insert loop',
    load: () => import('./measures/append.mjs').then(({ measureUnique }) => measureUnique(64)),
  },
  'append.unique.c256': {
    summary: 'append of one event to a stream of its own, 256 callers, against the bare insert loop',
    load: () => import('./measures/append.mjs').then(({ measureUnique }) => measureUnique(256)),
  },
  'append.by_stream_length': {
    summary: 'append to a stream of 100,000 events against one to a stream of 10',
    load: () => import('./measures/append.mjs').then(({ measureByStreamLength }) => measureByStreamLength),
  },
  'append.by_store_size': {
    summary: 'append into a store of 5,000,000 events (BENCH_STORE_EVENTS) against one of 50,000',
    load: () => import('./measures/append.mjs').then(({ measureByStoreSize }) => measureByStoreSize),
  },
  'aggregate.cold_start': {
    summary: 'first command of a process on a spec of 100,000 events against one of 100',
    load: () => import('./measures/cold-start.mjs').then(({ measure }) => measure),
  },
  'watermark.delay': {
    summary: 'from an answered append to its position being final, 64 callers, against the 20 ms that are promised',
    load: () => import('./measures/watermark-delay.mjs').then(({ measure }) => measure),
  },
  'compliance.largest': {
    summary: 'CPU of evaluating the largest file of the corpus, against the 150 ms that are promised',
    load: () => import('./measures/compliance.mjs').then(({ measureLargest }) => measureLargest),
  },
  'compliance.section': {
    summary: 'CPU of evaluating it again after a change of one section, against evaluating it whole',
    load: () => import('./measures/compliance.mjs').then(({ measureSection }) => measureSection),
  },
  'compliance.corpus': {
    summary: 'evaluation of the 144 files of the corpus, against the 20 s that are promised',
    load: () => import('./measures/compliance.mjs').then(({ measureCorpus }) => measureCorpus),
  },
  'audit.pages': {
    summary:
      'first pages of the trail, stories, comparisons and streams with 5,000,000 events (BENCH_AUDIT_EVENTS), against 50 ms',
    load: () => import('./measures/audit-pages.mjs').then(({ measure }) => measure),
  },
  'webhooks.deliver': {
    summary: 'signed messages delivered to a receiver on the same machine, against undici posting alone',
    load: () => import('./measures/webhooks.mjs').then(({ measureDeliver }) => measureDeliver),
  },
  'webhooks.fairness': {
    summary: 'p99 of 200 quiet organizations while another has 100,000 messages due, against without it',
    load: () => import('./measures/webhooks.mjs').then(({ measureFairness }) => measureFairness),
  },
};
