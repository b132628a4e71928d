import { ApiProperty } from '@nestjs/swagger';
import { Id, Optional, Sha256, WholeParameter } from '../../commands/fields.js';
import { PagedQuery, PageView } from '../http/page.view.js';

const Hashes = () =>
  ApiProperty({
    type: 'array',
    maxItems: 64,
    items: { type: 'string', minLength: 64, maxLength: 64, pattern: '^[0-9a-f]{64}$' },
    example: ['9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
  });
const KeyId = () =>
  ApiProperty({
    type: 'string',
    pattern: '^[0-9a-f]{32}$',
    maxLength: 32,
    example: '3f2a9c0e7d1b4a5886f0c1d2e3b4a596',
  });
const Signature = () =>
  ApiProperty({ type: 'string', pattern: '^[A-Za-z0-9_-]{86}$', maxLength: 86, example: 'A'.repeat(86) });

/** A signed tree head: docs/evidence.md says what exactly is signed. */
export class SealView {
  /** @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b01 */
  @ApiProperty({ format: 'uuid' })
  readonly organizationId!: string;
  /** From 1, without gaps. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 12 })
  readonly number!: number;
  /** How many events are sealed: the position of the last one. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 345 })
  readonly size!: number;
  /** The Merkle tree hash over the events' hashes (RFC 9162). */
  @Sha256()
  readonly root!: string;
  /** The hash of the seal before; zeros in the first. */
  @Sha256()
  readonly previous!: string;
  @ApiProperty({ format: 'date-time' })
  readonly sealedAt!: string;
  /** The key that signed it. */
  @KeyId()
  readonly keyId!: string;
  /** Ed25519, base64url. */
  @Signature()
  readonly signature!: string;
}

export class SealList {
  @ApiProperty({ maxItems: 100 })
  readonly items!: SealView[];
  readonly page!: PageView;
}

/** That an event is among those that a seal covers (RFC 9162, section 2.1.3). */
export class InclusionProof {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b33' })
  readonly eventId!: string;
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11' })
  readonly streamId!: string;
  /** The event's version in its stream. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 7 })
  readonly version!: number;
  /** Its place in the organization's history, from 1, without gaps: the leaf's index and one. */
  @ApiProperty({ type: 'integer', minimum: 1, example: 321 })
  readonly position!: number;
  /** The event's hash: what the leaf is made of. */
  @Sha256()
  readonly hash!: string;
  readonly seal!: SealView;
  /** From the leaf's sibling up to the root's child. */
  @Hashes()
  readonly proof!: string[];
}

/** That nothing that an earlier seal covers was changed since (RFC 9162, section 2.1.4). */
export class ConsistencyProof {
  readonly from!: SealView;
  readonly to!: SealView;
  @Hashes()
  readonly proof!: string[];
}

/** A public key, and how it came: signed by itself and by the one that it replaced. */
export class SigningKeyView {
  @ApiProperty({ enum: ['Ed25519'], example: 'Ed25519' })
  readonly algorithm!: string;
  /** The first half of the SHA-256 over the key. */
  @KeyId()
  readonly keyId!: string;
  /** Its 32 bytes in base64url, as in the member `x` of a JWK. */
  @ApiProperty({ pattern: '^[A-Za-z0-9_-]{43}$', maxLength: 43, example: 'B'.repeat(43) })
  readonly publicKey!: string;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
  /** When another took its place; null for the key that signs now. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly retiredAt!: string | null;
  /** The key that it replaced; null for the first. */
  @ApiProperty({ type: String, nullable: true, pattern: '^[0-9a-f]{32}$', maxLength: 32 })
  readonly previousKeyId!: string | null;
  /** Its own signature over its statement. */
  @Signature()
  readonly signature!: string;
  /** The replaced key's signature over the same; null for the first. */
  @ApiProperty({ type: String, nullable: true, pattern: '^[A-Za-z0-9_-]{86}$', maxLength: 86 })
  readonly previousSignature!: string | null;
}

export class KeyList {
  /** Oldest first. */
  @ApiProperty({ maxItems: 10_000 })
  readonly keys!: SigningKeyView[];
}

export class SealListQuery extends PagedQuery {}

export class InclusionQuery {
  /**
   * The number of the seal to prove it to; the newest one by default.
   */
  @Optional()
  @WholeParameter(1, 2_147_483_647)
  readonly seal?: number;
}

export class ConsistencyQuery {
  /**
   * The number of the earlier seal; the first one by default.
   * @example 1
   */
  @Optional()
  @WholeParameter(1, 2_147_483_647)
  readonly from?: number;

  /**
   * The number of the later seal; the newest one by default.
   */
  @Optional()
  @WholeParameter(1, 2_147_483_647)
  readonly to?: number;
}

export class EvidenceQuery {
  /**
   * One spec's events only, each with its inclusion proof; the organization's whole history by default.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b11
   */
  @Optional()
  @Id()
  readonly specId?: string;
}
