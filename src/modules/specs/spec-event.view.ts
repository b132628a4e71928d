import { ApiProperty } from '@nestjs/swagger';
import { Sha256 } from '../../commands/fields.js';
import { PageView } from '../http/page.view.js';

/** Who did it. */
export class ActorView {
  /**
   * The API key, or `operator`.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02
   */
  readonly id!: string;
  @ApiProperty({ enum: ['human', 'agent', 'service', 'system'], example: 'service' })
  readonly kind!: string;
  /** @example ci */
  readonly name!: string;
}

/**
 * An event of a spec's stream, as the present schema version says it. Its hashes cover what is stored, with tokens where
 * persons are named.
 */
export class EventView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33' })
  readonly eventId!: string;
  /** @example spec.section.updated */
  readonly type!: string;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly schemaVersion!: number;
  /** The spec's version that the event made. */
  @ApiProperty({ type: 'integer', example: 7 })
  readonly version!: number;
  /** Its position in history. */
  @ApiProperty({ type: 'integer', example: 4711 })
  readonly seq!: number;
  @ApiProperty({ format: 'date-time' })
  readonly recordedAt!: string;
  readonly actor!: ActorView;
  /**
   * The command that caused it.
   * @example spec.section.update
   */
  readonly command!: string;
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b44' })
  readonly commandId!: string;
  /**
   * The id of the request that caused it.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b99
   */
  readonly correlationId!: string;
  /** What happened; its members depend on the type. */
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { key: 'problem-statement', body: 'No search can be shared.\n' },
  })
  readonly data!: object;
  /** SHA-256 over the event and the hash before it. */
  @Sha256()
  readonly hash!: string;
  /** The hash of the event before it; zeros before the first. */
  @Sha256()
  readonly previousHash!: string;
}

export class EventList {
  @ApiProperty({ maxItems: 100 })
  readonly items!: EventView[];
  readonly page!: PageView;
}
