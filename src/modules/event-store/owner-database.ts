import pg from 'pg';
import { hearErrors, uncompiled } from './database.js';

/**
 * Connections as the owner of the schema, for operations that make and rename tables. They are opened when they are
 * needed, and closed soon after; no request of a client is served by one.
 */
export class OwnerDatabase {
  private readonly pool: pg.Pool;

  constructor(databaseUrl: string) {
    this.pool = new pg.Pool({
      connectionString: databaseUrl,
      application_name: 'specline-operations',
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 5_000,
      max: 12,
      allowExitOnIdle: true,
      // What is lost in a crash is done again: progress is committed together with the work.
      onConnect: hearErrors,
      options: `${uncompiled} -c synchronous_commit=off -c statement_timeout=0 -c idle_in_transaction_session_timeout=0`,
    });
    // A connection that is lost fails the work that needs it.
    this.pool.on('error', () => undefined);
  }

  async query<R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    return (await this.pool.query<R>(text, [...values])).rows;
  }

  /** Runs work on a connection of its own. After a failure the connection is closed, whatever state it is in. */
  async connected<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      client.release(failure);
    }
  }

  /** Runs work in one transaction. */
  async transaction<T>(work: (client: pg.PoolClient) => Promise<T>, mode = ''): Promise<T> {
    return this.connected(async (client) => {
      await client.query(`begin ${mode}`);
      try {
        const result = await work(client);
        await client.query('commit');
        return result;
      } catch (error) {
        // At once: others may be waiting for what is locked here.
        await client.query('rollback').catch(ignore);
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

const ignore = () => undefined;
