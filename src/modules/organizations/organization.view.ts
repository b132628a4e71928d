import { ApiProperty } from '@nestjs/swagger';

export class OrganizationView {
  @ApiProperty({ format: 'uuid' })
  readonly organizationId!: string;
  /** @example Example Ltd */
  readonly name!: string;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
}

/** An API key without its secret, which nobody can read again. */
export class ApiKeyView {
  @ApiProperty({ format: 'uuid' })
  readonly keyId!: string;
  /** @example ci */
  readonly name!: string;
  @ApiProperty({ enum: ['reader', 'writer', 'admin'] })
  readonly role!: string;
  @ApiProperty({ enum: ['human', 'agent', 'service'] })
  readonly principal!: string;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly revokedAt!: string | null;
}

export class ApiKeyPage {
  @ApiProperty({ type: String, nullable: true })
  readonly next!: string | null;
}

export class ApiKeyList {
  readonly items!: ApiKeyView[];
  readonly page!: ApiKeyPage;
}

export class OrganizationReceipt {
  @ApiProperty({ format: 'uuid' })
  readonly organizationId!: string;
  @ApiProperty({ type: 'integer', example: 2 })
  readonly version!: number;
  @ApiProperty({ type: 'integer', example: 2 })
  readonly seq!: number;
}

/** The answer to a new key: the only time its secret is seen. */
export class ApiKeyReceipt extends OrganizationReceipt {
  @ApiProperty({ format: 'uuid' })
  readonly keyId!: string;
  /** Null in the repetition of an answer (Idempotency-Key): the secret is not kept. */
  @ApiProperty({ type: String, nullable: true, example: 'spk_X3zk0cH5yYVY2Q0e8b8pFZk3mJ6dQ1rT9uWvLxN7aBc' })
  readonly apiKey!: string | null;
}
