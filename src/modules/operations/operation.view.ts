import { ApiProperty } from '@nestjs/swagger';
import { operationKinds } from '../../commands/operation.commands.js';
import { PagedQuery, PageView } from '../http/page.view.js';

export const operationStatuses = ['waiting', 'running', 'succeeded', 'failed', 'cancelled'] as const;

/** How far the phase under way is. */
export class OperationProgress {
  /**
   * What is done just now: `load`, `index`, `verify`, `swap`.
   * @example load
   */
  readonly phase!: string;
  /** Events that are done in this phase. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 120_000 })
  readonly events!: number;
  @ApiProperty({ type: 'integer', minimum: 0, example: 400_000 })
  readonly totalEvents!: number;
  @ApiProperty({ type: 'number', minimum: 0, maximum: 100, example: 30 })
  readonly percent!: number;
  /** Over the last seconds. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 40_000 })
  readonly eventsPerSecond!: number;
  /** Until the phase ends; null while that is not known. */
  @ApiProperty({ type: 'integer', nullable: true, minimum: 0, example: 7 })
  readonly secondsLeft!: number | null;
}

/** What was asked for besides kind and projection. */
export class OperationOptions {
  @ApiProperty({ type: 'integer', required: false, minimum: 1, maximum: 100, example: 100 })
  readonly sample?: number;
  @ApiProperty({ type: 'boolean', required: false, example: true })
  readonly swap?: boolean;
  @ApiProperty({ type: 'boolean', required: false, example: false })
  readonly previous?: boolean;
}

/** Work of the operator that takes a while. */
export class OperationView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b51' })
  readonly operationId!: string;
  @ApiProperty({ enum: operationKinds, example: 'projection.rebuild' })
  readonly kind!: (typeof operationKinds)[number];
  /** @example spec */
  readonly projection!: string;
  readonly parameters!: OperationOptions;
  /** `waiting` until a process takes it, then `running`; the others are ends. */
  @ApiProperty({ enum: operationStatuses, example: 'running' })
  readonly status!: (typeof operationStatuses)[number];
  readonly progress!: OperationProgress;
  /** What came of it: members depend on the kind. Null until it has ended. */
  @ApiProperty({ type: 'object', nullable: true, additionalProperties: true, example: null })
  readonly result!: object | null;
  /** Why it failed, and which row differs from history. */
  @ApiProperty({ type: String, nullable: true, example: null })
  readonly problem!: string | null;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly startedAt!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  readonly finishedAt!: string | null;
}

export class OperationList {
  readonly items!: OperationView[];
  readonly page!: PageView;
}

export class OperationListQuery extends PagedQuery {}
