import { ApiProperty } from '@nestjs/swagger';
import { OneOf, Optional } from '../../commands/fields.js';
import { Time } from '../../commands/time-field.js';

export const statisticNames = ['activity', 'actors', 'cycle-time', 'first-review', 'reopened'] as const;
export type StatisticName = (typeof statisticNames)[number];

export const spans = ['day', 'week', 'month'] as const;
export type Span = (typeof spans)[number];

/** Most spans of a period. */
export const mostBuckets = 400;

export class StatisticsQuery {
  /** Not before this time (RFC 3339): by default from the beginning of the day 29 days before the end. */
  @Optional()
  @Time()
  readonly from?: string;

  /** Before this time (RFC 3339): by default until now. */
  @Optional()
  @Time()
  readonly to?: string;

  /**
   * How long each span is, in UTC: a `day` by default, a `week` from Monday on, or a `month`. There can be 400.
   * @example day
   */
  @Optional()
  @OneOf(spans)
  readonly bucket?: Span;
}

/** Of times in seconds: the middle one, and the one that nine in ten do not exceed. Null where none was taken. */
const Seconds = () => ApiProperty({ type: Number, nullable: true, minimum: 0, example: 5400.25 });
const Counts = () =>
  ApiProperty({ type: 'array', items: { type: 'integer', minimum: 0 }, maxItems: mostBuckets, example: [4, 1] });
const SecondsList = () =>
  ApiProperty({
    ...{ type: 'array', items: { type: 'number', minimum: 0, nullable: true } },
    ...{ maxItems: mostBuckets, required: false, example: [5400.25, null] },
  });

export class StatisticsSeries {
  /** What is counted: a kind of principal, an actor, a state of the lifecycle, a transition. */
  @ApiProperty({ maxLength: 200, example: 'in_review' })
  readonly key!: string;
  /** The same for people. */
  @ApiProperty({ maxLength: 1000, example: 'in review' })
  readonly name!: string;
  /** How many, in each bucket. */
  @Counts()
  readonly counts!: number[];
  /** How many in all. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 5 })
  readonly count!: number;
  /** Of times: their median in each bucket, in seconds; null where there was none. */
  @SecondsList()
  readonly medians?: (number | null)[];
  /** Of times: what nine in ten did not exceed in each bucket, in seconds; null where there was none. */
  @SecondsList()
  readonly ninetieths?: (number | null)[];
  /** Of times: their median over the whole period, in seconds. */
  @ApiProperty({ required: false })
  @Seconds()
  readonly median?: number | null;
  /** Of times: what nine in ten of the whole period did not exceed, in seconds. */
  @ApiProperty({ required: false })
  @Seconds()
  readonly ninetieth?: number | null;
}

export class AuditStatistics {
  @ApiProperty({ enum: [...statisticNames], example: 'cycle-time' })
  readonly view!: StatisticName;
  @ApiProperty({ format: 'date-time', example: '2026-10-25T00:00:00.000Z' })
  readonly from!: string;
  @ApiProperty({ format: 'date-time', example: '2026-11-23T12:00:00.000Z' })
  readonly to!: string;
  @ApiProperty({ enum: [...spans], example: 'day' })
  readonly bucket!: Span;
  /** The first day of each bucket; those at both ends may reach beyond the period. */
  @ApiProperty({
    ...{ type: 'array', items: { type: 'string', format: 'date' }, maxItems: mostBuckets },
    example: ['2026-10-25', '2026-10-26'],
  })
  readonly buckets!: string[];
  @ApiProperty({ maxItems: 20 })
  readonly series!: StatisticsSeries[];
}

/** In pixels. */
export const chartSize = { width: 960, height: 440 };

/** The same as pictures. */
export const pictures = [
  { mediaType: 'image/svg+xml', description: 'A chart that scales.', example: 'The text of a picture.' },
  { mediaType: 'image/png', description: 'A chart of 960 by 440 pixels.', example: 'The bytes of a picture.' },
];
