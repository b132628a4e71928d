import { Personal } from '../events/personal.js';
import { bounds } from './bounds.js';
import { Keys, Line, Lines, Markdown, NotBlank, OneOf, Optional, PathId, Reason, Sha256Text } from './fields.js';
import { SimulatedCommand } from './lifecycle.commands.js';
import { Refuses } from './refuses.js';

/** What a reviewer can say, and what it means to have said it. */
export const meanings = {
  approve: 'I have read this content and approve it.',
  approve_with_conditions: 'I have read this content and approve it once the conditions are met.',
  concern: 'I have read this content and object to it until my concern is resolved.',
  abstain: 'I have read this content and leave the decision to others.',
  request_information: 'I cannot judge this content without further information.',
} as const;
export type Position = keyof typeof meanings;
export const positions = Object.keys(meanings) as Position[];

/** Says what a reviewer thinks of exactly this content. It replaces what the same reviewer said before. */
@Refuses('review_not_open', 'content_changed')
export class CastVote extends SimulatedCommand {
  /** Made by the edge. A concern is called by the id of the vote that raised it. */
  @PathId()
  readonly voteId!: string;

  /** @example approve */
  @OneOf(positions)
  readonly position!: Position;

  /**
   * The hash of what was read: of the spec, or of the sections that are named (docs/reviews.md says how it is made).
   */
  @Sha256Text()
  readonly contentHash!: string;

  /** The keys of the sections that the vote is about; without them it is about the whole spec. */
  @Optional()
  @Keys(bounds.votedSections, 1)
  readonly sections?: string[];

  /** What there is to say; a concern and a question are nothing without. */
  @Optional()
  @NotBlank()
  @Markdown(bounds.comment)
  readonly comment?: string;

  /** What has to be done for the approval to count; with `approve_with_conditions`, and only there. */
  @Optional()
  @Lines(bounds.condition, bounds.conditions, 1)
  readonly conditions?: string[];

  /**
   * For whom an agent or a service says so. It stays the vote of the agent.
   */
  @Optional()
  @Personal()
  @Line(bounds.owner)
  readonly onBehalfOf?: string;
}

/** Takes one's vote back. A concern that it raised stays open until it is resolved. */
@Refuses('review_not_open', 'not_permitted')
export class WithdrawVote extends SimulatedCommand {
  /**
   * The vote.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b55
   */
  @PathId()
  readonly voteId!: string;
}

/** Says that a concern is settled; only who raised it can. */
@Refuses('review_not_open', 'not_permitted')
export class ResolveConcern extends SimulatedCommand {
  /**
   * The concern: the vote that raised it.
   * @example 01994f6e-6c1c-7a8e-9d1e-3f6f3a6f0b55
   */
  @PathId()
  readonly concernId!: string;

  /**
   * What settled it.
   * @example "The risks are named in the second table."
   */
  @Reason()
  readonly resolution!: string;
}

export const reviewCommands = {
  'spec.vote.cast': CastVote,
  'spec.vote.withdraw': WithdrawVote,
  'spec.concern.resolve': ResolveConcern,
};
