import type { QueryRunner } from 'typeorm';

/**
 * Locks a table to one organization at a time: row-level security forced on everybody, the table's owner included.
 * `specline_app` sees the rows of the organization its session names, and nothing when it names none;
 * `specline_append` (the owner of the append function) writes rows of any organization. Nobody else gets in.
 */
export async function lockToTenant(db: QueryRunner, table: string): Promise<void> {
  await db.query(`alter table specline.${table} enable row level security`);
  await db.query(`alter table specline.${table} force row level security`);
  await db.query(`create policy tenant on specline.${table} to specline_app
    using (organization_id = specline.current_organization()) with check (organization_id = specline.current_organization())`);
  await db.query(`create policy append_door on specline.${table} to specline_append using (true) with check (true)`);
  await db.query(`grant select on specline.${table} to specline_app`);
  await db.query(`grant select, insert, update, delete on specline.${table} to specline_append`);
}
