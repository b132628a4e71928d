import { randomUUID } from 'node:crypto';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import { eventData, eventMetadata } from '../documents.mjs';
import { runLoops, serveRuns } from '../run-protocol.mjs';

/**
 * Emmett's PostgreSQL event store as its documentation uses it, without projections: each loop appends one event at a
 * time to streams of its own, at the version it expects, so nothing ever conflicts.
 */
const connectionString = process.env.DATABASE_URL ?? '';
const pool = new pg.Pool({ connectionString, max: Number(process.env.POOL_SIZE) });
const store = getPostgreSQLEventStore(connectionString, { connectionOptions: { pool } });
await store.schema.migrate();

/** @type {{ name: string, version: bigint }[][]} of each loop */
const streams = [];
const perLoop = 50;

/** @param {number} loop */
async function append(loop) {
  const own = (streams[loop] ??= Array.from({ length: perLoop }, () => ({
    name: `spec-${randomUUID()}`,
    version: 0n,
  })));
  const stream = own[Math.floor(Math.random() * perLoop)];
  const event = { type: 'spec.section.updated', data: eventData, metadata: eventMetadata };
  const { nextExpectedStreamVersion } = await store.appendToStream(stream.name, [event], {
    expectedStreamVersion: stream.version === 0n ? 'STREAM_DOES_NOT_EXIST' : stream.version,
  });
  stream.version = nextExpectedStreamVersion;
}

serveRuns({}, (/** @type {{ seconds: number, concurrency: number }} */ order) => runLoops(order, append));
