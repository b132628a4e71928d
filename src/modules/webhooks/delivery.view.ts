import { ApiProperty, IntersectionType } from '@nestjs/swagger';
import type { DeliveryState } from '../../commands/delivery.commands.js';
import { deliveryStates } from '../../commands/delivery.commands.js';
import { Id, OneOf, Optional } from '../../commands/fields.js';
import { Time } from '../../commands/time-field.js';
import { EventType } from '../../commands/webhook-parts.commands.js';
import { PagedQuery, PageView } from '../http/page.view.js';
import { sendErrors } from './answer-reader.js';

const deliveryId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba3';

/** One message to one endpoint, and where it stands. */
export class DeliveryView {
  @ApiProperty({ format: 'uuid', example: deliveryId })
  readonly deliveryId!: string;
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba1' })
  readonly endpointId!: string;
  /** The `webhook-id` of the message: the same in every attempt, and when it is sent again. */
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33' })
  readonly eventId!: string;
  /** @example spec.section.updated */
  readonly type!: string;
  /** What the event is about: the `subject` of the message. */
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' })
  readonly subject!: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' })
  readonly specId!: string | null;
  /** The position of the event in history. */
  @ApiProperty({ type: 'integer', example: 4711 })
  readonly seq!: number;
  /** Because it happened, because somebody had it sent again, or by a replay. */
  @ApiProperty({ enum: ['event', 'resend', 'replay'], example: 'event' })
  readonly cause!: string;
  /** `skipped` is what happened while the endpoint was not sent to. */
  @ApiProperty({ enum: deliveryStates, example: 'delivered' })
  readonly status!: DeliveryState;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly attempts!: number;
  /** The HTTP status of the last attempt that was answered. */
  @ApiProperty({ type: 'integer', nullable: true, example: 204 })
  readonly lastStatus!: number | null;
  /** Why the last attempt was not answered. */
  @ApiProperty({ type: String, enum: [...sendErrors, null], nullable: true, example: null })
  readonly lastError!: string | null;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  readonly nextAttemptAt!: string | null;
  /** When it ended. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly settledAt!: string | null;
}

export class DeliveryList {
  readonly items!: DeliveryView[];
  readonly page!: PageView;
}

/** Milliseconds. Those of the connection are null where one was there already. */
export class AttemptTimes {
  @ApiProperty({ type: 'number', nullable: true, example: 1.5 })
  readonly dns!: number | null;
  @ApiProperty({ type: 'number', nullable: true, example: 12.1 })
  readonly connect!: number | null;
  @ApiProperty({ type: 'number', nullable: true, example: 20.4 })
  readonly tls!: number | null;
  @ApiProperty({ type: 'number', nullable: true, example: 61.2 })
  readonly firstByte!: number | null;
  @ApiProperty({ type: 'number', example: 61.8 })
  readonly total!: number;
}

/** One request, and what was answered. */
export class AttemptView {
  @ApiProperty({ type: 'integer', example: 1 })
  readonly number!: number;
  @ApiProperty({ format: 'date-time' })
  readonly startedAt!: string;
  @ApiProperty({ enum: ['delivered', 'failed'], example: 'delivered' })
  readonly outcome!: string;
  @ApiProperty({ type: 'integer', nullable: true, example: 204 })
  readonly status!: number | null;
  @ApiProperty({ type: String, enum: [...sendErrors, null], nullable: true, example: null })
  readonly error!: string | null;
  readonly times!: AttemptTimes;
  /** Cookies are left out. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: { server: 'example' } })
  readonly responseHeaders!: Record<string, string>;
  /**
   * The first 16 KiB, as UTF-8.
   * @example ""
   */
  readonly responseBody!: string;
  /** Whether there was more. */
  @ApiProperty({ example: false })
  readonly truncated!: boolean;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  readonly nextAttemptAt!: string | null;
}

export class AttemptList {
  /** The first to the last, at most 100 of them. */
  @ApiProperty({ maxItems: 100 })
  readonly items!: AttemptView[];
}

/** Which deliveries. */
export class DeliveryFilter {
  @Optional()
  @OneOf(deliveryStates)
  readonly status?: DeliveryState;

  /**
   * Of events of this type, or of those that a pattern means.
   * @example spec.*
   */
  @Optional()
  @EventType()
  readonly type?: string;

  /** What is about this spec. */
  @Optional()
  @Id()
  readonly specId?: string;

  /**
   * First to be delivered from then on.
   * @example "2026-11-23T00:00:00Z"
   */
  @Optional()
  @Time()
  readonly since?: string;

  /**
   * And before then.
   * @example "2026-11-24T00:00:00Z"
   */
  @Optional()
  @Time()
  readonly until?: string;
}

export class DeliveryListQuery extends IntersectionType(DeliveryFilter, PagedQuery) {
  /** To this endpoint. */
  @Optional()
  @Id()
  readonly endpointId?: string;
}

/** How an endpoint does. */
export class EndpointStatistics {
  @ApiProperty({ type: 'integer', example: 0 })
  readonly pending!: number;
  @ApiProperty({ type: 'integer', example: 0 })
  readonly inFlight!: number;
  /** Of the last 24 hours, as the following ones. */
  @ApiProperty({ type: 'integer', example: 120 })
  readonly delivered!: number;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly failed!: number;
  @ApiProperty({ type: 'integer', example: 0 })
  readonly skipped!: number;
  /** Requests, whatever came of them. */
  @ApiProperty({ type: 'integer', example: 123 })
  readonly attempts!: number;
  /** Milliseconds that a request took: half of them at most so long. */
  @ApiProperty({ type: 'number', nullable: true, example: 40.2 })
  readonly medianMilliseconds!: number | null;
  /** All but one in a hundred at most so long. */
  @ApiProperty({ type: 'number', nullable: true, example: 210.9 })
  readonly p99Milliseconds!: number | null;
  /** Attempts that failed since the last success. */
  @ApiProperty({ type: 'integer', example: 0 })
  readonly failuresInARow!: number;
  /** Until when nothing is sent: it asked for that, or failed too often in a row. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  readonly blockedUntil!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly lastSuccessAt!: string | null;
}

/** How many deliveries a replay would add. */
export class ReplayCount {
  @ApiProperty({ type: 'integer', example: 120 })
  readonly total!: number;
}

/** A stretch of the log that is delivered again. */
export class ReplayView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba4' })
  readonly replayId!: string;
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba1' })
  readonly endpointId!: string;
  /** `waiting` until a process takes it, then `running`; the others are ends. */
  @ApiProperty({ enum: ['waiting', 'running', 'succeeded', 'failed', 'cancelled'], example: 'running' })
  readonly status!: string;
  /** How many deliveries there were to add when it began. */
  @ApiProperty({ type: 'integer', example: 120 })
  readonly total!: number;
  /** How many it has added. */
  @ApiProperty({ type: 'integer', example: 100 })
  readonly done!: number;
  /** Why it failed. */
  @ApiProperty({ type: String, nullable: true, example: null })
  readonly problem!: string | null;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly startedAt!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  readonly finishedAt!: string | null;
}
