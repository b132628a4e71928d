import { Injectable } from '@nestjs/common';
import type { ClientBase, Pool, PoolClient } from 'pg';
import { DataSource } from 'typeorm';

/** A statement under a name of its own, prepared once a connection. */
export type Statement = { name: string; text: string };

/**
 * Statements here take milliseconds, and compiling one (PostgreSQL's JIT, on by default where the server has LLVM) takes
 * seconds. Whether it is done goes by what a plan is thought to cost, which is far too much for tables without
 * statistics and wherever a kind of plan is ruled out.
 */
export const uncompiled = '-c jit=off';

/**
 * For the pools of connections: one that is lost while somebody holds it fails the statement under way, or the next.
 * Nobody listening to it, its error would end the process besides.
 */
export const hearErrors = (client: ClientBase): void => void client.on('error', () => undefined);

/**
 * The way to the tables: TypeORM's pool, used with pg directly. Every query names its organization, and row-level
 * security shows it nothing else. Setting the scope travels in the same packet as the query (pg's pipeline mode), and
 * only when the connection served another organization before.
 */
@Injectable()
export class Database {
  private readonly scopes = new WeakMap<PoolClient, string>();

  constructor(private readonly dataSource: DataSource) {}

  private get pool(): Pool {
    return (this.dataSource.driver as unknown as { master: Pool }).master;
  }

  /** Rows of one organization. */
  async query<R extends object>(
    organizationId: string,
    statement: Statement,
    values: readonly unknown[],
  ): Promise<R[]> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    try {
      const scoped = this.scopes.get(client) === organizationId ? undefined : this.scope(client, organizationId);
      const result = client.query<R>({ ...statement, values: [...values] });
      const [{ rows }] = await Promise.all([result, scoped]);
      return rows;
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      // A connection whose scope could not be set is not used again.
      client.release(failure && !this.scopes.has(client) ? failure : undefined);
    }
  }

  /** A function that guards itself (append, authenticate): no scope is set. */
  async call<R extends object>(statement: Statement, values: readonly unknown[]): Promise<R[]> {
    const { rows } = await this.pool.query<R>({ ...statement, values: [...values] });
    return rows;
  }

  /** True when the database answers. */
  async ping(): Promise<boolean> {
    return this.pool.query('select 1').then(
      () => true,
      () => false,
    );
  }

  private async scope(client: PoolClient, organizationId: string): Promise<void> {
    this.scopes.delete(client);
    const set = `select set_config('specline.organization_id', $1, false)`;
    await client.query({ name: 'scope', text: set, values: [organizationId] });
    this.scopes.set(client, organizationId);
  }
}
