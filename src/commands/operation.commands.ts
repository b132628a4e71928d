import { DomainCommand } from './command.js';
import { Flag, Key, OneOf, Optional, PathId, Whole } from './fields.js';
import { Refuses } from './refuses.js';

/** What an operator can have done on a projection: the read models that one stream type fills. */
export const operationKinds = [
  'projection.rebuild',
  'projection.verify',
  'projection.swap',
  'projection.rollback',
  'projection.discard',
] as const;

/** Asks for work that goes on behind the answer. */
export abstract class OperationCommand extends DomainCommand {
  @PathId()
  readonly operationId!: string;

  get streamId(): string {
    return this.operationId;
  }
}

@Refuses('already_exists')
export class StartOperation extends OperationCommand {
  /**
   * `projection.rebuild` fills new tables from history, compares them with a second fold and puts them live;
   * `projection.verify` compares the live tables with history; `projection.swap` puts live what a rebuild left ready;
   * `projection.rollback` puts the tables before the last swap live again, with everything since; `projection.discard`
   * removes what stands beside the live tables.
   * @example projection.rebuild
   */
  @OneOf(operationKinds)
  readonly kind!: (typeof operationKinds)[number];

  /**
   * Whose tables: `organization`, `template`, `spec`, `thread` or `webhook_endpoint`.
   * @example spec
   */
  @Key(60)
  readonly projection!: string;

  /**
   * Per cent of the streams that are folded a second time, to be compared with; all by default.
   * @example 100
   */
  @Optional()
  @Whole(1, 100)
  readonly sample?: number;

  /**
   * Whether a rebuild puts its tables live; true by default.
   * @example true
   */
  @Optional()
  @Flag()
  readonly swap?: boolean;

  /**
   * Whether `projection.discard` also removes the tables before the last swap; false by default.
   * @example false
   */
  @Optional()
  @Flag()
  readonly previous?: boolean;
}

/** Ends an operation; what it had prepared is removed. */
@Refuses('not_found')
export class CancelOperation extends OperationCommand {}
