import type { ClientBase } from 'pg';
import type { OwnerDatabase } from './owner-database.js';
import type { ReadModel } from './read-model.js';
import type { ProgressMeter } from './progress-meter.js';
import type { Place } from './rebuild-tables.js';

/** What an operation on a read model works with. */
export type RebuildWork = {
  operationId: string;
  database: OwnerDatabase;
  model: ReadModel;
  meter: ProgressMeter;
  /** Ends the work where it stands: a later run goes on from there. */
  signal: AbortSignal;
  /** How many shards are loaded at the same time. */
  lanes: number;
};

/** How far the tables at a place are. */
export type Generation = {
  operationId: string;
  /** Which code fills them (projection-version.ts). */
  codeVersion: string;
  /** `load`: shards are being filled; `index`: all are; `ready`: as the live tables, up to the position. */
  phase: 'load' | 'index' | 'ready';
  /** Every event at or before it is folded into the tables. */
  position: number;
  /** How many events there were when they were begun. */
  events: number;
  /** Compared with a second fold. */
  verified: boolean;
};

const columns = `operation_id as "operationId", code_version as "codeVersion", phase, position::float8, events::float8, verified`;
const find = `select ${columns} from specline.rebuild where projection = $1 and place = $2`;

/** The tables at a place; undefined where there are none. */
export async function generationAt(
  client: ClientBase,
  { name }: ReadModel,
  place: Place,
  lock: '' | 'for update' = '',
): Promise<Generation | undefined> {
  return (await client.query<Generation>(`${find} ${lock}`, [name, place])).rows[0];
}

/** The work cannot be done as things are: in words for the operator. */
export class OperationRefused extends Error {
  override readonly name = 'OperationRefused';
}

/** Another process does this work by now: whatever was under way here is rolled back. */
export class Superseded extends Error {
  override readonly name = 'Superseded';

  constructor() {
    super('another process has taken the operation over');
  }
}
