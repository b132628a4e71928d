import { join } from 'node:path';
import { poolSize, runOn } from '../workbench.mjs';
import { compiled } from './compiled.mjs';

/** @typedef {import('../workbench.mjs').Workbench} Workbench */

/**
 * `bare_fastify_insert` and `bare_fastify_select`: bare-fastify.mjs on a database of its own.
 *
 * @param {Workbench} workbench
 * @param {import('../service.mjs').FilledTenant} [tenant] sections that its select must find
 * @returns {Promise<{ port: number, pid: number | undefined }>}
 */
export async function startBareFastify(workbench, tenant) {
  const databaseUrl = await createLogDatabase(workbench);
  await runOn(
    databaseUrl,
    `create table section (spec_id uuid not null, key text not null, heading text not null, body text not null,
      content_hash text not null, version bigint not null, primary key (spec_id, key))`,
  );
  if (tenant) await fillSections(databaseUrl, tenant);
  return startServer(workbench, 'bare Fastify', join(import.meta.dirname, 'bare-fastify.mjs'), databaseUrl);
}

/**
 * `nest_typeorm_save`: nest-typeorm.ts on a database of its own.
 *
 * @param {Workbench} workbench
 * @returns {Promise<{ port: number, pid: number | undefined }>}
 */
export async function startNestTypeorm(workbench) {
  const databaseUrl = await createLogDatabase(workbench);
  return startServer(workbench, 'Nest with TypeORM', await compiled('nest-typeorm'), databaseUrl);
}

/**
 * A database with the log that one insert goes to: an identity as its primary key, and one unique index.
 *
 * @param {Workbench} workbench
 * @returns {Promise<string>} its URL
 */
export async function createLogDatabase(workbench) {
  const databaseUrl = await workbench.createDatabase();
  await runOn(
    databaseUrl,
    `create table log (id bigint generated always as identity primary key, event_id uuid not null, stream_id uuid not null,
      version bigint not null, type text not null, payload jsonb not null, metadata jsonb not null,
      recorded_at timestamptz not null, unique (stream_id, version))`,
  );
  return databaseUrl;
}

/**
 * @param {string} databaseUrl
 * @param {import('../service.mjs').FilledTenant} tenant
 */
async function fillSections(databaseUrl, { sections, bodies }) {
  await runOn(
    databaseUrl,
    `insert into section (spec_id, key, heading, body, content_hash, version)
      select spec_id, key, key, body, repeat('0', 64), 1
      from unnest($1::uuid[], $2::text[], $3::text[]) as s (spec_id, key, body)`,
    [sections.map(({ specId }) => specId), sections.map(({ key }) => key), bodies],
  );
  await runOn(databaseUrl, 'vacuum analyze section');
}

/**
 * @param {Workbench} workbench
 * @param {string} name
 * @param {string} file
 * @param {string} databaseUrl
 */
async function startServer(workbench, name, file, databaseUrl) {
  const child = workbench.start(name, file, { DATABASE_URL: databaseUrl, POOL_SIZE: String(poolSize) });
  const { port } = await child.ready();
  return { port, pid: child.pid };
}
