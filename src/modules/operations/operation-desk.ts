import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../../commands/command.js';
import type { StartOperation } from '../../commands/operation.commands.js';
import { Refusal } from '../../commands/refusals.js';
import type { ReadModel } from '../event-store/read-model.js';
import { Cursors } from '../http/cursors.js';
import { OperationRunner } from './operation-runner.js';
import type { OperationList, OperationListQuery, OperationView } from './operation.view.js';

/** What can be rebuilt: the program's read models. */
export const READ_MODELS = Symbol('read models');

/** How an operation that was asked for is answered: as what it is. */
type Accepted = { receipt: OperationView; tag: null; replayed: boolean };

const list = { organizationId: 'operator', list: 'operations', filters: {} };

/** Takes operations on and tells how far they are. */
@Injectable()
export class OperationDesk {
  constructor(
    private readonly runner: OperationRunner,
    private readonly cursors: Cursors,
    @Inject(READ_MODELS) private readonly readModels: readonly ReadModel[],
  ) {}

  async start(command: StartOperation, { idempotency }: Caller): Promise<Accepted> {
    const { kind, projection, sample, swap, previous } = command;
    this.mustBeKnown(projection);
    // The same key is the same operation.
    const operationId = idempotency?.commandId ?? command.operationId;
    const parameters = { sample, swap, previous };
    const request = { operationId, kind, projection, parameters };
    const created = await this.runner.operations.create(request, idempotency?.requestHash);
    if (created) return { receipt: created, tag: null, replayed: false };
    const earlier = await this.runner.operations.one(operationId);
    if (!earlier) {
      const active = await this.runner.operations.active(projection);
      throw new Refusal('already_exists', `Another operation on ${projection} is under way: ${active?.operationId}.`, {
        operationId: active?.operationId,
      });
    }
    const { requestHash, ...operation } = earlier;
    if (requestHash !== idempotency?.requestHash) {
      throw new Refusal('idempotency_key_reused', 'Use a new key for a new request: this one belongs to another.');
    }
    return { receipt: operation, tag: null, replayed: true };
  }

  async one(operationId: string): Promise<OperationView> {
    const found = await this.runner.operations.one(operationId.toLowerCase());
    if (!found) throw new Refusal('not_found', 'There is no such operation.');
    const { requestHash: _hash, ...operation } = found;
    return operation;
  }

  async list({ limit = 25, cursor }: OperationListQuery): Promise<OperationList> {
    const [before = null] = cursor === undefined ? [] : await this.cursors.open(list, cursor);
    const found = await this.runner.operations.newest(limit + 1, before as string | null);
    const items = found.slice(0, limit);
    const next = found.length > limit ? await this.cursors.seal(list, [items.at(-1)?.operationId]) : null;
    return { items, page: { next } };
  }

  /** What has ended stays as it is. */
  async cancel(operationId: string): Promise<Accepted> {
    await this.one(operationId);
    await this.runner.operations.cancel(operationId);
    return { receipt: await this.one(operationId), tag: null, replayed: false };
  }

  private mustBeKnown(projection: string): void {
    const names = this.readModels.map(({ name }) => name);
    if (names.includes(projection)) return;
    const message = `projection must be one of: ${names.join(', ')}`;
    throw new Refusal('validation_failed', `${message}.`, {
      errors: [{ pointer: '/projection', code: 'isIn', message }],
    });
  }
}
