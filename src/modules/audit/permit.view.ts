import { ApiProperty } from '@nestjs/swagger';
import { Optional, WholeParameter } from '../../commands/fields.js';

export class PermitQuery {
  /**
   * For how many seconds it is to be valid; 300 by default.
   * @example 300
   */
  @Optional()
  @WholeParameter(30, 3600)
  readonly seconds?: number;
}

export class PermitView {
  /**
   * A JSON Web Token (RFC 7519) of the type `specline-permit+jwt`, signed by Ed25519 with a key of
   * `/.well-known/jwks.json`. Its claims: `aud` the organization, `sub` the spec, `revision`, `version` and `contentHash`
   * of what is approved, `lifecycle`, `approvedAt`, `policy`, `iat`, `exp` and `jti`.
   */
  @ApiProperty({
    type: 'string',
    maxLength: 4000,
    pattern: '^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{86}$',
    example: `eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJzcGVjbGluZSJ9.${'A'.repeat(86)}`,
  })
  readonly permit!: string;
  @ApiProperty({ format: 'date-time' })
  readonly expiresAt!: string;
}

/** A public key as a JSON Web Key (RFC 7517, RFC 8037). */
export class JsonWebKeyView {
  @ApiProperty({ enum: ['OKP'] })
  readonly kty!: 'OKP';
  @ApiProperty({ enum: ['Ed25519'] })
  readonly crv!: 'Ed25519';
  /** The public key's 32 bytes, base64url. */
  @ApiProperty({ type: 'string', pattern: '^[A-Za-z0-9_-]{43}$', maxLength: 43, example: 'A'.repeat(43) })
  readonly x!: string;
  /** The key's id, which the header of a permit names. */
  @ApiProperty({
    type: 'string',
    pattern: '^[0-9a-f]{32}$',
    maxLength: 32,
    example: '3f2a9c0e7d1b4a5886f0c1d2e3b4a596',
  })
  readonly kid!: string;
  @ApiProperty({ enum: ['sig'] })
  readonly use!: 'sig';
  @ApiProperty({ enum: ['EdDSA'] })
  readonly alg!: 'EdDSA';
}

export class JsonWebKeySetView {
  @ApiProperty({ maxItems: 10_000 })
  readonly keys!: JsonWebKeyView[];
}
