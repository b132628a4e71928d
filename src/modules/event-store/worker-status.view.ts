import { ApiProperty } from '@nestjs/swagger';

const position = { type: 'integer', minimum: 0 } as const;
const someProcess = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b77';

/** How far history is final. */
export class WatermarkStatus {
  /** Every position up to this one is final: no open transaction can still fill it. */
  @ApiProperty({ ...position, example: 4711 })
  readonly position!: number;
  /** The last position that was taken. */
  @ApiProperty({ ...position, example: 4711 })
  readonly lastPosition!: number;
  /** How many positions are taken and not yet final. */
  @ApiProperty({ ...position, example: 0 })
  readonly lagEvents!: number;
  /** How old what is not yet final can be; 0 while everything is. */
  @ApiProperty({ ...position, example: 0 })
  readonly lagMilliseconds!: number;
  /** The process that moves the watermark; null while none does. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: someProcess })
  readonly leader!: string | null;
}

/** Where one shard of a subscription stands. */
export class ShardStatus {
  @ApiProperty({ ...position, example: 0 })
  readonly shard!: number;
  /** Everything up to here is handled, or parked. */
  @ApiProperty({ ...position, example: 4711 })
  readonly position!: number;
  /** How many final positions are still before it. */
  @ApiProperty({ ...position, example: 0 })
  readonly lagEvents!: number;
  /** Counts its owners. */
  @ApiProperty({ ...position, example: 3 })
  readonly epoch!: number;
  /** The process that works on it; null while none does. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: someProcess })
  readonly owner!: string | null;
  /** Why it did not move when it was last tried; null once it does. */
  @ApiProperty({ type: String, nullable: true, example: null })
  readonly error!: string | null;
  /** When that was. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  readonly failedAt!: string | null;
}

/** A subscription to history. */
export class SubscriptionStatus {
  /** @example kafka */
  readonly name!: string;
  /** How many streams it could not go on with. */
  @ApiProperty({ ...position, example: 0 })
  readonly parkedStreams!: number;
  /** How many events of those streams wait for an operator. */
  @ApiProperty({ ...position, example: 0 })
  readonly parkedEvents!: number;
  readonly shards!: ShardStatus[];
}

/** What background work is doing, in all processes of the service together. */
export class WorkerStatus {
  readonly watermark!: WatermarkStatus;
  readonly subscriptions!: SubscriptionStatus[];
}
