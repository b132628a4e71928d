import { ApiProperty } from '@nestjs/swagger';
import { OnlyPageView } from '../http/page.view.js';

export class OrganizationView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01' })
  readonly organizationId!: string;
  /** @example "Example Ltd" */
  readonly name!: string;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
}

/** An API key without its secret, which nobody can read again. */
export class ApiKeyView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02' })
  readonly keyId!: string;
  /** @example ci */
  readonly name!: string;
  /** What it may do. */
  @ApiProperty({ enum: ['reader', 'auditor', 'writer', 'admin'], example: 'writer' })
  readonly role!: string;
  /** The member whose key it is; null where it stands for itself. */
  @ApiProperty({ type: String, format: 'uuid', nullable: true, example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03' })
  readonly memberId!: string | null;
  /** The actor who issued it. */
  @ApiProperty({ example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b04' })
  readonly issuedBy!: string;
  /** Who acts with it. */
  @ApiProperty({ enum: ['human', 'agent', 'service'], example: 'service' })
  readonly principal!: string;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
  /** When it was revoked; null while it opens something. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly revokedAt!: string | null;
}

export class ApiKeyList {
  readonly items!: ApiKeyView[];
  readonly page!: OnlyPageView;
}

export class OrganizationReceipt {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01' })
  readonly organizationId!: string;
  @ApiProperty({ type: 'integer', example: 2 })
  readonly version!: number;
  @ApiProperty({ type: 'integer', example: 2 })
  readonly seq!: number;
}

/** The answer to an erasure. */
export class ErasureReceipt extends OrganizationReceipt {
  /**
   * The person as tokens name them; left out when nobody of that name is known, which is also so after an erasure: a
   * second one changes nothing.
   */
  @ApiProperty({ format: 'uuid', example: '5c2f9c6e-1d1b-4f57-9f0a-7a0c5a4c0e11' })
  readonly subject?: string;
  /** When the key was destroyed. */
  @ApiProperty({ format: 'date-time' })
  readonly erasedAt?: string;
}

/** The answer to a new key: the only time its secret is seen. */
export class ApiKeyReceipt extends OrganizationReceipt {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02' })
  readonly keyId!: string;
  /** Null in the repetition of an answer (Idempotency-Key): the secret is not kept. */
  @ApiProperty({ type: String, nullable: true, example: 'spk_X3zk0cH5yYVY2Q0e8b8pFZk3mJ6dQ1rT9uWvLxN7aBc' })
  readonly apiKey!: string | null;
}
