import type { OnApplicationShutdown } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { DataSource } from 'typeorm';
import type { Statement } from './database.js';
import { hearErrors, uncompiled } from './database.js';

/** The role that reads the history of every organization, and writes the workers' own tables. */
const role = `-c role=specline_worker ${uncompiled}`;
/**
 * History is read in order of an index. A plan made before there are statistics, as after a restore, would rather sort
 * all that is left of it for each batch. And a plan that was kept since a table was small would go on reading all of it.
 */
const settings = `${role} -c enable_sort=off -c enable_seqscan=off -c statement_timeout=60s -c idle_in_transaction_session_timeout=15s`;

/**
 * The workers' door to the database: a small pool of its own, opened when it is first needed, so that background work
 * takes no connection from requests.
 */
@Injectable()
export class WorkerDatabase implements OnApplicationShutdown {
  private opened: pg.Pool | undefined;

  constructor(private readonly dataSource: DataSource) {}

  private get url(): string {
    return (this.dataSource.options as { url: string }).url;
  }

  private get pool(): pg.Pool {
    if (this.opened) return this.opened;
    this.opened = new pg.Pool({
      connectionString: this.url,
      application_name: 'specline-workers',
      max: 5,
      options: settings,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      onConnect: hearErrors,
    });
    // A connection lost while nobody uses it concerns nobody.
    this.opened.on('error', () => undefined);
    return this.opened;
  }

  /** Rows of all organizations. */
  async query<R extends object>(statement: Statement, values: readonly unknown[] = []): Promise<R[]> {
    const { rows } = await this.pool.query<R>({ ...statement, values: [...values] });
    return rows;
  }

  /** Runs work in one transaction: what it throws undoes all of it. */
  async transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    // A connection that is lost between two statements fails the next of them.
    const ignore = () => undefined;
    client.on('error', ignore);
    let failure: Error | undefined;
    try {
      await client.query('begin');
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      failure = error as Error;
      await client.query('rollback').then(
        () => (failure = undefined),
        () => undefined,
      );
      throw error;
    } finally {
      client.off('error', ignore);
      // A connection that could not be rolled back is not used again.
      client.release(failure);
    }
  }

  /** A connection for one worker alone, not yet opened. @param options more settings of the session, as `-c name=value` */
  dedicated(options: string): pg.Client {
    return new pg.Client({
      connectionString: this.url,
      application_name: 'specline-workers',
      options: `${role} ${options}`,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.opened?.end();
  }
}
