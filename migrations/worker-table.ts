import type { QueryRunner } from 'typeorm';

/**
 * Gives a table to the background workers, who serve every organization. A table that carries `organization_id` has
 * row-level security forced on everybody, as any other; who may read it besides gets a policy of his own.
 */
export async function lockToWorkers(db: QueryRunner, table: string): Promise<void> {
  const scoped = (await db.query(
    `select from pg_attribute where attrelid = 'specline.${table}'::regclass and attname = 'organization_id'`,
  )) as object[];
  if (scoped.length > 0) {
    await db.query(`alter table specline.${table} enable row level security`);
    await db.query(`alter table specline.${table} force row level security`);
    await db.query(`create policy workers_door on specline.${table} to specline_worker using (true) with check (true)`);
  }
  await db.query(`grant select, insert, update, delete on specline.${table} to specline_worker`);
}
