import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { runOn } from './service.js';

/** A migrated database of its own for a test file, without any service on it. */
export type TestDatabase = {
  url: string;
  /** Asks as its owner. */
  ask<R extends object = Record<string, unknown>>(statement: string, values?: unknown[]): Promise<R[]>;
};

export function newDatabase(setup = ''): TestDatabase {
  const database = {} as TestDatabase;
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  let client: pg.Client;
  beforeAll(async () => {
    const server = inject('postgresUrl');
    await runOn(server, `create database ${name} template specline_template`);
    const url = new URL(server);
    url.pathname = `/${name}`;
    client = new pg.Client({ connectionString: url.href, application_name: 'test' });
    await client.connect();
    if (setup) await client.query(setup);
    const ask = async (statement: string, values: unknown[] = []) =>
      (await client.query<object>(statement, values)).rows;
    Object.assign(database, { url: url.href, ask });
  });
  afterAll(async () => {
    await client.end();
    await runOn(inject('postgresUrl'), `drop database ${name} with (force)`);
  });
  return database;
}
