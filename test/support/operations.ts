import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { OwnerDatabase } from '../../src/modules/event-store/owner-database.js';
import type { ReadModel } from '../../src/modules/event-store/read-model.js';
import { OperationRunner } from '../../src/modules/operations/operation-runner.js';
import type { OperationView } from '../../src/modules/operations/operation.view.js';
import type { OperationKind, OperationParameters } from '../../src/modules/operations/operations.js';
import { readModels } from '../../src/read-models.js';

const never = new AbortController().signal;

/** Does an operator's work in the process of the test. */
export class Operator {
  readonly database: OwnerDatabase;
  readonly runner: OperationRunner;

  constructor(databaseUrl: string, models: readonly ReadModel[] = readModels) {
    this.database = new OwnerDatabase(databaseUrl);
    this.runner = new OperationRunner(this.database, models, 2);
  }

  /** Has an operation done, by this process or by a service that is quicker. */
  async run(kind: OperationKind, projection = 'spec', parameters: OperationParameters = {}): Promise<OperationView> {
    const operationId = await this.ask(kind, projection, parameters);
    await this.runner.runOne(never, operationId);
    return this.ended(operationId);
  }

  /** Asks for an operation and leaves it to whoever takes it. */
  async ask(kind: OperationKind, projection = 'spec', parameters: OperationParameters = {}): Promise<string> {
    const created = await this.runner.operations.create({ operationId: randomUUID(), kind, projection, parameters });
    if (!created) throw new Error(`another operation on ${projection} is under way`);
    return created.operationId;
  }

  async ended(operationId: string): Promise<OperationView> {
    for (let waited = 0; waited < 600; waited++) {
      const found = await this.runner.operations.one(operationId);
      if (found && !['waiting', 'running'].includes(found.status)) return found;
      await setTimeout(50);
    }
    throw new Error('the operation does not end');
  }

  /** Runs an operation that is to succeed. */
  async succeed(kind: OperationKind, projection = 'spec', parameters: OperationParameters = {}): Promise<object> {
    const { status, problem, result } = await this.run(kind, projection, parameters);
    expect({ status, problem }).toEqual({ status: 'succeeded', problem: null });
    return result ?? {};
  }

  /** Every table of the schema that is not live, and what is remembered of rebuilds. */
  async leftovers(): Promise<string[]> {
    const rows = await this.database.query<{ name: string }>(
      `select relname as "name" from pg_class where relnamespace = 'specline'::regnamespace and relname ~ '__'
        union all select projection || ' ' || place from specline.rebuild
        union all select projection || ' shard ' || shard from specline.rebuild_shard order by 1`,
    );
    return rows.map(({ name }) => name);
  }

  close(): Promise<void> {
    return this.database.close();
  }
}
