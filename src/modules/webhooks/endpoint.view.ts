import { ApiProperty } from '@nestjs/swagger';
import { exhaustions, orders } from '../../commands/webhook.commands.js';
import { PagedQuery, PageView } from '../http/page.view.js';

const endpointId = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba1';
export const endpointStatuses = ['unverified', 'active', 'paused', 'disabled'] as const;

/** Which specs an endpoint hears of: each list that is not empty must hold what the spec is. */
export class EndpointFilterView {
  @ApiProperty({ example: [] })
  readonly specIds!: string[];
  /** @example ["payments"] */
  readonly labels!: string[];
  @ApiProperty({ example: [] })
  readonly templates!: string[];
  @ApiProperty({ example: [] })
  readonly lifecycles!: string[];
}

/** A secret, without what it is. */
export class EndpointSecretView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba2' })
  readonly secretId!: string;
  @ApiProperty({ enum: ['hmac', 'ed25519'], example: 'hmac' })
  readonly signature!: 'hmac' | 'ed25519';
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
  /** Null for the newest. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  readonly expiresAt!: string | null;
}

/** Where messages are sent, and how. */
export class EndpointView {
  @ApiProperty({ format: 'uuid', example: endpointId })
  readonly endpointId!: string;
  /**
   * `unverified` until its address answers a challenge, `paused` by somebody, `disabled` by the service itself. Only an
   * `active` one is sent to; for the others what happens is logged as skipped.
   */
  @ApiProperty({ enum: endpointStatuses, example: 'active' })
  readonly status!: (typeof endpointStatuses)[number];
  /** Why it is paused, or disabled: `failing`, `gone` or `halted`. */
  @ApiProperty({ type: String, nullable: true, example: null })
  readonly reason!: string | null;
  /** Since when nothing has been delivered, where that was warned of. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: null })
  readonly failingSince!: string | null;
  /** @example https://hooks.example.com/specline */
  readonly url!: string;
  @ApiProperty({ type: String, nullable: true, example: 'Our build server' })
  readonly description!: string | null;
  /** @example ["spec.*"] */
  readonly eventTypes!: string[];
  readonly filter!: EndpointFilterView;
  @ApiProperty({ enum: ['thin', 'full'], example: 'thin' })
  readonly payload!: 'thin' | 'full';
  @ApiProperty({ enum: orders, example: 'per_spec' })
  readonly order!: string;
  @ApiProperty({ enum: exhaustions, example: 'halt' })
  readonly onExhausted!: string;
  /**
   * The names of its own headers.
   * @example ["Authorization"]
   */
  readonly headers!: string[];
  @ApiProperty({ type: 'integer', example: 15 })
  readonly timeoutSeconds!: number;
  @ApiProperty({ type: 'integer', example: 10 })
  readonly maxConcurrent!: number;
  @ApiProperty({ type: 'integer', nullable: true, example: null })
  readonly perSecond!: number | null;
  /** Whether a new address must answer a challenge before it is used. */
  @ApiProperty({ example: false })
  readonly verification!: boolean;
  /** Whether the present address has. */
  @ApiProperty({ example: false })
  readonly verified!: boolean;
  /** Those that sign, the newest first. */
  @ApiProperty({ maxItems: 5 })
  readonly secrets!: EndpointSecretView[];
  /** Its ETag. */
  @ApiProperty({ type: 'integer', example: 3 })
  readonly version!: number;
  @ApiProperty({ format: 'date-time' })
  readonly createdAt!: string;
  @ApiProperty({ format: 'date-time' })
  readonly updatedAt!: string;
}

export class EndpointList {
  readonly items!: EndpointView[];
  readonly page!: PageView;
}

export class EndpointListQuery extends PagedQuery {}

export class EndpointReceipt {
  @ApiProperty({ format: 'uuid', example: endpointId })
  readonly endpointId!: string;
  @ApiProperty({ enum: [...endpointStatuses, 'deleted'], example: 'active' })
  readonly status!: string;
  /** The endpoint's version after the write: its ETag. */
  @ApiProperty({ type: 'integer', example: 3 })
  readonly version!: number;
  @ApiProperty({ type: 'integer', example: 4711 })
  readonly seq!: number;
}

/** With what a receiver verifies signatures with. */
export class EndpointSecretReceipt extends EndpointReceipt {
  /** `whsec_` and the shared secret, or `whpk_` and the public key. Null when the answer is a repetition. */
  @ApiProperty({ type: String, nullable: true, example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' })
  readonly secret!: string | null;
}

/** A secret with what a receiver verifies with. */
export class ShownSecretView extends EndpointSecretView {
  /** @example whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD */
  readonly secret!: string;
}

export class ShownSecretList {
  /** Those that sign, the newest first. */
  @ApiProperty({ maxItems: 5 })
  readonly items!: ShownSecretView[];
}

/** A public key (RFC 8037). */
export class EndpointKeyView {
  @ApiProperty({ example: 'OKP' })
  readonly kty!: string;
  @ApiProperty({ example: 'Ed25519' })
  readonly crv!: string;
  @ApiProperty({ example: 'sig' })
  readonly use!: string;
  @ApiProperty({ example: 'EdDSA' })
  readonly alg!: string;
  /** The id of the secret. */
  @ApiProperty({ example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0ba2' })
  readonly kid!: string;
  @ApiProperty({ example: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' })
  readonly x!: string;
}

export class EndpointKeySet {
  @ApiProperty({ maxItems: 5 })
  readonly keys!: EndpointKeyView[];
}
