import { ApiProperty } from '@nestjs/swagger';
import { bounds } from '../../commands/bounds.js';
import { Key, OneOf, Optional, Sha256 } from '../../commands/fields.js';
import { lifecycles } from '../../commands/lifecycle.commands.js';
import { GuardView } from '../../commands/receipt.view.js';
import { positions } from '../../commands/review.commands.js';
import { changeKinds } from '../../events/review.events.js';
import { BlockingRowView } from '../compliance/compliance-standing.view.js';
import { PageView } from '../http/page.view.js';
import { ActorView } from './spec-event.view.js';
import { PolicyReferenceView } from './spec.view.js';
import { transitionNames } from './transitions.decider.js';

/** A transition, and whether the caller may make it as things stand. */
export class TransitionView {
  @ApiProperty({ enum: transitionNames, example: 'submit' })
  readonly name!: string;
  /** Where it leads; an amendment that comes to nothing leads back to where the revision in force stood. */
  @ApiProperty({ enum: lifecycles, example: 'in_review' })
  readonly to!: string;
  @ApiProperty({ example: true })
  readonly allowed!: boolean;
  /** Members of the body that it cannot be made without. */
  @ApiProperty({ maxItems: 5, example: ['reason'] })
  readonly takes!: string[];
  /** The guards that are not met, in the order in which they refuse; those about the body are tried by `simulate`. */
  @ApiProperty({ maxItems: 20, example: [] })
  readonly unmet!: GuardView[];
}

export class TransitionList {
  @ApiProperty({ enum: lifecycles, example: 'draft' })
  readonly lifecycle!: string;
  @ApiProperty({ maxItems: 20 })
  readonly items!: TransitionView[];
  readonly page!: PageView;
}

/** A change of a section, or of what stands before the first one: `section` is null then. */
export class OutdatingChangeView {
  /** @example risks */
  @ApiProperty({ type: String, nullable: true })
  readonly section!: string | null;
  @ApiProperty({ enum: changeKinds, example: 'normative' })
  readonly kind!: string;
}

export const standings = [
  'counted',
  'standing',
  'not_counted',
  'outdated',
  'expired',
  'withdrawn',
  'earlier_round',
] as const;

/** A vote, and what it is worth. */
export class VoteView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b55' })
  readonly voteId!: string;
  @ApiProperty({ enum: positions, example: 'approve' })
  readonly position!: string;
  /** @example "I have read this content and approve it." */
  readonly meaning!: string;
  readonly principal!: ActorView;
  @ApiProperty({ type: String, nullable: true, maxLength: bounds.owner })
  readonly onBehalfOf!: string | null;
  /** The key that it was cast with, by its id. */
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b02' })
  readonly keyId!: string;
  /** The hash of what was read. */
  @Sha256()
  readonly contentHash!: string;
  /** The keys of the sections that it is about; null for the whole spec. */
  @ApiProperty({ type: [String], nullable: true, maxItems: bounds.votedSections, example: ['risks'] })
  readonly sections!: string[] | null;
  @ApiProperty({ type: String, nullable: true, maxLength: bounds.comment })
  readonly comment!: string | null;
  @ApiProperty({ maxItems: bounds.conditions, example: [] })
  readonly conditions!: string[];
  /** The submission that it answered. */
  @ApiProperty({ type: 'integer', example: 1 })
  readonly round!: number;
  @ApiProperty({ format: 'date-time' })
  readonly castAt!: string;
  @ApiProperty({ enum: standings, example: 'counted' })
  readonly standing!: string;
  /** Why it is worth no more than that; null where there is nothing to explain. */
  @ApiProperty({ type: String, nullable: true })
  readonly why!: string | null;
  /** Since when it is outdated: who cast it is told by `GET .../reviews`. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly outdatedAt!: string | null;
  /** The changes that it did not outlive. */
  @ApiProperty({ maxItems: 1001, example: [] })
  readonly outdatedBy!: OutdatingChangeView[];
}

/** A named objection. */
export class ConcernView {
  /** The id of the vote that raised it. */
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b55' })
  readonly concernId!: string;
  /** @example "Who pays for it?" */
  readonly text!: string;
  readonly raisedBy!: ActorView;
  @ApiProperty({ format: 'date-time' })
  readonly raisedAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly resolvedAt!: string | null;
  @ApiProperty({ type: String, nullable: true, maxLength: bounds.reason })
  readonly resolution!: string | null;
}

export class VoteList {
  /** The last vote of each principal in this revision; earlier ones stand in the spec's events. */
  readonly items!: VoteView[];
  readonly concerns!: ConcernView[];
  readonly page!: PageView;
}

/** Who could supply what is missing. */
export class WhoCanView {
  /** Nobody in particular is meant. */
  @ApiProperty({ example: true })
  readonly anyone!: boolean;
  /** @example ["security"] */
  readonly groups!: string[];
  /** @example ["01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b03"] */
  @ApiProperty({ maxItems: 100 })
  readonly members!: string[];
}

export class SectionRequirementView {
  /** @example risks */
  readonly section!: string;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly needed!: number;
  @ApiProperty({ type: 'integer', example: 0 })
  readonly have!: number;
  readonly whoCan!: WhoCanView;
}

export class NotCountedView {
  @ApiProperty({ format: 'uuid', example: '01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b55' })
  readonly voteId!: string;
  /** @example author */
  readonly code!: string;
  /** @example "It was cast by an author, or with a key that came from one." */
  readonly sentence!: string;
}

/** A requirement of the policy, and how far it is met. */
export class RequirementView {
  /** @example approval */
  readonly name!: string;
  @ApiProperty({ example: true })
  readonly met!: boolean;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly needed!: number;
  @ApiProperty({ type: 'integer', example: 0 })
  readonly have!: number;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly missing!: number;
  /** @example "1 more approval is needed by a human, other than the author and contributors." */
  readonly sentence!: string;
  /** The votes that count. */
  @ApiProperty({ example: [] })
  readonly voteIds!: string[];
  @ApiProperty({ example: [] })
  readonly sections!: SectionRequirementView[];
  readonly whoCan!: WhoCanView;
  /** Whether enough people are there who could. */
  @ApiProperty({ example: true })
  readonly reachable!: boolean;
  /** The requirements that have to be met first. */
  @ApiProperty({ example: [] })
  readonly waitsFor!: string[];
  @ApiProperty({ example: [] })
  readonly notCounted!: NotCountedView[];
}

/** Something that no vote outweighs. */
export class ObstacleView {
  /** @example open_concern */
  readonly code!: string;
  /** @example "A concern is open; who raised it can resolve it." */
  readonly sentence!: string;
  /** The concern, thread, spec or compliance report that it is about. */
  @ApiProperty({ type: String, nullable: true })
  readonly id!: string | null;
  /** The ids of those who can take it away. */
  @ApiProperty({ example: [] })
  readonly whoCan!: string[];
  /** The rules that block, where it is about compliance. */
  @ApiProperty({ maxItems: 20 })
  readonly rows?: BlockingRowView[];
}

/** What is missing until the spec is approved, and who can supply it. */
export class ApprovabilityView {
  @ApiProperty({ enum: lifecycles, example: 'in_review' })
  readonly lifecycle!: string;
  @ApiProperty({ type: 'integer', example: 1 })
  readonly revision!: number;
  /** What a vote on the whole spec is bound to. */
  @Sha256()
  readonly contentHash!: string;
  /** Whether the policy is met by what stands. */
  @ApiProperty({ example: true })
  readonly met!: boolean;
  readonly policy!: PolicyReferenceView;
  readonly requirements!: RequirementView[];
  @ApiProperty({ example: [] })
  readonly blocking!: ObstacleView[];
}

export class ApprovabilityAsked {
  /**
   * The key of a policy to try instead of the one that applies: nothing is decided by it.
   * @example default
   */
  @Optional()
  @Key(80)
  readonly policy?: string;

  /**
   * Whether to try what is proposed for that policy.
   * @example false
   */
  @Optional()
  @OneOf(['true', 'false'])
  readonly proposed?: 'true' | 'false';
}
