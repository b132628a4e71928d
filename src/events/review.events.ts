import type { Position } from '../commands/review.commands.js';
import { Personal } from './personal.js';

/** How much a change of a part can mean, from nothing to everything. */
export const changeKinds = [
  'none',
  'formatting_only',
  'changelog_only',
  'link_fix',
  'not_normative',
  'normative',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** A change of a section, by its key, or of what stands before the first one: `section` is null then. */
export type PartChange = { section: string | null; kind: ChangeKind };

/** A vote is a signature: by whom, how that is known, on exactly what, and what it means. */
export class VoteCast {
  readonly voteId!: string;
  readonly position!: Position;
  /** In words, as it was shown to whoever voted. */
  readonly meaning!: string;
  readonly revision!: number;
  /** Of the spec, or of the sections in `covers`. */
  readonly contentHash!: string;
  /** Keys of sections; null for the whole spec. */
  readonly covers!: string[] | null;
  readonly comment!: string | null;
  readonly conditions!: string[];
  readonly principalId!: string;
  readonly principalKind!: 'human' | 'agent' | 'service' | 'system';
  @Personal()
  readonly principalName!: string;
  @Personal()
  readonly onBehalfOf!: string | null;
  readonly authentication!: { method: 'api_key'; keyId: string };
}

export class VoteWithdrawn {
  readonly voteId!: string;
}

/** Content changed in a way that these votes do not outlive, in the same append as the change. */
export class VotesOutdated {
  readonly voteIds!: string[];
  readonly changes!: PartChange[];
}

/** The vote that raised the concern stays as it was cast. */
export class ConcernResolved {
  readonly concernId!: string;
  readonly resolution!: string;
}

/** Storage format: stored forever, changed only by adding. */
export const reviewEvents = {
  'spec.vote.cast': VoteCast,
  'spec.vote.withdrawn': VoteWithdrawn,
  'spec.vote.outdated': VotesOutdated,
  'spec.concern.resolved': ConcernResolved,
};
