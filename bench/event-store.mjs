import pg from 'pg';
import { performer } from './appends.mjs';
import { serveRuns } from './run-protocol.mjs';
import { built } from './workbench.mjs';

/**
 * The product's event store without HTTP: the service as `createApp` makes it, background work included, in a process of
 * its own that opens no port and appends as it is told (appends.mjs).
 */
const [{ createApp }, { EventStore }] = await Promise.all([built('app'), built('modules/event-store/event-store')]);
const databaseUrl = process.env.DATABASE_URL ?? '';
const app = await createApp({
  databaseUrl,
  masterKey: Buffer.alloc(32, 'master key of the bench'),
  databaseConnections: Number(process.env.POOL_SIZE),
  workers: process.env.SPECLINE_WORKERS !== 'false',
});
const listener = new pg.Client({ connectionString: databaseUrl });
await listener.connect();

serveRuns({}, performer(app.get(EventStore), listener));
