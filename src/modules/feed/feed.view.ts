import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import { Optional, WholeParameter } from '../../commands/fields.js';
import { eventSchemas } from '../../events/event-schemas.js';

const known: ReadonlySet<string> = new Set(eventSchemas.names);

/** Types of events, with commas between them. */
const Types = () =>
  applyDecorators(
    ValidateBy({
      name: 'areTypes',
      validator: {
        validate: (value) => String(value).length <= 4000 && typesIn(String(value)).every((type) => known.has(type)),
        defaultMessage: () => '$property must be types of events, with commas between them',
      },
    }),
    ApiProperty({ type: 'string', minLength: 1, maxLength: 4000, pattern: '^[a-z_.]+(,[a-z_.]+)*$' }),
  );

/** The types that a list names. */
export const typesIn = (list: string): string[] => list.split(',');

/** Which events, and how long to wait for them. */
export class ConsumptionQuery {
  /**
   * Only events of these types, with commas between them; all by default.
   * @example spec.lifecycle.approved,spec.vote.cast
   */
  @Optional()
  @Types()
  readonly types?: string;

  /**
   * How many at most; 25 by default.
   * @example 25
   */
  @Optional()
  @WholeParameter(1, 100)
  readonly limit?: number;

  /**
   * Seconds to wait for an event where there is none yet; 0 by default. Of a stream, how long it lasts at most.
   * @example 1
   */
  @Optional()
  @WholeParameter(0, 30)
  readonly wait?: number;
}

export class FeedQuery extends ConsumptionQuery {
  /**
   * Events after this position of history: `next` of the page before. From the beginning by default. On a stream
   * `Last-Event-ID` goes before it.
   * @example 0
   */
  @Optional()
  @WholeParameter(0, 9_999_999_999)
  readonly after?: number;
}

/** An event as a CloudEvent (1.0.2, JSON format); docs/events.md says what each attribute is. */
export class CloudEventView {
  @ApiProperty({ example: '1.0' })
  readonly specversion!: string;
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33' })
  readonly id!: string;
  @ApiProperty({ example: '/v1/organizations/01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01' })
  readonly source!: string;
  @ApiProperty({ example: 'spec.section.updated' })
  readonly type!: string;
  /** The stream: the id of the spec, thread, policy, template or organization. */
  @ApiProperty({ example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' })
  readonly subject!: string;
  @ApiProperty({ format: 'date-time' })
  readonly time!: string;
  @ApiProperty({ example: 'urn:specline:event:spec.section.updated:1' })
  readonly dataschema!: string;
  @ApiProperty({ example: '0000000000004711' })
  readonly sequence!: string;
  /** Its position in history. */
  @ApiProperty({ example: '4711' })
  readonly seq!: string;
  /** The version of the stream that it made. */
  @ApiProperty({ example: '7' })
  readonly version!: string;
  @ApiProperty({ example: '1' })
  readonly schemaversion!: string;
  @ApiProperty({ example: 'cd'.repeat(32) })
  readonly hash!: string;
  @ApiProperty({ example: 'ab'.repeat(32) })
  readonly previoushash!: string;
  @ApiProperty({ example: 'spec.section.update' })
  readonly command!: string;
  @ApiProperty({ example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b44' })
  readonly commandid!: string;
  @ApiProperty({ example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b99' })
  readonly correlationid!: string;
  @ApiProperty({ example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02' })
  readonly actorid!: string;
  @ApiProperty({ example: 'human' })
  readonly actorkind!: string;
  readonly traceparent?: string;
  @ApiProperty({ example: 'application/json' })
  readonly datacontenttype!: string;
  /** As stored, in the present schema version: with tokens where persons are named. */
  @ApiProperty({
    type: Object,
    example: { key: 'tldr', body: 'Keep them for a year.\n', contentHash: 'cd'.repeat(32) },
  })
  readonly data!: object;
}

export class FeedPage {
  /** In the order of history, which has no gap: what comes later stands behind `next`. */
  @ApiProperty({ maxItems: 100 })
  readonly items!: CloudEventView[];
  /** The position to go on after. Without items it can be another one than before: there was nothing of the types up to it. */
  @ApiProperty({ type: 'integer', minimum: 0, example: 4711 })
  readonly next!: number;
}

/** The stream of events, as the browser's EventSource reads it. */
export const eventStream = {
  mediaType: 'text/event-stream',
  description:
    'Events as they come: the id is the position, to go on from with `Last-Event-ID`; the data is a CloudEvent.',
  example: 'id: 4711\nevent: spec.section.updated\ndata: {"specversion":"1.0","type":"spec.section.updated"}\n\n',
};
