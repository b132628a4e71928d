import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startLocalPostgres } from '../../src/local-postgres.js';
import { migrate } from '../../src/migrate.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server with the migrated database `specline_template`, which each test file copies. */
    postgresUrl: string;
  }
}

/**
 * One PostgreSQL for the whole run, migrated once: our own, or for another version of it the server of TEST_DATABASE_URL,
 * where databases may be created.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? { url: given, stop: () => Promise.resolve() } : await startOwn();
  const template = new URL(server.url);
  template.pathname = '/specline_template';
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query('drop database if exists specline_template');
  await client.query('create database specline_template');
  await client.end();
  await migrate(template.href);
  project.provide('postgresUrl', server.url);
  return server.stop;
}

/** fsync is off: no test pulls the plug of the machine. */
async function startOwn(): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'specline-test-'));
  // When root runs the tests, PostgreSQL runs as somebody else, who must get to its data.
  await chmod(folder, 0o711);
  const { url, stop } = await startLocalPostgres(folder, [
    'fsync=off',
    'full_page_writes=off',
    'max_connections=300',
    'max_prepared_transactions=4',
  ]);
  return {
    url,
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
