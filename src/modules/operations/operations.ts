import type { operationKinds } from '../../commands/operation.commands.js';
import type { OperationView } from './operation.view.js';
import type { Progress } from '../event-store/progress-meter.js';
import type { OwnerDatabase } from '../event-store/owner-database.js';

export type OperationKind = (typeof operationKinds)[number];

/** As it is kept and shown. */
export type Operation = OperationView;

export type OperationParameters = { sample?: number; swap?: boolean; previous?: boolean };
export type OperationRequest = Pick<Operation, 'operationId' | 'kind' | 'projection' | 'parameters'>;

/** How long a process that says nothing is believed to work, in seconds of the database's clock. */
const lease = 15;

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const columns = `operation_id as "operationId", kind, projection, parameters, status, progress, result, problem,
  ${time('created_at')} as "createdAt", ${time('started_at')} as "startedAt", ${time('finished_at')} as "finishedAt"`;
const until = `clock_timestamp() + interval '${lease} seconds'`;

const insert = `insert into specline.operation (operation_id, kind, projection, parameters, request_hash)
  values ($1, $2, $3, $4, $5) on conflict do nothing returning ${columns}`;
const one = `select ${columns}, request_hash as "requestHash" from specline.operation where operation_id = $1`;
const active = `select ${columns} from specline.operation where projection = $1 and status in ('waiting', 'running')`;
const newest = `select ${columns} from specline.operation
  where $1::uuid is null or (created_at, operation_id) < (select created_at, operation_id from specline.operation where operation_id = $1)
  order by created_at desc, operation_id desc limit $2`;
const claim = `update specline.operation set owner = $1, status = 'running', lease_until = ${until},
    started_at = coalesce(started_at, clock_timestamp())
  where operation_id = (
    select operation_id from specline.operation
    where status in ('waiting', 'running') and (lease_until is null or lease_until < clock_timestamp())
      and operation_id = coalesce($2, operation_id)
    order by created_at limit 1 for update skip locked)
  returning ${columns}`;
const renew = `update specline.operation set progress = $3, lease_until = ${until}
  where operation_id = $1 and owner = $2 and status = 'running' returning cancel_requested as "cancelled"`;
const finish = `update specline.operation set status = $3, progress = coalesce($4, progress), result = $5, problem = $6, finished_at = clock_timestamp(),
    lease_until = null where operation_id = $1 and owner = $2 and status = 'running'`;
const release = `update specline.operation set lease_until = null where operation_id = $1 and owner = $2 and status = 'running'`;
const cancel = `update specline.operation set cancel_requested = true
  where operation_id = $1 and status in ('waiting', 'running')`;

/** The operations of a database: who works on which, and how far they are. Leases are told by the database's clock. */
export class Operations {
  constructor(private readonly database: OwnerDatabase) {}

  /** @returns nothing where another operation on the same projection is under way, or the id is taken */
  async create(request: OperationRequest, requestHash: string | null = null): Promise<Operation | undefined> {
    const { operationId, kind, projection, parameters } = request;
    const values = [operationId, kind, projection, JSON.stringify(parameters), requestHash];
    return (await this.database.query<Operation>(insert, values))[0];
  }

  async one(operationId: string): Promise<(Operation & { requestHash: string | null }) | undefined> {
    return (await this.database.query<Operation & { requestHash: string | null }>(one, [operationId]))[0];
  }

  /** The one that is under way on a projection, or waits to be. */
  async active(projection: string): Promise<Operation | undefined> {
    return (await this.database.query<Operation>(active, [projection]))[0];
  }

  /** The newest first; those before an operation when it is named. */
  async newest(limit: number, before: string | null = null): Promise<Operation[]> {
    return this.database.query<Operation>(newest, [before, limit]);
  }

  /** Takes an operation that nobody works on: that one, or the oldest. */
  async claim(owner: string, operationId: string | null = null): Promise<Operation | undefined> {
    return (await this.database.query<Operation>(claim, [owner, operationId]))[0];
  }

  /** Tells that the owner still works. @returns `lost` when another process has it by now */
  async renew(operationId: string, owner: string, progress: Progress): Promise<'go on' | 'cancelled' | 'lost'> {
    const values = [operationId, owner, JSON.stringify(progress)];
    const [row] = await this.database.query<{ cancelled: boolean }>(renew, values);
    return row ? (row.cancelled ? 'cancelled' : 'go on') : 'lost';
  }

  async finish(
    operationId: string,
    owner: string,
    { status, progress, result = null, problem = null }: Partial<Operation> & Pick<Operation, 'status'>,
  ): Promise<void> {
    const values = [status, progress && JSON.stringify(progress), result && JSON.stringify(result), problem];
    await this.database.query(finish, [operationId, owner, ...values]);
  }

  /** Leaves an operation to whoever takes it next. */
  async release(operationId: string, owner: string): Promise<void> {
    await this.database.query(release, [operationId, owner]);
  }

  async cancel(operationId: string): Promise<void> {
    await this.database.query(cancel, [operationId]);
  }
}
