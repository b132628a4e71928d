import pg from 'pg';
import { performer } from './appends.mjs';
import { serveRuns } from './run-protocol.mjs';
import { built } from './workbench.mjs';

/**
 * The product's event store without HTTP: the service as `createApp` makes it in a process of its own that opens no port
 * and appends as it is told (appends.mjs), with background work on a thread beside it, as the service has it.
 */
const [{ createApp }, { Background }, { EventStore }, { Subscriptions }] = await Promise.all([
  built('app'),
  built('background'),
  built('modules/event-store/event-store'),
  built('modules/event-store/subscriptions'),
]);
const databaseUrl = process.env.DATABASE_URL ?? '';
const masterKey = Buffer.alloc(32, 'master key of the bench');
const databaseConnections = Number(process.env.POOL_SIZE);
const app = await createApp({ databaseUrl, masterKey, databaseConnections, workers: false });
if (process.env.SPECLINE_WORKERS !== 'false') new Background(databaseUrl, masterKey);
const listener = new pg.Client({ connectionString: databaseUrl });
await listener.connect();

serveRuns({}, performer(app.get(EventStore), app.get(Subscriptions), listener));
