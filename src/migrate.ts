import { DataSource } from 'typeorm';
import { EventStore0001 } from '../migrations/0001-event-store.js';
import { Append0002 } from '../migrations/0002-append.js';
import { Organizations0003 } from '../migrations/0003-organizations.js';
import { Templates0004 } from '../migrations/0004-templates.js';
import { Specs0005 } from '../migrations/0005-specs.js';
import { installProjections } from './modules/event-store/projection-tables.js';
import { apiKeyTable, organizationTable } from './modules/organizations/organization.projection.js';
import { sectionTable, specTable } from './modules/specs/spec.projection.js';
import { templateTable } from './modules/templates/template.projection.js';

const migrations = [EventStore0001, Append0002, Organizations0003, Templates0004, Specs0005];
const tables = [organizationTable, apiKeyTable, templateTable, specTable, sectionTable];

/** One process migrates at a time; the others wait for it. */
const migrationLock = 7310;

/**
 * Brings a database to the schema of this program: whoever owns it, with the right to create roles.
 * @returns the names of the migrations that ran
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const database = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    schema: 'specline',
    migrations,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'all',
    applicationName: 'specline-migrate',
    poolSize: 2,
  });
  await database.initialize();
  const lock = database.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock($1)', [migrationLock]);
    await lock.query('create schema if not exists specline');
    const ran = await database.runMigrations();
    await installProjections(database, tables);
    return ran.map(({ name }) => name);
  } finally {
    await lock.query('select pg_advisory_unlock($1)', [migrationLock]).catch(() => undefined);
    await lock.release();
    await database.destroy();
  }
}
