import { ApiProperty, OmitType } from '@nestjs/swagger';
import { Optional, Sha256, WholeParameter } from '../../commands/fields.js';
import { PutReviewPolicy } from '../../commands/policy.commands.js';
import type { PolicyRules } from '../../commands/review-policy.js';
import { defaultPolicy } from '../../commands/review-policy.js';
import { PointInTime } from '../../commands/time-field.js';
import { OnlyPageView } from '../http/page.view.js';
import { OrganizationReceipt } from './organization.view.js';

const member = '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03';

const { key: _key, version: _version, hash: _hash, decidedAt: _at, decidedBy: _by, ...someRules } = defaultPolicy;
const Rules = OmitType(PutReviewPolicy, ['policyKey', 'reason']) as unknown as new () => PolicyRules;

/** The hash of a version; empty where there is none yet. */
const HashOrEmpty = () =>
  ApiProperty({
    maxLength: 64,
    pattern: '^(?:[0-9a-f]{64})?$',
    example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  });

/** What a policy says, as it is put; what was left out then is there. */
export class PolicyRulesView extends Rules {}

/** A change that waits for a second administrator. */
export class PolicyProposalView {
  /** What the policy would say; null where it would end. */
  @ApiProperty({ type: PolicyRulesView, nullable: true, example: null })
  readonly rules!: PolicyRulesView | null;
  /** What has to be sent to confirm it. */
  @Sha256()
  readonly hash!: string;
  /** @example "The audit asked for a second pair of eyes." */
  readonly reason!: string;
  /** The actor, who cannot confirm it. */
  @ApiProperty({ example: member })
  readonly proposedBy!: string;
  @ApiProperty({ format: 'date-time' })
  readonly proposedAt!: string;
}

/** A policy as it stands. */
export class PolicyView {
  /** @example security */
  readonly policyKey!: string;
  /** Of what is in force, or was last; 0 before the first version is confirmed. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly version!: number;
  /** SHA-256 over key, version and rules, which approvals keep; empty before the first version. */
  @HashOrEmpty()
  readonly hash!: string;
  /**
   * Whether it came with Specline, and judges what no other policy does.
   * @example false
   */
  readonly builtIn!: boolean;
  /** Null before the first version. */
  @ApiProperty({ type: PolicyRulesView, nullable: true, example: someRules })
  readonly rules!: PolicyRulesView | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly decidedAt!: string | null;
  /** The actors who made the version, or ended the policy: who proposed it, and who confirmed it. */
  @ApiProperty({ example: [member] })
  readonly decidedBy!: string[];
  /** When it ended; null while it judges. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly retiredAt!: string | null;
  @ApiProperty({ type: PolicyProposalView, nullable: true, example: null })
  readonly proposal!: PolicyProposalView | null;
}

/** A version that is or was in force. */
export class PolicyVersionView {
  /** @example security */
  readonly policyKey!: string;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly version!: number;
  @Sha256()
  readonly hash!: string;
  readonly rules!: PolicyRulesView;
  @ApiProperty({ format: 'date-time' })
  readonly decidedAt!: string;
  @ApiProperty({ example: [member] })
  readonly decidedBy!: string[];
  /** @example "The audit asked for a second pair of eyes." */
  readonly reason!: string;
}

export class PolicyList {
  readonly items!: PolicyView[];
  readonly page!: OnlyPageView;
}

export class PolicyVersionList {
  readonly items!: PolicyVersionView[];
  readonly page!: OnlyPageView;
}

/** The answer to a change of a policy. */
export class PolicyReceipt extends OmitType(OrganizationReceipt, ['organizationId']) {
  /** @example security */
  readonly policyKey!: string;
  /** The version in force, or the last one that was. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly policyVersion!: number;
  /** Of what is proposed, or of the version; empty where a proposal is discarded before there was a version. */
  @HashOrEmpty()
  readonly hash!: string;
  /** `proposed`: a second administrator has to confirm it. */
  @ApiProperty({ enum: ['proposed', 'in_force', 'retired', 'discarded'], example: 'in_force' })
  readonly standing!: string;
}

export class PolicyMoment {
  /** As it stood at this time (RFC 3339), or at this position of history (`seq`). */
  @Optional()
  @PointInTime()
  readonly at?: string;
}

export class PolicyVersionsFrom {
  /**
   * The version to begin with, downwards; the newest by default.
   * @example 1
   */
  @Optional()
  @WholeParameter(1, 1_000_000)
  readonly from?: number;
}
