import pg from 'pg';
import { DataSource } from 'typeorm';
import { EventStore0001 } from '../migrations/0001-event-store.js';
import { Append0002 } from '../migrations/0002-append.js';
import { Organizations0003 } from '../migrations/0003-organizations.js';
import { Templates0004 } from '../migrations/0004-templates.js';
import { Specs0005 } from '../migrations/0005-specs.js';
import { AppendOnce0006 } from '../migrations/0006-append-once.js';
import { Workers0007 } from '../migrations/0007-workers.js';
import { Ledger0008 } from '../migrations/0008-ledger.js';
import { Operations0009 } from '../migrations/0009-operations.js';
import { PersonalData0010 } from '../migrations/0010-personal-data.js';
import { Snapshots0011 } from '../migrations/0011-snapshots.js';
import { Members0012 } from '../migrations/0012-members.js';
import { ReviewPolicies0013 } from '../migrations/0013-review-policies.js';
import { Reviews0014 } from '../migrations/0014-reviews.js';
import { Comments0015 } from '../migrations/0015-comments.js';
import { LifecycleIndex0016 } from '../migrations/0016-lifecycle-index.js';
import { Claims0017 } from '../migrations/0017-claims.js';
import { AuditTrail0022 } from '../migrations/0022-audit-trail.js';
import { Rules0018 } from '../migrations/0018-rules.js';
import { RuleQuality0019 } from '../migrations/0019-rule-quality.js';
import { ComplianceReports0020 } from '../migrations/0020-compliance-reports.js';
import { Waivers0021 } from '../migrations/0021-waivers.js';
import { GroupChanges0024 } from '../migrations/0024-group-changes.js';
import { EventFeed0023 } from '../migrations/0023-event-feed.js';
import { WebhookEndpoints0025 } from '../migrations/0025-webhook-endpoints.js';
import { WebhookDeliveries0026 } from '../migrations/0026-webhook-deliveries.js';
import { WebhookReplays0027 } from '../migrations/0027-webhook-replays.js';
import { AuditExports0028 } from '../migrations/0028-audit-exports.js';
import { AuditShares0029 } from '../migrations/0029-audit-shares.js';
import { LegalHolds0030 } from '../migrations/0030-legal-holds.js';
import { ColdHistory0031 } from '../migrations/0031-cold-history.js';
import { WebhookWaiting0032 } from '../migrations/0032-webhook-waiting.js';
import { SpecSearchReading0033 } from '../migrations/0033-spec-search-reading.js';
import { LateHeartbeats0036 } from '../migrations/0036-late-heartbeats.js';
import { installProjections } from './modules/event-store/install-projections.js';
import { readModels } from './read-models.js';
import { databaseProblem } from './start-error.js';

const migrations = [
  EventStore0001,
  Append0002,
  Organizations0003,
  Templates0004,
  Specs0005,
  AppendOnce0006,
  Workers0007,
  Ledger0008,
  Operations0009,
  PersonalData0010,
  Snapshots0011,
  Members0012,
  ReviewPolicies0013,
  Reviews0014,
  Comments0015,
  LifecycleIndex0016,
  Claims0017,
  AuditTrail0022,
  Rules0018,
  RuleQuality0019,
  ComplianceReports0020,
  Waivers0021,
  GroupChanges0024,
  EventFeed0023,
  WebhookEndpoints0025,
  WebhookDeliveries0026,
  WebhookReplays0027,
  AuditExports0028,
  AuditShares0029,
  LegalHolds0030,
  ColdHistory0031,
  WebhookWaiting0032,
  SpecSearchReading0033,
  LateHeartbeats0036,
];

/** One process of a database at a time starts; the others wait for it. */
const startLock = 7310;

/**
 * Brings a database to the schema of this program: whoever owns it, with the right to create roles.
 * @returns the names of the migrations that ran
 * @throws StartError when the database cannot be reached
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  return oneAtATime(databaseUrl, async (login) => {
    await login.query('create schema if not exists specline');
    const database = new DataSource({
      type: 'postgres',
      url: databaseUrl,
      schema: 'specline',
      migrations,
      migrationsTableName: 'migration',
      migrationsTransactionMode: 'all',
      applicationName: 'specline-migrate',
      poolSize: 2,
      // Silent: it would print what our caller tells, too.
      logger: 'debug',
    });
    await database.initialize();
    try {
      const ran = await database.runMigrations();
      await installProjections(
        database,
        readModels.flatMap(({ tables }) => tables),
      );
      // Every connection of the service does this: better told here than by the first of them.
      await login.query('set role specline_app');
      return ran.map(({ name }) => name);
    } finally {
      await database.destroy();
    }
  });
}

/**
 * Runs work that no other process of this database may run at the same time.
 * @throws StartError when the database cannot be reached
 */
export async function oneAtATime<T>(databaseUrl: string, work: (login: pg.Client) => Promise<T>): Promise<T> {
  const login = await connect(databaseUrl);
  try {
    await login.query('select pg_advisory_lock($1)', [startLock]);
    return await work(login);
  } finally {
    // The lock goes with the connection.
    await login.end();
  }
}

async function connect(databaseUrl: string): Promise<pg.Client> {
  try {
    const connection = { connectionString: databaseUrl, application_name: 'specline-start' };
    const login = new pg.Client({ ...connection, connectionTimeoutMillis: 10_000 });
    // A connection that is lost fails the work that needs it.
    login.on('error', () => undefined);
    await login.connect();
    return login;
  } catch (error) {
    throw databaseProblem(error, databaseUrl);
  }
}
