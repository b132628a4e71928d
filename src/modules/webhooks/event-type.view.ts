import { ApiProperty } from '@nestjs/swagger';

/** A type of event that endpoints can be told of. */
export class EventTypeView {
  /** @example spec.section.updated */
  readonly type!: string;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly schemaVersion!: number;
  /** JSON Schema 2020-12 of the message; `payload` is in it only where the endpoint asked for it. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: { type: 'object' } })
  readonly schema!: object;
  /** A message. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: { specversion: '1.0' } })
  readonly example!: object;
}

export class EventTypeList {
  readonly items!: EventTypeView[];
}
