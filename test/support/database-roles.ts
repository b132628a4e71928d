import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import type { Service } from './service.js';

type Row = Record<string, unknown>;

/** Asks the database of a service past the service: as its owner, and as the roles that the service takes. */
export function databaseRoles(service: Service) {
  let client: pg.Client;
  beforeAll(async () => {
    client = new pg.Client({ connectionString: service.databaseUrl });
    await client.connect();
  });
  afterAll(() => client.end());

  const query = (statement: string) => client.query<Row>(statement);
  const ask = async (statement: string) => (await query(statement)).rows;
  /** Runs as a role, for an organization or for none, and undoes it. */
  async function as<T>(role: string, organizationId: string | undefined, run: () => Promise<T>): Promise<T> {
    await client.query('begin');
    try {
      await client.query(`set local role ${role}`);
      if (organizationId) await client.query(`set local specline.organization_id = '${organizationId}'`);
      return await run();
    } finally {
      await client.query('rollback');
    }
  }
  const tables = async () =>
    ask(`select c.relname as "name", c.relrowsecurity as "secured", c.relforcerowsecurity as "forced",
        c.relispartition as "partition", has_table_privilege('specline_app', c.oid, 'select') as "readable", pg_get_userbyid(c.relowner) as "owner",
        exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id') as "scoped"
      from pg_class c where c.relnamespace = 'specline'::regnamespace and c.relkind in ('r', 'p') order by 1`);
  return { query, ask, as, tables };
}
