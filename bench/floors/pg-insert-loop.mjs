import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { eventData, eventMetadata } from '../documents.mjs';
import { runLoops, serveRuns } from '../run-protocol.mjs';

/** The floor under an append: one row into the log by one prepared insert and its own commit, with pg as it comes. */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.POOL_SIZE) });

const insert = {
  name: 'insert',
  text: `insert into log (event_id, stream_id, version, type, payload, metadata, recorded_at)
    values ($1, $2, 1, 'spec.section.updated', $3, $4, $5) returning id`,
};
const payload = JSON.stringify(eventData);
const metadata = JSON.stringify(eventMetadata);

serveRuns({}, (/** @type {{ seconds: number, concurrency: number }} */ order) =>
  runLoops(order, () => pool.query({ ...insert, values: [randomUUID(), randomUUID(), payload, metadata, new Date()] })),
);
